//! What is wrong with a token that somebody asks for.

use axum::http::{Method, StatusCode};
use serde_json::json;
use tenure_domain::problem::Kind;

use super::{only_error, refused};
use crate::{
    app::TestApp,
    callers::{call, with_json},
};

on_both_engines! {
    a_tokens_name_is_one_line_of_at_most_100_characters
    a_tokens_scopes_are_what_the_plan_offers
    a_token_cannot_be_put_into_a_plan_that_one_is_not_in
}

async fn a_tokens_name_is_one_line_of_at_most_100_characters(app: TestApp) {
    let path = "/api/v1/me/tokens";
    let cases = [
        (
            json!({ "plan": app.acme, "name": "  " }),
            "/name",
            "name_missing",
        ),
        (
            json!({ "plan": app.acme, "name": "ä".repeat(101) }),
            "/name",
            "name_too_long",
        ),
        (
            json!({ "plan": app.acme, "name": "a\nb" }),
            "/name",
            "name_has_control_characters",
        ),
        (json!({ "plan": app.acme }), "/name", "missing"),
        (json!({ "name": "a" }), "/plan", "missing"),
        (json!({ "plan": 7, "name": "a" }), "/plan", "wrong_type"),
        (
            json!({ "plan": app.acme, "name": "a", "expires_at": "never" }),
            "/expires_at",
            "unknown_member",
        ),
    ];
    for (body, pointer, code) in cases {
        let answer = refused(&app, &app.member, Method::POST, path, &body.to_string()).await;
        assert_eq!(
            only_error(&answer),
            (pointer.to_owned(), code.to_owned()),
            "{body}"
        );
    }
    let longest = "ä".repeat(100);
    let (token, _) = app
        .generate(&app.member, &app.acme, &format!(" {longest} "))
        .await;
    assert_eq!(token.name, longest);
}

async fn a_tokens_scopes_are_what_the_plan_offers(app: TestApp) {
    let many: Vec<String> = (0..51).map(|number| format!("scope:{number}")).collect();
    let cases = [
        (json!(["Read"]), "/scopes/0", "scope_malformed"),
        (
            json!(["tokens:read", "a b"]),
            "/scopes/1",
            "scope_malformed",
        ),
        (json!(["tokens:read", "9"]), "/scopes/1", "scope_malformed"),
        (json!([""]), "/scopes/0", "scope_missing"),
        (json!(["a".repeat(65)]), "/scopes/0", "scope_too_long"),
        (json!(["a".repeat(64)]), "/scopes", "scope_unknown"),
        (
            json!(["tokens:read", "orders:read"]),
            "/scopes",
            "scope_unknown",
        ),
        (json!(["tokens:admin"]), "/scopes", "scope_unknown"),
        (json!(many), "/scopes", "too_many_scopes"),
        (json!("tokens:read"), "/scopes", "wrong_type"),
        (json!({ "tokens:read": true }), "/scopes", "wrong_type"),
    ];
    for (scopes, pointer, code) in cases {
        let body = json!({ "plan": app.acme, "name": "a", "scopes": scopes }).to_string();
        let answer = refused(&app, &app.member, Method::POST, "/api/v1/me/tokens", &body).await;
        assert_eq!(
            only_error(&answer),
            (pointer.to_owned(), code.to_owned()),
            "{body}"
        );
    }
    // Another plan's scopes are none of this one's.
    let path = format!("/api/v1/plans/{}/scopes/orders:read", app.cumin);
    let put = call(&app.other_admin, Method::PUT, &path);
    let put = with_json(put, &json!({ "sentence": "See your orders" }));
    app.send(put).await.expect(StatusCode::OK);
    let body = json!({ "plan": app.acme, "name": "a", "scopes": ["orders:read"] }).to_string();
    let answer = refused(&app, &app.member, Method::POST, "/api/v1/me/tokens", &body).await;
    assert_eq!(only_error(&answer).1, "scope_unknown");
}

async fn a_token_cannot_be_put_into_a_plan_that_one_is_not_in(app: TestApp) {
    let body = json!({ "plan": app.cumin, "name": "a" }).to_string();
    let answer = refused(&app, &app.member, Method::POST, "/api/v1/me/tokens", &body).await;
    answer.problem(Kind::RoleRequired);
}
