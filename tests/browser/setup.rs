//! The first-run setup page.

use tenure_console::api::transport::{Method, Response};
use tenure_domain::problem::{FieldError, Kind, Problem};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{
    axe, fixtures,
    harness::{Console, Role, address, focused, until},
};

const LINK: &str = "/setup#the-code";

async fn open(path: &str) -> Console {
    let server = fixtures::server();
    server.problem(Method::Get, "/session", Kind::TokenMissing);
    Console::open_at(path, server).await
}

async fn fill_in(console: &Console) {
    for (label, text) in [
        ("Plan", "Acme"),
        ("Your name", "Ada"),
        ("Email", "ada@acme.example"),
        ("Password", "a good password"),
    ] {
        console.fill(label, text).await;
    }
}

#[wasm_bindgen_test]
async fn an_address_without_the_code_says_what_is_missing() {
    let console = open("/setup").await;
    console.get(Role::Heading, "This address is not complete");
    assert!(console.find(Role::Button, "Set up").is_none());
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn the_code_leaves_the_address_bar() {
    let console = open(LINK).await;
    console.get(Role::Heading, "Set up Tenure");
    assert_eq!(address(), "/setup");
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn a_link_that_is_pasted_into_the_open_page_works() {
    let console = open("/setup").await;
    let location = leptos::prelude::window().location();
    location.set_hash("the-code").expect("a fragment");
    until("the form", || {
        console.find(Role::Button, "Set up").is_some()
    })
    .await;
}

#[wasm_bindgen_test]
async fn setting_up_sends_the_code_and_leads_into_the_console() {
    let console = open(LINK).await;
    let session = Response::json(201, &fixtures::ada());
    console
        .server
        .on(Method::Post, "/setup", move |_| session.clone());
    fill_in(&console).await;
    console.press(Role::Button, "Set up").await;
    until("the console", || {
        address() == "/plans/acme/security-control"
    })
    .await;
    let calls = console.server.calls();
    let sent = calls.iter().find(|call| call.method == Method::Post);
    let body = sent.and_then(|call| call.body.clone()).unwrap_or_default();
    assert!(
        body.contains(r#""code":"the-code","plan":"Acme","name":"Ada""#),
        "{body}"
    );
}

#[wasm_bindgen_test]
async fn what_is_not_valid_is_said_beside_its_field_and_nothing_is_sent() {
    let console = open(LINK).await;
    console.fill("Plan", "Acme").await;
    console.fill("Your name", "Ada").await;
    console.fill("Email", "ada").await;
    console.fill("Password", "short").await;
    console.press(Role::Button, "Set up").await;
    assert!(console.says("Type an email address"));
    assert!(console.says("Use at least 8 characters."));
    assert_eq!(focused(), Some(console.field("Email").into()));
    assert_eq!(console.server.count(Method::Post, "/setup"), 0);
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn the_servers_refusal_of_a_field_stands_beside_it() {
    let console = open(LINK).await;
    let problem = Problem {
        errors: vec![FieldError {
            pointer: "/email".to_owned(),
            code: "email_taken".to_owned(),
            detail: "somebody has this address".to_owned(),
        }],
        ..Problem::new(Kind::ValidationFailed)
    };
    let answer = Response::json(422, &problem);
    console
        .server
        .on(Method::Post, "/setup", move |_| answer.clone());
    fill_in(&console).await;
    console.press(Role::Button, "Set up").await;
    assert!(console.says("Somebody has this address."));
    assert_eq!(focused(), Some(console.field("Email").into()));
}

#[wasm_bindgen_test]
async fn a_link_that_is_used_up_says_what_to_do() {
    let console = open(LINK).await;
    console
        .server
        .problem(Method::Post, "/setup", Kind::SetupLinkInvalid);
    fill_in(&console).await;
    console.press(Role::Button, "Set up").await;
    assert!(console.says("This setup link is not valid any more."));
    console.get(Role::Link, "To sign-in");
    axe::check(&console.root).await;
}
