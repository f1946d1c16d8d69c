//! The people of a plan: who acts in it, and ending what acts in their name (R10).

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};
use tenure_domain::{
    plan::Role,
    problem::{Kind, Problem},
    wire::{
        page::Page,
        tokens::{EndReason, Token},
        users::{Deactivation, PlanUser},
    },
};

use super::app::TestApp;
use super::callers::{Anonymous, Answer, Caller, Person};
use super::oauth::world::World;

fn path(app: &TestApp, whom: &Person, what: &str) -> String {
    format!("/api/v1/plans/{}/users/{}/{what}", app.acme, whom.id)
}

async fn deactivate(app: &TestApp, by: &impl Caller, whom: &Person) -> Answer {
    app.post(by, &path(app, whom, "deactivate"), json!({}))
        .await
}

pub(super) async fn reactivate(app: &TestApp, by: &impl Caller, whom: &Person) -> Answer {
    app.post(by, &path(app, whom, "reactivate"), json!({}))
        .await
}

pub(super) async fn sign_in(app: &TestApp, person: &Person, password: &str) -> Answer {
    let body = json!({ "email": person.email, "password": password });
    app.post(&Anonymous, "/api/v1/session", body).await
}

async fn list(app: &TestApp) -> Vec<PlanUser> {
    list_for(app, &app.admin).await
}

async fn list_for(app: &TestApp, by: &Person) -> Vec<PlanUser> {
    let mut users: Vec<PlanUser> = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("/api/v1/plans/{}/users?limit=2{cursor}", app.acme);
        let answer = app.get(by, &path).await.expect(StatusCode::OK);
        let page: Page<PlanUser> = answer.read();
        assert!(page.items.len() <= 2);
        users.extend(page.items);
        match page.next_cursor {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return users,
        }
    }
}

#[tokio::test]
async fn everybody_in_the_plan_is_listed_once() {
    let app = TestApp::start().await;
    app.another_person("quinn", &app.acme, Role::Member).await;
    let names = |users: &[PlanUser]| {
        let mut names: Vec<String> = users.iter().map(|user| user.name.clone()).collect();
        names.sort();
        names
    };
    assert_eq!(names(&list(&app).await), ["ann", "bob", "mia", "quinn"]);
    app.deactivate(&app.admin, &app.acme, &app.member).await;
    let users = list(&app).await;
    assert_eq!(names(&users), ["ann", "bob", "mia", "quinn"]);
    let mia = users.iter().find(|user| user.name == "mia").unwrap();
    assert_eq!(mia.id, app.member.id);
    assert_eq!(
        (mia.role, mia.email.as_str()),
        (Role::Member, "mia@acme.example")
    );
    assert_eq!(mia.deactivated_at, Some(app.clock.now()));
    let by = mia.deactivated_by.as_ref().map(|by| &by.id);
    assert_eq!(by, Some(&app.admin.id));
    let bob = users.iter().find(|user| user.name == "bob").unwrap();
    assert_eq!((bob.role, bob.deactivated_at), (Role::SystemAdmin, None));
}

#[tokio::test]
async fn before_somebody_is_deactivated_the_admin_sees_what_ends() {
    let world = World::new().await;
    let app = &world.app;
    for name in ["first", "second"] {
        app.generate(&app.member, &app.acme, name).await;
        app.pass(Duration::from_secs(1));
    }
    let (revoked, _) = app.generate(&app.member, &app.acme, "revoked").await;
    app.revoke(&app.member, &revoked).await;
    let (rotated, _) = app.generate(&app.member, &app.acme, "rotated").await;
    let rotate = format!("/api/v1/me/tokens/{}/rotate", rotated.id);
    let overlap = json!({ "overlap": { "amount": 1, "unit": "minutes" } });
    app.post(&app.member, &rotate, overlap)
        .await
        .expect(StatusCode::CREATED);
    app.generate(&app.member, &app.basil, "elsewhere").await;
    // Twice the same app: it is one.
    world.pair(&world.basic).await;
    world.pair(&world.basic).await;
    app.pass(Duration::from_secs(60));

    let events = app.events().await;
    let seen = app
        .get(&app.admin, &path(app, &app.member, "deactivate"))
        .await;
    let seen: Deactivation = seen.expect(StatusCode::OK).read();
    assert_eq!(app.events().await, events, "looking ends nothing");
    assert_eq!(seen.tokens, 3);
    assert_eq!(seen.token_names, ["first", "second", "rotated"]);
    let apps: Vec<&str> = seen.clients.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(apps, ["App by client_secret_basic"]);
    assert_eq!(
        (seen.user.working_tokens, seen.user.deactivated_at),
        (3, None)
    );

    let ended = app.deactivate(&app.admin, &app.acme, &app.member).await;
    assert_eq!(ended.tokens, seen.tokens);
    assert_eq!(ended.token_names, seen.token_names);
    assert_eq!(ended.clients, seen.clients);
    assert_eq!(ended.user.working_tokens, 0);
    assert_eq!(ended.user.deactivated_at, Some(app.clock.now()));
}

#[tokio::test]
async fn what_acted_for_somebody_deactivated_answers_owner_deactivated() {
    let world = World::new().await;
    let app = &world.app;
    let (token, secret) = app.generate(&app.member, &app.acme, "own").await;
    let (_, elsewhere) = app.generate(&app.member, &app.basil, "elsewhere").await;
    let pair = world.pair(&world.basic).await;
    let access = super::callers::Bearer(pair.access.clone());
    for secret in [&secret, &access] {
        app.get(secret, "/verify").await.expect(StatusCode::OK);
    }
    app.pass(Duration::from_secs(5));
    app.deactivate(&app.admin, &app.acme, &app.member).await;
    let at = app.clock.now();
    app.pass(Duration::from_secs(5));
    for secret in [&secret, &access] {
        let answer = app.get(secret, "/verify").await;
        answer.problem(Kind::OwnerDeactivated);
        let challenge = answer.header("www-authenticate");
        assert!(challenge.contains("error=\"invalid_token\""), "{challenge}");
        assert_eq!(answer.header("x-token-expires-at"), at.to_string());
        app.get(secret, "/api/v1/session")
            .await
            .problem(Kind::OwnerDeactivated);
    }
    assert!(!world.is_active(&pair.access).await);
    let refused = world.refresh(&world.basic, &pair.refresh).await;
    assert_eq!(super::oauth::world::error(&refused, 400), "invalid_grant");
    app.get(&elsewhere, "/verify").await.expect(StatusCode::OK);

    // The admin who asks why is told the same.
    let asked = json!({ "text": secret.0 });
    let checks = format!("/api/v1/plans/{}/checks", app.acme);
    let checked: Value = app.post(&app.admin, &checks, asked).await.read();
    let end = &checked["tokens"][0]["token"]["end"];
    assert_eq!(end["reason"], "owner_deactivated");
    assert_eq!(end["by"]["id"], app.admin.id.as_str());
    assert_eq!(checked["tokens"][0]["token"]["id"], token.id.as_str());
    assert_eq!(checked["tokens"][0]["next"], "ask_admin");
}

#[tokio::test]
async fn reactivating_brings_nothing_back_and_lets_new_tokens_work() {
    let world = World::new().await;
    let app = &world.app;
    let (_, old) = app.generate(&app.member, &app.acme, "old").await;
    let pair = world.pair(&world.basic).await;
    app.deactivate(&app.admin, &app.acme, &app.member).await;
    let body = json!({ "plan": app.acme, "name": "meanwhile" });
    app.post(&app.member, "/api/v1/me/tokens", body)
        .await
        .problem(Kind::RoleRequired);
    let active: PlanUser = reactivate(app, &app.admin, &app.member)
        .await
        .expect(StatusCode::OK)
        .read();
    assert_eq!((active.deactivated_at, active.working_tokens), (None, 0));
    assert_eq!(active.deactivated_by, None);
    app.get(&old, "/verify")
        .await
        .problem(Kind::OwnerDeactivated);
    assert!(!world.is_active(&pair.access).await);
    let refused = world.refresh(&world.basic, &pair.refresh).await;
    assert_eq!(super::oauth::world::error(&refused, 400), "invalid_grant");
    let (_, new) = app.generate(&app.member, &app.acme, "new").await;
    app.get(&new, "/verify").await.expect(StatusCode::OK);
    let page: Page<Token> = app.get(&app.member, "/api/v1/me/tokens").await.read();
    let reasons: Vec<_> = page
        .items
        .iter()
        .map(|it| it.end.as_ref().map(|end| end.reason))
        .collect();
    assert_eq!(reasons, [None, Some(EndReason::OwnerDeactivated)]);
}

/// A deactivated System Admin keeps the role: whoever lets them act again makes a System Admin.
#[tokio::test]
async fn no_token_reactivates_a_system_admin() {
    let app = TestApp::start().await;
    let (_, program) = app
        .generate_with(&app.admin, &app.acme, &["users:write"])
        .await;
    for whom in [&app.second_admin, &app.member] {
        deactivate(&app, &program, whom)
            .await
            .expect(StatusCode::OK);
    }
    let events = app.events().await;
    let refused = reactivate(&app, &program, &app.second_admin).await;
    let problem = refused.problem(Kind::InsufficientScope);
    assert!(problem.detail.unwrap().contains("sign in"));
    assert_eq!(app.events().await, events);
    reactivate(&app, &program, &app.member)
        .await
        .expect(StatusCode::OK);
    reactivate(&app, &app.admin, &app.second_admin)
        .await
        .expect(StatusCode::OK);
    // Of somebody who is not deactivated it makes nothing.
    reactivate(&app, &program, &app.second_admin)
        .await
        .expect(StatusCode::OK);
}

#[tokio::test]
async fn doing_it_twice_changes_nothing() {
    let app = TestApp::start().await;
    app.deactivate(&app.admin, &app.acme, &app.member).await;
    let at = app.clock.now();
    app.pass(Duration::from_secs(9));
    let events = app.events().await;
    let again: Deactivation = deactivate(&app, &app.second_admin, &app.member)
        .await
        .expect(StatusCode::OK)
        .read();
    assert_eq!(again.user.deactivated_at, Some(at));
    let by = again.user.deactivated_by.map(|by| by.id);
    assert_eq!(by.as_ref(), Some(&app.admin.id));
    assert_eq!(app.events().await, events);
    for _ in 0..2 {
        reactivate(&app, &app.admin, &app.member)
            .await
            .expect(StatusCode::OK);
    }
    assert_eq!(app.events().await, events + 1);
}

#[tokio::test]
async fn nobody_deactivates_themselves_or_the_last_admin() {
    let app = TestApp::start().await;
    let program = app
        .generate_with(&app.second_admin, &app.acme, &["users:write"])
        .await
        .1;
    let events = app.events().await;
    for refused in [
        deactivate(&app, &app.admin, &app.admin).await,
        deactivate(&app, &program, &app.second_admin).await,
    ] {
        let detail = refused.problem(Kind::Conflict).detail.unwrap();
        assert!(detail.contains("yourself"), "{detail}");
    }
    assert_eq!(app.events().await, events);
    deactivate(&app, &app.admin, &app.second_admin)
        .await
        .expect(StatusCode::OK);
    // The second admin is nobody here any more, and the first is the last.
    deactivate(&app, &app.second_admin, &app.admin)
        .await
        .problem(Kind::SessionExpired);
    deactivate(&app, &program, &app.admin)
        .await
        .problem(Kind::OwnerDeactivated);
    let refused = deactivate(&app, &app.admin, &app.admin).await;
    refused.problem(Kind::Conflict);
    reactivate(&app, &app.admin, &app.second_admin)
        .await
        .expect(StatusCode::OK);
    let back = app.again(&app.second_admin).await;
    deactivate(&app, &back, &app.admin)
        .await
        .expect(StatusCode::OK);
}

/// Two admins who end each other at the same time: one of them stays.
#[tokio::test]
async fn of_two_admins_who_end_each_other_one_stays() {
    let app = TestApp::start().await;
    let (first, second) = tokio::join!(
        deactivate(&app, &app.admin, &app.second_admin),
        deactivate(&app, &app.second_admin, &app.admin)
    );
    let done = [&first, &second].map(|answer| answer.status == StatusCode::OK);
    assert!(done[0] != done[1], "{first:?} {second:?}");
    let (winner, refused) = match done[0] {
        true => (&app.admin, second),
        false => (&app.second_admin, first),
    };
    // Whoever was late has lost the role, or already the session in which they asked.
    let problem: Problem = refused.read();
    let late = [Some(Kind::RoleRequired), Some(Kind::SessionExpired)];
    assert!(late.contains(&problem.kind()), "{problem:?}");
    let admins = list_for(&app, winner).await;
    let active = admins
        .iter()
        .filter(|user| user.role == Role::SystemAdmin && user.deactivated_at.is_none());
    assert_eq!(active.count(), 1);
}

#[tokio::test]
async fn whoever_is_not_in_the_plan_is_not_there() {
    let app = TestApp::start().await;
    for what in ["deactivate", "reactivate"] {
        let answer = app
            .post(&app.admin, &path(&app, &app.other_admin, what), json!({}))
            .await;
        answer.problem(Kind::NotFound);
    }
    let preview = path(&app, &app.other_admin, "deactivate");
    app.get(&app.admin, &preview).await.problem(Kind::NotFound);
}

#[tokio::test]
async fn who_did_it_is_in_the_audit_log() {
    let app = TestApp::start().await;
    app.generate(&app.member, &app.acme, "a").await;
    app.deactivate(&app.admin, &app.acme, &app.member).await;
    let answer = reactivate(&app, &app.second_admin, &app.member).await;
    answer.expect(StatusCode::OK);
    let log = app.audit().await;
    let last: Vec<_> = log[log.len() - 2..]
        .iter()
        .map(|event| (event.action.as_str(), event.actor_id.as_deref()))
        .collect();
    assert_eq!(
        last,
        [
            ("user_deactivated", Some(app.admin.id.as_str())),
            ("user_reactivated", Some(app.second_admin.id.as_str())),
        ]
    );
    for event in &log[log.len() - 2..] {
        assert_eq!(event.target.as_deref(), Some(app.member.id.as_str()));
        assert_eq!(event.plan_id.as_deref(), Some(app.acme.as_str()));
        assert_eq!(event.actor_address.as_deref(), Some("192.0.2.7"));
    }
}
