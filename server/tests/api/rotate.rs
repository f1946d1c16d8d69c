//! Rotating one's own token: a new secret now, while the old one works for the overlap.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};
use tenure_domain::{
    problem::Kind,
    token::Status,
    wire::{
        page::Page,
        tokens::{EndReason, GeneratedToken, Token},
    },
};

use super::app::TestApp;
use super::callers::{Answer, Bearer, Caller};

fn period(amount: u16, unit: &str) -> Value {
    json!({ "amount": amount, "unit": unit })
}

async fn rotate(app: &TestApp, by: &impl Caller, token: &Token, overlap: Value) -> Answer {
    let path = format!("/api/v1/me/tokens/{}/rotate", token.id);
    app.post(by, &path, json!({ "overlap": overlap })).await
}

async fn rotated(app: &TestApp, token: &Token, overlap: Value) -> (Token, Bearer) {
    let answer = rotate(app, &app.member, token, overlap).await;
    let answer = answer.expect(StatusCode::CREATED);
    let new: GeneratedToken = answer.read();
    let location = format!("/api/v1/me/tokens/{}", new.token.id);
    assert_eq!(answer.header("location"), location);
    (new.token, Bearer(new.secret))
}

async fn shown(app: &TestApp, token: &Token) -> Token {
    let page: Page<Token> = app.get(&app.member, "/api/v1/me/tokens").await.read();
    let found = page.items.into_iter().find(|it| it.id == token.id);
    found.expect("it is listed")
}

#[tokio::test]
async fn a_day_is_the_longest_overlap_and_ends_to_the_millisecond() {
    let app = TestApp::start().await;
    for overlap in [
        period(1, "days"),
        period(24, "hours"),
        period(1_440, "minutes"),
    ] {
        let (old, secret) = app
            .generate(&app.again(&app.member).await, &app.acme, "ci")
            .await;
        let path = format!("/api/v1/me/tokens/{}/rotate", old.id);
        let again = app.again(&app.member).await;
        let body = json!({ "overlap": overlap });
        let answer = app
            .post(&again, &path, body)
            .await
            .expect(StatusCode::CREATED);
        let new: GeneratedToken = answer.read();
        let until = app.clock.now().saturating_add(24 * 3_600_000);
        assert_eq!(
            (new.token.name.as_str(), new.token.status),
            ("ci", Status::Idle)
        );
        assert_ne!(new.token.id, old.id);
        app.pass(Duration::from_millis(24 * 3_600_000 - 1));
        let alive = app.get(&secret, "/verify").await.expect(StatusCode::OK);
        assert_eq!(alive.header("x-token-expires-at"), until.to_string());
        assert_eq!(alive.header("x-token-expires-in"), "0");
        app.pass(Duration::from_millis(1));
        let dead = app.get(&secret, "/verify").await;
        dead.problem(Kind::TokenRevoked);
        assert_eq!(dead.header("x-token-expires-at"), until.to_string());
        app.get(&Bearer(new.secret), "/verify")
            .await
            .expect(StatusCode::OK);
    }
    let (old, _) = app
        .generate(&app.again(&app.member).await, &app.acme, "ci")
        .await;
    let member = app.again(&app.member).await;
    let events = app.events().await;
    for overlap in [
        period(2, "days"),
        period(25, "hours"),
        period(1_441, "minutes"),
        period(1, "months"),
        period(1, "years"),
    ] {
        let answer = rotate(&app, &member, &old, overlap.clone()).await;
        let errors = answer.problem(Kind::ValidationFailed).errors;
        assert_eq!(errors.len(), 1, "{errors:?}");
        let error = (errors[0].pointer.as_str(), errors[0].code.as_str());
        assert_eq!(error, ("/overlap", "overlap_too_long"), "{overlap}");
    }
    for (overlap, pointer) in [
        (period(0, "hours"), "/overlap/amount"),
        (period(1, "weeks"), "/overlap/unit"),
        (json!("an hour"), "/overlap"),
        (json!({ "amount": 1 }), "/overlap/unit"),
    ] {
        let answer = rotate(&app, &member, &old, overlap.clone()).await;
        let errors = answer.problem(Kind::ValidationFailed).errors;
        assert_eq!(errors[0].pointer, pointer, "{overlap}");
    }
    assert_eq!(app.events().await, events);
}

#[tokio::test]
async fn without_an_overlap_the_old_one_stops_at_once() {
    let app = TestApp::start().await;
    for body in [json!({}), json!({ "overlap": null })] {
        let (old, secret) = app.generate(&app.member, &app.acme, "ci").await;
        app.get(&secret, "/verify").await.expect(StatusCode::OK);
        let path = format!("/api/v1/me/tokens/{}/rotate", old.id);
        let answer = app.post(&app.member, &path, body).await;
        let new: GeneratedToken = answer.expect(StatusCode::CREATED).read();
        app.get(&secret, "/verify")
            .await
            .problem(Kind::TokenRevoked);
        app.get(&Bearer(new.secret), "/verify")
            .await
            .expect(StatusCode::OK);
        let end = shown(&app, &old).await.end.expect("it has ended");
        assert_eq!((end.reason, end.at), (EndReason::Rotated, app.clock.now()));
    }
}

#[tokio::test]
async fn an_overlap_never_outlives_the_old_tokens_own_expiry() {
    let app = TestApp::start().await;
    app.set_policy(&app.admin, &app.acme, period(60, "minutes"))
        .await;
    let (old, secret) = app.generate(&app.member, &app.acme, "ci").await;
    app.pass(Duration::from_secs(50 * 60));
    let (new, successor) = rotated(&app, &old, period(24, "hours")).await;
    let own = old.expires_at.expect("the policy ends it");
    assert_eq!(shown(&app, &old).await.expires_at, Some(own));
    // The new one lives from now on, and not from the old one's beginning.
    let later = app.clock.now().saturating_add(60 * 60_000);
    assert_eq!(new.expires_at, Some(later));
    app.pass(Duration::from_millis(10 * 60_000 - 1));
    app.get(&secret, "/verify").await.expect(StatusCode::OK);
    app.pass(Duration::from_millis(1));
    let dead = app.get(&secret, "/verify").await;
    // Both ends fall together: it is its own expiry that ended it.
    dead.problem(Kind::TokenExpired);
    assert_eq!(dead.header("x-token-expires-at"), own.to_string());
    app.get(&successor, "/verify").await.expect(StatusCode::OK);
}

#[tokio::test]
async fn a_policy_that_comes_in_the_meantime_ends_the_overlap() {
    let app = TestApp::start().await;
    let (old, secret) = app.generate(&app.member, &app.acme, "ci").await;
    rotated(&app, &old, period(24, "hours")).await;
    app.pass(Duration::from_secs(120));
    app.set_policy(&app.admin, &app.acme, period(1, "minutes"))
        .await;
    app.get(&secret, "/verify")
        .await
        .problem(Kind::TokenExpired);
}

#[tokio::test]
async fn a_token_is_rotated_once() {
    let app = TestApp::start().await;
    for first in [json!(null), period(1, "hours")] {
        let (old, secret) = app.generate(&app.member, &app.acme, "ci").await;
        rotated(&app, &old, first.clone()).await;
        let events = app.events().await;
        for again in [json!(null), period(1, "minutes"), period(24, "hours")] {
            let answer = rotate(&app, &app.member, &old, again).await;
            answer.problem(Kind::Conflict);
        }
        assert_eq!(app.events().await, events);
        let works = app.get(&secret, "/verify").await.status == StatusCode::OK;
        assert_eq!(works, !first.is_null(), "what was refused changed nothing");
    }
}

/// Two clicks, or two machines: one of them gets the new secret.
#[tokio::test]
async fn of_two_rotations_at_once_one_is_done() {
    let app = TestApp::start().await;
    let (old, _) = app.generate(&app.member, &app.acme, "ci").await;
    let (first, second) = tokio::join!(
        rotate(&app, &app.member, &old, period(1, "hours")),
        rotate(&app, &app.member, &old, period(1, "hours"))
    );
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    let page: Page<Token> = app.get(&app.member, "/api/v1/me/tokens").await.read();
    assert_eq!(page.items.len(), 2);
}

#[tokio::test]
async fn what_has_ended_cannot_be_rotated_and_stays_as_it_ended() {
    let app = TestApp::start().await;
    app.set_policy(&app.admin, &app.acme, period(60, "minutes"))
        .await;
    let (expired, _) = app.generate(&app.member, &app.acme, "expired").await;
    app.pass(Duration::from_secs(59 * 60));
    let (revoked, _) = app.generate(&app.member, &app.acme, "revoked").await;
    app.revoke(&app.member, &revoked).await;
    app.pass(Duration::from_secs(60));
    for (token, status) in [(&expired, Status::Expired), (&revoked, Status::Revoked)] {
        for overlap in [json!(null), period(1, "minutes")] {
            let answer = rotate(&app, &app.member, token, overlap).await;
            answer.problem(Kind::Conflict);
        }
        assert_eq!(shown(&app, token).await.status, status);
    }
}

#[tokio::test]
async fn others_tokens_are_not_there() {
    let app = TestApp::start().await;
    let (token, secret) = app.generate(&app.member, &app.acme, "ci").await;
    let others = rotate(&app, &app.admin, &token, json!(null)).await;
    let detail = others.problem(Kind::NotFound).detail;
    let nowhere = app
        .post(&app.admin, "/api/v1/me/tokens/nowhere/rotate", json!({}))
        .await;
    assert_eq!(nowhere.problem(Kind::NotFound).detail, detail);
    app.get(&secret, "/verify").await.expect(StatusCode::OK);
}

#[tokio::test]
async fn the_new_token_has_the_scopes_of_the_old_one() {
    let app = TestApp::start().await;
    let scopes = ["policy:read", "tokens:read"];
    let (old, _) = app.generate_with(&app.member, &app.acme, &scopes).await;
    let (new, successor) = rotated(&app, &old, json!(null)).await;
    assert_eq!(new.scope, old.scope);
    let verified = app.get(&successor, "/verify").await.expect(StatusCode::OK);
    assert_eq!(verified.header("x-tenure-scope"), "policy:read tokens:read");
}

/// A program cannot make itself a token with more scopes than it has by rotating one that has them.
#[tokio::test]
async fn a_program_rotates_no_token_that_may_more_than_itself() {
    let app = TestApp::start().await;
    let (wide, secret) = app
        .generate_with(&app.member, &app.acme, &["policy:read", "tokens:write"])
        .await;
    let (narrow, program) = app
        .generate_with(&app.member, &app.acme, &["tokens:write"])
        .await;
    let answer = rotate(&app, &program, &wide, period(1, "hours")).await;
    answer.problem(Kind::InsufficientScope);
    app.get(&secret, "/verify").await.expect(StatusCode::OK);
    assert_eq!(shown(&app, &wide).await.expires_at, None, "nothing changed");
    // Its own, and any that may less.
    let (less, _) = app.generate(&app.member, &app.acme, "less").await;
    rotate(&app, &program, &less, period(1, "hours"))
        .await
        .expect(StatusCode::CREATED);
    rotate(&app, &program, &narrow, period(1, "hours"))
        .await
        .expect(StatusCode::CREATED);
}

#[tokio::test]
async fn a_rotation_is_in_the_audit_log_without_a_secret() {
    let app = TestApp::start().await;
    let (old, _) = app.generate(&app.member, &app.acme, "ci").await;
    let (new, successor) = rotated(&app, &old, period(1, "hours")).await;
    let log = app.audit().await;
    let event = log.last().unwrap();
    assert_eq!(event.action, "token_rotated");
    assert_eq!(event.target.as_deref(), Some(old.id.as_str()));
    let details: Value = serde_json::from_str(&event.details).unwrap();
    assert_eq!(details["successor"], new.id.as_str());
    let until = app.clock.now().saturating_add(3_600_000);
    assert_eq!(details["old_works_until"], until.to_string());
    assert!(!event.details.contains(&successor.0));
}
