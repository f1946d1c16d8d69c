//! A client is changed where it may be, and deleted with everything that it holds; its tokens are listed.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use tenure_domain::{
    problem::Kind,
    wire::{
        clients::Client,
        page::Page,
        tokens::{EndReason, Token},
    },
};

use super::{change, list, path, with};
use crate::{
    callers::{Bearer, call, send, with_json},
    oauth::world::{World, error},
};

#[tokio::test]
async fn a_change_is_checked_alike_and_leaves_the_secret() {
    let world = World::new().await;
    let app = &world.app;
    let pair = world.pair(&world.basic).await;
    for (body, pointer) in [
        (with("client_name", json!("")), "/client_name"),
        (
            with("redirect_uris", json!(["http://a.example"])),
            "/redirect_uris/0",
        ),
        (with("scope", json!("unheard:of")), "/scope"),
        (with("resource_server", json!(true)), "/resource_server"),
        (
            with("token_endpoint_auth_method", json!("none")),
            "/token_endpoint_auth_method",
        ),
    ] {
        let answer = change(app, &app.admin, &world.basic, body).await;
        let errors = answer.problem(Kind::ValidationFailed).errors;
        assert_eq!(errors[0].pointer, pointer);
    }
    let body = json!({
        "client_name": "Board 2", "redirect_uris": ["https://b.example/cb"], "scope": "tokens:read"
    });
    let changed = change(app, &app.admin, &world.basic, body).await;
    let changed: Client = changed.expect(StatusCode::OK).read();
    assert_eq!(changed.client_name, "Board 2");
    assert_eq!(changed.redirect_uris, ["https://b.example/cb"]);
    assert_eq!(changed.scope.to_string(), "tokens:read");
    assert_eq!(changed.client_id, world.basic.client_id);
    // What it holds keeps what it has, and its secret is the same.
    assert!(world.is_active(&pair.access).await);
    world
        .refresh(&world.basic, &pair.refresh)
        .await
        .expect(StatusCode::OK);
    // A resource server stays one.
    let body = json!({ "client_name": "API", "redirect_uris": ["https://b.example/cb"] });
    let answer = change(app, &app.admin, &world.api, body).await;
    let errors = answer.problem(Kind::ValidationFailed).errors;
    assert_eq!(errors[0].code, "redirect_uri_needless");
}

#[tokio::test]
async fn deleting_a_client_ends_everything_that_it_holds() {
    let world = World::new().await;
    let app = &world.app;
    let pair = world.pair(&world.basic).await;
    let code = world.code(&world.basic).await;
    let others = world.pair(&world.post).await;
    let (_, own) = app.generate(&app.member, &app.acme, "own").await;
    app.pass(Duration::from_secs(1));
    let gone = path(app, &format!("/{}", world.basic.client_id));
    app.delete(&app.admin, &gone)
        .await
        .expect(StatusCode::NO_CONTENT);
    app.get(&Bearer(pair.access.clone()), "/verify")
        .await
        .problem(Kind::TokenRevoked);
    for answer in [
        world.refresh(&world.basic, &pair.refresh).await,
        world.exchange(&world.basic, &code).await,
    ] {
        assert_eq!(error(&answer, 401), "invalid_client");
    }
    world
        .authorize(&world.request(&world.basic))
        .await
        .problem(Kind::InvalidRequest);
    for secret in [Bearer(others.access), own] {
        app.get(&secret, "/verify").await.expect(StatusCode::OK);
    }
    let names: Vec<String> = list(app)
        .await
        .into_iter()
        .map(|it| it.client_name)
        .collect();
    assert!(
        !names.contains(&"App by client_secret_basic".to_owned()),
        "{names:?}"
    );
    app.delete(&app.admin, &gone).await.problem(Kind::NotFound);
    // Its tokens are still known by its name, and say why they ended.
    let checks = format!("/api/v1/plans/{}/checks", app.acme);
    let asked = json!({ "text": pair.access });
    let checked: Value = app.post(&app.admin, &checks, asked).await.read();
    let token = &checked["tokens"][0]["token"];
    assert_eq!(token["name"], "App by client_secret_basic");
    assert_eq!(token["end"]["reason"], "revoked_by_client");
    assert_eq!(checked["tokens"][0]["next"], "authorize_again");
}

#[tokio::test]
async fn other_plans_clients_are_not_there() {
    let world = World::new().await;
    let app = &world.app;
    let elsewhere = |rest: &str| {
        let id = &world.basic.client_id;
        format!("/api/v1/plans/{}/oauth-clients/{id}{rest}", app.cumin)
    };
    let admin = &app.other_admin;
    let change = with_json(
        call(admin, Method::PUT, &elsewhere("")),
        &with("client_name", json!("Stolen")),
    );
    for answer in [
        app.send(change).await,
        app.delete(admin, &elsewhere("")).await,
        app.post(admin, &elsewhere("/rotate-secret"), json!({}))
            .await,
        app.get(admin, &elsewhere("/tokens")).await,
    ] {
        answer.problem(Kind::NotFound);
    }
    world.pair(&world.basic).await;
}

#[tokio::test]
async fn a_clients_tokens_are_listed_youngest_first_with_their_ends() {
    let world = World::new().await;
    let app = &world.app;
    let first = world.pair(&world.basic).await;
    app.pass(Duration::from_secs(1));
    let second = world.refresh(&world.basic, &first.refresh).await;
    second.expect(StatusCode::OK);
    app.pass(Duration::from_secs(1));
    world.pair(&world.basic).await;
    world.pair(&world.post).await;
    let tokens = path(app, &format!("/{}/tokens", world.basic.client_id));
    let mut listed: Vec<Token> = Vec::new();
    let mut cursor = String::new();
    loop {
        let answer = app
            .get(&app.admin, &format!("{tokens}?limit=2{cursor}"))
            .await;
        let page: Page<Token> = answer.expect(StatusCode::OK).read();
        assert!(page.items.len() <= 2);
        listed.extend(page.items);
        match page.next_cursor {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(listed.len(), 3);
    assert!(listed.is_sorted_by(|left, right| left.created_at > right.created_at));
    let ends: Vec<_> = listed
        .iter()
        .map(|it| it.end.as_ref().map(|end| end.reason))
        .collect();
    assert_eq!(ends, [None, None, Some(EndReason::Rotated)]);
    for token in &listed {
        assert_eq!(token.owner.id, app.member.id);
        let client = token.client.as_ref().expect("a client holds it");
        assert_eq!(client.id, world.basic.client_id);
    }
    assert!(first.access.ends_with(&listed[2].last_four));
    let odd = app.get(&app.admin, &format!("{tokens}?cursor=x")).await;
    odd.problem(Kind::InvalidRequest);
}

/// What is told to be dead is kept first: with the clock set back it stays dead.
#[tokio::test]
async fn a_list_keeps_the_deaths_that_it_tells_of() {
    let world = World::new().await;
    let app = &world.app;
    let pair = world.pair(&world.basic).await;
    let early = app.clock.now();
    app.pass(Duration::from_secs(7 * 24 * 3_600));
    let tokens = path(app, &format!("/{}/tokens", world.basic.client_id));
    let admin = app.again(&app.admin).await;
    let page: Page<Token> = app.get(&admin, &tokens).await.read();
    let end = page.items[0].end.as_ref().map(|end| end.reason);
    assert_eq!(end, Some(EndReason::ExpiredByLifetime));
    let (router, clock) = app.restarted(early).await;
    assert!(clock.now() < early.saturating_add(3_600_000));
    let again = call(&Bearer(pair.access), Method::GET, "/verify");
    let again = again.body(axum::body::Body::empty()).unwrap();
    let answer = send(&router, again).await;
    answer.problem(Kind::TokenExpired);
}
