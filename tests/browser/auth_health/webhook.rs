//! Where alerts are posted: the address, its secret for this one time, and what became of the latest post.

use tenure_console::api::transport::{Method, Response};
use tenure_domain::{
    live::Topic,
    problem::{FieldError, Kind, Problem},
    time::HOUR,
    wire::alerts::{NewWebhook, Webhook, WebhookDelivery},
};
use wasm_bindgen::JsCast as _;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};

use super::{PAGE, WEBHOOK, health, server};
use crate::{
    axe, fixtures,
    harness::{Console, Role, focused, select, settle},
    live::tell,
};

const HOOK: &str = "https://alerts.acme.example/tenure";

/// Posted since yesterday, where `latest` says something of it.
fn webhook(latest: Option<WebhookDelivery>) -> Webhook {
    Webhook {
        url: latest.is_some().then(|| HOOK.to_owned()),
        since: latest
            .is_some()
            .then(|| fixtures::NOW.saturating_add(-24 * HOUR)),
        latest,
    }
}

fn delivery(taken: Option<bool>, attempts: u32) -> WebhookDelivery {
    WebhookDelivery {
        at: fixtures::NOW.saturating_add(-HOUR),
        taken,
        reason: (taken != Some(true)).then(|| "it answered 500".to_owned()),
        attempts,
    }
}

#[wasm_bindgen_test]
async fn an_address_is_set_and_its_secret_is_shown_once() {
    let console = Console::open_at(PAGE, server(&health())).await;
    assert!(console.says("Alerts are posted nowhere."));
    console.server.on(Method::Put, WEBHOOK, |_| {
        let error = FieldError {
            pointer: "/url".to_owned(),
            code: "url_refused".to_owned(),
            detail: "it is an https address".to_owned(),
        };
        let problem = Problem {
            errors: vec![error],
            ..Problem::new(Kind::ValidationFailed)
        };
        Response::json(422, &problem)
    });
    console.fill("Address", "http://alerts").await;
    console.press(Role::Button, "Save address").await;
    assert!(console.says("It is an https address."));
    let field: HtmlInputElement = console.field("Address").unchecked_into();
    assert_eq!(
        field.value(),
        "http://alerts",
        "what was typed is still there"
    );
    assert_eq!(field.get_attribute("aria-invalid").as_deref(), Some("true"));
    axe::check(&console.root).await;

    let made = NewWebhook {
        url: HOOK.to_owned(),
        secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned(),
        since: fixtures::NOW,
    };
    console.server.json(Method::Put, WEBHOOK, &made);
    console.server.json(
        Method::Get,
        WEBHOOK,
        &webhook(Some(delivery(Some(true), 1))),
    );
    console.fill("Address", HOOK).await;
    console.press(Role::Button, "Save address").await;
    let secret = &select(&console.root, "textarea")[0];
    let secret: &HtmlTextAreaElement = secret.unchecked_ref();
    assert_eq!(secret.value(), made.secret);
    assert!(!console.says("It is an https address."));
    assert!(console.says(&format!("Alerts are posted to {HOOK} since")));
    let calls = console.server.calls();
    let sent = calls.iter().rev().find(|it| it.method == Method::Put);
    let seen = sent.and_then(|it| it.if_match.clone());
    assert_eq!(seen, Some(webhook(None).etag()));
    let body = sent.and_then(|it| it.body.clone());
    assert_eq!(body, Some(format!(r#"{{"url":"{HOOK}"}}"#)));
    axe::check(&console.root).await;
    axe::reflows(&console.root);
    console.press(Role::Button, "I have copied it").await;
    assert!(!console.root.inner_html().contains("whsec_"));
}

#[wasm_bindgen_test]
async fn a_test_is_posted_and_the_page_says_what_became_of_it() {
    let server = server(&health());
    server.json(
        Method::Get,
        WEBHOOK,
        &webhook(Some(delivery(Some(false), 5))),
    );
    let console = Console::open_at(PAGE, server).await;
    assert!(console.says("did not arrive") && console.says("after 5 tries (it answered 500)."));
    let path = format!("{WEBHOOK}/test");
    console
        .server
        .on(Method::Post, &path, |_| Response::empty(202));
    console.press(Role::Button, "Send a test").await;
    assert!(console.says("A test is on its way."));
    console.server.json(
        Method::Get,
        WEBHOOK,
        &webhook(Some(delivery(Some(true), 1))),
    );
    console.advance(2_000).await;
    assert!(console.says("The latest post arrived:"));
}

#[wasm_bindgen_test]
async fn why_a_test_was_not_posted_stays_while_the_page_loads_again() {
    let server = server(&health());
    let path = format!("{WEBHOOK}/test");
    server.json(Method::Get, WEBHOOK, &webhook(Some(delivery(None, 2))));
    server.on(Method::Post, &path, |_| Response::empty(202));
    let console = Console::open_at(PAGE, server).await;
    console.press(Role::Button, "Send a test").await;
    console.server.problem(Method::Post, &path, Kind::Internal);
    console.press(Role::Button, "Send a test").await;
    assert!(console.says("ref-1"));
    let before = console.server.count(Method::Get, WEBHOOK);
    console.advance(2_000).await;
    assert_eq!(console.server.count(Method::Get, WEBHOOK), before + 1);
    assert!(console.says("ref-1"), "{}", console.text());
}

#[wasm_bindgen_test]
async fn what_somebody_else_sets_shows_and_is_not_overwritten_unseen() {
    let console = Console::open_at(PAGE, server(&health())).await;
    console.fill("Address", "https://mine.example").await;
    let theirs = webhook(Some(delivery(Some(true), 1)));
    console.server.json(Method::Get, WEBHOOK, &theirs);
    console
        .server
        .problem(Method::Put, WEBHOOK, Kind::StaleVersion);
    console.press(Role::Button, "Save address").await;
    assert!(console.says("Somebody else changed this in the meantime."));
    assert!(console.says(&format!("Alerts are posted to {HOOK} since")));
    let field: HtmlInputElement = console.field("Address").unchecked_into();
    assert_eq!(field.value(), "https://mine.example");

    console
        .server
        .on(Method::Delete, WEBHOOK, |_| Response::empty(204));
    console.press(Role::Button, "Stop posting").await;
    console.server.json(Method::Get, WEBHOOK, &webhook(None));
    tell(&console, 1, &[Topic::Alerts]).await;
    assert!(console.says("Alerts are posted nowhere."));
    let dialog = console.get(Role::Dialog, "Stop posting alerts?");
    select(&dialog, "button.danger")[0].click();
    settle().await;
    let calls = console.server.calls();
    let sent = calls.iter().find(|it| it.method == Method::Delete);
    let seen = sent.and_then(|it| it.if_match.clone());
    assert_eq!(seen, Some(theirs.etag()), "as the question said it");
}

#[wasm_bindgen_test]
async fn posting_ends_after_a_question() {
    let server = server(&health());
    server.json(Method::Get, WEBHOOK, &webhook(Some(delivery(None, 2))));
    let console = Console::open_at(PAGE, server).await;
    assert!(console.says("The latest post is tried again; 2 tries failed (it answered 500)."));
    console.press(Role::Button, "Stop posting").await;
    assert!(console.says(&format!("{HOOK} hears of no alert from now on.")));
    console
        .server
        .on(Method::Delete, WEBHOOK, |_| Response::empty(204));
    console.server.json(Method::Get, WEBHOOK, &webhook(None));
    let dialog = console.get(Role::Dialog, "Stop posting alerts?");
    select(&dialog, "button.danger")[0].click();
    settle().await;
    assert!(console.says("Alerts are posted nowhere any more."));
    assert!(console.says("Alerts are posted nowhere."));
    assert_eq!(focused().expect("a focus").id(), "webhook");
}
