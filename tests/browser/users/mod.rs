//! Admin Center > Users, in every state.

use tenure_console::{
    api::{
        fake::{Fake, Held},
        transport::{Method, Response},
    },
    format::{self, Detail, Zone},
};
use tenure_domain::{
    id::{ClientId, UserId},
    plan::Role as PlanRole,
    problem::{Kind, Problem},
    time::{DAY, HOUR, MINUTE},
    wire::{
        invitations::Invitation,
        page::Page,
        tokens::ClientRef,
        users::{Deactivation, PlanUser},
    },
};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlElement, HtmlSelectElement};

use crate::{
    api_access::{focus_and_press, focus_is_on, row, user as reference},
    axe, fixtures,
    harness::{Console, Role, focused, key, select, settle, until},
};

mod changing;
mod inviting;
mod lists;
mod looking;
mod refusals;
mod roles;

const PAGE: &str = "/plans/acme/users";
const USERS: &str = "/plans/acme/users";
const INVITATIONS: &str = "/plans/acme/invitations";
const DEACTIVATE_BO: &str = "/plans/acme/users/bo/deactivate";
const REACTIVATE_BO: &str = "/plans/acme/users/bo/reactivate";

/// Somebody who has been a member for 40 days, with this many tokens.
fn person(name: &str, tokens: u32) -> PlanUser {
    let id = name.to_lowercase();
    PlanUser {
        email: format!("{id}@acme.example"),
        id: UserId(id),
        name: name.to_owned(),
        role: PlanRole::Member,
        joined_at: fixtures::NOW.saturating_add(-40 * DAY),
        last_seen_at: None,
        working_tokens: tokens,
        others_administer: true,
        deactivated_at: None,
        deactivated_by: None,
    }
}

fn ada() -> PlanUser {
    PlanUser {
        role: PlanRole::SystemAdmin,
        ..person("Ada", 0)
    }
}

/// Deactivated by Ada two hours ago.
fn deactivated(name: &str) -> PlanUser {
    PlanUser {
        deactivated_at: Some(fixtures::NOW.saturating_add(-2 * HOUR)),
        deactivated_by: Some(reference("Ada")),
        ..person(name, 0)
    }
}

fn page(items: Vec<PlanUser>) -> Page<PlanUser> {
    Page {
        items,
        next_cursor: None,
    }
}

/// A server with these people in Acme.
fn server(people: Vec<PlanUser>) -> Fake {
    let server = fixtures::server();
    server.json(Method::Get, USERS, &page(people));
    invited(&server, Vec::new());
    server
}

/// From now on these are invited.
fn invited(server: &Fake, items: Vec<Invitation>) {
    let page = Page {
        items,
        next_cursor: None,
    };
    server.json(Method::Get, INVITATIONS, &page);
}

/// The page with Ada and Bo, who has tokens and an app that deactivating would end.
async fn with_bo(tokens: u32, apps: &[&str]) -> Console {
    let bo = person("Bo", tokens);
    let server = server(vec![ada(), bo.clone()]);
    server.json(Method::Get, DEACTIVATE_BO, &ends(bo, apps));
    Console::open_at(PAGE, server).await
}

/// What deactivating somebody ends: names of at most two tokens are told.
fn ends(user: PlanUser, apps: &[&str]) -> Deactivation {
    let names = ["nightly-export", "ci-runner"].into_iter();
    let told = usize::try_from(user.working_tokens).expect("a count");
    Deactivation {
        tokens: user.working_tokens,
        token_names: names.take(told).map(str::to_owned).collect(),
        clients: apps.iter().map(|name| app(name)).collect(),
        invitations: 0,
        user,
    }
}

fn app(name: &str) -> ClientRef {
    ClientRef {
        id: ClientId(name.to_lowercase()),
        name: name.to_owned(),
    }
}

/// The button in somebody's row.
fn button_of(console: &Console, name: &str) -> HtmlElement {
    let rows = select(&console.root, "tbody tr");
    let row = rows.iter().find(|row| row.inner_text().starts_with(name));
    let row = row.unwrap_or_else(|| panic!("no row of {name} in {}", console.text()));
    select(row, "button")
        .into_iter()
        .next()
        .expect("a button in the row")
}

/// The dialog that asks before Bo is deactivated, with what that ends.
async fn asked(console: &Console) -> HtmlElement {
    focus_and_press(&button_of(console, "Bo")).await;
    console.get(Role::Dialog, "Deactivate Bo?")
}

/// The select of the role in somebody's row.
fn role_of(console: &Console, name: &str) -> HtmlSelectElement {
    let rows = select(&console.root, "tbody tr");
    let row = rows.iter().find(|row| row.inner_text().starts_with(name));
    let row = row.unwrap_or_else(|| panic!("no row of {name} in {}", console.text()));
    let found = select(row, "select").into_iter().next();
    found.expect("a select").dyn_into().expect("a select")
}

fn chosen_role(console: &Console, name: &str) -> String {
    role_of(console, name).value()
}
