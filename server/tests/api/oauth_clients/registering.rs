//! A client is registered by what RFC 7591 calls it; whatever is wrong with it is said.

use axum::http::StatusCode;
use serde_json::{Value, json};
use tenure_domain::{
    problem::Kind,
    wire::clients::{AuthMethod, Client},
};

use super::{change, list, path, rotate, with};
use crate::{app::TestApp, oauth::world::register};

#[tokio::test]
async fn a_client_is_registered_with_what_rfc_7591_calls_it() {
    let app = TestApp::start().await;
    let body = json!({
        "client_name": " Board ",
        "redirect_uris": ["https://app.example/cb", "com.example.app:/cb", "http://127.0.0.1/cb"],
        "token_endpoint_auth_method": "client_secret_post",
        "scope": "tokens:read policy:read tokens:read",
    });
    let answer = app.post(&app.admin, &path(&app, ""), body).await;
    let answer = answer.expect(StatusCode::CREATED);
    let client: Client = answer.read();
    let location = path(&app, &format!("/{}", client.client_id));
    assert_eq!(answer.header("location"), location);
    assert_eq!(client.client_name, "Board");
    assert_eq!(client.redirect_uris.len(), 3);
    assert_eq!(
        client.token_endpoint_auth_method,
        AuthMethod::ClientSecretPost
    );
    assert_eq!(client.scope.to_string(), "policy:read tokens:read");
    assert!(!client.resource_server);
    assert_eq!(client.created_at, app.clock.now());
    let by = client.created_by.as_ref().map(|by| &by.id);
    assert_eq!(by, Some(&app.admin.id));
    assert!(
        client
            .client_secret
            .as_ref()
            .is_some_and(|secret| secret.len() >= 43)
    );
    let raw: Value = answer.read();
    for member in [
        "client_id",
        "client_secret",
        "client_name",
        "redirect_uris",
        "scope",
    ] {
        assert!(raw.get(member).is_some(), "{member}");
    }
    // Without a method, by HTTP basic authentication; without scopes, none.
    let plain = register(&app, with("client_name", json!("Plain"))).await;
    assert_eq!(
        plain.token_endpoint_auth_method,
        AuthMethod::ClientSecretBasic
    );
    assert!(plain.scope.is_empty());
    let public = register(&app, with("token_endpoint_auth_method", json!("none"))).await;
    assert_eq!(public.client_secret, None, "it could not keep one");
}

#[tokio::test]
async fn every_bad_value_says_what_is_wrong_with_it() {
    let app = TestApp::start().await;
    let uris = |uris: &[&str]| with("redirect_uris", json!(uris));
    let many: Vec<String> = (0..11)
        .map(|it| format!("https://a.example/{it}"))
        .collect();
    let long = format!("https://a.example/{}", "a".repeat(500));
    let resource_server = |more: Value| {
        let mut body = json!({ "client_name": "API", "resource_server": true });
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        body
    };
    let cases = [
        (
            with("client_name", json!(" ")),
            "/client_name",
            "name_missing",
        ),
        (
            with("client_name", json!("a".repeat(101))),
            "/client_name",
            "name_too_long",
        ),
        (
            with("client_name", json!("a\tb")),
            "/client_name",
            "name_has_control_characters",
        ),
        (uris(&[]), "/redirect_uris", "redirect_uri_missing"),
        (
            json!({ "client_name": "a" }),
            "/redirect_uris",
            "redirect_uri_missing",
        ),
        (
            with("redirect_uris", json!(many)),
            "/redirect_uris",
            "too_many_redirect_uris",
        ),
        (
            uris(&["/cb"]),
            "/redirect_uris/0",
            "redirect_uri_not_absolute",
        ),
        (
            uris(&["https://a.example/cb", "https://"]),
            "/redirect_uris/1",
            "redirect_uri_not_absolute",
        ),
        (
            uris(&["https://a.example/cb#x"]),
            "/redirect_uris/0",
            "redirect_uri_has_fragment",
        ),
        (
            uris(&["http://a.example/cb"]),
            "/redirect_uris/0",
            "redirect_uri_not_https",
        ),
        (
            uris(&["javascript:alert(1)"]),
            "/redirect_uris/0",
            "redirect_uri_forbidden",
        ),
        (
            uris(&["data:text/html,x"]),
            "/redirect_uris/0",
            "redirect_uri_forbidden",
        ),
        (uris(&[&long]), "/redirect_uris/0", "redirect_uri_too_long"),
        (with("scope", json!("Tokens")), "/scope", "scope_malformed"),
        (
            with("scope", json!("orders:read")),
            "/scope",
            "scope_unknown",
        ),
        (
            with("scope", json!(["tokens:read"])),
            "/scope",
            "wrong_type",
        ),
        (
            with("token_endpoint_auth_method", json!("private_key_jwt")),
            "/token_endpoint_auth_method",
            "wrong_type",
        ),
        (
            with("client_secret", json!("my own")),
            "/client_secret",
            "unknown_member",
        ),
        (
            resource_server(json!({ "token_endpoint_auth_method": "none" })),
            "/token_endpoint_auth_method",
            "secret_needed",
        ),
        (
            resource_server(json!({ "redirect_uris": ["https://a.example/cb"] })),
            "/redirect_uris",
            "redirect_uri_needless",
        ),
    ];
    let events = app.events().await;
    for (body, pointer, code) in cases {
        let answer = app.post(&app.admin, &path(&app, ""), body.clone()).await;
        let errors = answer.problem(Kind::ValidationFailed).errors;
        assert_eq!(errors.len(), 1, "{body}: {errors:?}");
        let found = (errors[0].pointer.as_str(), errors[0].code.as_str());
        assert_eq!(found, (pointer, code), "{body}");
    }
    let body = json!({ "client_name": "", "redirect_uris": ["/a", "/b"], "scope": "?" });
    let answer = app.post(&app.admin, &path(&app, ""), body).await;
    let errors = answer.problem(Kind::ValidationFailed).errors;
    let pointers: Vec<&str> = errors.iter().map(|it| it.pointer.as_str()).collect();
    let all = [
        "/redirect_uris/0",
        "/redirect_uris/1",
        "/client_name",
        "/scope",
    ];
    assert_eq!(pointers, all, "several faults are named at once");
    assert_eq!(app.events().await, events);
    assert!(list(&app).await.is_empty());
}

#[tokio::test]
async fn whatever_is_done_to_a_client_is_in_the_audit_log() {
    let app = TestApp::start().await;
    let client = register(&app, with("scope", json!(""))).await;
    change(&app, &app.admin, &client, with("client_name", json!("B")))
        .await
        .expect(StatusCode::OK);
    rotate(&app, &client, json!(null))
        .await
        .expect(StatusCode::OK);
    app.delete(&app.admin, &path(&app, &format!("/{}", client.client_id)))
        .await
        .expect(StatusCode::NO_CONTENT);
    let log = app.audit().await;
    let last = &log[log.len() - 4..];
    let actions: Vec<&str> = last.iter().map(|event| event.action.as_str()).collect();
    assert_eq!(
        actions,
        [
            "client_registered",
            "client_changed",
            "client_secret_rotated",
            "client_deleted"
        ]
    );
    for event in last {
        assert_eq!(event.target.as_deref(), Some(client.client_id.as_str()));
        assert_eq!(event.actor_id.as_deref(), Some(app.admin.id.as_str()));
        assert_eq!(event.plan_id.as_deref(), Some(app.acme.as_str()));
    }
}
