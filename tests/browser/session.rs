//! Who is signed in: before a page shows, when a session ends in mid-work, and signing out.

use leptos::prelude::window;
use tenure_console::api::{
    fake::Fake,
    transport::{Method, Response},
};
use tenure_domain::problem::Kind;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{
    axe, fixtures,
    harness::{Console, Role, address, fire, fire_at_window, focused, settle, until},
};

const TOKENS: &str = "/me/tokens";
const POLICY: &str = "/plans/acme/expiration-policy";

/// A server whose sessions end after the first look, until somebody signs in again.
async fn interrupted() -> Console {
    let server = fixtures::server();
    server.problem(Method::Get, TOKENS, Kind::SessionExpired);
    let console = Console::open_at("/settings/profile", server).await;
    console.press(Role::Link, "API Access").await;
    console.get(Role::Dialog, "Sign in to go on");
    console
}

fn mend(console: &Console) {
    let server = fixtures::server();
    for path in [TOKENS, "/session"] {
        let server = server.clone();
        console
            .server
            .on(Method::Get, path, move |call| server.answer_to(call));
    }
    console
        .server
        .json(Method::Post, "/session", &fixtures::ada());
}

#[wasm_bindgen_test]
async fn nothing_shows_and_nothing_else_is_asked_before_the_session_is_known() {
    let server = fixtures::server();
    let session = server.hold(Method::Get, "/session");
    let console = Console::open_at("/plans/acme/security-control", server).await;
    assert_eq!(console.server.calls().len(), 1);
    assert!(console.all(Role::Heading).is_empty());
    assert!(console.all(Role::Navigation).is_empty());
    session.release();
    settle().await;
    console.get(Role::Heading, "Security & Control");
}

#[wasm_bindgen_test]
async fn whoever_is_not_signed_in_signs_in_and_comes_to_the_page_they_asked_for() {
    let server = fixtures::server();
    server.problem(Method::Get, "/session", Kind::TokenMissing);
    server.json(Method::Post, "/session", &fixtures::ada());
    let console = Console::open_at("/settings/profile?from=mail", server).await;
    assert_eq!(
        address(),
        "/sign-in?next=%2Fsettings%2Fprofile%3Ffrom%3Dmail"
    );
    console.fill("Email", "ada@acme.example").await;
    console.fill("Password", "a good password").await;
    console.press(Role::Button, "Sign in").await;
    until("the page asked for", || {
        address() == "/settings/profile?from=mail"
    })
    .await;
    console.get(Role::Heading, "Personal Settings");
}

#[wasm_bindgen_test]
async fn a_session_that_ends_in_mid_work_is_renewed_and_the_call_goes_on() {
    let console = interrupted().await;
    axe::check(&console.root).await;
    let before = console.server.count(Method::Get, TOKENS);
    mend(&console);
    console.fill("Password", "a good password").await;
    console.press(Role::Button, "Sign in").await;
    assert!(console.find(Role::Dialog, "Sign in to go on").is_none());
    // Every call that waited.
    assert!(before > 1);
    assert_eq!(console.server.count(Method::Get, TOKENS), 2 * before);
    assert_eq!(address(), "/settings/api-access");
    console.get(Role::Heading, "Personal Settings");
    assert!(console.all(Role::Alert).is_empty());
}

#[wasm_bindgen_test]
async fn only_the_same_person_can_renew_a_session_and_a_wrong_password_keeps_the_dialog() {
    let console = interrupted().await;
    let email = console.field("Email");
    assert!(email.has_attribute("readonly"));
    console
        .server
        .problem(Method::Post, "/session", Kind::CredentialsWrong);
    console.fill("Password", "a bad password").await;
    console.press(Role::Button, "Sign in").await;
    console.get(Role::Dialog, "Sign in to go on");
    assert!(console.says("Email or password is wrong."));
    let sent = console.server.calls().pop().and_then(|call| call.body);
    let sent = sent.unwrap_or_default();
    assert!(sent.contains("ada@acme.example"), "{sent}");
}

#[wasm_bindgen_test]
async fn signing_in_can_be_put_off_by_button_and_by_escape_and_the_page_stays() {
    let console = interrupted().await;
    assert_eq!(focused(), Some(console.field("Password").into()));
    console.press(Role::Button, "Not now").await;
    // A first Escape is a `cancel`; a second one can close the dialog without it.
    for by in ["cancel", "close"] {
        assert!(console.all(Role::Dialog).is_empty());
        assert_eq!(address(), "/settings/api-access");
        assert!(console.says("You are not signed in any more."));
        assert!(console.says("Try again to sign in."));
        console.press(Role::Button, "Try again").await;
        fire(&console.get(Role::Dialog, "Sign in to go on"), by);
        settle().await;
    }
    assert!(console.all(Role::Dialog).is_empty());
    mend(&console);
    // Each list has its own.
    for _ in console.all(Role::Alert) {
        console.press(Role::Button, "Try again").await;
    }
    assert!(console.all(Role::Alert).is_empty());
}

/// Security & Control, where Ada came from her profile and has just activated a period, and the
/// server says that her session has ended.
async fn interrupted_change(server: Fake) -> Console {
    server.problem(Method::Put, POLICY, Kind::SessionExpired);
    let console = Console::open_at("/settings/profile", server).await;
    console.press(Role::Link, "Security & Control").await;
    console.press(Role::Switch, "Expiration period").await;
    console.fill("Duration", "30").await;
    console.press(Role::Button, "Activate").await;
    console
}

#[wasm_bindgen_test]
async fn a_change_that_is_put_off_is_not_made_and_what_was_typed_stays() {
    let console = interrupted_change(fixtures::server()).await;
    console.press(Role::Button, "Not now").await;
    let amount: web_sys::HtmlInputElement =
        wasm_bindgen::JsCast::unchecked_into(console.field("Duration"));
    assert_eq!(amount.value(), "30");
    assert!(console.says("You are not signed in any more."));
    assert_eq!(console.server.count(Method::Put, POLICY), 1);
}

#[wasm_bindgen_test]
async fn a_change_does_not_go_out_from_a_page_that_was_left_while_the_dialog_was_open() {
    let console = interrupted_change(fixtures::server()).await;
    console.get(Role::Dialog, "Sign in to go on");
    window().history().expect("a history").back().expect("back");
    until("it asks first", || {
        console
            .find(Role::Dialog, "Leave without activating?")
            .is_some()
    })
    .await;
    until("the address is back", || {
        address() == "/plans/acme/security-control"
    })
    .await;
    console.press(Role::Button, "Leave").await;
    until("the page before", || {
        console.find(Role::Heading, "Personal Settings").is_some()
    })
    .await;
    assert!(console.all(Role::Dialog).is_empty());
    assert_eq!(console.server.count(Method::Put, POLICY), 1);
}

#[wasm_bindgen_test]
async fn a_page_that_was_left_asks_nobody_to_sign_in() {
    let server = fixtures::server();
    let held = server.hold(Method::Put, POLICY);
    let console = interrupted_change(server).await;
    console.press(Role::Link, "Personal Settings").await;
    console.press(Role::Button, "Leave").await;
    held.release();
    settle().await;
    assert!(console.all(Role::Dialog).is_empty());
    assert_eq!(console.server.count(Method::Put, POLICY), 1);
}

#[wasm_bindgen_test]
async fn another_person_who_signed_in_in_another_tab_gets_a_console_of_their_own() {
    let console = interrupted_change(fixtures::server()).await;
    console
        .server
        .json(Method::Get, "/session", &fixtures::admin_of_two());
    fire_at_window("focus");
    settle().await;
    assert!(console.all(Role::Dialog).is_empty());
    console.get(Role::Button, "Di");
    assert!(console.find(Role::Button, "Activate").is_none());
    assert_eq!(console.server.count(Method::Put, POLICY), 1);
}

#[wasm_bindgen_test]
async fn signing_in_again_in_another_tab_will_do() {
    let console = interrupted().await;
    mend(&console);
    fire_at_window("focus");
    settle().await;
    assert!(console.all(Role::Dialog).is_empty());
    assert!(console.all(Role::Alert).is_empty());
}

#[wasm_bindgen_test]
async fn somebody_else_is_led_to_the_sign_in_page_and_sees_nothing_of_the_page_before() {
    let console = interrupted().await;
    console
        .server
        .problem(Method::Get, "/session", Kind::SessionExpired);
    console
        .press(Role::Button, "Sign in as somebody else")
        .await;
    until("the sign-in page", || address().starts_with("/sign-in")).await;
    console.get(Role::Heading, "Sign in to Tenure");
    assert_eq!(address(), "/sign-in?next=%2Fsettings%2Fapi-access");
    assert!(console.all(Role::Dialog).is_empty());
}

#[wasm_bindgen_test]
async fn signing_in_as_somebody_else_asks_before_a_typed_period_is_lost() {
    let console = interrupted_change(fixtures::server()).await;
    console
        .server
        .problem(Method::Get, "/session", Kind::SessionExpired);
    let other = "Sign in as somebody else";
    console.press(Role::Button, other).await;
    let question = console.get(Role::Dialog, "Leave without activating?");
    axe::check(&question).await;
    console.press(Role::Button, "Stay").await;
    console.get(Role::Dialog, "Sign in to go on");
    assert_eq!(address(), "/plans/acme/security-control");
    assert_eq!(console.server.count(Method::Put, POLICY), 1);
    console.press(Role::Button, other).await;
    console.press(Role::Button, "Leave").await;
    console.get(Role::Heading, "Sign in to Tenure");
    assert!(address().starts_with("/sign-in?next="), "{}", address());
    assert!(console.all(Role::Dialog).is_empty());
}

#[wasm_bindgen_test]
async fn signing_out_ends_the_session_and_leaves_no_page_behind() {
    let console = Console::open("/settings/profile").await;
    console
        .server
        .on(Method::Delete, "/session", |_| Response::empty(204));
    console
        .server
        .problem(Method::Get, "/session", Kind::SessionExpired);
    console.press(Role::Button, "Ada").await;
    console.press(Role::Button, "Sign out").await;
    console.get(Role::Heading, "Sign in to Tenure");
    assert_eq!(address(), "/sign-in");
    assert!(console.all(Role::Navigation).is_empty());
    assert_eq!(console.server.count(Method::Delete, "/session"), 1);
}

#[wasm_bindgen_test]
async fn signing_out_offline_stays_and_says_why() {
    let console = Console::open("/settings/profile").await;
    console.server.set_connected(false);
    console.press(Role::Button, "Ada").await;
    console.press(Role::Button, "Sign out").await;
    assert_eq!(address(), "/settings/profile");
    console.get(Role::Heading, "Personal Settings");
    // It stays for as long as it is true.
    console.advance(60_000).await;
    let alert = console.all(Role::Alert).pop().expect("a problem");
    assert!(alert.inner_text().contains("Tenure cannot be reached."));
    assert!(alert.inner_text().contains("You are still signed in."));
}

#[wasm_bindgen_test]
async fn a_broken_server_is_worded_with_its_reference_and_can_be_tried_again() {
    let server = fixtures::server();
    server.problem(Method::Get, "/session", Kind::Internal);
    let console = Console::open_at("/settings/profile", server).await;
    assert!(console.says("Something went wrong on the server."));
    assert!(console.says("Reference: ref-1"));
    axe::check(&console.root).await;
    console
        .server
        .json(Method::Get, "/session", &fixtures::ada());
    console.press(Role::Button, "Try again").await;
    console.get(Role::Heading, "Personal Settings");
}
