//! Registering, changing and deleting OAuth clients, and their secrets: shown once, rotated with an overlap.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use tenure_domain::{
    problem::Kind,
    wire::{
        clients::{AuthMethod, Client},
        page::Page,
        tokens::{EndReason, Token},
    },
};

use super::app::TestApp;
use super::callers::{Answer, Bearer, Person, call, with_json};
use super::oauth::world::{World, error, register};

fn path(app: &TestApp, rest: &str) -> String {
    format!("/api/v1/plans/{}/oauth-clients{rest}", app.acme)
}

async fn change(app: &TestApp, by: &Person, client: &Client, body: Value) -> Answer {
    let path = path(app, &format!("/{}", client.client_id));
    app.send(with_json(call(by, Method::PUT, &path), &body))
        .await
}

async fn rotate(app: &TestApp, client: &Client, overlap: Value) -> Answer {
    let path = path(app, &format!("/{}/rotate-secret", client.client_id));
    let admin = app.again(&app.admin).await;
    app.post(&admin, &path, json!({ "overlap": overlap })).await
}

async fn list(app: &TestApp) -> Vec<Client> {
    let answer = app.get(&app.again(&app.admin).await, &path(app, "")).await;
    let page: Page<Client> = answer.expect(StatusCode::OK).read();
    page.items
}

/// A client's body with one member in the place of another.
fn with(member: &str, value: Value) -> Value {
    let mut body = json!({ "client_name": "Board", "redirect_uris": ["https://app.example/cb"] });
    body[member] = value;
    body
}

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
async fn a_secret_is_shown_once() {
    let app = TestApp::start().await;
    let client = register(&app, with("scope", json!(""))).await;
    let secret = client.client_secret.clone().expect("a secret");
    let mut answers = vec![app.get(&app.admin, &path(&app, "")).await];
    let body = with("client_name", json!("Board 2"));
    answers.push(change(&app, &app.admin, &client, body).await);
    for answer in answers {
        let answer = answer.expect(StatusCode::OK);
        let text = String::from_utf8(answer.body).unwrap();
        assert!(!text.contains(&secret), "{text}");
        assert!(!text.contains("client_secret\""), "{text}");
    }
    let log = app.audit().await;
    assert!(log.iter().all(|event| !event.details.contains(&secret)));
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
async fn an_old_secret_works_until_its_overlap_has_passed_and_not_a_millisecond_longer() {
    let world = World::new().await;
    let app = &world.app;
    let pair = world.pair(&world.post).await;
    let until = app.clock.now().saturating_add(3_600_000);
    let rotated = rotate(app, &world.post, json!({ "amount": 1, "unit": "hours" })).await;
    let new: Client = rotated.expect(StatusCode::OK).read();
    assert_eq!(new.old_secret_until, Some(until));
    assert_ne!(new.client_secret, world.post.client_secret);
    assert!(new.client_secret.is_some());
    app.pass(Duration::from_millis(3_599_999));
    assert_eq!(found(app, &world.post).await.old_secret_until, Some(until));
    let revoke = [("token", "tnr_ort_nothing")];
    for client in [&world.post, &new] {
        let answer = world.form(client, "/oauth/revoke", &revoke).await;
        answer.expect(StatusCode::OK);
    }
    app.pass(Duration::from_millis(1));
    let refused = world.form(&world.post, "/oauth/revoke", &revoke).await;
    assert_eq!(error(&refused, 401), "invalid_client");
    assert_eq!(found(app, &world.post).await.old_secret_until, None);
    world
        .refresh(&new, &pair.refresh)
        .await
        .expect(StatusCode::OK);
}

async fn found(app: &TestApp, client: &Client) -> Client {
    let clients = list(app).await;
    let found = clients
        .into_iter()
        .find(|it| it.client_id == client.client_id);
    found.expect("it is listed")
}

#[tokio::test]
async fn without_an_overlap_an_old_secret_stops_at_once_and_so_does_the_one_before() {
    let world = World::new().await;
    let app = &world.app;
    let revoke = [("token", "tnr_ort_nothing")];
    let hour = json!({ "amount": 1, "unit": "hours" });
    let second: Client = rotate(app, &world.basic, hour).await.read();
    let third: Client = rotate(app, &second, json!(null))
        .await
        .expect(StatusCode::OK)
        .read();
    assert_eq!(third.old_secret_until, None);
    for old in [&world.basic, &second] {
        let refused = world.form(old, "/oauth/revoke", &revoke).await;
        assert_eq!(error(&refused, 401), "invalid_client");
        let challenge = refused.header("www-authenticate");
        assert!(challenge.starts_with("Basic "), "{challenge}");
    }
    let answer = world.form(&third, "/oauth/revoke", &revoke).await;
    answer.expect(StatusCode::OK);
}

#[tokio::test]
async fn an_overlap_of_secrets_is_a_day_at_most_and_needs_a_secret() {
    let world = World::new().await;
    let app = &world.app;
    for overlap in [
        json!({ "amount": 25, "unit": "hours" }),
        json!({ "amount": 1_441, "unit": "minutes" }),
        json!({ "amount": 1, "unit": "months" }),
    ] {
        let answer = rotate(app, &world.basic, overlap).await;
        let errors = answer.problem(Kind::ValidationFailed).errors;
        let found = (errors[0].pointer.as_str(), errors[0].code.as_str());
        assert_eq!(found, ("/overlap", "overlap_too_long"));
    }
    for overlap in [json!(null), json!({ "amount": 24, "unit": "hours" })] {
        rotate(app, &world.public, overlap.clone())
            .await
            .problem(Kind::Conflict);
        rotate(app, &world.api, overlap)
            .await
            .expect(StatusCode::OK);
    }
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
    let answer = super::callers::send(&router, again).await;
    answer.problem(Kind::TokenExpired);
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
