//! A client's secret is shown once, and rotated with an overlap or without.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::json;
use tenure_domain::{problem::Kind, wire::clients::Client};

use super::{change, list, path, rotate, with};
use crate::{
    app::TestApp,
    oauth::world::{World, error, register},
};

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
