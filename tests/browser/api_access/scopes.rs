//! What a new token may do, and what a listed one may.

use tenure_domain::{
    scope::{OwnScope, Scopes},
    wire::scopes::{Scope, ScopeList},
};

use super::*;

const ACME_SCOPES: &str = "/plans/acme/scopes";

fn offered(server: &Fake) {
    let own = OwnScope::ALL.into_iter().map(Scope::from);
    let orders = fixtures::scope("orders:read", "See the orders of the shop");
    let items = own.chain([orders]).collect();
    server.json(Method::Get, ACME_SCOPES, &ScopeList { items });
}

/// The page with the dialog that generates a token in Acme.
async fn asked() -> Console {
    let console = with(&[], &[]).await;
    offered(&console.server);
    can_generate(&console.server);
    console.press(Role::Button, GENERATE).await;
    console.fill("Name", "ci").await;
    console
}

async fn check(console: &Console, name: &str) {
    console.field(name).click();
    settle().await;
}

fn body(console: &Console) -> String {
    let calls = console.server.calls().into_iter();
    let post = calls.rev().find(|call| call.method == Method::Post);
    post.and_then(|call| call.body).unwrap_or_default()
}

#[wasm_bindgen_test]
async fn a_token_may_do_what_is_checked_and_nothing_at_first() {
    let console = asked().await;
    assert!(console.says("the token has no scopes, and tells an API only who you are"));
    for words in ["What it may do", "See the orders of the shop"] {
        assert!(console.says(words), "{words:?} in {}", console.text());
    }
    axe::check(&console.root).await;
    for name in ["orders:read", "tokens:read", "policy:read", "policy:read"] {
        check(&console, name).await;
    }
    assert!(console.says("the token do what is checked, and nothing else"));
    console.press(Role::Button, "Generate").await;
    assert_eq!(
        body(&console),
        r#"{"plan":"acme","name":"ci","scopes":["orders:read","tokens:read"]}"#
    );
}

#[wasm_bindgen_test]
async fn another_plan_offers_its_own_and_typing_asks_for_nothing() {
    let console = asked().await;
    console.fill("Name", "ci-runner").await;
    assert_eq!(console.server.count(Method::Get, ACME_SCOPES), 1);
    for name in ["orders:read", "tokens:read"] {
        check(&console, name).await;
    }
    let dialog = console.get(Role::Dialog, "Generate a new access token");
    let plan = select(&dialog, "select").into_iter().next();
    let plan: web_sys::HtmlSelectElement = plan.expect("a choice").unchecked_into();
    plan.set_value("basil");
    fire(&plan, "change");
    settle().await;
    assert!(!console.says("orders:read"));
    console.press(Role::Button, "Generate").await;
    assert_eq!(
        body(&console),
        r#"{"plan":"basil","name":"ci-runner","scopes":["tokens:read"]}"#
    );
}

#[wasm_bindgen_test]
async fn a_scope_that_is_refused_is_said_beside_the_boxes() {
    let console = asked().await;
    let problem = Problem {
        errors: vec![FieldError {
            pointer: "/scopes".to_owned(),
            code: "scope_unknown".to_owned(),
            detail: "no such scope is offered in this plan".to_owned(),
        }],
        ..Problem::new(Kind::ValidationFailed)
    };
    let answer = Response::json(422, &problem);
    console
        .server
        .on(Method::Post, TOKENS, move |_| answer.clone());
    check(&console, "orders:read").await;
    console.press(Role::Button, "Generate").await;
    assert!(console.says("No such scope is offered in this plan."));
    let focus = focused().map(|it| it.tag_name());
    assert_eq!(focus.as_deref(), Some("FIELDSET"));
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn scopes_that_do_not_come_can_be_tried_again_and_stop_nobody() {
    let console = with(&[], &[]).await;
    console
        .server
        .problem(Method::Get, ACME_SCOPES, Kind::Internal);
    can_generate(&console.server);
    console.press(Role::Button, GENERATE).await;
    assert!(console.says("ref-1"));
    axe::check(&console.root).await;
    offered(&console.server);
    console.press(Role::Button, "Try again").await;
    assert!(console.says("See the orders of the shop"));
    console.fill("Name", "ci").await;
    console.press(Role::Button, "Generate").await;
    assert_eq!(body(&console), r#"{"plan":"acme","name":"ci"}"#);
}

#[wasm_bindgen_test]
async fn a_listed_token_shows_its_scopes() {
    let scope = Scopes::parse("tokens:read orders:read").expect("scopes");
    let scoped = Token {
        scope,
        ..token("ci-runner")
    };
    let console = with(&[scoped, token("spare")], &[]).await;
    let text = row(&console, "ci-runner").expect("a row");
    assert!(text.contains("Scopes: orders:read, tokens:read"), "{text}");
    assert!(row(&console, "spare").is_some_and(|text| !text.contains("Scopes")));
    axe::check(&console.root).await;
}
