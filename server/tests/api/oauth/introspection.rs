//! RFC 7662.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::json;
use tenure_domain::wire::clients::Client;

use super::world::{World, error, register};

#[tokio::test]
async fn a_good_token_is_told_with_its_facts() {
    let world = World::new().await;
    let issued = world.pair(&world.public).await;
    let facts = world.introspect(&issued.access).await;
    assert_eq!(facts["active"], true);
    assert_eq!(facts["sub"], world.app.member.id.as_str());
    assert_eq!(facts["client_id"], world.public.client_id.as_str());
    assert_eq!(facts["scope"], "orders:read");
    assert_eq!(facts["token_type"], "Bearer");
    assert_eq!(facts["plan"], world.app.acme.as_str());
    assert_eq!(facts["iss"], "http://tenure.test");
    let now = world.app.clock.now().as_millis() / 1_000;
    assert_eq!(facts["iat"], now);
    assert_eq!(facts["exp"], now + 7 * 24 * 3_600);
}

#[tokio::test]
async fn no_answer_may_be_kept_beyond_what_is_scheduled_or_an_idle_period() {
    let world = World::new().await;
    let now = world.app.clock.now();
    let comes = now.saturating_add(3_600_000);
    let body = json!({
        "period": { "amount": 1, "unit": "minutes" },
        "inactivity": { "amount": 30, "unit": "minutes" },
        "effective_at": comes,
    });
    let (admin, acme) = (&world.app.admin, &world.app.acme);
    let put = world.app.put(admin, acme, "\"0\"", body).await;
    put.expect(StatusCode::OK);
    let issued = world.pair(&world.public).await;
    assert_eq!(issued.body["expires_in"], 3_600);
    let facts = world.introspect(&issued.access).await;
    assert_eq!(facts["exp"], comes.as_millis() / 1_000);

    let idle = json!({ "period": null, "inactivity": { "amount": 1, "unit": "days" } });
    let put = world.app.put(admin, acme, "\"0-1\"", idle).await;
    put.expect(StatusCode::OK);
    let (_, own) = world.app.generate(admin, acme, "own").await;
    let exp = async || {
        let exp = world.introspect(&own.0).await["exp"].as_i64();
        exp.expect("it ends") - world.app.clock.now().as_millis() / 1_000
    };
    assert_eq!(exp().await, 86_400);
    // Only noted: what is told is what would be left if the note were lost.
    world.app.pass(Duration::from_secs(8_639));
    assert_eq!(exp().await, 86_400 - 8_639);
    // Written before the answer.
    world.app.pass(Duration::from_secs(1));
    assert_eq!(exp().await, 86_400);
}

#[tokio::test]
async fn a_users_own_token_has_no_client_and_may_never_expire() {
    let world = World::new().await;
    let (token, own) = world
        .app
        .generate(&world.app.member, &world.app.acme, "mine")
        .await;
    let facts = world.introspect(&own.0).await;
    assert_eq!(facts["active"], true);
    assert_eq!(facts["jti"], token.id.as_str());
    assert!(facts.get("client_id").is_none());
    assert!(facts.get("exp").is_none());
    assert_eq!(facts["scope"], "");
}

#[tokio::test]
async fn of_any_other_token_nothing_is_told() {
    let world = World::new().await;
    let issued = world.pair(&world.public).await;
    let (revoked, text) = world
        .app
        .generate(&world.app.member, &world.app.acme, "revoked")
        .await;
    world.app.revoke(&world.app.member, &revoked).await;
    // Another plan's token works, and is none of this resource server's business.
    let (_, elsewhere) = world
        .app
        .generate(&world.app.member, &world.app.basil, "elsewhere")
        .await;
    for token in [
        "x",
        "tnr_pat_typo",
        issued.refresh.as_str(),
        text.0.as_str(),
        elsewhere.0.as_str(),
    ] {
        assert_eq!(world.introspect(token).await, json!({ "active": false }));
    }
}

#[tokio::test]
async fn only_a_resource_server_that_proves_who_it_is_may_ask() {
    let world = World::new().await;
    let issued = world.pair(&world.public).await;
    let pairs = [("token", issued.access.as_str())];
    for client in [&world.basic, &world.post, &world.public] {
        let answer = world.form(client, "/oauth/introspect", &pairs).await;
        assert_eq!(error(&answer, 403), "unauthorized_client");
    }
    let mut stranger = world.api.clone();
    stranger.client_secret = Some("wrong".to_owned());
    let answer = world.form(&stranger, "/oauth/introspect", &pairs).await;
    assert_eq!(error(&answer, 401), "invalid_client");
    let nothing = world.form(&world.api, "/oauth/introspect", &[]).await;
    assert_eq!(error(&nothing, 400), "invalid_request");
}

#[tokio::test]
async fn a_resource_server_may_send_its_secret_in_the_body() {
    let world = World::new().await;
    let issued = world.pair(&world.public).await;
    let body = json!({
        "client_name": "Another API",
        "resource_server": true,
        "token_endpoint_auth_method": "client_secret_post",
    });
    let api = register(&world.app, body).await;
    let answer = world
        .form(&api, "/oauth/introspect", &[("token", &issued.access)])
        .await;
    let facts: serde_json::Value = answer.read();
    assert_eq!(facts["active"], true);
}

#[tokio::test]
async fn a_rotated_secret_counts_at_once_and_the_old_one_stops_by_the_clock() {
    let world = World::new().await;
    let issued = world.pair(&world.public).await;
    let pairs = [("token", issued.access.as_str())];
    assert!(world.is_active(&issued.access).await);
    let path = format!(
        "/api/v1/plans/{}/oauth-clients/{}",
        world.app.acme, world.api.client_id
    );
    let body = json!({ "overlap": { "amount": 1, "unit": "minutes" } });
    let rotate = format!("{path}/rotate-secret");
    let answer = world.app.post(&world.app.admin, &rotate, body).await;
    let new: Client = answer.expect(StatusCode::OK).read();
    for client in [&new, &world.api] {
        let answer = world.form(client, "/oauth/introspect", &pairs).await;
        answer.expect(StatusCode::OK);
    }
    world.app.clock.advance(Duration::from_mins(1));
    // The memory is trusted again, and has the client with both secrets.
    world.app.state.verifier.follow_changes().await.unwrap();
    let answer = world.form(&world.api, "/oauth/introspect", &pairs).await;
    assert_eq!(error(&answer, 401), "invalid_client");
    let answer = world.form(&new, "/oauth/introspect", &pairs).await;
    answer.expect(StatusCode::OK);
    let deleted = world.app.delete(&world.app.admin, &path).await;
    deleted.expect(StatusCode::NO_CONTENT);
    let answer = world.form(&new, "/oauth/introspect", &pairs).await;
    assert_eq!(error(&answer, 401), "invalid_client");
}
