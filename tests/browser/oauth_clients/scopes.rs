//! The plan's own scopes, and Tenure's.

use super::*;

const DEFINE: &str = "Define a scope";
const WRITE: &str = "/plans/acme/scopes/orders%3Awrite";
const READ: &str = "/plans/acme/scopes/orders%3Aread";

#[wasm_bindgen_test]
async fn tenures_own_scopes_are_listed_and_cannot_be_changed() {
    let console = with(&[]).await;
    for own in OwnScope::ALL {
        let row = row(&console, own.as_str()).expect("a row");
        assert!(row.contains(own.sentence()), "{row}");
        assert!(row.ends_with("Tenure's own"), "{row}");
        for words in ["Reword", "Remove"] {
            assert!(in_row(&console, own.as_str(), words).is_none());
        }
    }
    let orders = row(&console, "orders:read").expect("a row");
    assert!(orders.contains("See your orders"), "{orders}");
    for words in ["Reword", "Remove"] {
        assert!(in_row(&console, "orders:read", words).is_some());
    }
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn a_scope_is_defined_by_its_name_and_its_sentence() {
    let console = with(&[]).await;
    console.press(Role::Button, DEFINE).await;
    console.get(Role::Dialog, DEFINE);
    axe::check(&console.root).await;
    let defined = scope("orders:write", "Change your orders");
    console.server.json(Method::Put, WRITE, &defined);
    offer(
        &console.server,
        &[scope("orders:read", "See your orders"), defined],
    );
    console.fill("Name", " orders:write ").await;
    console.fill("Sentence", " Change your orders ").await;
    console.press(Role::Button, "Define").await;
    assert_eq!(
        last(&console, Method::Put),
        r#"{"sentence":"Change your orders"}"#
    );
    assert!(console.all(Role::Dialog).is_empty());
    assert!(console.says("orders:write is saved."));
    assert!(row(&console, "orders:write").is_some());
    assert!(focus_is_on("Scopes"));
}

#[wasm_bindgen_test]
async fn a_scope_is_worded_anew_and_its_name_stays() {
    let console = with(&[]).await;
    press_in_row(&console, "orders:read", "Reword").await;
    console.get(Role::Dialog, "Reword orders:read");
    let fields = select(&console.root, "dialog[open] input");
    let names: Vec<_> = fields.iter().map(accessible_name).collect();
    assert_eq!(names, ["Sentence"]);
    let sentence: HtmlInputElement = console.field("Sentence").unchecked_into();
    assert_eq!(sentence.value(), "See your orders");
    axe::check(&console.root).await;
    let reworded = scope("orders:read", "See what you ordered");
    console.server.json(Method::Put, READ, &reworded);
    offer(&console.server, &[reworded]);
    console.fill("Sentence", "See what you ordered").await;
    console.press(Role::Button, "Save").await;
    assert_eq!(
        last(&console, Method::Put),
        r#"{"sentence":"See what you ordered"}"#
    );
    assert!(row(&console, "orders:read").is_some_and(|row| row.contains("See what you ordered")));
    assert!(focus_is_on("Scopes"));
}

#[wasm_bindgen_test]
async fn what_is_wrong_with_a_scope_is_said_beside_its_field() {
    let console = with(&[]).await;
    console.press(Role::Button, DEFINE).await;
    console.press(Role::Button, "Define").await;
    assert!(console.says("A scope needs a name."));
    assert!(console.says("Say what it lets somebody do."));
    assert!(focus_is_on("Name"));
    axe::check(&console.root).await;
    console.fill("Sentence", "See your orders").await;
    for (name, words) in [
        ("Orders", "A scope's name has small letters"),
        ("tokens:read", "This scope is Tenure's own"),
        ("orders:read", "The plan has this scope already"),
    ] {
        console.fill("Name", name).await;
        assert!(console.says(words), "{name}: {}", console.text());
        console.press(Role::Button, "Define").await;
    }
    let puts = console.server.calls();
    assert!(puts.iter().all(|call| call.method != Method::Put));
}

#[wasm_bindgen_test]
async fn a_refusal_of_the_name_stands_beside_it_and_a_failure_keeps_what_was_typed() {
    let console = with(&[]).await;
    console.press(Role::Button, DEFINE).await;
    console.fill("Name", "orders:write").await;
    console.fill("Sentence", "Change your orders").await;
    // The name is in the request's path: its pointer is the whole.
    let answer = refusal("", "too_many_scopes", "there can be at most 50 scopes");
    console
        .server
        .on(Method::Put, WRITE, move |_| answer.clone());
    console.press(Role::Button, "Define").await;
    assert!(console.says("There can be at most 50 scopes."));
    assert!(focus_is_on("Name"));
    console.server.set_connected(false);
    console.press(Role::Button, "Define").await;
    assert!(console.says("cannot be reached"));
    let name: HtmlInputElement = console.field("Name").unchecked_into();
    assert_eq!(name.value(), "orders:write");
    axe::check(&console.root).await;
}
