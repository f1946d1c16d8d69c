//! Inviting somebody into a plan, and what they answer.
//!
//! The secret of a link is made when its mail is written ([`link`]), so that it is kept nowhere but in that
//! mail. What a link still opens is decided in `domain::invitation`.

use serde_json::json;
use tenure_domain::{
    id::{InvitationId, PlanId, UserId},
    invitation::LIFETIME,
    notice::NoticeKind,
    plan::Role,
    time::Timestamp,
};

use super::{Actor, notices::id as notice_id};
use crate::{
    random::Random,
    secret::Secret,
    store::{
        StoreError, Tx,
        audit::{self, Action, Event},
        invitations::{self, Invitation, NewInvitation},
        memberships,
        notices::{self, Addressee, NewNotice},
        users::User,
    },
};

/// Whom to invite, and as what.
#[derive(Clone, Copy, Debug)]
pub struct Invited<'a> {
    /// Their address, in lower case.
    pub email: &'a str,
    /// What they are called, where it is known.
    pub name: Option<&'a str>,
    /// What they will be in the plan.
    pub role: Role,
}

/// Invites somebody, and queues the mail.
///
/// # Errors
/// [`StoreError::Conflict`] when the address has a pending invitation into this plan.
pub async fn invite(
    tx: &mut Tx,
    random: &Random,
    now: Timestamp,
    (actor, by): (&Actor, &UserId),
    plan: &PlanId,
    invited: Invited<'_>,
) -> Result<Invitation, StoreError> {
    let id = InvitationId(random.id(now));
    let new = NewInvitation {
        id: &id,
        plan,
        email: invited.email,
        name: invited.name,
        role: invited.role,
        invited_by: by,
        created_at: now,
        expires_at: now.saturating_add(LIFETIME),
    };
    invitations::insert(tx, &new).await?;
    log(tx, now, actor, Action::InvitationSent, &id).await?;
    tell(tx, &id, now).await
}

/// Begins another round of an invitation, with another mail: the links that were sent before open nothing
/// from then on. `None` when nobody waits for an answer to it any more.
///
/// # Errors
/// When the database does not answer.
pub async fn send_again(
    tx: &mut Tx,
    now: Timestamp,
    (actor, by): (&Actor, &UserId),
    id: &InvitationId,
) -> Result<Option<Invitation>, StoreError> {
    if !invitations::offer_again(tx, id, by, now.saturating_add(LIFETIME)).await? {
        return Ok(None);
    }
    log(tx, now, actor, Action::InvitationSentAgain, id).await?;
    tell(tx, id, now).await.map(Some)
}

/// Takes an invitation back. Says whether anybody still waited for an answer to it.
///
/// # Errors
/// When the database does not answer.
pub async fn withdraw(
    tx: &mut Tx,
    now: Timestamp,
    actor: &Actor,
    id: &InvitationId,
) -> Result<bool, StoreError> {
    if !invitations::withdraw(tx, id, now).await? {
        return Ok(false);
    }
    log(tx, now, actor, Action::InvitationWithdrawn, id).await?;
    Ok(true)
}

/// Takes back what somebody invited to and nobody has answered: who administers a plan no more lets nobody into it.
///
/// # Errors
/// When the database does not answer.
pub async fn withdraw_of(
    tx: &mut Tx,
    now: Timestamp,
    actor: &Actor,
    plan: &PlanId,
    by: &UserId,
) -> Result<(), StoreError> {
    for id in invitations::pending_by(tx, plan, by).await? {
        withdraw(tx, now, actor, &id).await?;
    }
    Ok(())
}

/// Puts a user into the plan that they were invited into.
///
/// # Errors
/// [`StoreError::Conflict`] when they are in it already, or somebody was faster with the invitation.
pub async fn accept(
    tx: &mut Tx,
    now: Timestamp,
    actor: &Actor,
    invitation: &Invitation,
    user: &User,
) -> Result<(), StoreError> {
    if !invitations::accept(tx, &invitation.id, now, &user.id).await? {
        return Err(StoreError::Conflict);
    }
    let (plan, role) = (&invitation.plan, invitation.role);
    memberships::insert(tx, &user.id, plan, role, now).await?;
    let event = Event {
        at: now,
        plan: Some(plan.clone()),
        actor: actor.user.clone(),
        actor_address: actor.address.clone(),
        action: Action::InvitationAccepted,
        target: Some(user.id.0.clone()),
        details: json!({
            "invitation": invitation.id,
            "invited_by": invitation.invited_by.id,
            "role": role,
        }),
    };
    audit::append(tx, &event).await
}

/// Makes the secret of a link that is about to be sent, and keeps its hash.
///
/// # Errors
/// When the database does not answer.
pub async fn link(
    tx: &mut Tx,
    random: &Random,
    now: Timestamp,
    invitation: &Invitation,
) -> Result<Secret, StoreError> {
    let secret = Secret::opaque(random);
    let sent = (&invitation.id, invitation.round);
    invitations::add_link(tx, sent, &secret.hash(), now).await?;
    Ok(secret)
}

/// Queues the mail of the invitation's round.
async fn tell(tx: &mut Tx, id: &InvitationId, now: Timestamp) -> Result<Invitation, StoreError> {
    let invitation = known(tx, id).await?;
    let key = invitation.key();
    let notice = notice_id(now, &key);
    let new = NewNotice {
        id: notice.clone(),
        to: &Addressee::Invited(id.clone()),
        kind: NoticeKind::Invitation,
        key: &key,
        details: &json!({ "round": invitation.round }).to_string(),
        created_at: now,
        due_at: now,
    };
    notices::insert(tx, &new).await?;
    notices::add_tokens(tx, &notice, &invitation.plan, 0).await?;
    known(tx, id).await
}

async fn known(tx: &mut Tx, id: &InvitationId) -> Result<Invitation, StoreError> {
    let found = invitations::get(tx, id).await?;
    found.ok_or(StoreError::Corrupt {
        place: "invitations",
    })
}

async fn log(
    tx: &mut Tx,
    now: Timestamp,
    actor: &Actor,
    action: Action,
    id: &InvitationId,
) -> Result<(), StoreError> {
    let invitation = known(tx, id).await?;
    let event = Event {
        at: now,
        plan: Some(invitation.plan),
        actor: actor.user.clone(),
        actor_address: actor.address.clone(),
        action,
        target: Some(invitation.id.0),
        details: json!({ "email": invitation.email, "role": invitation.role }),
    };
    audit::append(tx, &event).await
}
