//! Tokens that nobody uses stop working; each use renews them.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};
use tenure_domain::{
    period::{Period, Unit},
    problem::Kind,
    time::{DAY, HOUR},
    token::Status,
    wire::{
        page::Page,
        policies::ExpirationPolicy,
        tokens::{EndReason, Token},
    },
};

use super::app::{TestApp, policy_path};
use super::callers::Person;

fn after(millis: i64) -> Duration {
    Duration::from_millis(millis.unsigned_abs())
}

/// Puts an idle period of so many days into force.
async fn unused_for(app: &TestApp, by: &Person, days: u16) -> ExpirationPolicy {
    let seen = app.policy(by, &app.acme).await.etag();
    let body = json!({ "period": null, "inactivity": { "amount": days, "unit": "days" } });
    let answer = app.put(by, &app.acme, &seen, body).await;
    answer.expect(StatusCode::OK).read()
}

async fn only_token(app: &TestApp) -> Token {
    let member = app.again(&app.member).await;
    let page: Page<Token> = app.get(&member, "/api/v1/me/tokens").await.read();
    page.items.into_iter().next().expect("a token")
}

#[tokio::test]
async fn a_token_ends_that_nobody_uses() {
    let app = TestApp::start().await;
    let policy = unused_for(&app, &app.admin, 30).await;
    assert_eq!(policy.version, 1, "the answer comes once it is in force");
    assert_eq!(policy.inactivity, Period::new(30, Unit::Days).ok());
    assert!(policy.in_force_since <= app.clock.now());
    let (token, secret) = app.generate(&app.member, &app.acme, "forgotten").await;
    let end = token.created_at.saturating_add(30 * DAY);
    assert_eq!(token.expires_at, Some(end));
    app.pass(after(30 * DAY - 1));
    assert!(only_token(&app).await.status.is_alive());
    app.pass(after(1));
    let refused = app.get(&secret, "/verify").await;
    refused.problem(Kind::TokenExpired);
    assert_eq!(refused.header("x-token-expires-at"), end.to_string());
    let dead = only_token(&app).await;
    let told = dead.end.expect("it has ended");
    assert_eq!(dead.status, Status::Expired);
    assert_eq!(told.reason, EndReason::ExpiredByInactivity);
    assert_eq!((told.at, told.policy_version), (end, Some(1)));
    assert_eq!(told.period, Period::new(30, Unit::Days).ok());
    assert_eq!(told.by.unwrap().id, app.admin.id);
}

#[tokio::test]
async fn a_list_alone_makes_a_death_last() {
    let app = TestApp::start().await;
    unused_for(&app, &app.admin, 30).await;
    let (_, secret) = app.generate(&app.member, &app.acme, "forgotten").await;
    app.pass(after(30 * DAY));
    assert_eq!(only_token(&app).await.status, Status::Expired);
    let admin = app.again(&app.admin).await;
    let kept = app.policy(&admin, &app.acme).await.idle_before;
    assert!(kept.is_some_and(|kept| kept <= app.clock.now()));
    app.set_policy(&admin, &app.acme, Value::Null).await;
    app.get(&secret, "/verify")
        .await
        .problem(Kind::TokenExpired);
    assert_eq!(only_token(&app).await.status, Status::Expired);
}

#[tokio::test]
async fn each_accepted_call_renews_it_and_no_other() {
    let app = TestApp::start().await;
    unused_for(&app, &app.admin, 30).await;
    let (token, secret) = app.generate(&app.member, &app.acme, "ci").await;
    app.pass(after(20 * DAY));
    // Refused for its scope: that is no use.
    app.get(&secret, "/api/v1/me/tokens")
        .await
        .problem(Kind::InsufficientScope);
    let unused = only_token(&app).await;
    assert_eq!(unused.expires_at, token.expires_at);
    let answer = app.get(&secret, "/verify").await.expect(StatusCode::OK);
    let renewed = app.clock.now().saturating_add(30 * DAY);
    assert_eq!(answer.header("x-token-expires-at"), renewed.to_string());
    let used = only_token(&app).await;
    assert_eq!(used.expires_at, Some(renewed));
    assert_eq!(used.last_used_at, Some(app.clock.now()));
    app.pass(after(30 * DAY - 1));
    app.get(&secret, "/api/v1/session")
        .await
        .expect(StatusCode::OK);
    app.pass(after(30 * DAY));
    app.get(&secret, "/verify")
        .await
        .problem(Kind::TokenExpired);
}

#[tokio::test]
async fn the_earlier_of_the_two_rules_ends_it() {
    let app = TestApp::start().await;
    let body = json!({
        "period": { "amount": 40, "unit": "days" },
        "inactivity": { "amount": 30, "unit": "days" },
    });
    let answer = app.put(&app.admin, &app.acme, "\"0\"", body).await;
    answer.expect(StatusCode::OK);
    let (token, secret) = app.generate(&app.member, &app.acme, "ci").await;
    app.pass(after(29 * DAY));
    let answer = app.get(&secret, "/verify").await.expect(StatusCode::OK);
    let by_period = token.created_at.saturating_add(40 * DAY);
    assert_eq!(answer.header("x-token-expires-at"), by_period.to_string());
    app.pass(after(11 * DAY));
    app.get(&secret, "/verify")
        .await
        .problem(Kind::TokenExpired);
    let end = only_token(&app).await.end.unwrap();
    assert_eq!(
        (end.reason, end.at),
        (EndReason::ExpiredByPeriod, by_period)
    );
}

#[tokio::test]
async fn it_can_be_scheduled_and_shortens_what_is_told() {
    let app = TestApp::start().await;
    let (token, _) = app.generate(&app.member, &app.acme, "ci").await;
    let comes = app.clock.now().saturating_add(HOUR);
    let body = json!({
        "period": null,
        "inactivity": { "amount": 1, "unit": "minutes" },
        "effective_at": comes,
    });
    let answer = app.put(&app.admin, &app.acme, "\"0\"", body).await;
    let policy: ExpirationPolicy = answer.expect(StatusCode::OK).read();
    let next = policy.scheduled.expect("it is scheduled");
    assert_eq!(next.inactivity, Period::new(1, Unit::Minutes).ok());
    assert_eq!(only_token(&app).await.expires_at, Some(comes));
    app.pass(after(HOUR));
    let dead = only_token(&app).await;
    assert_eq!(dead.id, token.id);
    assert_eq!(dead.end.unwrap().at, comes);
    let log = app.audit().await;
    let event = log
        .iter()
        .find(|it| it.action == "policy_scheduled")
        .unwrap();
    let details: Value = serde_json::from_str(&event.details).unwrap();
    assert_eq!(details["inactivity_from"], Value::Null);
    assert_eq!(
        details["inactivity_to"],
        json!({ "amount": 1, "unit": "minutes" })
    );
    let path = policy_path(&app.acme);
    let answer = app.get(&app.admin, &path).await.expect(StatusCode::OK);
    assert_eq!(answer.header("etag"), "\"1\"");
}
