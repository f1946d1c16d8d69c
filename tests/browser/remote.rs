//! Views that wait for the server: nothing jumps, and nothing is shown that is not so any more.

use tenure_console::{
    api::transport::{Method, Response},
    text::common::TRY_AGAIN,
};
use tenure_domain::problem::Kind;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::{
    axe, fixtures,
    harness::{Console, Role, accessible_name, focused, settle, until},
};

const SECURITY: &str = "/plans/acme/security-control";
const TOKENS: &str = "/settings/api-access";
const POLICY: &str = "/plans/acme/expiration-policy";
/// A page, and what it waits for.
const WAITS: [(&str, &str); 7] = [
    ("/plans/acme/audit-log", "/plans/acme/audit-events"),
    ("/settings/profile", "/session"),
    (SECURITY, "/session"),
    (SECURITY, POLICY),
    (SECURITY, "/plans/acme/expiration-policy/history"),
    (TOKENS, POLICY),
    (TOKENS, "/me/tokens"),
];

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
async fn every_view_that_waits_for_its_first_answer_shows_it_after_a_moment_and_not_before() {
    for (page, endpoint) in WAITS {
        let server = fixtures::server();
        let answer = server.hold(Method::Get, endpoint);
        let console = Console::open_at(page, server).await;
        axe::put_styles();
        console.advance(149).await;
        assert!(!console.says("Loading"), "{page} without {endpoint}");
        console.advance(1).await;
        assert!(console.says("Loading"), "{page} without {endpoint}");
        let lines = crate::harness::select(&console.root, ".skeleton.shown .skeleton-line");
        let visible = |line: &HtmlElement| line.offset_height() > 0 && line.offset_width() > 100;
        assert!(lines.iter().any(visible), "{page} without {endpoint}");
        axe::check(&console.root).await;
        answer.release();
        until("the answer is there", || !console.says("Loading")).await;
    }
}

/// The buttons that try again.
fn retries(console: &Console) -> Vec<HtmlElement> {
    let buttons = console.all(Role::Button);
    let tries = |button: &HtmlElement| accessible_name(button) == TRY_AGAIN;
    buttons.into_iter().filter(tries).collect()
}

#[wasm_bindgen_test]
async fn trying_again_shows_progress_until_the_answer_is_there_and_asks_once() {
    for (page, endpoint) in WAITS {
        let server = fixtures::server();
        server.problem(Method::Get, endpoint, Kind::Internal);
        let console = Console::open_at(page, server).await;
        let before = retries(&console);
        let button = before.first().expect("a way on");
        assert!(!button.has_attribute("aria-busy"), "{page}: {endpoint}");
        let asked = console.server.count(Method::Get, endpoint);
        let mended = fixtures::server();
        console
            .server
            .on(Method::Get, endpoint, move |call| mended.answer_to(call));
        let answer = console.server.hold(Method::Get, endpoint);
        button.click();
        settle().await;
        for state in ["aria-busy", "aria-disabled"] {
            let value = button.get_attribute(state);
            assert_eq!(value.as_deref(), Some("true"), "{page}: {endpoint}");
        }
        button.click();
        settle().await;
        let asked = console.server.count(Method::Get, endpoint) - asked;
        assert_eq!(asked, 1, "{page}: {endpoint}");
        answer.release();
        until("one problem less", || {
            retries(&console).len() == before.len() - 1
        })
        .await;
    }
}

#[wasm_bindgen_test]
async fn trying_again_keeps_the_focus_when_it_fails_again_and_takes_none() {
    for (page, endpoint) in WAITS {
        let server = fixtures::server();
        let count = std::cell::Cell::new(0);
        server.on(Method::Get, endpoint, move |_| {
            count.set(count.get() + 1);
            let mut problem = tenure_domain::problem::Problem::new(Kind::Internal);
            problem.reference = format!("failure-{}", count.get());
            Response::json(500, &problem)
        });
        let console = Console::open_at(page, server).await;
        let references = || console.text().matches("failure-").count();
        let shown = references();
        for _ in 0..2 {
            let button = retries(&console).into_iter().next().expect("a way on");
            let before = console.text();
            button.focus().expect("it takes the focus");
            button.click();
            until("it has failed again", || {
                console.text() != before && references() == shown
            })
            .await;
            settle().await;
            let name = focused()
                .and_then(|it| it.text_content())
                .unwrap_or_default();
            assert_eq!(name, TRY_AGAIN, "{page}: {endpoint}");
        }
        // Somebody who has gone elsewhere is not fetched back.
        let Some(elsewhere) = console.find(Role::Link, "Skip to content") else {
            continue;
        };
        let button = retries(&console).into_iter().next().expect("a way on");
        let before = console.text();
        button.click();
        elsewhere.focus().expect("it takes the focus");
        until("it has failed again", || {
            console.text() != before && references() == shown
        })
        .await;
        settle().await;
        let name = focused()
            .and_then(|it| it.text_content())
            .unwrap_or_default();
        assert_eq!(name, "Skip to content", "{page}: {endpoint}");
    }
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
