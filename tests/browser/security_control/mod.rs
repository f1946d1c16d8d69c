//! Admin Center > Security & Control, in every state.

use leptos::prelude::document;
use tenure_console::{
    api::{
        fake::Fake,
        transport::{Method, Response},
    },
    clock::Clock,
    format::{self, Detail, Zone},
};
use tenure_domain::{
    id::UserId,
    period::{Period, Unit},
    problem::{FieldError, Kind, Problem},
    time::{DAY, HOUR, MINUTE, SECOND, Timestamp},
    wire::{
        page::Page,
        policies::{ExpirationPolicy, PolicyCancellation, RecordedPolicy},
        session::UserRef,
    },
};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlElement, HtmlInputElement, HtmlSelectElement};

use crate::{
    axe, fixtures,
    harness::{Console, Role, accessible_name, address, fire, focused, settle, until},
};

mod ahead;
mod conflict;
mod editing;
mod forecast;
mod impact;
mod in_force;
mod leaving;
mod saving;
mod schedule;
mod states;
mod unused;
mod versions;

const PAGE: &str = "/plans/acme/security-control";
const POLICY: &str = "/plans/acme/expiration-policy";
const HISTORY: &str = "/plans/acme/expiration-policy/history";
const PREVIEW: &str = "/plans/acme/expiration-policy/preview";
const FORECAST: &str = "/plans/acme/expiration-policy/forecast";
const DAYS_90: (i64, Unit) = (90, Unit::Days);

fn period((amount, unit): (i64, Unit)) -> Period {
    Period::new(amount, unit).expect("a period")
}

/// A version that somebody set three days ago.
fn version(number: u32, length: Option<(i64, Unit)>, by: &str) -> ExpirationPolicy {
    ExpirationPolicy {
        version: number,
        period: length.map(period),
        inactivity: None,
        in_force_since: fixtures::NOW.saturating_add(-3 * DAY),
        changed_by: Some(UserRef {
            id: UserId(by.to_lowercase()),
            name: by.to_owned(),
        }),
        dead_before: None,
        idle_before: None,
        scheduled: None,
    }
}

/// A version as the history has it.
fn recorded(policy: &ExpirationPolicy) -> RecordedPolicy {
    RecordedPolicy {
        version: policy.version,
        period: policy.period,
        inactivity: policy.inactivity,
        in_force_since: policy.in_force_since,
        decided_at: policy.in_force_since,
        changed_by: policy.changed_by.clone(),
        ended: None,
        cancelled: None,
    }
}

/// A server at which this policy is in force.
fn server_with(policy: &ExpirationPolicy) -> Fake {
    let server = fixtures::server();
    in_force(&server, policy);
    server
}

fn in_force(server: &Fake, policy: &ExpirationPolicy) {
    server.json(Method::Get, POLICY, policy);
    let history = Page {
        items: vec![recorded(policy), recorded(&fixtures::no_policy())],
        next_cursor: None,
    };
    server.json(Method::Get, HISTORY, &history);
}

fn stale(current: &ExpirationPolicy) -> Response {
    let problem = Problem {
        current: Some(Box::new(current.clone())),
        ..Problem::new(Kind::StaleVersion)
    };
    Response::json(412, &problem)
}

/// The page with the fields open on a policy that is off.
async fn editing(server: Fake) -> Console {
    let console = Console::open_at(PAGE, server).await;
    console.press(Role::Switch, "Expiration period").await;
    console
}

fn typed(console: &Console) -> (String, String) {
    let amount: HtmlInputElement = console.field("Duration").unchecked_into();
    let unit: HtmlSelectElement = console.field("Unit").unchecked_into();
    (amount.value(), unit.value())
}

fn is_on(console: &Console) -> bool {
    let switch = console.get(Role::Switch, "Expiration period");
    switch.get_attribute("aria-checked").as_deref() == Some("true")
}

fn puts(console: &Console) -> usize {
    console.server.count(Method::Put, POLICY)
}

/// The body and the version of the last change that was asked for.
fn last_put(console: &Console) -> (String, String) {
    let calls = console.server.calls();
    let put = calls
        .into_iter()
        .rev()
        .find(|call| call.method == Method::Put);
    let put = put.expect("a change was asked for");
    (
        put.body.unwrap_or_default(),
        put.if_match.unwrap_or_default(),
    )
}

fn focus_is_on(name: &str) -> bool {
    let element = focused().and_then(|it| it.dyn_into::<HtmlElement>().ok());
    element.is_some_and(|it| accessible_name(&it) == name)
}

/// `20 February 2027, 09:33 (UTC)`, as the page says it.
fn until_when(at: Timestamp, detail: Detail) -> String {
    let zone = format::zone_label(at, Zone::Viewer);
    let at = format::instant(at, detail, Zone::Viewer);
    format!("A token created now would work until {at} ({zone}).")
}
