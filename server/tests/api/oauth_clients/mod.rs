//! Registering, changing and deleting OAuth clients, and their secrets.

mod changing;
mod registering;
mod secrets;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use tenure_domain::wire::{clients::Client, page::Page};

use crate::{
    app::TestApp,
    callers::{Answer, Person, call, with_json},
};

pub(super) fn path(app: &TestApp, rest: &str) -> String {
    format!("/api/v1/plans/{}/oauth-clients{rest}", app.acme)
}

pub(super) async fn change(app: &TestApp, by: &Person, client: &Client, body: Value) -> Answer {
    let path = path(app, &format!("/{}", client.client_id));
    app.send(with_json(call(by, Method::PUT, &path), &body))
        .await
}

pub(super) async fn rotate(app: &TestApp, client: &Client, overlap: Value) -> Answer {
    let path = path(app, &format!("/{}/rotate-secret", client.client_id));
    let admin = app.again(&app.admin).await;
    app.post(&admin, &path, json!({ "overlap": overlap })).await
}

pub(super) async fn list(app: &TestApp) -> Vec<Client> {
    let answer = app.get(&app.again(&app.admin).await, &path(app, "")).await;
    let page: Page<Client> = answer.expect(StatusCode::OK).read();
    page.items
}

/// A client's body with one member in the place of another.
pub(super) fn with(member: &str, value: Value) -> Value {
    let mut body = json!({ "client_name": "Board", "redirect_uris": ["https://app.example/cb"] });
    body[member] = value;
    body
}
