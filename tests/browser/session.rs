//! Who is signed in: before a page shows, when a session ends in mid-work, and signing out.

use tenure_console::api::transport::{Method, Response};
use tenure_domain::problem::Kind;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{
    axe, fixtures,
    harness::{Console, Role, address, key, settle, until},
};

const TOKENS: &str = "/me/tokens";

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
    assert!(console.server.count(Method::Get, TOKENS) > before);
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
async fn escape_does_not_close_the_dialog() {
    let console = interrupted().await;
    let dialog = console.get(Role::Dialog, "Sign in to go on");
    key(&dialog, "Escape");
    crate::harness::fire(&dialog, "cancel");
    settle().await;
    console.get(Role::Dialog, "Sign in to go on");
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
    assert!(console.says("Tenure cannot be reached."));
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
