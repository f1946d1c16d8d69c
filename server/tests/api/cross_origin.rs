//! Pages of other sites: refused with somebody's session, unless the operator trusts them.

use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use serde_json::json;
use tenure_domain::problem::Kind;

use super::app::{TestApp, policy_path};
use super::callers::{Anonymous, Answer, call, with_json};

const CONSOLE: &str = "https://console.example";

/// Generates a token as a browser would for a page of this origin.
async fn generate(app: &TestApp, headers: &[(&'static str, &str)]) -> Answer {
    let body = json!({ "plan": app.acme, "name": "a" });
    let mut request = call(&app.member, Method::POST, "/api/v1/me/tokens");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    app.send(with_json(request, &body)).await
}

#[tokio::test]
async fn a_page_of_another_site_changes_nothing() {
    let app = TestApp::start().await;
    let events = app.events().await;
    for headers in [
        &[
            ("origin", "https://evil.example"),
            ("sec-fetch-site", "cross-site"),
        ][..],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("origin", "http://tenure.test.evil.example")],
        &[("sec-fetch-site", "same-site")],
        &[("origin", CONSOLE), ("sec-fetch-site", "cross-site")],
    ] {
        generate(&app, headers).await.problem(Kind::OriginRefused);
    }
    for (method, path) in [
        (Method::PUT, policy_path(&app.acme)),
        (Method::DELETE, "/api/v1/session".to_owned()),
        (Method::POST, "/api/v1/session".to_owned()),
        (Method::POST, "/api/v1/setup".to_owned()),
        (Method::POST, "/api/v1/invitations/accept".to_owned()),
        (Method::DELETE, "/api/v1/me/tokens/x".to_owned()),
    ] {
        let request = call(&app.admin, method, &path).header("origin", "https://evil.example");
        let answer = app.send(request.body(Body::empty()).unwrap()).await;
        answer.problem(Kind::OriginRefused);
        assert!(!answer.headers.contains_key("access-control-allow-origin"));
    }
    assert_eq!(app.events().await, events);
}

#[tokio::test]
async fn the_console_itself_and_programs_get_through() {
    let app = TestApp::start().await;
    for headers in [
        &[
            ("origin", "http://tenure.test"),
            ("sec-fetch-site", "same-origin"),
        ][..],
        &[("origin", "http://tenure.test")],
        &[("sec-fetch-site", "none")],
        &[],
    ] {
        generate(&app, headers).await.expect(StatusCode::CREATED);
    }
}

/// A proxy that does not pass the host on: then the public URL tells the console's own origin.
#[tokio::test]
async fn the_public_url_is_the_consoles_origin() {
    let app =
        TestApp::with(|settings| settings.public_url = "https://tenure.example".to_owned()).await;
    let headers = [("origin", "https://tenure.example")];
    generate(&app, &headers).await.expect(StatusCode::CREATED);
}

#[tokio::test]
async fn a_console_that_is_hosted_elsewhere_works_when_it_is_trusted() {
    let app = TestApp::with(|settings| settings.allowed_origins = vec![CONSOLE.to_owned()]).await;
    let preflight = call(&Anonymous, Method::OPTIONS, &policy_path(&app.acme))
        .header(header::ORIGIN, CONSOLE)
        .header(header::ACCESS_CONTROL_REQUEST_METHOD, "PUT")
        .header(
            header::ACCESS_CONTROL_REQUEST_HEADERS,
            "content-type,if-match",
        );
    let answer = app
        .send(preflight.body(Body::empty()).unwrap())
        .await
        .expect(StatusCode::OK);
    assert_eq!(answer.header("access-control-allow-origin"), CONSOLE);
    assert_eq!(answer.header("access-control-allow-credentials"), "true");
    assert!(
        answer
            .header("access-control-allow-methods")
            .contains("PUT")
    );
    let allowed = answer.header("access-control-allow-headers");
    assert!(
        allowed.contains("if-match") && allowed.contains("content-type"),
        "{allowed}"
    );

    let headers = [("origin", CONSOLE), ("sec-fetch-site", "cross-site")];
    let answer = generate(&app, &headers).await.expect(StatusCode::CREATED);
    assert_eq!(answer.header("access-control-allow-origin"), CONSOLE);
    let exposed = answer.header("access-control-expose-headers");
    for name in ["etag", "x-server-time", "x-request-id", "retry-after"] {
        assert!(exposed.contains(name), "{exposed}");
    }
    let evil = [
        ("origin", "https://evil.example"),
        ("sec-fetch-site", "cross-site"),
    ];
    let answer = generate(&app, &evil).await;
    answer.problem(Kind::OriginRefused);
    assert_eq!(answer.header("access-control-allow-origin"), "");
}

/// Errors too must be readable for a trusted console, or it could not show them.
#[tokio::test]
async fn a_trusted_console_reads_problems_as_well() {
    let app = TestApp::with(|settings| settings.allowed_origins = vec![CONSOLE.to_owned()]).await;
    let request = call(&Anonymous, Method::GET, "/api/v1/session").header(header::ORIGIN, CONSOLE);
    let answer = app.send(request.body(Body::empty()).unwrap()).await;
    answer.problem(Kind::TokenMissing);
    assert_eq!(answer.header("access-control-allow-origin"), CONSOLE);

    let body = serde_json::to_string(&json!({ "name": "a".repeat(100 * 1024) })).unwrap();
    let request = call(&app.member, Method::POST, "/api/v1/me/tokens")
        .header(header::ORIGIN, CONSOLE)
        .header(header::CONTENT_TYPE, "application/json");
    let answer = app.send(request.body(Body::from(body)).unwrap()).await;
    answer.problem(Kind::BodyTooLarge);
    assert_eq!(answer.header("access-control-allow-origin"), CONSOLE);
}
