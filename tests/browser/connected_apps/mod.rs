//! Account > Personal Settings > Connected apps, in every state.

use tenure_console::api::{
    fake::Fake,
    transport::{Method, Response},
};
use tenure_domain::{
    id::{ClientId, PlanId},
    problem::Kind,
    scope::Scopes,
    time::{DAY, HOUR, MINUTE, SECOND},
    wire::{
        connected_apps::{ConnectedApp, ConnectedApps},
        scopes::ScopeList,
        session::PlanRef,
        tokens::ClientRef,
    },
};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{
    axe, fixtures,
    harness::{Console, Role, focused, select, settle, until},
};

mod disconnecting;
mod states;

const PAGE: &str = "/settings/connected-apps";
const APPS: &str = "/me/connected-apps";
const ONE: &str = "/me/connected-apps/deploy-bot";

/// An app that Ada allowed ten days ago, and that called two hours ago.
fn app(id: &str, name: &str, scope: &str) -> ConnectedApp {
    ConnectedApp {
        client: ClientRef {
            id: ClientId(id.to_owned()),
            name: name.to_owned(),
        },
        plan: PlanRef {
            id: PlanId("acme".to_owned()),
            name: "Acme".to_owned(),
        },
        scope: Scopes::parse(scope).expect("scopes"),
        since: fixtures::NOW.saturating_add(-10 * DAY),
        last_used_at: Some(fixtures::NOW.saturating_add(-2 * HOUR)),
        expires_at: Some(fixtures::NOW.saturating_add(5 * DAY)),
    }
}

fn deploy_bot() -> ConnectedApp {
    app("deploy-bot", "Deploy Bot", "tokens:read orders:read")
}

fn have(server: &Fake, items: Vec<ConnectedApp>) {
    server.json(Method::Get, APPS, &ConnectedApps { items });
}

fn server(items: Vec<ConnectedApp>) -> Fake {
    let server = fixtures::server();
    have(&server, items);
    let scopes = ScopeList {
        items: vec![fixtures::scope("orders:read", "See the orders of the shop")],
    };
    server.json(Method::Get, "/plans/acme/scopes", &scopes);
    server
}

async fn with(items: Vec<ConnectedApp>) -> Console {
    Console::open_at(PAGE, server(items)).await
}

/// The row of an app, as one line of text.
fn row(console: &Console, name: &str) -> Option<String> {
    let rows = select(&console.root, "tbody tr");
    let texts = rows.iter().map(|row| {
        let text = row.inner_text();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    });
    texts.into_iter().find(|text| text.starts_with(name))
}
