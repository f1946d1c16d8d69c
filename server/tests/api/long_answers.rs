//! Files that are written while they are read: who may read no more of one gets no more of it.

use std::{net::SocketAddr, time::Duration};

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{Method, StatusCode},
};
use http_body_util::BodyExt as _;
use serde_json::json;
use tower::ServiceExt as _;

use super::app::TestApp;
use super::callers::{Caller, call};

/// The files, each with something in it.
const FILES: [&str; 3] = [
    "tokens?format=csv",
    "audit-events?format=csv",
    "expiration-policy/preview.csv?period=1%20minutes",
];

/// A file of which the heading has been read.
async fn begun(app: &TestApp, by: &impl Caller, file: &str) -> Body {
    let path = format!("/api/v1/plans/{}/{file}", app.acme);
    let mut request = call(by, Method::GET, &path).body(Body::empty()).unwrap();
    let peer: SocketAddr = "192.0.2.7:50000".parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(peer));
    let response = app.router().clone().oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK, "{file}");
    let mut body = response.into_body();
    body.frame().await.unwrap().unwrap();
    body
}

#[tokio::test]
async fn a_file_is_cut_off_when_whoever_reads_it_may_no_more() {
    let mut app = TestApp::start().await;
    app.generate(&app.member, &app.acme, "one").await;
    app.pass(Duration::from_secs(120));
    let scopes = ["audit:read", "policy:read"];
    let user = format!("/api/v1/plans/{}/users/{}", app.acme, app.second_admin.id);
    for file in FILES {
        let mut whole = begun(&app, &app.second_admin, file).await;
        let part = whole.frame().await.unwrap().unwrap();
        assert!(!part.into_data().unwrap().is_empty(), "{file}");

        let (token, program) = app
            .generate_with(&app.second_admin, &app.acme, &scopes)
            .await;
        let mut by_program = begun(&app, &program, file).await;
        app.revoke(&app.second_admin, &token).await;
        assert!(
            by_program.frame().await.unwrap().is_err(),
            "{file}: revoked"
        );

        let role = format!("{user}/role");
        let mut demoted = begun(&app, &app.second_admin, file).await;
        let changed = app.send_json(&app.admin, "PUT", &role, json!({ "role": "member" }));
        changed.await.expect(StatusCode::OK);
        assert!(demoted.frame().await.unwrap().is_err(), "{file}: demoted");
        let changed = app.send_json(&app.admin, "PUT", &role, json!({ "role": "system_admin" }));
        changed.await.expect(StatusCode::OK);

        let mut signed_out = begun(&app, &app.admin, file).await;
        let again = app.again(&app.admin).await;
        app.delete(&app.admin, "/api/v1/session")
            .await
            .expect(StatusCode::NO_CONTENT);
        assert!(
            signed_out.frame().await.unwrap().is_err(),
            "{file}: signed out"
        );
        app.admin = again;
    }
}
