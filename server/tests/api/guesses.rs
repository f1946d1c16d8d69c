//! Guessing tokens is slowed down; whoever has one is never in the way, dead ones among them (R14).

use std::{net::SocketAddr, time::Duration};

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{Method, StatusCode},
};
use serde_json::json;
use tenure_domain::{problem::Kind, token::TokenKind, token_text};

use super::app::TestApp;
use super::callers::{Answer, Bearer, call};

/// As many unknown tokens as a place may show at once.
const MANY: u8 = 100;

/// Well formed, and never issued.
fn unknown(number: u8) -> Bearer {
    Bearer(token_text::compose(TokenKind::UserAccess, &[number; 32]))
}

async fn guess_until_refused(app: &TestApp) -> Answer {
    for number in 0..MANY {
        let answer = app.get(&unknown(number), "/verify").await;
        answer.problem(Kind::TokenUnknown);
    }
    app.get(&unknown(MANY), "/verify").await
}

async fn from(app: &TestApp, address: &str, by: &Bearer) -> Answer {
    let mut request = call(by, Method::GET, "/verify")
        .body(Body::empty())
        .unwrap();
    let peer: SocketAddr = address.parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(peer));
    app.send(request).await
}

#[tokio::test]
async fn too_many_unknown_tokens_from_one_place_are_told_to_wait() {
    let app = TestApp::start().await;
    let refused = guess_until_refused(&app).await;
    refused.problem(Kind::RateLimited);
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    // The same everywhere that a token is read.
    for path in ["/api/v1/session", "/api/v1/me/tokens", "/verify/orders"] {
        let answer = app.get(&unknown(7), path).await;
        answer.problem(Kind::RateLimited);
    }
    from(&app, "198.51.100.9:1", &unknown(7))
        .await
        .problem(Kind::TokenUnknown);
    app.pass(Duration::from_secs(wait));
    app.get(&unknown(7), "/verify")
        .await
        .problem(Kind::TokenUnknown);
    app.get(&unknown(7), "/verify")
        .await
        .problem(Kind::RateLimited);
}

#[tokio::test]
async fn neighbours_with_tokens_are_left_alone() {
    let app = TestApp::start().await;
    let minute = json!({ "amount": 1, "unit": "minutes" });
    app.set_policy(&app.admin, &app.acme, minute).await;
    let (_, expired) = app.generate(&app.member, &app.acme, "expired").await;
    app.pass(Duration::from_secs(60));
    let (token, revoked) = app.generate(&app.member, &app.acme, "revoked").await;
    app.revoke(&app.member, &token).await;
    let (_, good) = app.generate(&app.member, &app.acme, "good").await;
    guess_until_refused(&app).await.problem(Kind::RateLimited);
    for _ in 0..3 {
        app.get(&good, "/verify").await.expect(StatusCode::OK);
        app.get(&expired, "/verify")
            .await
            .problem(Kind::TokenExpired);
        app.get(&revoked, "/verify")
            .await
            .problem(Kind::TokenRevoked);
        // A typo is told to be one, without a look-up.
        app.get(&Bearer("tnr_pat_typo".to_owned()), "/verify")
            .await
            .problem(Kind::TokenMalformed);
    }
}

/// A program that goes on with a dead token for hours costs cheap answers, and never gets its place refused.
#[tokio::test]
async fn known_dead_tokens_are_never_counted() {
    let app = TestApp::start().await;
    let minute = json!({ "amount": 1, "unit": "minutes" });
    app.set_policy(&app.admin, &app.acme, minute).await;
    let (_, expired) = app.generate(&app.member, &app.acme, "expired").await;
    app.pass(Duration::from_secs(60));
    let (token, revoked) = app.generate(&app.member, &app.acme, "revoked").await;
    app.revoke(&app.member, &token).await;
    for _ in 0..2 * u16::from(MANY) {
        app.get(&expired, "/verify")
            .await
            .problem(Kind::TokenExpired);
        app.get(&revoked, "/verify")
            .await
            .problem(Kind::TokenRevoked);
    }
    app.get(&unknown(1), "/verify")
        .await
        .problem(Kind::TokenUnknown);
}

#[tokio::test]
async fn people_who_sign_in_are_not_held_up_by_guesses() {
    let app = TestApp::start().await;
    guess_until_refused(&app).await.problem(Kind::RateLimited);
    app.get(&app.member, "/api/v1/session")
        .await
        .expect(StatusCode::OK);
}
