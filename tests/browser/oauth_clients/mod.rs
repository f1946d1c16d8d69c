//! Admin Center > OAuth clients, in every state.

use tenure_console::{
    api::{
        fake::Fake,
        transport::{Method, Response},
    },
    format::{self, Detail, Zone},
};
use tenure_domain::{
    id::{ClientId, TokenId, UserId},
    problem::{FieldError, Kind, Problem},
    scope::{OwnScope, Scopes},
    time::{DAY, HOUR, MINUTE, SECOND, Timestamp},
    token::{Status, TokenKind},
    wire::{
        clients::{AuthMethod, Client},
        page::Page,
        scopes::{Scope, ScopeList},
        session::{PlanRef, UserRef},
        tokens::{ClientRef, EndReason, Token, TokenEnd},
    },
};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlElement, HtmlInputElement, HtmlTextAreaElement};

use crate::{
    axe,
    components::{clipboard, set_clipboard},
    fixtures,
    harness::{Console, Role, accessible_name, address, fire, focused, key, select, settle, until},
};

mod editing;
mod ending;
mod list;
mod registering;
mod rotating;
mod scopes;
mod states;
mod tokens;

const PAGE: &str = "/plans/acme/oauth-clients";
const CLIENTS: &str = "/plans/acme/oauth-clients";
const SCOPES: &str = "/plans/acme/scopes";
const SECRET: &str = "theWholeSecretThatNobodyElseMayEverSee";
const REGISTER: &str = "Register a client";

fn user(name: &str) -> UserRef {
    UserRef {
        id: UserId(name.to_lowercase()),
        name: name.to_owned(),
    }
}

/// An app with a server that Ada registered forty days ago.
fn client(name: &str) -> Client {
    Client {
        client_id: ClientId(name.to_lowercase()),
        client_secret: None,
        client_name: name.to_owned(),
        redirect_uris: vec!["https://shop.example/callback".to_owned()],
        token_endpoint_auth_method: AuthMethod::ClientSecretBasic,
        scope: Scopes::parse("orders:read tokens:read").expect("scopes"),
        resource_server: false,
        created_at: fixtures::NOW.saturating_add(-40 * DAY),
        created_by: Some(user("Ada")),
        old_secret_until: None,
    }
}

fn public(name: &str) -> Client {
    Client {
        token_endpoint_auth_method: AuthMethod::None,
        ..client(name)
    }
}

fn resource_server(name: &str) -> Client {
    Client {
        resource_server: true,
        redirect_uris: Vec::new(),
        scope: Scopes::default(),
        ..client(name)
    }
}

fn with_secret(client: Client) -> Client {
    Client {
        client_secret: Some(SECRET.to_owned()),
        ..client
    }
}

fn scope(name: &str, sentence: &str) -> Scope {
    Scope {
        name: name.to_owned(),
        sentence: sentence.to_owned(),
        own: false,
    }
}

/// Answers with these clients, in one page.
fn have(server: &Fake, clients: &[Client]) {
    let page = Page {
        items: clients.to_vec(),
        next_cursor: None,
    };
    server.json(Method::Get, CLIENTS, &page);
}

/// Answers with Tenure's own scopes and these.
fn offer(server: &Fake, scopes: &[Scope]) {
    let own = OwnScope::ALL.into_iter().map(Scope::from);
    let items = own.chain(scopes.iter().cloned()).collect();
    server.json(Method::Get, SCOPES, &ScopeList { items });
}

/// A server with these clients, whose plan has the scope `orders:read`.
fn server_with(clients: &[Client]) -> Fake {
    let server = fixtures::server();
    have(&server, clients);
    offer(&server, &[scope("orders:read", "See your orders")]);
    server
}

async fn with(clients: &[Client]) -> Console {
    Console::open_at(PAGE, server_with(clients)).await
}

/// The row that begins with these words, as one line of text.
fn row(console: &Console, name: &str) -> Option<String> {
    let rows = select(&console.root, "tbody tr");
    let texts = rows.iter().map(|row| {
        let text = row.inner_text();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    });
    texts.into_iter().find(|text| text.starts_with(name))
}

/// The button or link with these words in the row that begins with `name`.
fn in_row(console: &Console, name: &str, words: &str) -> Option<HtmlElement> {
    let rows = select(&console.root, "tbody tr").into_iter();
    let mut rows = rows.filter(|row| row.inner_text().trim().starts_with(name));
    let row = rows.next()?;
    let mut things = select(&row, "button, a").into_iter();
    things.find(|thing| thing.inner_text().trim() == words)
}

/// Presses a button of a row as a pointer does, which focuses it too.
async fn press_in_row(console: &Console, name: &str, words: &str) {
    let button = in_row(console, name, words).expect("a button in the row");
    button.focus().expect("it takes the focus");
    button.click();
    settle().await;
}

/// The button in the foot of the dialog on show that does what it is for.
async fn act(console: &Console) {
    let button = select(&console.root, "dialog[open] .dialog-foot .btn");
    button.first().expect("a button").click();
    settle().await;
}

fn area(console: &Console) -> HtmlTextAreaElement {
    let areas = select(&console.root, "dialog[open] .field textarea");
    let area = areas.into_iter().next().expect("a field of several lines");
    assert_eq!(accessible_name(&area), "Redirect URIs");
    area.unchecked_into()
}

/// Types lines over those of *Redirect URIs*.
async fn type_uris(console: &Console, lines: &str) {
    let area = area(console);
    area.set_value(lines);
    fire(&area, "input");
    settle().await;
}

/// The body of the last call by this method.
fn last(console: &Console, method: Method) -> String {
    let calls = console.server.calls().into_iter().rev();
    let mut calls = calls.filter(|call| call.method == method);
    calls.next().and_then(|call| call.body).unwrap_or_default()
}

/// What stands in the lines that can be copied, in the dialog on show.
fn lines(console: &Console) -> Vec<String> {
    let lines = select(&console.root, "dialog[open] .copy-line textarea");
    let value = |line: HtmlElement| line.unchecked_into::<HtmlTextAreaElement>().value();
    lines.into_iter().map(value).collect()
}

/// A refusal of the value at this pointer.
fn refusal(pointer: &str, code: &str, detail: &str) -> Response {
    let problem = Problem {
        errors: vec![FieldError {
            pointer: pointer.to_owned(),
            code: code.to_owned(),
            detail: detail.to_owned(),
        }],
        ..Problem::new(Kind::ValidationFailed)
    };
    Response::json(422, &problem)
}

fn focus_is_on(name: &str) -> bool {
    let element = focused().and_then(|it| it.dyn_into::<HtmlElement>().ok());
    element.is_some_and(|it| accessible_name(&it) == name)
}

/// `20 February 2027, 09:33 (UTC)`, as the page says it.
fn exact(at: Timestamp) -> String {
    let zone = format::zone_label(at, Zone::Viewer);
    let at = format::instant(at, Detail::LongMinute, Zone::Viewer);
    format!("{at} ({zone})")
}
