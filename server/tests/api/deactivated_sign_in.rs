//! Somebody who was deactivated signs in: what they are told, and what is logged.

use axum::http::StatusCode;
use tenure_domain::{plan::Role, problem::Kind, wire::session::Session};

use super::app::{PASSWORD, TestApp};
use super::users::{reactivate, sign_in};

#[tokio::test]
async fn a_sign_in_of_somebody_deactivated_is_in_the_log() {
    let app = TestApp::start().await;
    let eve = app.another_person("eve", &app.acme, Role::Member).await;
    app.deactivate(&app.admin, &app.acme, &eve).await;
    sign_in(&app, &eve, PASSWORD)
        .await
        .problem(Kind::OwnerDeactivated);
    let log = app.audit().await;
    let last = log.last().expect("an event");
    assert_eq!(last.action, "sign_in_refused");
    assert_eq!(last.target.as_deref(), Some(eve.id.as_str()));
    assert!(
        last.details.contains("\"reason\":\"owner_deactivated\""),
        "{}",
        last.details
    );
    sign_in(&app, &eve, "wrong")
        .await
        .problem(Kind::CredentialsWrong);
    let log = app.audit().await;
    assert!(!log.last().expect("an event").details.contains("reason"));
}

#[tokio::test]
async fn somebody_deactivated_everywhere_cannot_sign_in_and_is_told_why() {
    let app = TestApp::start().await;
    let session = "/api/v1/session";
    // In one plan of two they are still somebody.
    app.deactivate(&app.admin, &app.acme, &app.member).await;
    let who: Session = app
        .get(&app.member, session)
        .await
        .expect(StatusCode::OK)
        .read();
    let plans: Vec<&str> = who.plans.iter().map(|plan| plan.name.as_str()).collect();
    assert_eq!(plans, ["Basil"]);
    sign_in(&app, &app.member, PASSWORD)
        .await
        .expect(StatusCode::OK);
    app.get(
        &app.member,
        &format!("/api/v1/plans/{}/expiration-policy", app.acme),
    )
    .await
    .problem(Kind::RoleRequired);

    app.deactivate(&app.pro_admin, &app.basil, &app.member)
        .await;
    app.get(&app.member, session)
        .await
        .problem(Kind::SessionExpired);
    let refused = sign_in(&app, &app.member, PASSWORD).await;
    refused.problem(Kind::OwnerDeactivated);
    assert!(!refused.headers.contains_key("set-cookie"));
    // Only who knows the password learns it.
    sign_in(&app, &app.member, "a wrong guess")
        .await
        .problem(Kind::CredentialsWrong);

    reactivate(&app, &app.admin, &app.member)
        .await
        .expect(StatusCode::OK);
    sign_in(&app, &app.member, PASSWORD)
        .await
        .expect(StatusCode::OK);
    app.get(&app.member, session)
        .await
        .problem(Kind::SessionExpired);
}
