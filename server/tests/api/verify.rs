//! `/verify`, as proxies and programs meet it.

use std::time::Duration;

use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use serde_json::json;
use tenure_domain::{
    problem::Kind,
    time::Timestamp,
    wire::{page::Page, session::Session, tokens::Token},
};

use super::app::TestApp;
use super::callers::{Anonymous, Bearer, call};

#[tokio::test]
async fn a_good_token_says_whose_it_is() {
    let app = TestApp::start().await;
    let (token, secret) = app.generate(&app.member, &app.acme, "a").await;
    let answer = app.get(&secret, "/verify").await.expect(StatusCode::OK);
    assert_eq!(answer.header("x-tenure-sub"), app.member.id.as_str());
    assert_eq!(answer.header("x-tenure-plan"), app.acme.as_str());
    assert_eq!(answer.header("x-tenure-token-id"), token.id.as_str());
    assert!(answer.headers.contains_key("x-tenure-scope"));
    assert_eq!(answer.header("x-token-expires-at"), "never");
    assert!(!answer.headers.contains_key("x-token-expires-in"));
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(answer.body.is_empty());
}

#[tokio::test]
async fn any_method_and_any_path_below_is_answered_alike() {
    let app = TestApp::start().await;
    let (_, secret) = app.generate(&app.member, &app.acme, "a").await;
    for method in [
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND",
    ] {
        for path in ["/verify", "/verify/", "/verify/orders/7?page=2"] {
            let method: Method = method.parse().unwrap();
            let good = call(&secret, method.clone(), path)
                .body(Body::empty())
                .unwrap();
            app.send(good).await.expect(StatusCode::OK);
            let bare = call(&Anonymous, method, path).body(Body::empty()).unwrap();
            app.send(bare).await.expect(StatusCode::UNAUTHORIZED);
        }
    }
}

/// Proxies hand on how long the body of the guarded call is, without the body.
#[tokio::test]
async fn the_length_of_the_guarded_calls_body_does_not_matter() {
    let app = TestApp::start().await;
    let (_, secret) = app.generate(&app.member, &app.acme, "a").await;
    let request = call(&secret, Method::POST, "/verify").header("content-length", "100000000");
    let answer = app.send(request.body(Body::empty()).unwrap()).await;
    answer.expect(StatusCode::OK);
}

#[tokio::test]
async fn each_refusal_carries_the_challenge_of_rfc_6750() {
    let app = TestApp::start().await;
    let (token, secret) = app.generate(&app.member, &app.acme, "a").await;
    let bare = app.get(&Anonymous, "/verify").await;
    assert_eq!(bare.header("www-authenticate"), "Bearer realm=\"tenure\"");
    let request = call(&secret, Method::GET, "/verify").header("x-required-scope", "tokens:write");
    let scope = app.send(request.body(Body::empty()).unwrap()).await;
    scope.problem(Kind::InsufficientScope);
    let challenge = scope.header("www-authenticate");
    assert!(
        challenge.contains("error=\"insufficient_scope\""),
        "{challenge}"
    );
    assert_eq!(scope.header("x-token-expires-at"), "never");

    app.revoke(&app.member, &token).await;
    let dead = app.get(&secret, "/verify").await;
    let challenge = dead.header("www-authenticate");
    assert!(challenge.starts_with("Bearer "), "{challenge}");
    assert!(challenge.contains("error=\"invalid_token\""), "{challenge}");
    assert!(challenge.contains("error_description=\""), "{challenge}");
}

/// Every scope that the call needs must be there; how they are written does not matter.
#[tokio::test]
async fn required_scopes_are_all_needed() {
    let app = TestApp::start().await;
    let scopes = ["policy:read", "tokens:read"];
    let (_, secret) = app.generate_with(&app.member, &app.acme, &scopes).await;
    let ask = |values: &[&str]| {
        let mut request = call(&secret, Method::GET, "/verify");
        for value in values {
            request = request.header("x-required-scope", *value);
        }
        app.send(request.body(Body::empty()).unwrap())
    };
    for enough in [
        &["tokens:read"] as &[&str],
        &["tokens:read policy:read"],
        &["policy:read, tokens:read"],
        &["tokens:read", "policy:read"],
        &[" tokens:read\t,, policy:read "],
        &[""],
        &[],
    ] {
        let answer = ask(enough).await.expect(StatusCode::OK);
        assert_eq!(answer.header("x-tenure-scope"), "policy:read tokens:read");
    }
    for lacking in [
        &["tokens:write"] as &[&str],
        &["tokens:read tokens:write"],
        &["tokens:read", "users:write"],
        &["tokens"],
        &["Tokens:read"],
        &["tokens:read;policy:read"],
        &["*"],
    ] {
        let answer = ask(lacking).await;
        answer.problem(Kind::InsufficientScope);
        let challenge = answer.header("www-authenticate");
        let names = format!("scope=\"{}\"", lacking.join(" "));
        assert!(challenge.contains(&names), "{challenge}");
        assert!(!answer.headers.contains_key("x-tenure-sub"));
    }
    // What is no text names a scope that nobody has.
    let odd =
        call(&secret, Method::GET, "/verify").header("x-required-scope", &b"tokens:read\xff"[..]);
    let odd = app.send(odd.body(Body::empty()).unwrap()).await;
    odd.problem(Kind::InsufficientScope);
    // A dead token is told so first.
    let (token, dead) = app.generate(&app.member, &app.acme, "dead").await;
    app.revoke(&app.member, &token).await;
    let request = call(&dead, Method::GET, "/verify").header("x-required-scope", "tokens:read");
    app.send(request.body(Body::empty()).unwrap())
        .await
        .problem(Kind::TokenRevoked);
}

#[tokio::test]
async fn other_schemes_and_cookies_are_no_token() {
    let app = TestApp::start().await;
    let request =
        call(&app.member, Method::GET, "/verify").header(header::AUTHORIZATION, "Basic YTpi");
    app.send(request.body(Body::empty()).unwrap())
        .await
        .problem(Kind::TokenMissing);
    let (_, secret) = app.generate(&app.member, &app.acme, "a").await;
    let twice = call(&secret, Method::GET, "/verify").header(header::AUTHORIZATION, "Bearer x");
    app.send(twice.body(Body::empty()).unwrap())
        .await
        .problem(Kind::TokenMalformed);
}

/// Behind a proxy that asks for basic authentication, people still have their session.
#[tokio::test]
async fn basic_authentication_does_not_hide_a_session() {
    let app = TestApp::start().await;
    let request = call(&app.member, Method::GET, "/api/v1/session");
    let request = request
        .header(header::AUTHORIZATION, "Basic YTpi")
        .body(Body::empty());
    app.send(request.unwrap()).await.expect(StatusCode::OK);
}

#[tokio::test]
async fn a_token_asks_who_it_is() {
    let app = TestApp::start().await;
    let (token, secret) = app.generate(&app.member, &app.acme, "a").await;
    let days = json!({ "amount": 30, "unit": "days" });
    app.set_policy(&app.admin, &app.acme, days).await;
    let answer = app
        .get(&secret, "/api/v1/session")
        .await
        .expect(StatusCode::OK);
    let session: Session = answer.read();
    assert_eq!(session.user.id, app.member.id);
    let plans: Vec<_> = session.plans.iter().map(|plan| &plan.id).collect();
    assert_eq!(plans, [&app.acme]);
    assert_eq!(session.token.unwrap().id, token.id);
    assert_eq!(
        answer.header("x-token-expires-in"),
        (30 * 24 * 3_600).to_string()
    );
}

#[tokio::test]
async fn the_last_use_is_kept_with_its_address() {
    let app = TestApp::start().await;
    let (_, secret) = app.generate(&app.member, &app.acme, "a").await;
    app.pass(Duration::from_secs(9));
    app.get(&secret, "/verify").await.expect(StatusCode::OK);
    app.state.verifier.flush_uses().await.unwrap();
    let page = app.get(&app.member, "/api/v1/me/tokens").await;
    let page: Page<Token> = page.read();
    let token = &page.items[0];
    assert_eq!(token.last_used_at, Some(app.clock.now()));
    assert_eq!(token.last_used_from.as_deref(), Some("192.0.2.7"));
}

#[tokio::test]
async fn a_call_that_was_refused_is_no_use() {
    let app = TestApp::start().await;
    let (_, secret) = app.generate(&app.member, &app.acme, "a").await;
    let scoped = call(&secret, Method::GET, "/verify").header("x-required-scope", "tokens:write");
    app.send(scoped.body(Body::empty()).unwrap())
        .await
        .problem(Kind::InsufficientScope);
    app.get(&secret, "/api/v1/me/tokens")
        .await
        .problem(Kind::InsufficientScope);
    assert_eq!(last_use(&app).await, None);
    app.get(&secret, "/api/v1/session")
        .await
        .expect(StatusCode::OK);
    assert_eq!(last_use(&app).await, Some(app.clock.now()));
}

/// When the member's only token was used.
async fn last_use(app: &TestApp) -> Option<Timestamp> {
    app.state.verifier.flush_uses().await.unwrap();
    let page: Page<Token> = app.get(&app.member, "/api/v1/me/tokens").await.read();
    page.items[0].last_used_at
}

#[tokio::test]
async fn a_token_with_a_typo_is_refused_without_a_look_up() {
    let app = TestApp::start().await;
    let (_, Bearer(secret)) = app.generate(&app.member, &app.acme, "a").await;
    let looked_up = app.state.verifier.lookups();
    let last = secret.chars().last().unwrap();
    let other = if last == 'A' { 'B' } else { 'A' };
    let typos = [
        format!("{}{other}", &secret[..secret.len() - 1]),
        secret[..secret.len() - 1].to_owned(),
        format!("{secret}A"),
        secret.to_uppercase(),
        secret.replace("tnr_pat_", "tnr_oat_"),
        "ghp_0123456789".to_owned(),
        String::new(),
        "x".repeat(60_000),
    ];
    for typo in typos {
        let answer = app.get(&Bearer(typo.clone()), "/verify").await;
        answer.problem(Kind::TokenMalformed);
    }
    assert_eq!(app.state.verifier.lookups(), looked_up);
    app.get(&Bearer(secret), "/verify")
        .await
        .expect(StatusCode::OK);
    assert_eq!(app.state.verifier.lookups(), looked_up + 1);
}

/// Proxies ask by the method of the call that they guard: all of them are right, so none is named.
#[tokio::test]
async fn no_method_is_refused_and_no_answer_names_those_that_are_allowed() {
    let app = TestApp::start().await;
    let (_, good) = app.generate(&app.member, &app.acme, "good").await;
    for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
        for path in ["/verify", "/verify/", "/verify/some/path"] {
            let request = call(&good, method.parse().unwrap(), path);
            let answer = app.send(request.body(Body::empty()).unwrap()).await;
            let answer = answer.expect(StatusCode::OK);
            assert_eq!(answer.header("allow"), "", "{method} {path}");
            let request = call(&Anonymous, method.parse().unwrap(), path);
            let refused = app.send(request.body(Body::empty()).unwrap()).await;
            let refused = refused.expect(StatusCode::UNAUTHORIZED);
            assert_eq!(refused.header("allow"), "", "{method} {path}");
        }
    }
}
