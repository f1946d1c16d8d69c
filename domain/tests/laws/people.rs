//! People and invitations are read back as they were written, by serde and as the console reads.

use proptest::{option, prelude::*, sample::select};
use tenure_domain::{
    id::{InvitationId, UserId},
    membership::{Change, may_change},
    notice::NoticeState,
    plan::Role,
    wire::{
        invitations::{Invitation, InvitationMail, InvitationOffer},
        session::UserRef,
        users::PlanUser,
    },
};

use crate::{round_trips::answered, strategies::written_instant};

fn reference() -> impl Strategy<Value = UserRef> {
    any::<[String; 2]>().prop_map(|[id, name]| UserRef {
        id: UserId(id),
        name,
    })
}

fn person() -> impl Strategy<Value = PlanUser> {
    let when = (
        written_instant(),
        option::of(written_instant()),
        option::of(written_instant()),
    );
    let by = option::of(reference());
    let role = select(&Role::ALL[..]);
    (any::<[String; 3]>(), role, any::<(u32, bool)>(), when, by).prop_map(
        |([id, name, email], role, (working_tokens, others_administer), when, deactivated_by)| {
            let (joined_at, last_seen_at, deactivated_at) = when;
            PlanUser {
                id: UserId(id),
                name,
                email,
                role,
                joined_at,
                last_seen_at,
                working_tokens,
                others_administer,
                deactivated_at,
                deactivated_by,
            }
        },
    )
}

fn invitation() -> impl Strategy<Value = Invitation> {
    let mail = (select(&NoticeState::ALL[..]), any::<Option<String>>());
    let mail = mail.prop_map(|(state, reason)| InvitationMail { state, reason });
    (
        any::<[String; 2]>(),
        any::<Option<String>>(),
        select(&Role::ALL[..]),
        reference(),
        [written_instant(), written_instant()],
        mail,
    )
        .prop_map(
            |([id, email], name, role, invited_by, [created_at, expires_at], mail)| Invitation {
                id: InvitationId(id),
                email,
                name,
                role,
                invited_by,
                created_at,
                expires_at,
                mail,
            },
        )
}

proptest! {
    #[test]
    fn a_person_is_read_back(person in person()) {
        prop_assert_eq!(answered(&person), person);
    }

    #[test]
    fn an_invitation_is_read_back(invitation in invitation(), has_account in any::<bool>()) {
        prop_assert_eq!(answered(&invitation), invitation.clone());
        let offer = InvitationOffer {
            plan: invitation.invited_by.id.0,
            email: invitation.email,
            name: invitation.name,
            role: invitation.role,
            invited_by: invitation.invited_by.name,
            expires_at: invitation.expires_at,
            has_account,
        };
        prop_assert_eq!(answered(&offer), offer);
    }

    /// Whatever somebody's place is: where another admin is left, anybody else may be changed.
    #[test]
    fn where_others_administer_anybody_may_be_changed(person in person(), role in select(&Role::ALL[..])) {
        let place = PlanUser { others_administer: true, ..person }.place();
        for change in [Change::Role(role), Change::Deactivation] {
            prop_assert_eq!(may_change(place, change, false), Ok(()));
        }
    }
}
