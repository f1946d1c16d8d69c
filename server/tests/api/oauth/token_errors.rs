//! RFC 6749, section 5.2: each error by its name.

use std::time::Duration;

use axum::{
    body::Body,
    http::{Method, header},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use tenure_domain::wire::clients::Client;

use super::world::{CALLBACK, VERIFIER, World, error, pair};
use crate::callers::{Anonymous, Answer, call};

#[tokio::test]
async fn invalid_request() {
    let world = World::new().await;
    let token =
        async |pairs: &[(&str, &str)]| world.form(&world.basic, "/oauth/token", pairs).await;
    for pairs in [
        &[][..],
        &[("grant_type", "authorization_code")],
        &[("grant_type", "authorization_code"), ("code", "x")],
        &[("grant_type", "refresh_token")],
        &[("grant_type", "")],
        &[
            ("grant_type", "refresh_token"),
            ("refresh_token", "a"),
            ("refresh_token", "b"),
        ],
    ] {
        assert_eq!(error(&token(pairs).await, 400), "invalid_request");
    }
}

#[tokio::test]
async fn invalid_request_a_body_that_is_no_form() {
    let world = World::new().await;
    let request = call(&Anonymous, Method::POST, "/oauth/token")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from("{}"))
        .unwrap();
    let answer = world.app.send(request).await;
    assert_eq!(error(&answer, 400), "invalid_request");
}

#[tokio::test]
async fn invalid_request_a_client_that_says_who_it_is_in_two_ways() {
    let world = World::new().await;
    for pair in [("client_secret", "x"), ("client_id", "another")] {
        let pairs = [
            ("grant_type", "refresh_token"),
            ("refresh_token", "x"),
            pair,
        ];
        let answer = world.form(&world.basic, "/oauth/token", &pairs).await;
        assert_eq!(error(&answer, 400), "invalid_request");
    }
}

#[tokio::test]
async fn invalid_client() {
    let world = World::new().await;
    let wrong = |client: &Client, secret: &str| Client {
        client_secret: Some(secret.to_owned()),
        ..client.clone()
    };
    let refresh = [("grant_type", "refresh_token"), ("refresh_token", "x")];
    let answer = async |client: &Client| world.form(client, "/oauth/token", &refresh).await;

    let basic = answer(&wrong(&world.basic, "wrong")).await;
    assert_eq!(error(&basic, 401), "invalid_client");
    // Whoever tried by HTTP authentication gets its challenge.
    assert!(basic.header("www-authenticate").starts_with("Basic "));

    let post = answer(&wrong(&world.post, "wrong")).await;
    assert_eq!(error(&post, 401), "invalid_client");
    assert_eq!(post.header("www-authenticate"), "");

    let unknown = Client {
        client_id: "nobody".to_owned().into(),
        ..world.public.clone()
    };
    assert_eq!(error(&answer(&unknown).await, 401), "invalid_client");

    // Another method than the registered one: no secret where there must be one, and the other way round.
    let secretless = Client {
        client_id: world.basic.client_id.clone(),
        ..world.public.clone()
    };
    assert_eq!(error(&answer(&secretless).await, 401), "invalid_client");
    let other_method = Client {
        client_id: world.basic.client_id.clone(),
        client_secret: world.basic.client_secret.clone(),
        ..world.post.clone()
    };
    assert_eq!(error(&answer(&other_method).await, 401), "invalid_client");
}

#[tokio::test]
async fn invalid_client_credentials_that_cannot_be_read() {
    let world = World::new().await;
    for value in ["Basic", "Basic ###", "Bearer x", "Basic bm9jb2xvbg=="] {
        let request = call(&Anonymous, Method::POST, "/oauth/token")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::AUTHORIZATION, value)
            .body(Body::from("grant_type=refresh_token&refresh_token=x"))
            .unwrap();
        let answer = world.app.send(request).await;
        assert_eq!(error(&answer, 401), "invalid_client", "{value}");
    }
    assert!(
        STANDARD
            .decode("bm9jb2xvbg==")
            .is_ok_and(|text| text == b"nocolon")
    );
}

#[tokio::test]
async fn invalid_grant_an_unknown_code() {
    let world = World::new().await;
    let answer = world.exchange(&world.public, "nobody gave this").await;
    assert_eq!(error(&answer, 400), "invalid_grant");
}

#[tokio::test]
async fn invalid_grant_a_code_after_sixty_seconds() {
    let world = World::new().await;
    let (in_time, late) = (
        world.code(&world.public).await,
        world.code(&world.public).await,
    );
    world.app.pass(Duration::from_millis(59_999));
    pair(world.exchange(&world.public, &in_time).await);
    world.app.pass(Duration::from_millis(1));
    let answer = world.exchange(&world.public, &late).await;
    assert_eq!(error(&answer, 400), "invalid_grant");
}

#[tokio::test]
async fn invalid_grant_a_code_of_another_client() {
    let world = World::new().await;
    let code = world.code(&world.public).await;
    let answer = world.exchange(&world.basic, &code).await;
    assert_eq!(error(&answer, 400), "invalid_grant");
    // The one whom it was given to still can.
    pair(world.exchange(&world.public, &code).await);
}

#[tokio::test]
async fn invalid_grant_another_redirect_uri_or_verifier() {
    let world = World::new().await;
    let code = world.code(&world.public).await;
    for (redirect_uri, verifier) in [
        ("https://app.example/callback", VERIFIER),
        ("", VERIFIER),
        (CALLBACK, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXx"),
    ] {
        let pairs = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", redirect_uri),
            ("code_verifier", verifier),
        ];
        let answer = world.form(&world.public, "/oauth/token", &pairs).await;
        assert_eq!(error(&answer, 400), "invalid_grant");
    }
    pair(world.exchange(&world.public, &code).await);
}

#[tokio::test]
async fn invalid_grant_a_code_that_is_used_twice_ends_what_the_first_use_gave() {
    let world = World::new().await;
    let code = world.code(&world.public).await;
    let first = pair(world.exchange(&world.public, &code).await);
    assert!(world.is_active(&first.access).await);
    let again = world.exchange(&world.public, &code).await;
    assert_eq!(error(&again, 400), "invalid_grant");
    assert!(!world.is_active(&first.access).await);
    let refresh = world.refresh(&world.public, &first.refresh).await;
    assert_eq!(error(&refresh, 400), "invalid_grant");
}

#[tokio::test]
async fn invalid_grant_what_is_no_refresh_token() {
    let world = World::new().await;
    let issued = world.pair(&world.public).await;
    for text in ["x", issued.access.as_str(), "tnr_ort_typo"] {
        let answer = world.refresh(&world.public, text).await;
        assert_eq!(error(&answer, 400), "invalid_grant", "{text}");
    }
    let others = world.refresh(&world.basic, &issued.refresh).await;
    assert_eq!(error(&others, 400), "invalid_grant");
    assert!(world.is_active(&issued.access).await);
}

#[tokio::test]
async fn unauthorized_client() {
    let world = World::new().await;
    let answer = world.refresh(&world.api, "x").await;
    assert_eq!(error(&answer, 400), "unauthorized_client");
}

#[tokio::test]
async fn unsupported_grant_type() {
    let world = World::new().await;
    for kind in ["password", "client_credentials", "implicit"] {
        let pairs = [("grant_type", kind)];
        let answer = world.form(&world.basic, "/oauth/token", &pairs).await;
        assert_eq!(error(&answer, 400), "unsupported_grant_type");
    }
}

#[tokio::test]
async fn invalid_scope() {
    let world = World::new().await;
    let issued = world.pair(&world.public).await;
    // The client may ask for `tokens:read`, but nobody allowed it: refreshing never widens.
    for scope in ["orders:read tokens:read", "policy:write", "No"] {
        let pairs = [
            ("grant_type", "refresh_token"),
            ("refresh_token", issued.refresh.as_str()),
            ("scope", scope),
        ];
        let answer = world.form(&world.public, "/oauth/token", &pairs).await;
        assert_eq!(error(&answer, 400), "invalid_scope");
    }
    // And nothing was used up.
    pair(world.refresh(&world.public, &issued.refresh).await);
}

#[tokio::test]
async fn guesses_are_slowed_down_and_nobody_else_is() {
    let world = World::new().await;
    let issued = world.pair(&world.public).await;
    let mut last: Option<Answer> = None;
    for _ in 0..=100 {
        last = Some(world.exchange(&world.public, "a guess").await);
    }
    let refused = last.expect("an answer");
    assert_eq!(error(&refused, 429), "temporarily_unavailable");
    let wait: u64 = refused.header("retry-after").parse().expect("seconds");
    assert!((1..=60).contains(&wait));
    // From the same address, by the same client.
    let next = pair(world.refresh(&world.public, &issued.refresh).await);
    assert!(world.is_active(&next.access).await);
}
