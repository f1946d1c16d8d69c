//! What somebody is in a plan: changing it, and the last System Admin, who stays one.

use axum::http::StatusCode;
use serde_json::json;
use tenure_domain::{
    plan::Role,
    problem::{Kind, Problem},
    wire::{page::Page, users::PlanUser},
};
use tenure_server::store::Engine;

use super::app::{self, TestApp};
use super::callers::{Answer, Caller, Person};

async fn change(app: &TestApp, by: &impl Caller, whom: &Person, role: &str) -> Answer {
    let path = format!("/api/v1/plans/{}/users/{}/role", app.acme, whom.id);
    app.send_json(by, "PUT", &path, json!({ "role": role }))
        .await
}

async fn roles(app: &TestApp, by: &Person) -> Vec<(String, Role)> {
    let path = format!("/api/v1/plans/{}/users", app.acme);
    let page: Page<PlanUser> = app.get(by, &path).await.expect(StatusCode::OK).read();
    let mut roles: Vec<_> = page
        .items
        .into_iter()
        .map(|user| (user.name, user.role))
        .collect();
    roles.sort_by(|one, other| one.0.cmp(&other.0));
    roles
}

#[tokio::test]
async fn a_new_role_counts_from_the_next_call_on() {
    let app = TestApp::start().await;
    let users = format!("/api/v1/plans/{}/users", app.acme);
    app.get(&app.member, &users)
        .await
        .problem(Kind::RoleRequired);
    let made: PlanUser = change(&app, &app.admin, &app.member, "system_admin")
        .await
        .expect(StatusCode::OK)
        .read();
    assert_eq!(
        (made.id, made.role),
        (app.member.id.clone(), Role::SystemAdmin)
    );
    app.get(&app.member, &users).await.expect(StatusCode::OK);
    let log = app.audit().await;
    let last = log.last().unwrap();
    assert_eq!(last.action, "role_changed");
    assert_eq!(last.actor_id.as_deref(), Some(app.admin.id.as_str()));
    assert_eq!(last.target.as_deref(), Some(app.member.id.as_str()));
    assert_eq!(last.plan_id.as_deref(), Some(app.acme.as_str()));
    assert_eq!(last.details, r#"{"role":"system_admin"}"#);
    // In this plan alone.
    let elsewhere = format!("/api/v1/plans/{}/users", app.basil);
    app.get(&app.member, &elsewhere)
        .await
        .problem(Kind::RoleRequired);

    let events = app.events().await;
    change(&app, &app.admin, &app.member, "system_admin")
        .await
        .expect(StatusCode::OK);
    assert_eq!(app.events().await, events, "a second time changes nothing");
    change(&app, &app.member, &app.admin, "member")
        .await
        .expect(StatusCode::OK);
    app.get(&app.admin, &users)
        .await
        .problem(Kind::RoleRequired);
}

/// What an admin shared and generated as one is an admin's no more.
#[tokio::test]
async fn a_token_of_somebody_demoted_administers_nothing() {
    let app = TestApp::start().await;
    let (_, program) = app
        .generate_with(&app.second_admin, &app.acme, &["users:write"])
        .await;
    let users = format!("/api/v1/plans/{}/users", app.acme);
    app.get(&program, &users).await.expect(StatusCode::OK);
    change(&app, &app.admin, &app.second_admin, "member")
        .await
        .expect(StatusCode::OK);
    app.get(&program, &users).await.problem(Kind::RoleRequired);
    app.get(&program, "/verify").await.expect(StatusCode::OK);
}

#[tokio::test]
async fn the_last_admin_stays_one() {
    let app = TestApp::start().await;
    // While there is another one, an admin may step down.
    change(&app, &app.second_admin, &app.second_admin, "member")
        .await
        .expect(StatusCode::OK);
    let events = app.events().await;
    let refused = change(&app, &app.admin, &app.admin, "member").await;
    let problem = refused.problem(Kind::Conflict);
    let errors: Vec<_> = problem
        .errors
        .iter()
        .map(|it| (&*it.pointer, &*it.code))
        .collect();
    assert_eq!(errors, [("/role", "last_system_admin")]);
    assert!(problem.detail.unwrap().contains("last System Admin"));
    assert_eq!(app.events().await, events);
    // Somebody who is deactivated takes over nothing.
    change(&app, &app.admin, &app.second_admin, "system_admin")
        .await
        .expect(StatusCode::OK);
    app.deactivate(&app.admin, &app.acme, &app.second_admin)
        .await;
    change(&app, &app.admin, &app.admin, "member")
        .await
        .problem(Kind::Conflict);
    // And may be made what they like.
    change(&app, &app.admin, &app.second_admin, "member")
        .await
        .expect(StatusCode::OK);
    let admins = roles(&app, &app.admin).await;
    let admins = admins.iter().filter(|(_, role)| *role == Role::SystemAdmin);
    assert_eq!(
        admins.map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
        ["ann"]
    );
}

#[tokio::test]
async fn what_is_no_role_and_who_is_not_there_change_nothing() {
    let app = TestApp::start().await;
    let events = app.events().await;
    let refused = change(&app, &app.admin, &app.member, "owner").await;
    let errors = refused.problem(Kind::ValidationFailed).errors;
    assert_eq!(errors.first().map(|it| it.pointer.as_str()), Some("/role"));
    let path = format!("/api/v1/plans/{}/users/{}/role", app.acme, app.member.id);
    for body in [json!({}), json!({ "role": "member", "also": 1 }), json!([])] {
        let refused = app.send_json(&app.admin, "PUT", &path, body).await;
        refused.problem(Kind::ValidationFailed);
    }
    change(&app, &app.admin, &app.other_admin, "member")
        .await
        .problem(Kind::NotFound);
    change(&app, &app.other_admin, &app.member, "member")
        .await
        .problem(Kind::RoleRequired);
    let (_, program) = app
        .generate_with(&app.admin, &app.acme, &["users:write"])
        .await;
    let made = app.events().await;
    assert_eq!(made, events + 1);
    change(&app, &program, &app.member, "system_admin")
        .await
        .problem(Kind::InsufficientScope);
    assert_eq!(app.events().await, made);
}

#[tokio::test]
async fn on_sqlite_of_two_admins_who_demote_each_other_one_stays() {
    app::run(Engine::Sqlite, one_stays).await;
}

#[tokio::test]
async fn on_postgresql_of_two_admins_who_demote_each_other_one_stays() {
    app::run(Engine::Postgres, one_stays).await;
}

/// Again and again, demotions and deactivations mixed.
async fn one_stays(app: TestApp) {
    for round in 0..10 {
        let (first, second) = match round % 2 {
            0 => tokio::join!(
                change(&app, &app.admin, &app.second_admin, "member"),
                change(&app, &app.second_admin, &app.admin, "member")
            ),
            _ => tokio::join!(
                change(&app, &app.admin, &app.admin, "member"),
                change(&app, &app.second_admin, &app.second_admin, "member")
            ),
        };
        let done = [&first, &second].map(|answer| answer.status == StatusCode::OK);
        assert!(done[0] != done[1], "{round}: {first:?} {second:?}");
        let refused: Problem = if done[0] { second } else { first }.read();
        let late = [Some(Kind::RoleRequired), Some(Kind::Conflict)];
        assert!(late.contains(&refused.kind()), "{refused:?}");
        let admins = [&app.admin, &app.second_admin];
        let mut left = Vec::new();
        for admin in admins {
            let path = format!("/api/v1/plans/{}/users", app.acme);
            if app.get(admin, &path).await.status == StatusCode::OK {
                left.push(admin);
            }
        }
        let [winner] = left[..] else {
            panic!("{round}: one is left")
        };
        let other = if winner.id == app.admin.id {
            &app.second_admin
        } else {
            &app.admin
        };
        change(&app, winner, other, "system_admin")
            .await
            .expect(StatusCode::OK);
    }
}
