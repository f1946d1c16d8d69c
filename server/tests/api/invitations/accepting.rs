//! What a link opens, accepting by it, and each reason why not.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::json;
use tenure_domain::{
    notice::{NoticeKind, NoticeState},
    plan::Role,
    problem::Kind,
    time::DAY,
    wire::{
        invitations::{Invitation, InvitationOffer},
        notices::Notice,
        page::Page,
        session::Session,
        users::PlanUser,
    },
};

use super::{World, pointed};
use crate::{
    app::PASSWORD,
    callers::{Anonymous, Cookie},
};

#[tokio::test]
async fn somebody_new_accepts_and_is_in_the_plan() {
    let mut world = World::new().await;
    let body = json!({ "email": " Eve@Acme.Example ", "name": " Eve ", "role": "member" });
    let made: Invitation = world
        .ask(&world.app.admin, body)
        .await
        .expect(StatusCode::CREATED)
        .read();
    assert_eq!(
        (made.email.as_str(), made.name.as_deref()),
        ("eve@acme.example", Some("Eve"))
    );
    assert_eq!(
        (made.role, made.mail.state),
        (Role::Member, NoticeState::Queued)
    );
    let now = world.app.clock.now();
    assert_eq!(
        (made.created_at, made.expires_at),
        (now, now.saturating_add(7 * DAY))
    );
    let code = world.code().await;
    let listed = world.list().await;
    assert_eq!((listed.len(), listed[0].mail.state), (1, NoticeState::Sent));

    world.app.pass(Duration::from_secs(3 * 86_400));
    let events = world.app.events().await;
    let offer: InvitationOffer = world.look_up(&code).await.expect(StatusCode::OK).read();
    assert_eq!(world.app.events().await, events, "looking changes nothing");
    assert_eq!(
        offer,
        InvitationOffer {
            plan: "Acme".to_owned(),
            email: "eve@acme.example".to_owned(),
            name: Some("Eve".to_owned()),
            role: Role::Member,
            invited_by: "ann".to_owned(),
            expires_at: made.expires_at,
            has_account: false,
        }
    );
    let locale = json!({ "language": "de", "time_zone": "Europe/Berlin" });
    let body =
        json!({ "code": code, "name": "Eve E.", "password": "long enough", "locale": locale });
    let accepted = world.accept(body).await.expect(StatusCode::CREATED);
    let session: Session = accepted.read();
    assert_eq!(
        (session.user.name.as_str(), session.user.email.as_str()),
        ("Eve E.", "eve@acme.example")
    );
    let plans: Vec<_> = session
        .plans
        .iter()
        .map(|plan| (plan.name.as_str(), plan.role))
        .collect();
    assert_eq!(plans, [("Acme", Role::Member)]);
    assert_eq!(session.locale.unwrap().time_zone, "Europe/Berlin");
    let eve = Cookie(accepted.session_cookie());
    let who: Session = world
        .app
        .get(&eve, "/api/v1/session")
        .await
        .expect(StatusCode::OK)
        .read();
    assert_eq!(who.user, session.user);
    let body = json!({ "email": "eve@acme.example", "password": "long enough" });
    world
        .app
        .post(&Anonymous, "/api/v1/session", body)
        .await
        .expect(StatusCode::OK);

    assert_eq!(world.why_not(&code).await, "used");
    assert_eq!(world.list().await, []);
    world.send_again(&made).await.problem(Kind::Conflict);
    world.withdraw(&made).await.problem(Kind::Conflict);
    let log = world.app.audit().await;
    let actions: Vec<_> = log.iter().map(|event| event.action.as_str()).collect();
    let accepted = actions
        .iter()
        .position(|action| *action == "invitation_accepted")
        .unwrap();
    assert_eq!(actions[accepted - 1], "user_created");
    assert_eq!(
        log[accepted].actor_id.as_deref(),
        Some(session.user.id.as_str())
    );
    assert_eq!(
        log[accepted].plan_id.as_deref(),
        Some(world.app.acme.as_str())
    );
    assert!(log.iter().all(|event| !event.details.contains(&code)));
}

#[tokio::test]
async fn somebody_with_an_account_proves_that_it_is_theirs() {
    let mut world = World::new().await;
    world.invite("OTTO@acme.example", "system_admin").await;
    let code = world.code().await;
    let offer: InvitationOffer = world.look_up(&code).await.read();
    assert!(offer.has_account);
    let events = world.app.events().await;
    let wrong = json!({ "code": code, "name": "Not Otto", "password": "a wrong guess" });
    world.accept(wrong).await.problem(Kind::CredentialsWrong);
    let log = world.app.audit().await;
    assert_eq!(world.app.events().await, events + 1);
    assert_eq!(log.last().unwrap().action, "sign_in_refused");
    let right = json!({ "code": code, "password": PASSWORD });
    let session: Session = world.accept(right).await.expect(StatusCode::CREATED).read();
    assert_eq!(
        (session.user.id, session.user.name.as_str()),
        (world.app.other_admin.id.clone(), "otto")
    );
    let plans: Vec<_> = session
        .plans
        .iter()
        .map(|plan| (plan.name.as_str(), plan.role))
        .collect();
    assert_eq!(
        plans,
        [("Acme", Role::SystemAdmin), ("Cumin", Role::SystemAdmin)]
    );
    assert_eq!(world.why_not(&code).await, "used");
}

#[tokio::test]
async fn guessing_the_password_is_slowed_down() {
    let mut world = World::new().await;
    world.invite("otto@acme.example", "member").await;
    let code = world.code().await;
    let guess = json!({ "code": code, "password": "a wrong guess" });
    for _ in 0..10 {
        world
            .accept(guess.clone())
            .await
            .problem(Kind::CredentialsWrong);
    }
    let refused = world.accept(guess).await;
    refused.problem(Kind::RateLimited);
    assert!(!refused.header("retry-after").is_empty());
    let right = json!({ "code": code, "password": PASSWORD });
    world.accept(right.clone()).await.problem(Kind::RateLimited);
    world.app.pass(Duration::from_secs(300));
    world.accept(right).await.expect(StatusCode::CREATED);
}

#[tokio::test]
async fn guessing_links_is_slowed_down() {
    let mut world = World::new().await;
    world.invite("eve@acme.example", "member").await;
    let code = world.code().await;
    for number in 0..100 {
        let errors = world.look_up(&format!("guess {number}")).await;
        let errors = errors.problem(Kind::InvitationInvalid).errors;
        assert_eq!(pointed(&errors), [("/code", "unknown")]);
    }
    world.look_up("another").await.problem(Kind::RateLimited);
    world
        .accept(json!({ "code": "another", "password": PASSWORD }))
        .await
        .problem(Kind::RateLimited);
    // Whoever has a link is in nobody's way.
    world.look_up(&code).await.expect(StatusCode::OK);
}

#[tokio::test]
async fn a_link_says_why_it_opens_nothing() {
    let mut world = World::new().await;
    let made = world.invite("eve@acme.example", "member").await;
    let first = world.code().await;
    world.app.pass(Duration::from_secs(7 * 86_400 - 1));
    world.look_up(&first).await.expect(StatusCode::OK);
    world.app.pass(Duration::from_secs(1));
    assert_eq!(world.why_not(&first).await, "expired");
    assert_eq!(world.list().await.len(), 1, "it can be sent again");
    let again: Invitation = world.send_again(&made).await.expect(StatusCode::OK).read();
    assert_eq!(
        again.expires_at,
        world.app.clock.now().saturating_add(7 * DAY)
    );
    assert_eq!(world.why_not(&first).await, "replaced");
    let second = world.code().await;
    world.look_up(&second).await.expect(StatusCode::OK);
    world.withdraw(&made).await.expect(StatusCode::NO_CONTENT);
    for code in [&first, &second] {
        assert_eq!(world.why_not(code).await, "withdrawn");
    }
    assert_eq!(world.why_not("").await, "unknown");
    assert_eq!(world.list().await, []);
    // A mail that waits when its invitation is withdrawn has nothing to tell.
    let other = world.invite("eve@acme.example", "member").await;
    world.withdraw(&other).await.expect(StatusCode::NO_CONTENT);
    assert_eq!(world.codes().await, [""; 0]);
    let path = format!("/api/v1/plans/{}/notices?kind=invitation", world.app.acme);
    let page: Page<Notice> = world.app.get(&world.admin().await, &path).await.read();
    let states: Vec<_> = page.items.iter().map(|it| (it.kind, it.state)).collect();
    let kind = NoticeKind::Invitation;
    let (sent, suppressed) = (NoticeState::Sent, NoticeState::Suppressed);
    assert_eq!(states, [(kind, suppressed), (kind, sent), (kind, sent)]);
}

/// Two browsers accept by the same link at the same moment.
#[tokio::test]
async fn of_two_who_accept_at_once_one_is_in_the_plan() {
    let mut world = World::new().await;
    world.invite("eve@acme.example", "member").await;
    let code = world.code().await;
    let body = |name: &str| json!({ "code": code, "name": name, "password": "long enough" });
    let (first, second) = tokio::join!(world.accept(body("Eve")), world.accept(body("Mallory")));
    let made = [&first, &second].map(|answer| answer.status == StatusCode::CREATED);
    assert!(made[0] != made[1], "{first:?} {second:?}");
    let late = if made[0] { second } else { first };
    late.problem(Kind::InvitationInvalid);
    let path = format!("/api/v1/plans/{}/users?text=eve%40", world.app.acme);
    let page: Page<PlanUser> = world.app.get(&world.app.admin, &path).await.read();
    assert_eq!(page.items.len(), 1);
}

/// Whoever came into the plan in another way meanwhile is told so, and nothing happens twice.
#[tokio::test]
async fn a_member_by_another_way_cannot_accept() {
    let mut world = World::new().await;
    world.invite("otto@acme.example", "system_admin").await;
    let code = world.code().await;
    let app = &world.app;
    let mut tx = app.state.store.write().await.unwrap();
    let (now, actor) = (app.clock.now(), tenure_server::ops::Actor::OPERATOR);
    let (otto, role) = (&app.other_admin.id, Role::Member);
    tenure_server::ops::people::join(&mut tx, now, &actor, otto, &app.acme, role)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let events = app.events().await;
    let body = json!({ "code": code, "password": PASSWORD });
    world.accept(body).await.problem(Kind::Conflict);
    assert_eq!(app.events().await, events);
    let path = format!("/api/v1/plans/{}/users?text=otto", app.acme);
    let page: Page<PlanUser> = app.get(&app.admin, &path).await.read();
    assert_eq!(page.items[0].role, Role::Member);
}
