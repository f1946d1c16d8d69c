//! What an invitation's link leads to.

use tenure_console::api::transport::{Method, Response};
use tenure_domain::{
    invitation::Unusable,
    plan::Role as PlanRole,
    problem::{FieldError, Kind, Problem},
    time::DAY,
    wire::invitations::InvitationOffer,
};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlInputElement;

use crate::{
    axe, fixtures,
    harness::{Console, Role, address, focused, until},
};

const LINK: &str = "/invitation#the-code";
const LOOK_UP: &str = "/invitations/look-up";
const ACCEPT: &str = "/invitations/accept";

fn offer(has_account: bool) -> InvitationOffer {
    InvitationOffer {
        plan: "Acme".to_owned(),
        email: "eve@acme.example".to_owned(),
        name: Some("Eve".to_owned()),
        role: PlanRole::Member,
        invited_by: "Ada".to_owned(),
        expires_at: fixtures::NOW.saturating_add(DAY),
        has_account,
    }
}

async fn open(path: &str, has_account: bool) -> Console {
    let server = fixtures::server();
    server.problem(Method::Get, "/session", Kind::TokenMissing);
    server.json(Method::Post, LOOK_UP, &offer(has_account));
    Console::open_at(path, server).await
}

fn sent(console: &Console, path: &str) -> String {
    let calls = console.server.calls();
    let call = calls.iter().rev().find(|call| call.path == path);
    call.and_then(|call| call.body.clone()).unwrap_or_default()
}

#[wasm_bindgen_test]
async fn an_address_without_the_code_says_what_is_missing() {
    let console = open("/invitation", false).await;
    console.get(Role::Heading, "This address is not complete");
    assert_eq!(console.server.count(Method::Post, LOOK_UP), 0);
    axe::check(&console.root).await;
    let location = leptos::prelude::window().location();
    location.set_hash("the-code").expect("a fragment");
    until("the form", || {
        console.find(Role::Heading, "Join Acme").is_some()
    })
    .await;
}

#[wasm_bindgen_test]
async fn the_code_leaves_the_address_bar_and_somebody_new_joins() {
    let console = open(LINK, false).await;
    console.get(Role::Heading, "Join Acme");
    assert_eq!(address(), "/invitation");
    assert_eq!(sent(&console, LOOK_UP), r#"{"code":"the-code"}"#);
    assert!(console.says("Ada invites you to the plan Acme in Tenure, as a member."));
    let field =
        |label: &str| -> HtmlInputElement { console.field(label).dyn_into().expect("a field") };
    assert_eq!(
        (field("Email").value(), field("Email").read_only()),
        ("eve@acme.example".to_owned(), true)
    );
    assert_eq!(field("Your name").value(), "Eve");
    assert_eq!(field("Password").autocomplete(), "new-password");
    axe::check(&console.root).await;
    let session = Response::json(201, &fixtures::ada());
    console
        .server
        .on(Method::Post, ACCEPT, move |_| session.clone());
    console.fill("Your name", "Eve E.").await;
    console.fill("Password", "a good password").await;
    console.press(Role::Button, "Accept invitation").await;
    until("the console", || {
        address() == "/plans/acme/security-control"
    })
    .await;
    let body = sent(&console, ACCEPT);
    let expected = r#"{"code":"the-code","name":"Eve E.","password":"a good password""#;
    assert!(body.starts_with(expected), "{body}");
}

#[wasm_bindgen_test]
async fn whoever_has_an_account_gives_its_password_alone() {
    let console = open(LINK, true).await;
    assert!(console.says("You have an account under this address."));
    assert!(!console.says("Your name"));
    axe::check(&console.root).await;
    console.press(Role::Button, "Accept invitation").await;
    assert_eq!(console.server.count(Method::Post, ACCEPT), 0);
    assert_eq!(focused(), Some(console.field("Password").into()));
    console
        .server
        .problem(Method::Post, ACCEPT, Kind::CredentialsWrong);
    // It may be shorter than a new one could be.
    console.fill("Password", "short").await;
    console.press(Role::Button, "Accept invitation").await;
    assert!(console.says("Email or password is wrong."));
    assert!(!sent(&console, ACCEPT).contains("\"name\""));
    let field: HtmlInputElement = console.field("Password").dyn_into().expect("a field");
    assert_eq!(field.value(), "short", "what was typed stays");
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn what_is_not_valid_is_said_beside_its_field() {
    let console = open(LINK, false).await;
    console.fill("Your name", " ").await;
    console.fill("Password", "short").await;
    console.press(Role::Button, "Accept invitation").await;
    assert!(console.says("Type a name.") && console.says("Use at least 8 characters."));
    assert_eq!(console.server.count(Method::Post, ACCEPT), 0);
    assert_eq!(focused(), Some(console.field("Your name").into()));
    console.fill("Your name", "Eve").await;
    console.fill("Password", "long enough").await;
    let problem = Problem {
        errors: vec![FieldError {
            pointer: "/name".to_owned(),
            code: "name_missing".to_owned(),
            detail: "a name is missing".to_owned(),
        }],
        ..Problem::new(Kind::ValidationFailed)
    };
    let answer = Response::json(422, &problem);
    console
        .server
        .on(Method::Post, ACCEPT, move |_| answer.clone());
    console.press(Role::Button, "Accept invitation").await;
    assert!(console.says("Type a name."));
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn a_link_that_opens_nothing_says_why() {
    for why in Unusable::ALL {
        let server = fixtures::server();
        server.problem(Method::Get, "/session", Kind::TokenMissing);
        let problem = Problem {
            detail: Some(why.to_string()),
            errors: vec![why.at("/code")],
            reference: "ref-1".to_owned(),
            ..Problem::new(Kind::InvitationInvalid)
        };
        let answer = Response::json(410, &problem);
        server.on(Method::Post, LOOK_UP, move |_| answer.clone());
        let console = Console::open_at(LINK, server).await;
        console.get(Role::Heading, "Invitation");
        assert!(console.says("This invitation cannot be accepted."));
        assert!(console.says(&why.to_string()), "{why}: {}", console.text());
        assert!(!console.says("ref-1"), "there is nothing to look up");
        console.get(Role::Link, "To sign-in");
        axe::check(&console.root).await;
    }
}

#[wasm_bindgen_test]
async fn an_invitation_that_is_withdrawn_meanwhile_says_so() {
    let console = open(LINK, false).await;
    let problem = Problem {
        detail: Some(Unusable::Withdrawn.to_string()),
        errors: vec![Unusable::Withdrawn.at("/code")],
        ..Problem::new(Kind::InvitationInvalid)
    };
    let answer = Response::json(410, &problem);
    console
        .server
        .on(Method::Post, ACCEPT, move |_| answer.clone());
    console.fill("Password", "long enough").await;
    console.press(Role::Button, "Accept invitation").await;
    assert!(
        console.says(&Unusable::Withdrawn.to_string()),
        "{}",
        console.text()
    );
}

#[wasm_bindgen_test]
async fn while_it_is_looked_up_its_place_is_kept() {
    let server = fixtures::server();
    server.json(Method::Post, LOOK_UP, &offer(false));
    let held = server.hold(Method::Post, LOOK_UP);
    let console = Console::open_at(LINK, server).await;
    console.get(Role::Heading, "Invitation");
    console.advance(200).await;
    assert!(console.says("Loading"));
    axe::check(&console.root).await;
    held.release();
    until("the form", || {
        console.find(Role::Heading, "Join Acme").is_some()
    })
    .await;
}
