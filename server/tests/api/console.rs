//! The console's files: pages, missing files, and what may be kept how long.

use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use tenure_domain::problem::Kind;

use super::app::TestApp;
use super::callers::{Anonymous, call};

#[tokio::test]
async fn every_page_is_the_app_and_is_asked_for_anew() {
    let app = TestApp::start().await;
    let home = app.get(&Anonymous, "/").await.expect(StatusCode::OK);
    assert!(home.header("content-type").starts_with("text/html"));
    for path in [
        "/sign-in?next=%2F",
        "/plans/x/security-control",
        "/settings/api-access",
        "/no/such/page",
    ] {
        let page = app.get(&Anonymous, path).await.expect(StatusCode::OK);
        assert_eq!(page.body, home.body, "{path}");
        assert_eq!(page.header("cache-control"), "no-cache", "{path}");
    }
}

#[tokio::test]
async fn the_app_is_not_sent_twice() {
    let app = TestApp::start().await;
    let etag = app.get(&Anonymous, "/").await.header("etag").to_owned();
    assert!(!etag.is_empty());
    let request = call(&Anonymous, Method::GET, "/sign-in").header(header::IF_NONE_MATCH, etag);
    let answer = app.send(request.body(Body::empty()).unwrap()).await;
    assert!(answer.expect(StatusCode::NOT_MODIFIED).body.is_empty());
}

#[tokio::test]
async fn a_missing_file_is_missing() {
    let app = TestApp::start().await;
    for path in [
        "/x.js",
        "/console-0123456789abcdef_bg.wasm",
        "/a/b/c.css",
        "/.env",
    ] {
        let answer = app.get(&Anonymous, path).await;
        answer.problem(Kind::NotFound);
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
}

#[tokio::test]
async fn pages_are_only_read() {
    let app = TestApp::start().await;
    let post = call(&Anonymous, Method::POST, "/sign-in")
        .body(Body::empty())
        .unwrap();
    app.send(post).await.problem(Kind::NotFound);
    let post = call(&Anonymous, Method::POST, "/")
        .body(Body::empty())
        .unwrap();
    app.send(post).await.problem(Kind::MethodNotAllowed);
}
