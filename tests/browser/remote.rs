//! Views that wait for the server: nothing jumps, and nothing is shown that is not so any more.

use tenure_console::api::transport::Method;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{
    axe, fixtures,
    harness::{Console, Role, settle},
};

const POLICY: &str = "/plans/acme/expiration-policy";

#[wasm_bindgen_test]
async fn the_skeleton_keeps_the_place_at_once_and_shows_after_a_moment() {
    let server = fixtures::server();
    let answer = server.hold(Method::Get, POLICY);
    let console = Console::open_at("/plans/acme/security-control", server).await;
    axe::put_styles();
    let skeleton = console
        .root
        .query_selector(".skeleton")
        .expect("a selector");
    assert!(skeleton.is_some());
    assert!(!console.says("Loading"));
    console.advance(149).await;
    assert!(!console.says("Loading"));
    console.advance(1).await;
    assert!(console.says("Loading"));
    axe::check(&console.root).await;
    answer.release();
    settle().await;
    assert!(console.find(Role::Switch, "Expiration period").is_some());
    let skeleton = console
        .root
        .query_selector(".skeleton")
        .expect("a selector");
    assert!(skeleton.is_none());
}

#[wasm_bindgen_test]
async fn an_answer_for_a_page_that_is_gone_changes_nothing() {
    let server = fixtures::server();
    let answer = server.hold(Method::Get, POLICY);
    let console = Console::open_at("/plans/acme/security-control", server).await;
    console.press(Role::Link, "Personal Settings").await;
    answer.release();
    console.advance(1_000).await;
    assert!(console.find(Role::Switch, "Expiration period").is_none());
    console.get(Role::Heading, "Personal Settings");
}
