//! What every answer has: an id, the server's time, safe headers, and a problem where it is an error.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use tenure_domain::{problem::Kind, time::Timestamp};

use super::app::TestApp;
use super::callers::{Anonymous, call};

#[tokio::test]
async fn every_answer_has_an_id_the_time_and_safe_headers() {
    let app = TestApp::start().await;
    for path in [
        "/healthz",
        "/",
        "/nowhere.js",
        "/api/v1/nowhere",
        "/api/v1/session",
        "/api/docs",
    ] {
        let answer = app.get(&Anonymous, path).await;
        assert!(!answer.header("x-request-id").is_empty(), "{path}");
        let time: Timestamp = answer.header("x-server-time").parse().unwrap();
        assert_eq!(time, app.clock.now(), "{path}");
        let policy = answer.header("content-security-policy");
        for part in [
            "default-src 'none'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe-inline"), "{policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        assert!(
            !answer.headers.contains_key("strict-transport-security"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn answers_of_the_api_are_not_kept() {
    let app = TestApp::start().await;
    for path in [
        "/api/v1/session",
        "/api/v1/me/tokens",
        "/verify",
        "/api/v1/nowhere",
        "/healthz",
    ] {
        let answer = app.get(&app.member, path).await;
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
}

#[tokio::test]
async fn a_sane_id_of_the_caller_is_kept_and_another_replaced() {
    let app = TestApp::start().await;
    let id = |text: &'static str| {
        let request = call(&Anonymous, Method::GET, "/api/v1/nowhere").header("x-request-id", text);
        app.send(request.body(Body::empty()).unwrap())
    };
    let kept = id("proxy-0815").await;
    assert_eq!(kept.problem(Kind::NotFound).reference, "proxy-0815");
    for odd in ["", "with space", "<b>", "a\"b"] {
        let answer = id(odd).await;
        assert_ne!(answer.problem(Kind::NotFound).reference, odd);
    }
    let (first, second) = (id("").await, id("").await);
    assert_ne!(first.header("x-request-id"), second.header("x-request-id"));
}

#[tokio::test]
async fn unknown_paths_of_the_api_are_problems() {
    let app = TestApp::start().await;
    for path in [
        "/api",
        "/api/",
        "/api/v1",
        "/api/v2/session",
        "/api/v1/session/",
        "/oauth",
        "/oauth/token/",
        "/healthz/x",
    ] {
        app.get(&Anonymous, path).await.problem(Kind::NotFound);
        let post = call(&Anonymous, Method::POST, path)
            .body(Body::empty())
            .unwrap();
        app.send(post).await.problem(Kind::NotFound);
    }
}

#[tokio::test]
async fn a_wrong_method_names_the_right_ones() {
    let app = TestApp::start().await;
    let request = call(&app.member, Method::PATCH, "/api/v1/me/tokens")
        .body(Body::empty())
        .unwrap();
    let answer = app.send(request).await;
    answer.problem(Kind::MethodNotAllowed);
    assert_eq!(answer.header("allow"), "GET,HEAD,POST");
    // Whoever opens an endpoint of clients in a browser learns what it takes.
    for path in ["/oauth/token", "/oauth/revoke", "/oauth/introspect"] {
        let answer = app.get(&Anonymous, path).await;
        answer.problem(Kind::MethodNotAllowed);
        assert_eq!(answer.header("allow"), "POST", "{path}");
    }
}

#[tokio::test]
async fn odd_bytes_in_a_path_are_no_server_error() {
    let app = TestApp::start().await;
    for path in [
        "/api/v1/me/tokens/%ff",
        "/api/v1/plans/%00/expiration-policy",
        "/%2e%2e/etc/passwd",
        "//",
        "/verify/%ff",
    ] {
        let answer = app.get(&app.member, path).await;
        assert!(
            !answer.status.is_server_error(),
            "{path}: {}",
            answer.status
        );
    }
    let answer = app.delete(&app.member, "/api/v1/me/tokens/%ff").await;
    answer.problem(Kind::NotFound);
}

#[tokio::test]
async fn a_database_that_is_gone_is_unavailable_and_nothing_is_told_of_it() {
    let app = TestApp::start().await;
    let (_, secret) = app.generate(&app.member, &app.acme, "a").await;
    app.get(&Anonymous, "/readyz").await.expect(StatusCode::OK);
    app.state.store.close().await;
    app.get(&Anonymous, "/healthz").await.expect(StatusCode::OK);
    let unknown = super::callers::Bearer(tenure_domain::token_text::compose(
        tenure_domain::token::TokenKind::UserAccess,
        &[7; 32],
    ));
    for answer in [
        app.get(&Anonymous, "/readyz").await,
        app.get(&app.member, "/api/v1/session").await,
        app.get(&app.member, "/api/v1/me/tokens").await,
        app.get(&unknown, "/verify").await,
        app.get(&secret, "/api/v1/session").await,
    ] {
        let problem = answer.problem(Kind::Unavailable);
        assert_eq!(answer.header("retry-after"), "1");
        assert_eq!(problem.detail, None);
        let text = String::from_utf8_lossy(&answer.body).to_lowercase();
        assert!(!text.contains("sql") && !text.contains("pool"), "{text}");
    }
}

/// `HEAD` is `GET` without the body.
#[tokio::test]
async fn head_is_answered_where_get_is() {
    let app = TestApp::start().await;
    for path in ["/healthz", "/", "/api/v1/session"] {
        let request: Request<Body> = call(&app.member, Method::HEAD, path)
            .body(Body::empty())
            .unwrap();
        let answer = app.send(request).await.expect(StatusCode::OK);
        assert!(answer.body.is_empty(), "{path}");
    }
}
