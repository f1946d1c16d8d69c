//! The sign-in page.

use tenure_console::api::transport::{Method, Response};
use tenure_domain::problem::{Kind, Problem};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlInputElement;

use crate::{
    axe, fixtures,
    harness::{Console, Role, address, focused, settle, until},
};

async fn signed_out() -> Console {
    let server = fixtures::server();
    server.problem(Method::Get, "/session", Kind::TokenMissing);
    Console::open_at("/sign-in", server).await
}

async fn fill_in(console: &Console) {
    console.fill("Email", " ada@acme.example ").await;
    console.fill("Password", " secret ").await;
}

fn typed(console: &Console, label: &str) -> String {
    console
        .field(label)
        .unchecked_into::<HtmlInputElement>()
        .value()
}

#[wasm_bindgen_test]
async fn the_page_has_a_form_that_password_managers_know() {
    let console = signed_out().await;
    console.get(Role::Heading, "Sign in to Tenure");
    let hint = |label: &str| console.field(label).get_attribute("autocomplete");
    assert_eq!(hint("Email").as_deref(), Some("username"));
    assert_eq!(hint("Password").as_deref(), Some("current-password"));
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn what_is_missing_is_said_beside_its_field_and_nothing_is_sent() {
    let console = signed_out().await;
    console.press(Role::Button, "Sign in").await;
    assert!(console.says("Type the email address that you sign in with."));
    assert!(console.says("Type your password."));
    assert_eq!(focused(), Some(console.field("Email").into()));
    assert_eq!(console.server.count(Method::Post, "/session"), 0);
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn signing_in_sends_the_password_as_it_was_typed_and_leads_home() {
    let console = signed_out().await;
    console
        .server
        .json(Method::Post, "/session", &fixtures::ada());
    fill_in(&console).await;
    console.press(Role::Button, "Sign in").await;
    until("home", || address() == "/plans/acme/security-control").await;
    let calls = console.server.calls();
    let sent = calls.iter().find(|call| call.method == Method::Post);
    let body = sent.and_then(|call| call.body.as_deref());
    let expected = format!(
        r#"{{"email":"ada@acme.example","password":" secret ","locale":{}}}"#,
        locale_of_the_browser()
    );
    assert_eq!(body, Some(expected.as_str()));
}

/// The browser's language and time zone, asked of the browser itself.
fn locale_of_the_browser() -> String {
    let text = js_sys::eval(
        "JSON.stringify({ language: navigator.language.startsWith('de') ? 'de' : 'en', \
         time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone })",
    );
    text.expect("it runs").as_string().expect("a text")
}

#[wasm_bindgen_test]
async fn a_wrong_password_is_worded_and_what_was_typed_stays() {
    let console = signed_out().await;
    console
        .server
        .problem(Method::Post, "/session", Kind::CredentialsWrong);
    fill_in(&console).await;
    console.press(Role::Button, "Sign in").await;
    assert_eq!(console.all(Role::Alert).len(), 1);
    assert!(console.says("Email or password is wrong."));
    assert_eq!(typed(&console, "Email"), "ada@acme.example");
    assert_eq!(typed(&console, "Password"), " secret ");
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn too_many_attempts_say_how_long_to_wait() {
    let console = signed_out().await;
    let problem = Problem {
        detail: Some("try again in 42 seconds".to_owned()),
        ..Problem::new(Kind::RateLimited)
    };
    let answer = Response::json(429, &problem);
    console
        .server
        .on(Method::Post, "/session", move |_| answer.clone());
    fill_in(&console).await;
    console.press(Role::Button, "Sign in").await;
    assert!(console.says("There were too many attempts."));
    assert!(console.says("Try again in 42 seconds."));
}

#[wasm_bindgen_test]
async fn the_button_cannot_be_pressed_twice() {
    let console = signed_out().await;
    console
        .server
        .json(Method::Post, "/session", &fixtures::ada());
    let answer = console.server.hold(Method::Post, "/session");
    fill_in(&console).await;
    console.press(Role::Button, "Sign in").await;
    console.press(Role::Button, "Sign in").await;
    let button = console.get(Role::Button, "Sign in");
    assert_eq!(button.get_attribute("aria-busy").as_deref(), Some("true"));
    assert_eq!(console.server.count(Method::Post, "/session"), 1);
    answer.release();
    until("home", || address() == "/plans/acme/security-control").await;
}

#[wasm_bindgen_test]
async fn a_server_out_of_reach_is_said_and_what_was_typed_stays() {
    let console = signed_out().await;
    console.server.set_connected(false);
    fill_in(&console).await;
    console.press(Role::Button, "Sign in").await;
    assert!(console.says("Tenure cannot be reached."));
    assert!(console.says("Send it again once the connection is back."));
    assert_eq!(typed(&console, "Password"), " secret ");
    console.server.set_connected(true);
    console
        .server
        .json(Method::Post, "/session", &fixtures::ada());
    console.press(Role::Button, "Sign in").await;
    until("home", || address() == "/plans/acme/security-control").await;
}

#[wasm_bindgen_test]
async fn whoever_is_signed_in_already_is_led_on() {
    let console = Console::open("/sign-in?next=%2Fsettings%2Fprofile").await;
    until("the page asked for", || address() == "/settings/profile").await;
    settle().await;
    console.get(Role::Heading, "Personal Settings");
}
