//! RFC 6749, section 4.1.2.1, with RFC 7636, section 4.4.1 and RFC 9207: each error by its name.

use axum::http::{Method, StatusCode, header};
use tenure_domain::{problem::Kind, wire::authorization::AuthorizationRedirect};

use super::world::{World, parameter};
use crate::callers::{Anonymous, Answer, call};

/// The answer leads back to the client with this error, its state, and who says so.
#[track_caller]
fn told_the_client(answer: &Answer, error: &str) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.call);
    let address = answer.header("location").to_owned();
    assert!(
        address.starts_with("https://app.example/callback?kept=1&"),
        "{address}"
    );
    assert_eq!(parameter(&address, "error").as_deref(), Some(error));
    assert!(parameter(&address, "error_description").is_some());
    assert_eq!(parameter(&address, "state").as_deref(), Some("a b&c=d"));
    assert_eq!(
        parameter(&address, "iss").as_deref(),
        Some("http://tenure.test")
    );
    assert_eq!(parameter(&address, "code"), None);
}

async fn with(world: &World, name: &'static str, value: &str) -> Answer {
    let mut request = world.request(&world.public);
    request.insert(name, value.to_owned());
    world.authorize(&request).await
}

async fn without(world: &World, name: &str) -> Answer {
    let mut request = world.request(&world.public);
    request.remove(name);
    world.authorize(&request).await
}

#[tokio::test]
async fn a_right_request_goes_on_to_the_consent_page_with_all_of_its_query() {
    let world = World::new().await;
    let answer = world.authorize(&world.request(&world.public)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let page = answer.header("location");
    assert!(page.starts_with("/authorize?"), "{page}");
    let address = format!("http://tenure.test{page}");
    for (name, value) in world.request(&world.public) {
        assert_eq!(parameter(&address, name), Some(value));
    }
}

#[tokio::test]
async fn invalid_request() {
    let world = World::new().await;
    for name in ["response_type", "code_challenge", "code_challenge_method"] {
        told_the_client(&without(&world, name).await, "invalid_request");
    }
    // Without a method it would be `plain` (RFC 7636, section 4.3), which RFC 9700 rules out.
    let plain = with(&world, "code_challenge_method", "plain").await;
    told_the_client(&plain, "invalid_request");
    let short = with(&world, "code_challenge", "short").await;
    told_the_client(&short, "invalid_request");
}

#[tokio::test]
async fn unsupported_response_type() {
    let world = World::new().await;
    for kind in ["token", "code token", "id_token"] {
        let answer = with(&world, "response_type", kind).await;
        told_the_client(&answer, "unsupported_response_type");
    }
}

#[tokio::test]
async fn invalid_scope() {
    let world = World::new().await;
    for scope in ["policy:write", "orders:read policy:write", "Orders", "a\"b"] {
        told_the_client(&with(&world, "scope", scope).await, "invalid_scope");
    }
}

#[tokio::test]
async fn access_denied() {
    let world = World::new().await;
    let request = world.request(&world.public);
    let answer = world.decide(&world.app.member, &request, false).await;
    let redirect: AuthorizationRedirect = answer.expect(StatusCode::OK).read();
    let address = redirect.redirect_to;
    assert_eq!(
        parameter(&address, "error").as_deref(),
        Some("access_denied")
    );
    assert_eq!(parameter(&address, "state").as_deref(), Some("a b&c=d"));
    assert_eq!(
        parameter(&address, "iss").as_deref(),
        Some("http://tenure.test")
    );
    assert_eq!(parameter(&address, "kept").as_deref(), Some("1"));
}

/// `unauthorized_client` of this section is for clients that may use no code: here those are the ones that
/// have no address to send it to, so nothing can be sent there.
#[tokio::test]
async fn unauthorized_client_a_resource_server_asks_nobody_for_consent() {
    let world = World::new().await;
    let answer = world.authorize(&world.request(&world.api)).await;
    answer.problem(Kind::InvalidRequest);
}

#[tokio::test]
async fn a_client_or_an_address_that_is_not_known_is_never_sent_anything() {
    let world = World::new().await;
    for (name, value) in [
        ("client_id", "0195a000-0000-7000-8000-000000000000"),
        ("redirect_uri", "https://app.example/callback"),
        ("redirect_uri", "https://app.example/callback?kept=1&more=1"),
        ("redirect_uri", "https://evil.example/callback?kept=1"),
        ("redirect_uri", "https://app.example/callback?kept=1#x"),
    ] {
        let answer = with(&world, name, value).await;
        answer.problem(Kind::InvalidRequest);
        assert_eq!(answer.header("location"), "", "{name} {value}");
    }
}

#[tokio::test]
async fn a_person_is_told_on_a_page_and_not_by_a_document() {
    let world = World::new().await;
    let request = call(
        &Anonymous,
        Method::GET,
        "/oauth/authorize?response_type=code&client_id=nobody",
    )
    .header(header::ACCEPT, "text/html,application/xhtml+xml");
    let answer = world
        .app
        .send(request.body(axum::body::Body::empty()).unwrap())
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(answer.header("location").starts_with("/authorize?"));
    let prompt = "/api/v1/oauth/authorization?response_type=code&client_id=nobody";
    let problem = world
        .app
        .get(&world.app.member, prompt)
        .await
        .problem(Kind::InvalidRequest);
    assert!(problem.detail.is_some());
}

#[tokio::test]
async fn a_parameter_that_comes_twice_is_refused() {
    let world = World::new().await;
    let twice = "/oauth/authorize?client_id=a&client_id=b&response_type=code";
    let answer = world.app.get(&Anonymous, twice).await;
    answer.problem(Kind::InvalidRequest);
}

#[tokio::test]
async fn without_a_scope_a_client_asks_for_all_that_it_may() {
    let world = World::new().await;
    let mut request = world.request(&world.public);
    request.remove("scope");
    let answer = world.decide(&world.app.member, &request, true).await;
    let redirect: AuthorizationRedirect = answer.expect(StatusCode::OK).read();
    let code = parameter(&redirect.redirect_to, "code").expect("a code");
    let pair = super::world::pair(world.exchange(&world.public, &code).await);
    assert_eq!(pair.body["scope"], "orders:read tokens:read");
}

#[tokio::test]
async fn somebody_who_is_not_in_the_plan_can_only_deny() {
    let world = World::new().await;
    let request = world.request(&world.public);
    let stranger = &world.app.other_admin;
    let refused = world.decide(stranger, &request, true).await;
    refused.problem(Kind::RoleRequired);
    let denied = world.decide(stranger, &request, false).await;
    denied.expect(StatusCode::OK);
}
