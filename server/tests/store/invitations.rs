//! Invitations: links by their hash, rounds, and answers that are final; roles; who was seen when.

use tenure_domain::{
    id::{InvitationId, UserId},
    invitation::{LIFETIME, State, Unusable, usable},
    notice::NoticeState,
    plan::{Role, Tier},
    time::{DAY, HOUR, MINUTE},
};
use tenure_server::{
    ops::{
        Actor,
        invitations::{self as op, Invited},
        members,
    },
    secret,
    store::{
        audit::{self, Action},
        invitations::{self, Invitation},
        memberships,
        plans::Plan,
        tokens::{self, Use},
        users::{self, User},
    },
};

use crate::{
    mails::{all, deliver, mails, postman},
    support::{Database, is_conflict},
};

async fn invite(database: &Database, plan: &Plan, by: &User, email: &str) -> Invitation {
    let (now, actor) = (database.clock.now(), Actor::user(by.id.clone()));
    let invited = Invited {
        email,
        name: None,
        role: Role::Member,
    };
    let mut tx = database.write().await;
    let by = (&actor, &by.id);
    let made = op::invite(&mut tx, &database.random, now, by, &plan.id, invited).await;
    tx.commit().await.expect("committed");
    made.expect("invited")
}

async fn send_again(database: &Database, id: &InvitationId, by: &User) -> Option<Invitation> {
    let (now, actor) = (database.clock.now(), Actor::user(by.id.clone()));
    let mut tx = database.write().await;
    let sent = op::send_again(&mut tx, now, (&actor, &by.id), id).await;
    tx.commit().await.expect("committed");
    sent.expect("answered")
}

async fn withdraw(database: &Database, id: &InvitationId, by: &User) -> bool {
    let (now, actor) = (database.clock.now(), Actor::user(by.id.clone()));
    let mut tx = database.write().await;
    let done = op::withdraw(&mut tx, now, &actor, id).await;
    tx.commit().await.expect("committed");
    done.expect("answered")
}

async fn accept(database: &Database, invitation: &Invitation, user: &User) -> Result<(), ()> {
    let (now, actor) = (database.clock.now(), Actor::user(user.id.clone()));
    let mut tx = database.write().await;
    let accepted = op::accept(&mut tx, now, &actor, invitation, user).await;
    if accepted.is_ok() {
        tx.commit().await.expect("committed");
    }
    accepted.map_err(drop)
}

/// The secrets of the links in these mails, in the order of the files.
fn codes(mails: &[String]) -> Vec<String> {
    let after = |mail: &String| {
        let (_, rest) = mail.split_once("/invitation#").expect("a link");
        rest.split_whitespace().next().expect("a secret").to_owned()
    };
    mails.iter().map(after).collect()
}

/// What a link opens now.
async fn opens(database: &Database, code: &str) -> Result<Invitation, Unusable> {
    let mut tx = database.read().await;
    let found = invitations::by_link(&mut tx, &secret::hash(code)).await;
    let (invitation, round) = found.expect("read").ok_or(Unusable::Unknown)?;
    usable(invitation.facts(round), database.clock.now())?;
    Ok(invitation)
}

pub(crate) async fn a_link_opens_its_invitation_until_it_is_answered(mut database: Database) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut postman = postman(&mut database, folder.path()).await;
    let (plan, ada) = database.tenant().await;
    let made = invite(&database, &plan, &ada, "eve@acme.example").await;
    let expected = (
        State::Pending,
        0,
        database.clock.now().saturating_add(LIFETIME),
    );
    assert_eq!((made.state, made.round, made.expires_at), expected);
    assert_eq!(made.plan_name, "Acme");
    assert_eq!(made.mail.expect("queued").state, NoticeState::Queued);
    let links = "select count(*) from invitation_links";
    assert_eq!(database.number(links).await, 0, "no mail, no secret");

    assert_eq!(deliver(&mut postman).await, 1);
    let code = codes(&mails(folder.path())).remove(0);
    assert_eq!(code.len(), 43, "256 bits");
    let open = opens(&database, &code).await.expect("it is open");
    assert_eq!(
        (&open.id, open.email.as_str()),
        (&made.id, "eve@acme.example")
    );
    assert_eq!(open.mail.as_ref().expect("sent").state, NoticeState::Sent);
    assert_eq!(opens(&database, "guessed").await, Err(Unusable::Unknown));
    let [notice] = &all(&database, &plan).await[..] else {
        panic!("one notice");
    };
    let to = (notice.owner.id.clone(), notice.owner.email.as_str());
    assert_eq!(to, (None, "eve@acme.example"));

    let eve = database.user("eve").await;
    assert_eq!(accept(&database, &open, &eve).await, Ok(()));
    assert_eq!(opens(&database, &code).await, Err(Unusable::Used));
    let mut tx = database.read().await;
    let member = memberships::get(&mut tx, &eve.id, &plan.id).await;
    assert_eq!(member.expect("read").expect("a member").role, Role::Member);
    drop(tx);
    assert_eq!(accept(&database, &open, &eve).await, Err(()), "once");
    assert!(!withdraw(&database, &open.id, &ada).await);
    assert_eq!(send_again(&database, &open.id, &ada).await, None);
    let log = audit::since(&mut database.read().await, 0, 100)
        .await
        .expect("read");
    let last = log.last().expect("an event");
    assert_eq!(last.action, Action::InvitationAccepted.as_str());
    assert_eq!(last.target.as_deref(), Some(eve.id.as_str()));
    assert!(!log.iter().any(|event| event.details.contains(&code)));
}

pub(crate) async fn sending_again_voids_what_was_sent_before(mut database: Database) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut postman = postman(&mut database, folder.path()).await;
    let (plan, ada) = database.tenant().await;
    let bo = database.user("bo").await;
    let made = invite(&database, &plan, &ada, "eve@acme.example").await;
    deliver(&mut postman).await;
    let first = codes(&mails(folder.path())).remove(0);
    database.advance(6 * DAY);
    let again = send_again(&database, &made.id, &bo).await.expect("pending");
    assert_eq!((again.round, &again.invited_by.id), (1, &bo.id));
    assert_eq!(
        again.expires_at,
        database.clock.now().saturating_add(LIFETIME)
    );
    assert_eq!(
        opens(&database, &first).await,
        Err(Unusable::Replaced),
        "at once"
    );
    // Another one before the second has left: that one has nothing left to tell.
    send_again(&database, &made.id, &ada)
        .await
        .expect("pending");
    assert_eq!(deliver(&mut postman).await, 2);
    let states: Vec<_> = all(&database, &plan)
        .await
        .iter()
        .map(|it| it.state)
        .collect();
    let expected = [
        NoticeState::Sent,
        NoticeState::Suppressed,
        NoticeState::Sent,
    ];
    assert!(
        states.len() == 3 && expected.iter().all(|state| states.contains(state)),
        "{states:?}"
    );
    let mut sent = codes(&mails(folder.path()));
    sent.retain(|code| *code != first);
    let [third] = &sent[..] else {
        panic!("two mails")
    };
    database.advance(LIFETIME - 1);
    assert!(opens(&database, third).await.is_ok());
    database.advance(1);
    assert_eq!(opens(&database, third).await, Err(Unusable::Expired));

    assert!(withdraw(&database, &made.id, &ada).await);
    assert!(!withdraw(&database, &made.id, &ada).await);
    for code in [&first, third] {
        assert_eq!(opens(&database, code).await, Err(Unusable::Withdrawn));
    }
    let log = audit::since(&mut database.read().await, 0, 100)
        .await
        .expect("read");
    let told: Vec<_> = log
        .iter()
        .rev()
        .take(4)
        .map(|event| event.action.as_str())
        .collect();
    let again = Action::InvitationSentAgain.as_str();
    let sent = Action::InvitationSent.as_str();
    assert_eq!(
        told,
        [Action::InvitationWithdrawn.as_str(), again, again, sent]
    );
}

pub(crate) async fn an_address_has_one_pending_invitation_into_a_plan(database: Database) {
    let (plan, ada) = database.tenant().await;
    let basil = database.plan("Basil", Tier::Pro).await;
    let first = invite(&database, &plan, &ada, "eve@acme.example").await;
    invite(&database, &basil, &ada, "eve@acme.example").await;
    let now = database.clock.now();
    let id = InvitationId("another".to_owned());
    let twin = invitations::NewInvitation {
        id: &id,
        plan: &plan.id,
        email: "eve@acme.example",
        name: None,
        role: Role::Member,
        invited_by: &ada.id,
        created_at: now,
        expires_at: now,
    };
    let again = invitations::insert(&mut database.write().await, &twin).await;
    assert!(is_conflict(&again), "{again:?}");
    withdraw(&database, &first.id, &ada).await;
    database.advance(1);
    let second = invite(&database, &plan, &ada, "eve@acme.example").await;
    database.advance(1);
    let third = invite(&database, &plan, &ada, "bo@acme.example").await;

    let mut tx = database.read().await;
    let found = invitations::pending_of(&mut tx, &plan.id, "eve@acme.example").await;
    assert_eq!(
        found.expect("read").map(|it| it.id),
        Some(second.id.clone())
    );
    let mut listed = Vec::new();
    loop {
        let below = listed.last();
        let page = invitations::pending(&mut tx, &plan.id, below, 1)
            .await
            .expect("a page");
        let Some(next) = page.into_iter().next() else {
            break;
        };
        listed.push(next.id);
    }
    assert_eq!(
        listed,
        [third.id, second.id],
        "newest first, the plan's own, pending ones alone"
    );
}

/// The state of each.
async fn states<const N: usize>(database: &Database, of: [&Invitation; N]) -> [State; N] {
    let mut tx = database.read().await;
    let mut states = [State::Pending; N];
    for (state, invitation) in states.iter_mut().zip(of) {
        let found = invitations::get(&mut tx, &invitation.id).await;
        *state = found.expect("read").expect("kept").state;
    }
    states
}

/// What an admin sent before they were demoted or deactivated opens nothing afterwards.
pub(crate) async fn whoever_administers_no_more_lets_nobody_in(database: Database) {
    let (plan, ada) = database.tenant().await;
    let basil = database.plan("Basil", Tier::Business).await;
    let eve = database.user("eve").await;
    database.join(&eve, &plan, Role::SystemAdmin).await;
    database.join(&eve, &basil, Role::SystemAdmin).await;
    let (now, actor) = (database.clock.now(), Actor::user(ada.id.clone()));
    let (pending, withdrawn) = (State::Pending, State::Withdrawn);

    let others = invite(&database, &plan, &ada, "bo@acme.example").await;
    let elsewhere = invite(&database, &basil, &eve, "eve2@acme.example").await;
    let own = invite(&database, &plan, &eve, "eve2@acme.example").await;
    let taken_over = invite(&database, &plan, &eve, "cy@acme.example").await;
    send_again(&database, &taken_over.id, &ada).await;
    for (role, expected) in [(Role::SystemAdmin, pending), (Role::Member, withdrawn)] {
        let mut tx = database.write().await;
        let done = members::set_role(&mut tx, now, &actor, &plan.id, &eve.id, role).await;
        done.expect("answered");
        tx.commit().await.expect("committed");
        let found = states(&database, [&own, &others, &elsewhere, &taken_over]).await;
        assert_eq!(found, [expected, pending, pending, pending]);
    }

    let later = invite(&database, &plan, &eve, "eve3@acme.example").await;
    assert!(database.deactivate(&plan, &eve, &ada).await);
    let found = states(&database, [&later, &others, &elsewhere, &taken_over]).await;
    assert_eq!(found, [withdrawn, pending, pending, pending]);
    let log = audit::since(&mut database.read().await, 0, 100).await;
    let log = log.expect("read");
    let logged: Vec<_> = log
        .iter()
        .filter(|event| event.action == Action::InvitationWithdrawn.as_str())
        .map(|event| (event.target.as_deref(), event.actor_id.as_deref()))
        .collect();
    let by = Some(ada.id.as_str());
    assert_eq!(
        logged,
        [(Some(own.id.as_str()), by), (Some(later.id.as_str()), by)]
    );
}

pub(crate) async fn a_role_is_changed_once_and_logged(database: Database) {
    let (plan, ada) = database.tenant().await;
    let eve = database.user("eve").await;
    database.join(&eve, &plan, Role::Member).await;
    let (now, actor) = (database.clock.now(), Actor::user(ada.id.clone()));
    for changed in [true, false] {
        let mut tx = database.write().await;
        let role = Role::SystemAdmin;
        let done = members::set_role(&mut tx, now, &actor, &plan.id, &eve.id, role).await;
        assert_eq!(done.expect("answered"), changed);
        tx.commit().await.expect("committed");
    }
    let mut tx = database.read().await;
    let admins = memberships::count_admins(&mut tx, &plan.id).await;
    assert_eq!(admins.expect("counted"), 2);
    let log = audit::since(&mut tx, 0, 100).await.expect("read");
    let changes = log
        .iter()
        .filter(|event| event.action == Action::RoleChanged.as_str());
    let details: Vec<_> = changes.map(|event| event.details.as_str()).collect();
    assert_eq!(details, [r#"{"role":"system_admin"}"#]);
}

pub(crate) async fn the_latest_sight_stays(database: Database) {
    let (plan, ada) = database.tenant().await;
    let basil = database.plan("Basil", Tier::Business).await;
    database.join(&ada, &basil, Role::Member).await;
    let seen = async || {
        let mut tx = database.read().await;
        let member = memberships::member(&mut tx, &plan.id, &ada.id).await;
        let member = member.expect("read").expect("a member");
        let user = users::get(&mut tx, &ada.id)
            .await
            .expect("read")
            .expect("a user");
        assert_eq!(member.last_seen_at, user.last_seen_at);
        let whose = (&plan.id, &ada.id);
        let active = tokens::last_active_of_owner(&mut tx, whose)
            .await
            .expect("read");
        (member.last_seen_at, active)
    };
    assert_eq!(seen().await, (None, None));
    let start = database.clock.now();
    for (at, expected) in [(HOUR, HOUR), (MINUTE, HOUR), (2 * HOUR, 2 * HOUR)] {
        let mut tx = database.write().await;
        let at = start.saturating_add(at);
        users::seen(&mut tx, &ada.id, at).await.expect("written");
        tx.commit().await.expect("committed");
        assert_eq!(seen().await.0, Some(start.saturating_add(expected)));
    }
    database.token(&basil.id, &ada.id, "of another plan").await;
    assert_eq!(seen().await.1, None);
    let (first, _) = database.token(&plan.id, &ada.id, "first").await;
    assert_eq!(seen().await.1, Some(start), "making one is a sight");
    database.advance(MINUTE);
    let (second, _) = database.token(&plan.id, &ada.id, "second").await;
    for (token, later) in [(&first, 2 * MINUTE), (&second, 90_000), (&first, 3 * HOUR)] {
        let at = start.saturating_add(later);
        let used = Use {
            token: token.id.clone(),
            at,
            from: None,
        };
        let mut tx = database.write().await;
        tokens::record_uses(&mut tx, &[used])
            .await
            .expect("written");
        tx.commit().await.expect("committed");
    }
    assert_eq!(seen().await.1, Some(start.saturating_add(3 * HOUR)));
    database.revoke(&first).await;
    assert_eq!(
        seen().await.1,
        Some(start.saturating_add(3 * HOUR)),
        "a dead one was used"
    );
    let nobody = (&plan.id, &UserId("nobody".to_owned()));
    let none = tokens::last_active_of_owner(&mut database.read().await, nobody).await;
    assert_eq!(none.expect("read"), None);
}
