//! What a plan offers: its scopes, and the clients that may ask for them.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use serde_json::json;
use tenure_domain::{
    problem::Kind,
    scope::MAX_SCOPES,
    wire::{authorization::AuthorizationPrompt, clients::Client},
};

use super::app::TestApp;
use super::callers::{Anonymous, Answer, call, with_json};

const CALLBACK: &str = "https://shop.example/callback";

async fn put_scope(app: &TestApp, name: &str, sentence: &str) -> Answer {
    let path = format!("/api/v1/plans/{}/scopes/{name}", app.acme);
    let request = call(&app.admin, Method::PUT, &path);
    app.send(with_json(request, &json!({ "sentence": sentence })))
        .await
}

/// Registers a client of Acme without a secret.
async fn register(app: &TestApp, scope: &str) -> Answer {
    let path = format!("/api/v1/plans/{}/oauth-clients", app.acme);
    let body = json!({
        "client_name": "Shop",
        "redirect_uris": [CALLBACK],
        "token_endpoint_auth_method": "none",
        "scope": scope,
    });
    let answer = app.post(&app.admin, &path, body).await;
    answer.expect(StatusCode::CREATED)
}

#[tokio::test]
async fn a_client_is_at_the_path_that_its_registration_names() {
    let app = TestApp::start().await;
    let answer = register(&app, "tokens:read").await;
    let made: Client = answer.read();
    let path = answer.headers[header::LOCATION].to_str().unwrap();
    let found: Client = app
        .get(&app.second_admin, path)
        .await
        .expect(StatusCode::OK)
        .read();
    assert_eq!(found.client_secret, None);
    let without_secret = Client {
        client_secret: None,
        ..made
    };
    assert!(found == without_secret, "{found:?} is {without_secret:?}");
    app.get(&app.member, path).await.problem(Kind::RoleRequired);
    let elsewhere = path.replace(app.acme.as_str(), app.cumin.as_str());
    app.get(&app.other_admin, &elsewhere)
        .await
        .problem(Kind::NotFound);
}

#[tokio::test]
async fn a_plan_with_as_many_scopes_as_it_may_have_can_word_one_anew() {
    let app = TestApp::start().await;
    for number in 0..MAX_SCOPES {
        let answer = put_scope(&app, &format!("s{number}"), "Do something").await;
        answer.expect(StatusCode::OK);
    }
    put_scope(&app, "one-more", "Do more")
        .await
        .problem(Kind::ValidationFailed);
    put_scope(&app, "s0", "Do something else")
        .await
        .expect(StatusCode::OK);
}

#[tokio::test]
async fn a_scope_that_was_removed_cannot_be_asked_for() {
    let app = TestApp::start().await;
    let answer = put_scope(&app, "orders:read", "See your orders").await;
    answer.expect(StatusCode::OK);
    let client: Client = register(&app, "orders:read tokens:read").await.read();
    let asked = format!(
        "response_type=code&client_id={}&code_challenge={}&code_challenge_method=S256",
        client.client_id,
        "A".repeat(43)
    );
    let ask = async |scope: &str| -> String {
        let path = format!("/oauth/authorize?{asked}{scope}");
        let request: Request<Body> = call(&Anonymous, Method::GET, &path)
            .body(Body::empty())
            .unwrap();
        let answer = app.send(request).await.expect(StatusCode::SEE_OTHER);
        answer.headers[header::LOCATION]
            .to_str()
            .unwrap()
            .to_owned()
    };
    let wanted = "&scope=orders:read";
    let on = ask(wanted).await;
    assert!(on.starts_with("/authorize?"), "{on}");
    let path = format!("/api/v1/plans/{}/scopes/orders:read", app.acme);
    let removed = app.delete(&app.admin, &path).await;
    removed.expect(StatusCode::NO_CONTENT);
    let back = ask(wanted).await;
    assert!(
        back.starts_with(CALLBACK) && back.contains("error=invalid_scope"),
        "{back}"
    );
    // Whoever names no scope is asked about those that are left.
    let on = ask("").await;
    assert!(on.starts_with("/authorize?"), "{on}");
    let path = format!("/api/v1/oauth/authorization?{asked}");
    let prompt: AuthorizationPrompt = app
        .get(&app.member, &path)
        .await
        .expect(StatusCode::OK)
        .read();
    let names: Vec<_> = prompt.scopes.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["tokens:read"]);
}
