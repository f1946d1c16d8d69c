//! Addresses: what they lead to, and what moving between them does.

use leptos::prelude::*;
use tenure_console::route::{Route, after_sign_in};
use tenure_domain::id::{ClientId, PlanId, TokenId};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{
    axe, fixtures,
    harness::{Console, Role, address, focused, until},
};

#[wasm_bindgen_test]
fn every_route_is_what_its_path_parses_to() {
    let odd = PlanId("a/b c?d#ü%".to_owned());
    for route in [
        Route::Home,
        Route::SignIn,
        Route::Setup,
        Route::Invitation,
        Route::SecurityControl(fixtures::acme()),
        Route::SecurityControl(odd.clone()),
        Route::Users(odd.clone()),
        Route::CheckToken(odd.clone()),
        Route::AuthHealth(odd.clone()),
        Route::AuditLog(odd.clone()),
        Route::OauthClients(odd.clone()),
        Route::Token(odd.clone(), TokenId("a/b c?d#ü%".to_owned())),
        Route::OauthClient(odd, ClientId("a/b c?d#ü%".to_owned())),
        Route::Profile,
        Route::ApiAccess,
        Route::ConnectedApps,
        Route::Authorize,
    ] {
        assert_eq!(Route::parse(&route.path()), Some(route));
    }
}

#[wasm_bindgen_test]
fn other_paths_lead_to_no_page() {
    for path in [
        "",
        "sign-in",
        "/sign-in/",
        "/nowhere",
        "/plans",
        "/plans//security-control",
        "/plans/acme",
        "/plans/acme/security-control/more",
        "/plans//users",
        "/plans//tokens/ci",
        "/plans/acme/tokens/",
        "/plans/acme/tokens/ci/more",
        "/plans//check",
        "/plans/acme/users/more",
        "/plans//oauth-clients",
        "/plans/acme/oauth-clients/",
        "/plans/acme/oauth-clients/shop/more",
        "/settings",
        "/settings/profile/more",
        "/authorize/more",
        "/invitation/more",
    ] {
        assert_eq!(Route::parse(path), None, "{path}");
    }
}

#[wasm_bindgen_test]
fn signing_in_leads_on_to_pages_of_this_console_alone() {
    let kept = "/settings/api-access?section=ended#top";
    assert_eq!(after_sign_in(Some(kept)), kept);
    for elsewhere in [
        None,
        Some(""),
        Some("//evil.example/settings/profile"),
        Some("https://evil.example/"),
        Some("/\\evil.example"),
        Some("javascript:alert(1)"),
        Some("/sign-in?next=/sign-in"),
        Some("/setup"),
        Some("/nowhere"),
    ] {
        assert_eq!(after_sign_in(elsewhere), "/", "{elsewhere:?}");
    }
}

#[wasm_bindgen_test]
async fn the_start_page_leads_an_admin_to_security_and_control() {
    let console = Console::open("/").await;
    assert_eq!(address(), "/plans/acme/security-control");
    let link = console.get(Role::Link, "Security & Control");
    assert_eq!(link.get_attribute("aria-current").as_deref(), Some("page"));
}

#[wasm_bindgen_test]
async fn the_start_page_leads_a_member_to_their_tokens() {
    let server = fixtures::server_of(&fixtures::bo());
    let console = Console::open_at("/", server).await;
    assert_eq!(address(), "/settings/api-access");
    console.get(Role::Heading, "Personal Settings");
}

#[wasm_bindgen_test]
async fn a_link_changes_page_address_and_title_and_back_returns() {
    let console = Console::open("/settings/profile").await;
    assert_eq!(document().title(), "Profile · Tenure");
    console.press(Role::Link, "Security & Control").await;
    until("the new address", || {
        address() == "/plans/acme/security-control"
    })
    .await;
    assert_eq!(document().title(), "Security & Control · Tenure");
    console.get(Role::Heading, "Security & Control");
    window().history().expect("a history").back().expect("back");
    until("the profile", || {
        console.find(Role::Heading, "Personal Settings").is_some()
    })
    .await;
    assert_eq!(address(), "/settings/profile");
}

#[wasm_bindgen_test]
async fn the_heading_takes_the_focus_when_the_page_changes_but_not_on_the_first() {
    let console = Console::open("/settings/profile").await;
    assert!(focused().is_none_or(|element| element.tag_name() != "H1"));
    console.press(Role::Link, "Security & Control").await;
    let heading = console.get(Role::Heading, "Security & Control");
    assert_eq!(focused(), Some(heading.into()));
}

#[wasm_bindgen_test]
async fn an_unknown_address_has_a_way_home() {
    let console = Console::open("/nowhere").await;
    console.get(Role::Heading, "There is no page here");
    axe::check(&console.root).await;
    console.press(Role::Link, "To the start page").await;
    until("home", || address() == "/plans/acme/security-control").await;
}

#[wasm_bindgen_test]
async fn a_member_is_told_that_the_page_is_for_admins_and_it_is_never_fetched() {
    let server = fixtures::server_of(&fixtures::bo());
    let console = Console::open_at("/plans/acme/security-control", server).await;
    console.get(Role::Heading, "This page is for System Admins");
    assert!(console.find(Role::Link, "Security & Control").is_none());
    let paths: Vec<_> = console
        .server
        .calls()
        .into_iter()
        .map(|it| it.path)
        .collect();
    assert_eq!(paths, ["/session"]);
    axe::check(&console.root).await;
    console.press(Role::Link, "To your access tokens").await;
    until("the tokens", || address() == "/settings/api-access").await;
}

#[wasm_bindgen_test]
async fn a_plan_of_others_looks_like_one_that_is_not_there() {
    for plan in ["somebody-elses", "never-was"] {
        let console = Console::open(&format!("/plans/{plan}/security-control")).await;
        console.get(Role::Heading, "You are not in this plan");
        assert_eq!(console.server.calls().len(), 1);
        let link = console.get(Role::Link, "Security & Control");
        assert_eq!(link.get_attribute("aria-current"), None);
    }
}
