//! A policy that is scheduled: shown, edited, cancelled, and in force by the clock alone.

use std::time::Duration;

use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use serde_json::{Value, json};
use tenure_domain::{
    problem::Kind,
    time::{DAY, HOUR, Timestamp},
    wire::{
        page::Page,
        policies::{ExpirationPolicy, RecordedPolicy},
        tokens::Token,
    },
};

use super::app::{START, TestApp, policy_path};
use super::callers::{Answer, call};

const WEEK: i64 = 7 * DAY;

fn of_days(days: u16, at: Timestamp) -> Value {
    json!({ "period": { "amount": days, "unit": "days" }, "effective_at": at })
}

/// Schedules what that says, whatever is so now.
async fn schedule(app: &TestApp, body: Value) -> ExpirationPolicy {
    let seen = app.policy(&app.admin, &app.acme).await.etag();
    let answer = app.put(&app.admin, &app.acme, &seen, body).await;
    answer.expect(StatusCode::OK).read()
}

async fn cancel(app: &TestApp, seen: Option<&str>) -> Answer {
    let path = format!("{}/scheduled", policy_path(&app.acme));
    let mut request = call(&app.admin, Method::DELETE, &path);
    if let Some(seen) = seen {
        request = request.header(header::IF_MATCH, seen);
    }
    app.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn it_comes_into_force_at_its_instant_and_not_before() {
    let app = TestApp::start().await;
    let (old, secret) = app.generate(&app.member, &app.acme, "old").await;
    let comes = app.clock.now().saturating_add(WEEK);
    let policy = schedule(&app, of_days(1, comes)).await;
    assert_eq!((policy.version, policy.period), (0, None));
    let next = policy.scheduled.expect("it is scheduled");
    assert_eq!((next.version, next.effective_at), (1, comes));
    assert_eq!(next.changed_by.unwrap().id, app.admin.id);
    // Its owner sees the end that is to come.
    let page: Page<Token> = app.get(&app.member, "/api/v1/me/tokens").await.read();
    assert_eq!(page.items[0].expires_at, Some(comes));
    let alive = app.get(&secret, "/verify").await.expect(StatusCode::OK);
    assert_eq!(alive.header("x-token-expires-at"), comes.to_string());
    let (young, _) = app.generate(&app.member, &app.acme, "young").await;
    assert_eq!(young.expires_at, Some(comes));

    app.pass(Duration::from_millis(WEEK.unsigned_abs() - 1));
    app.get(&secret, "/verify").await.expect(StatusCode::OK);
    app.pass(Duration::from_millis(1));
    app.get(&secret, "/verify")
        .await
        .problem(Kind::TokenExpired);
    let member = app.again(&app.member).await;
    let page: Page<Token> = app.get(&member, "/api/v1/me/tokens").await.read();
    let token = page.items.iter().find(|token| token.id == old.id).unwrap();
    let end = token.end.as_ref().expect("it has ended");
    assert_eq!((end.at, end.policy_version), (comes, Some(1)));
    assert_eq!(end.in_force_since, Some(comes));
}

#[tokio::test]
async fn its_instant_is_ahead_and_within_a_year() {
    let app = TestApp::start().await;
    let now = app.clock.now();
    for (at, code) in [
        (now, "not_ahead"),
        (now.saturating_add(-1), "not_ahead"),
        (now.saturating_add(366 * DAY + 1), "too_far_ahead"),
    ] {
        let answer = app
            .put(&app.admin, &app.acme, "\"0\"", of_days(30, at))
            .await;
        let errors = answer.problem(Kind::ValidationFailed).errors;
        assert_eq!(errors.len(), 1);
        assert_eq!(errors[0].pointer, "/effective_at");
        assert_eq!(errors[0].code, code, "{at}");
    }
    for at in [now.saturating_add(1), now.saturating_add(366 * DAY)] {
        let policy = schedule(&app, of_days(30, at)).await;
        assert_eq!(policy.scheduled.unwrap().effective_at, at);
    }
}

#[tokio::test]
async fn the_entity_tag_changes_with_all_that_happens() {
    let app = TestApp::start().await;
    let path = policy_path(&app.acme);
    let now = app.clock.now();
    let at = |hours: i64| now.saturating_add(hours * HOUR);
    let tag = async || {
        let answer = app.get(&app.admin, &path).await.expect(StatusCode::OK);
        answer.header("etag").to_owned()
    };
    assert_eq!(tag().await, "\"0\"");
    schedule(&app, of_days(30, at(1))).await;
    assert_eq!(tag().await, "\"0-1\"");
    schedule(&app, of_days(30, at(2))).await;
    assert_eq!(tag().await, "\"0-2\"");
    // Somebody who saw an earlier one is shown what is scheduled now.
    for seen in ["\"0\"", "\"0-1\"", "\"1\"", "\"2\""] {
        let answer = cancel(&app, Some(seen)).await;
        let current = answer.problem(Kind::StaleVersion).current.unwrap();
        assert_eq!(current.etag(), "\"0-2\"");
    }
    app.pass(Duration::from_millis((2 * HOUR).unsigned_abs() - 1));
    let fresh = call(&app.admin, Method::GET, &path).header(header::IF_NONE_MATCH, "\"0-2\"");
    let answer = app.send(fresh.body(Body::empty()).unwrap()).await;
    answer.expect(StatusCode::NOT_MODIFIED);
    app.pass(Duration::from_millis(1));
    assert_eq!(tag().await, "\"2\"");
    let answer = cancel(&app, Some("\"0-2\"")).await;
    answer.problem(Kind::StaleVersion);
}

#[tokio::test]
async fn it_is_cancelled_by_whoever_saw_it() {
    let app = TestApp::start().await;
    let at = app.clock.now().saturating_add(WEEK);
    schedule(&app, of_days(30, at)).await;
    cancel(&app, None).await.problem(Kind::IfMatchRequired);
    cancel(&app, Some("*")).await.problem(Kind::IfMatchRequired);
    let answer = cancel(&app, Some("\"0-1\"")).await.expect(StatusCode::OK);
    assert_eq!(answer.header("etag"), "\"0\"");
    let policy: ExpirationPolicy = answer.read();
    assert_eq!((policy.version, policy.scheduled), (0, None));
    // There is nothing left to cancel, and that is no fault.
    let events = app.events().await;
    cancel(&app, Some("\"0\"")).await.expect(StatusCode::OK);
    assert_eq!(app.events().await, events);
    app.pass(Duration::from_millis(WEEK.unsigned_abs()));
    let admin = app.again(&app.admin).await;
    assert_eq!(app.policy(&admin, &app.acme).await.version, 0);

    let path = format!("{}/history", policy_path(&app.acme));
    let page: Page<RecordedPolicy> = app.get(&admin, &path).await.read();
    let cancelled = page.items[0].cancelled.as_ref().expect("it was cancelled");
    assert_eq!(
        (page.items[0].version, page.items[0].in_force_since),
        (1, at)
    );
    assert_eq!(cancelled.by.as_ref().unwrap().id, app.admin.id);
    assert_eq!(cancelled.at.to_string(), START);
    let log = app.audit().await;
    let actions: Vec<_> = log.iter().map(|event| event.action.as_str()).collect();
    assert!(actions.contains(&"policy_scheduled"));
    assert!(actions.contains(&"policy_schedule_cancelled"));
    let details: Value = log
        .iter()
        .find(|event| event.action == "policy_scheduled")
        .map(|event| serde_json::from_str(&event.details).unwrap())
        .unwrap();
    let month = json!({ "amount": 30, "unit": "days" });
    assert_eq!(
        details,
        json!({ "version": 1, "from": null, "to": month, "effective_at": at })
    );
}

#[tokio::test]
async fn a_change_at_once_takes_its_place() {
    let app = TestApp::start().await;
    let at = app.clock.now().saturating_add(WEEK);
    schedule(&app, of_days(30, at)).await;
    let policy = app
        .set_policy(
            &app.admin,
            &app.acme,
            json!({ "amount": 90, "unit": "days" }),
        )
        .await;
    assert_eq!((policy.version, policy.scheduled), (2, None));
    let log = app.audit().await;
    let last: Vec<_> = log
        .iter()
        .rev()
        .take(2)
        .map(|it| it.action.as_str())
        .collect();
    assert_eq!(last, ["policy_changed", "policy_schedule_cancelled"]);
    app.pass(Duration::from_millis(WEEK.unsigned_abs()));
    let admin = app.again(&app.admin).await;
    assert_eq!(app.policy(&admin, &app.acme).await.version, 2);
}
