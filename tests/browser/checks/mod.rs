//! Account > Check a token, in every state.

use leptos::prelude::window;
use tenure_console::{
    api::{
        fake::Fake,
        transport::{Method, Response},
    },
    format,
};
use tenure_domain::{
    id::ClientId,
    period::{Period, Unit},
    plan::{Role as PlanRole, Tier},
    problem::{FieldError, Kind, Problem},
    time::{DAY, HOUR, SECOND},
    token::{Status, TokenKind},
    wire::{
        auth_health::Outcome,
        checks::{Checked, CheckedToken, Found, NextStep, RefusedCall},
        policies::ExpirationPolicy,
        tokens::{ClientRef, EndReason, Token, TokenEnd},
    },
};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlInputElement;

use crate::{
    api_access::{exact, expired, focus_is_on, revoked, token, user, works_why},
    axe,
    components::{clipboard, set_clipboard},
    fixtures,
    harness::{Console, Role, address, fire_at_window, focused, select, settle, until},
};

mod answers;
mod asking;
mod secrecy;

const PAGE: &str = "/plans/acme/check";
const CHECKS: &str = "/plans/acme/checks";
const SECRET: &str = "tnr_pat_theWholeSecretThatNobodyElseMayEverSee9fQ2";

/// A server where 90 days are in force in Acme, and every check is answered so.
fn server(found: Found, tokens: Vec<CheckedToken>) -> Fake {
    let server = fixtures::server();
    answer(&server, found, tokens);
    server
}

fn answer(server: &Fake, found: Found, tokens: Vec<CheckedToken>) {
    let policy = ExpirationPolicy {
        version: 3,
        period: Some(days(90)),
        changed_by: Some(user("Bo")),
        ..fixtures::no_policy()
    };
    server.json(Method::Get, "/plans/acme/expiration-policy", &policy);
    server.json(
        Method::Post,
        CHECKS,
        &Checked {
            found,
            tokens,
            refusals: Vec::new(),
        },
    );
}

fn days(days: i64) -> Period {
    Period::new(days, Unit::Days).expect("a period")
}

fn found(token: Token, next: NextStep) -> Vec<CheckedToken> {
    vec![CheckedToken { token, next }]
}

/// The page after this text was checked.
async fn checked(server: Fake, text: &str) -> Console {
    let console = Console::open_at(PAGE, server).await;
    console.fill("Token", text).await;
    console.press(Role::Button, "Check").await;
    console
}

/// The page after a check that found this token.
async fn checked_one(token: Token, next: NextStep) -> Console {
    checked(server(Found::Token, found(token, next)), "9fQ2").await
}

fn typed(console: &Console) -> String {
    let field: HtmlInputElement = console.field("Token").unchecked_into();
    field.value()
}

/// An access token that the app Zapper holds in Ada's name.
fn of_app(status: Status, end: Option<EndReason>) -> Token {
    let at = fixtures::NOW.saturating_add(-HOUR);
    Token {
        kind: TokenKind::OauthAccess,
        prefix: "tnr_oat_".to_owned(),
        client: Some(ClientRef {
            id: ClientId("zapper".to_owned()),
            name: "Zapper".to_owned(),
        }),
        status,
        end: end.map(|reason| TokenEnd {
            at,
            reason,
            policy_version: None,
            period: (reason == EndReason::ExpiredByLifetime).then(|| days(7)),
            in_force_since: None,
            by: None,
        }),
        why: "It is Zapper's.".to_owned(),
        ..token("Zapper")
    }
}

/// The report, as it stands to be copied.
fn report(console: &Console) -> String {
    let line = select(&console.root, "textarea").into_iter().next();
    let line = line.expect("a report");
    line.unchecked_into::<web_sys::HtmlTextAreaElement>()
        .value()
}
