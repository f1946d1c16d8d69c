//! A server out of reach: said at once, recovered from without a hand.

use tenure_console::api::transport::Method;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{
    axe, fixtures,
    harness::{Console, Role, fire, settle},
};

const BANNER: &str = "What you typed is safe";

#[wasm_bindgen_test]
async fn a_console_that_starts_offline_starts_when_the_server_is_back() {
    let server = fixtures::server();
    server.set_connected(false);
    let console = Console::open_at("/settings/profile", server).await;
    assert!(console.says("Tenure cannot be reached."));
    axe::check(&console.root).await;
    console.server.set_connected(true);
    console.advance(1_000).await;
    console.get(Role::Heading, "Personal Settings");
    assert!(!console.says(BANNER));
}

#[wasm_bindgen_test]
async fn a_page_that_fails_offline_loads_by_itself_when_the_server_is_back() {
    let console = Console::open("/settings/profile").await;
    console.server.set_connected(false);
    console.press(Role::Link, "API Access").await;
    assert!(console.says(BANNER));
    axe::check(&console.root).await;
    console.server.set_connected(true);
    console.advance(1_000).await;
    assert!(!console.says(BANNER));
    assert!(console.says("The connection is back."));
    assert!(console.all(Role::Alert).is_empty(), "{}", console.text());
}

#[wasm_bindgen_test]
async fn tries_to_reach_the_server_come_ever_more_rarely() {
    let console = Console::open("/settings/profile").await;
    console.server.set_connected(false);
    console.press(Role::Link, "API Access").await;
    let knocks = || console.server.count(Method::Get, "/session") - 1;
    for (wait, expected) in [(999, 0), (1, 1), (1_999, 1), (1, 2), (3_999, 2), (1, 3)] {
        console.advance(wait).await;
        assert_eq!(knocks(), expected, "after {wait} more");
    }
}

#[wasm_bindgen_test]
async fn the_browsers_word_of_a_network_is_taken_at_once() {
    let console = Console::open("/settings/profile").await;
    console.server.set_connected(false);
    console.press(Role::Link, "API Access").await;
    console.server.set_connected(true);
    let window = leptos::prelude::window();
    let event = web_sys::Event::new("online").expect("an event");
    window.dispatch_event(&event).expect("a dispatch");
    settle().await;
    assert!(!console.says(BANNER));
}

#[wasm_bindgen_test]
async fn nothing_is_asked_while_the_server_is_in_reach() {
    let console = Console::open("/settings/profile").await;
    let calls = console.server.calls().len();
    fire(&console.root, "online");
    console.advance(120_000).await;
    assert_eq!(console.server.calls().len(), calls);
}
