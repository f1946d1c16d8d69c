//! What somebody else set meanwhile is not overwritten unseen, and whoever has the page open hears of it.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use serde_json::json;
use tenure_domain::{
    live::Topic::{self, Audit},
    problem::Kind,
    wire::alerts::AlertRule,
};

use super::{TestApp, heard, listen};

/// Two admins who had the same page open: the later one is told.
#[tokio::test]
async fn a_rule_that_somebody_else_set_meanwhile_is_not_overwritten_unseen() {
    let app = TestApp::start().await;
    let path = "alert-rules/calls_refused";
    let read = async || app.get(&app.admin, &app.alerts_path(path)).await;
    let first = read().await.expect(StatusCode::OK);
    let seen = first.header("etag").to_owned();
    assert_eq!(first.read::<AlertRule>().etag(), seen);
    let body = |threshold: u32| json!({ "threshold": threshold, "minutes": 10, "on": true });
    let set = app.change(Method::PUT, path, &seen, &body(7)).await;
    let now = set.expect(StatusCode::OK).header("etag").to_owned();
    let events = app.events().await;
    for stale in [seen.as_str(), "W/\"7-10-on\"", "\"another\""] {
        let refused = app.change(Method::PUT, path, stale, &body(9)).await;
        refused.problem(Kind::StaleVersion);
    }
    let refused = app.change(Method::PUT, path, "7-10-on", &body(9)).await;
    refused.problem(Kind::InvalidRequest);
    assert_eq!(app.events().await, events);
    assert_eq!(read().await.header("etag"), now);
    // Another rule is another thing; and who says nothing of what they saw overwrites.
    let other = "alert-rules/scopes_lacking";
    app.set(other, &body(3)).await.expect(StatusCode::OK);
    let again = app.change(Method::PUT, path, &now, &body(9)).await;
    again.expect(StatusCode::OK);
    let any = app.change(Method::PUT, path, "*", &body(10)).await;
    any.expect(StatusCode::OK);
    let unknown = app.alerts_path("alert-rules/none");
    app.get(&app.admin, &unknown).await.problem(Kind::NotFound);
}

#[tokio::test]
async fn a_webhook_that_somebody_else_set_meanwhile_is_not_overwritten_unseen() {
    let app = TestApp::start().await;
    let read = async || app.get(&app.admin, &app.alerts_path("webhook")).await;
    let url = |name: &str| json!({ "url": format!("https://{name}.example/") });
    let none = read().await.header("etag").to_owned();
    let set = app.change(Method::PUT, "webhook", &none, &url("one")).await;
    let one = set.expect(StatusCode::OK).header("etag").to_owned();
    assert_eq!(read().await.header("etag"), one);
    assert_eq!(app.webhook().await.etag(), one);
    app.clock.advance(Duration::from_secs(1));
    let second = app.change(Method::PUT, "webhook", &one, &url("two")).await;
    let two = second.expect(StatusCode::OK).header("etag").to_owned();
    let events = app.events().await;
    for stale in [&none, &one] {
        for method in [Method::PUT, Method::DELETE] {
            let refused = app.change(method, "webhook", stale, &url("three")).await;
            refused.problem(Kind::StaleVersion);
        }
    }
    assert_eq!(app.events().await, events);
    assert_eq!(
        app.webhook().await.url.as_deref(),
        Some("https://two.example/")
    );
    let gone = app
        .change(Method::DELETE, "webhook", &two, &json!({}))
        .await;
    gone.expect(StatusCode::NO_CONTENT);
    assert_eq!(read().await.header("etag"), none);
}

#[tokio::test]
async fn whoever_has_the_page_open_hears_of_another_webhook() {
    let app = TestApp::start().await;
    let mut admin = listen(&app, &app.admin).await;
    let told = vec![(Some(app.acme.clone()), vec![Topic::Alerts, Audit])];
    let body = json!({ "url": "https://receiver.example/" });
    app.set("webhook", &body).await.expect(StatusCode::OK);
    assert_eq!(heard(&app, &mut admin, &app.admin).await, told);
    let gone = app.delete(&app.admin, &app.alerts_path("webhook")).await;
    gone.expect(StatusCode::NO_CONTENT);
    assert_eq!(heard(&app, &mut admin, &app.admin).await, told);
}
