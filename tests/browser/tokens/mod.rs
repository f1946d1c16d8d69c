//! Admin Center > Tokens, in every state.

use std::{cell::RefCell, rc::Rc};

use tenure_console::api::{
    fake::Fake,
    transport::{Method, Response},
};
use tenure_domain::{
    id::{ClientId, TokenId},
    time::{DAY, MINUTE},
    token::{Status, TokenKind},
    wire::{
        page::Page,
        tokens::{ClientRef, Token},
    },
};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::{
    api_access::{focus_is_on, token, user},
    axe, fixtures,
    harness::{Console, Role, address, fire, focused, key, select, settle, until},
};

mod filtering;
mod following;
mod revoking;
mod scrolling;

const PAGE: &str = "/plans/acme/tokens";
const TOKENS: &str = "/plans/acme/tokens";
const REVOKE: &str = "/plans/acme/tokens/revoke";

/// One that an app holds in Bo's name, and that looks like somebody else's.
fn held() -> Token {
    Token {
        id: TokenId("held".to_owned()),
        kind: TokenKind::OauthAccess,
        owner: user("Bo"),
        client: Some(ClientRef {
            id: ClientId("board".to_owned()),
            name: "Board".to_owned(),
        }),
        status: Status::Suspicious,
        last_used_at: Some(fixtures::NOW.saturating_add(-2 * DAY)),
        ..token("Board")
    }
}

fn have(server: &Fake, tokens: &[Token], next_cursor: Option<&str>) {
    let page = Page {
        items: tokens.to_vec(),
        next_cursor: next_cursor.map(str::to_owned),
    };
    server.json(Method::Get, TOKENS, &page);
}

async fn opened(at: &str, tokens: &[Token]) -> Console {
    let server = fixtures::server();
    have(&server, tokens, None);
    axe::put_styles();
    Console::open_at(at, server).await
}

/// The queries that the list was asked for, oldest first, without what all of them have.
fn asked(console: &Console) -> Vec<String> {
    let calls = console.server.calls().into_iter();
    let of_list = calls.filter(|call| call.method == Method::Get);
    let query = |path: String| {
        let query = path.strip_prefix(TOKENS)?.strip_prefix("?limit=100")?;
        Some(query.trim_start_matches('&').to_owned())
    };
    of_list.filter_map(|call| query(call.path)).collect()
}

/// The rows of tokens in the document.
fn rows(console: &Console) -> Vec<HtmlElement> {
    select(&console.root, "tr.token")
}

/// The box that selects a token.
fn pick(console: &Console, name: &str) -> HtmlElement {
    console.field(&format!("Select {name}"))
}
