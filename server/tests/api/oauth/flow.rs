//! A code, its tokens, and what they obey.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};
use tenure_domain::{
    problem::Kind,
    wire::authorization::{AuthorizationPrompt, AuthorizationRedirect},
};

use super::world::{World, pair, parameter};
use crate::callers::Bearer;

#[tokio::test]
async fn each_kind_of_client_gets_a_pair_that_works() {
    let world = World::new().await;
    for client in [&world.public, &world.basic, &world.post] {
        let issued = world.pair(client).await;
        assert!(issued.access.starts_with("tnr_oat_"));
        assert!(issued.refresh.starts_with("tnr_ort_"));
        assert_eq!(issued.body["token_type"], "Bearer");
        assert_eq!(issued.body["expires_in"], 7 * 24 * 3_600);
        assert_eq!(issued.body["scope"], "orders:read");
        let bearer = Bearer(issued.access.clone());
        let verified = world
            .app
            .get(&bearer, "/verify")
            .await
            .expect(StatusCode::OK);
        assert_eq!(
            verified.header("x-tenure-sub"),
            world.app.member.id.as_str()
        );
        assert_eq!(verified.header("x-tenure-plan"), world.app.acme.as_str());
        assert_eq!(verified.header("x-tenure-scope"), "orders:read");
        // No API is called with a refresh token.
        let refused = world.app.get(&Bearer(issued.refresh), "/verify").await;
        refused.problem(Kind::TokenUnknown);
    }
}

#[tokio::test]
async fn the_answer_brings_back_the_state_and_names_its_issuer() {
    let world = World::new().await;
    let request = world.request(&world.public);
    let answer = world.decide(&world.app.member, &request, true).await;
    let redirect: AuthorizationRedirect = answer.expect(StatusCode::OK).read();
    let address = redirect.redirect_to;
    assert!(address.starts_with("https://app.example/callback?kept=1&code="));
    assert_eq!(parameter(&address, "state").as_deref(), Some("a b&c=d"));
    assert_eq!(
        parameter(&address, "iss").as_deref(),
        Some("http://tenure.test")
    );
    assert_eq!(parameter(&address, "error"), None);
}

#[tokio::test]
async fn the_consent_page_is_told_who_asks_for_what() {
    let world = World::new().await;
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(world.request(&world.public))
        .finish();
    let path = format!("/api/v1/oauth/authorization?{query}");
    let answer = world.app.get(&world.app.member, &path).await;
    let prompt: AuthorizationPrompt = answer.expect(StatusCode::OK).read();
    assert_eq!(prompt.client.name, "App by none");
    assert_eq!(prompt.plan.name, "Acme");
    assert_eq!(prompt.scopes.len(), 1);
    assert_eq!(prompt.scopes[0].sentence, "See your orders");
    assert!(!prompt.allowed_before);
}

#[tokio::test]
async fn what_was_allowed_before_needs_no_new_consent_and_more_does() {
    let world = World::new().await;
    let allowed_before = async |client, scope: &str| {
        let mut request = world.request(client);
        request.insert("scope", scope.to_owned());
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(request)
            .finish();
        let path = format!("/api/v1/oauth/authorization?{query}");
        let answer = world.app.get(&world.app.member, &path).await;
        let prompt: AuthorizationPrompt = answer.expect(StatusCode::OK).read();
        prompt.allowed_before
    };
    assert!(!allowed_before(&world.basic, "orders:read").await);
    world.pair(&world.basic).await;
    assert!(allowed_before(&world.basic, "orders:read").await);
    assert!(!allowed_before(&world.basic, "orders:read tokens:read").await);
    // A client without a secret may be anybody (RFC 6749, section 10.2).
    world.pair(&world.public).await;
    assert!(!allowed_before(&world.public, "orders:read").await);
}

#[tokio::test]
async fn an_access_token_obeys_the_plans_policy() {
    let world = World::new().await;
    let issued = world.pair(&world.public).await;
    let hour = json!({ "amount": 1, "unit": "hours" });
    world
        .app
        .set_policy(&world.app.admin, &world.app.acme, hour)
        .await;
    world.app.pass(Duration::from_millis(3_599_999));
    assert!(world.is_active(&issued.access).await);
    world.app.pass(Duration::from_millis(1));
    assert!(!world.is_active(&issued.access).await);
    let refused = world
        .app
        .get(&Bearer(issued.access.clone()), "/verify")
        .await;
    refused.problem(Kind::TokenExpired);

    // Refreshing works after that, and its `expires_in` never outlives the policy (R9).
    let next = pair(world.refresh(&world.public, &issued.refresh).await);
    assert_eq!(next.body["expires_in"], 3_600);
    assert!(world.is_active(&next.access).await);
}

#[tokio::test]
async fn an_access_token_ends_by_the_servers_lifetime() {
    let hour = "1 hours".parse().expect("a period");
    let world = World::with(|settings| settings.access_lifetime = hour).await;
    let issued = world.pair(&world.public).await;
    assert_eq!(issued.body["expires_in"], 3_600);
    let facts: Value = world.introspect(&issued.access).await;
    let left = facts["exp"].as_i64().zip(facts["iat"].as_i64());
    assert_eq!(left.map(|(exp, iat)| exp - iat), Some(3_600));
    world.app.pass(Duration::from_secs(3_600));
    let refused = world.app.get(&Bearer(issued.access), "/verify").await;
    refused.problem(Kind::TokenExpired);
}

#[tokio::test]
async fn without_a_redirect_uri_the_only_one_is_meant() {
    let world = World::new().await;
    let mut request = world.request(&world.public);
    request.remove("redirect_uri");
    let answer = world.decide(&world.app.member, &request, true).await;
    let redirect: AuthorizationRedirect = answer.expect(StatusCode::OK).read();
    let code = parameter(&redirect.redirect_to, "code").expect("a code");
    let pairs = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("code_verifier", super::world::VERIFIER),
    ];
    pair(world.form(&world.public, "/oauth/token", &pairs).await);
}
