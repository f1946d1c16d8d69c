//! Account > Personal Settings > API Access, in every state.

use std::{cell::Cell, rc::Rc};

use leptos::prelude::window;
use tenure_console::{
    api::{
        fake::{Fake, Held},
        transport::{Method, Response},
    },
    format::{self, Detail, Zone},
};
use tenure_domain::{
    id::{PlanId, TokenId, UserId},
    period::{Period, Unit},
    plan::{Role as PlanRole, Tier},
    problem::{FieldError, Kind, Problem},
    time::{DAY, HOUR, MINUTE, SECOND, Timestamp},
    token::{Status, TokenKind},
    wire::{
        page::Page,
        policies::ExpirationPolicy,
        session::{PlanRef, UserRef},
        tokens::{EndReason, GeneratedToken, Token, TokenEnd},
    },
};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::{
    axe,
    components::{clipboard, set_clipboard},
    fixtures,
    harness::{Console, Role, accessible_name, fire, focused, key, select, settle, until},
};

mod generating;
mod lists;
mod paging;
mod revoking;
mod rotating;
mod scopes;
mod states;

const PAGE: &str = "/settings/api-access";
const TOKENS: &str = "/me/tokens";
const SECRET: &str = "tnr_pat_theWholeSecretThatNobodyElseMayEverSee";
const GENERATE: &str = "Generate new access token";

pub fn user(name: &str) -> UserRef {
    UserRef {
        id: UserId(name.to_lowercase()),
        name: name.to_owned(),
    }
}

/// Ada's token in Acme that was created 40 days ago, works for 50 days more and is not used.
pub fn token(name: &str) -> Token {
    Token {
        id: TokenId(name.to_owned()),
        name: name.to_owned(),
        kind: TokenKind::UserAccess,
        plan: PlanRef {
            id: PlanId("acme".to_owned()),
            name: "Acme".to_owned(),
        },
        owner: user("Ada"),
        prefix: "tnr_pat_".to_owned(),
        last_four: "9fQ2".to_owned(),
        scope: tenure_domain::scope::Scopes::default(),
        client: None,
        created_at: fixtures::NOW.saturating_add(-40 * DAY),
        last_used_at: None,
        last_used_from: None,
        expires_at: Some(fixtures::NOW.saturating_add(50 * DAY)),
        retires_at: None,
        status: Status::Idle,
        end: None,
        why: works_why("90 days"),
    }
}

/// Why [`token`] works, as the server says it.
pub fn works_why(period: &str) -> String {
    let ends = fixtures::NOW.saturating_add(50 * DAY);
    let set = fixtures::NOW.saturating_add(-50 * DAY);
    format!(
        "It works until {ends}, {period} after it was created (version 3 of the policy, set by Bo on {set})."
    )
}

/// Ended by version 3 of the policy, which Bo had set ten days before.
pub fn expired(name: &str, ended: Timestamp, in_force_since: Timestamp) -> Token {
    Token {
        expires_at: None,
        status: Status::Expired,
        end: Some(TokenEnd {
            at: ended,
            reason: EndReason::ExpiredByPeriod,
            policy_version: Some(3),
            period: Some(Period::new(90, Unit::Days).expect("a period")),
            in_force_since: Some(in_force_since),
            by: Some(user("Bo")),
        }),
        why: format!(
            "It expired on {ended}, 90 days after it was created (version 3 of the policy, set by Bo on {in_force_since})."
        ),
        ..token(name)
    }
}

pub fn revoked(name: &str, by: &str) -> Token {
    Token {
        expires_at: None,
        status: Status::Revoked,
        end: Some(TokenEnd {
            at: fixtures::NOW.saturating_add(-HOUR),
            reason: EndReason::RevokedByOwner,
            policy_version: None,
            period: None,
            in_force_since: None,
            by: Some(user(by)),
        }),
        why: format!(
            "{by}, its owner, revoked it on {}.",
            fixtures::NOW.saturating_add(-HOUR)
        ),
        ..token(name)
    }
}

fn policy() -> ExpirationPolicy {
    ExpirationPolicy {
        version: 3,
        period: Some(Period::new(90, Unit::Days).expect("a period")),
        changed_by: Some(user("Bo")),
        ..fixtures::no_policy()
    }
}

/// Answers with these tokens, each section in one page.
fn have(server: &Fake, working: &[Token], ended: &[Token]) {
    let page = |items: &[Token]| {
        let items = items.to_vec();
        Response::json(
            200,
            &Page {
                items,
                next_cursor: None,
            },
        )
    };
    let (working, ended) = (page(working), page(ended));
    server.on(Method::Get, TOKENS, move |request| {
        let which = if request.path.contains("section=working") {
            &working
        } else {
            &ended
        };
        which.clone()
    });
}

/// The page with these tokens, 90 days in force in Acme.
async fn with(working: &[Token], ended: &[Token]) -> Console {
    let server = fixtures::server();
    server.json(Method::Get, "/plans/acme/expiration-policy", &policy());
    have(&server, working, ended);
    Console::open_at(PAGE, server).await
}

/// The row of a token, as one line of text.
pub fn row(console: &Console, name: &str) -> Option<String> {
    let rows = select(&console.root, "tbody tr");
    let texts = rows.iter().map(|row| {
        let text = row.inner_text();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    });
    texts.into_iter().find(|text| text.starts_with(name))
}

pub fn exact(at: Timestamp) -> String {
    format::instant(at, Detail::Minute, Zone::Viewer)
}

pub fn focus_is_on(name: &str) -> bool {
    let element = focused().and_then(|it| it.dyn_into::<HtmlElement>().ok());
    element.is_some_and(|it| accessible_name(&it) == name)
}

/// Presses a button as a pointer does, which focuses it too.
pub async fn focus_and_press(button: &HtmlElement) {
    button.focus().expect("it takes the focus");
    button.click();
    settle().await;
}

/// Answers a request for a token with one and its secret.
fn can_generate(server: &Fake) {
    let made = GeneratedToken {
        token: Token {
            created_at: fixtures::NOW,
            ..token("nightly-export")
        },
        secret: SECRET.to_owned(),
    };
    let answer = Response::json(201, &made);
    server.on(Method::Post, TOKENS, move |_| answer.clone());
}

/// The page with the new token's secret on show.
async fn generated() -> Console {
    let console = with(&[], &[]).await;
    can_generate(&console.server);
    focus_and_press(&console.get(Role::Button, GENERATE)).await;
    console.fill("Name", " nightly-export ").await;
    console.press(Role::Button, "Generate").await;
    console
}

/// The page with the dialog that revokes `ci-runner`.
async fn asked_to_revoke() -> Console {
    let console = with(&[token("ci-runner"), token("spare")], &[]).await;
    focus_and_press(&console.get(Role::Button, "Revoke")).await;
    console
}

fn confirm(console: &Console) {
    let dialog = console.get(Role::Dialog, "Revoke ci-runner?");
    let yes = select(&dialog, ".danger").into_iter().next();
    yes.expect("a button that does it").click();
}
