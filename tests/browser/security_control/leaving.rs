//! What was typed is lost only to people who have said so, whichever way they leave.

use leptos::prelude::window;
use web_sys::{Event, EventInit};

use super::*;

const QUESTION: &str = "Leave without activating?";
const SETTINGS: &str = "/settings/api-access";

#[wasm_bindgen_test]
async fn leaving_asks_before_a_typed_period_is_lost() {
    let console = Console::open_at(PAGE, server_with(&version(1, Some(DAYS_90), "Ada"))).await;
    console.press(Role::Button, "Change").await;
    assert_eq!(focused(), Some(console.field("Duration").into()));
    console.fill("Duration", "9").await;
    console.press(Role::Link, "Personal Settings").await;
    console.get(Role::Dialog, "Leave without activating?");
    console.press(Role::Button, "Stay").await;
    assert_eq!(address(), PAGE);
    assert_eq!(typed(&console).0, "9", "nothing is lost");
    console.press(Role::Link, "Personal Settings").await;
    console.press(Role::Button, "Leave").await;
    assert_eq!(address(), SETTINGS);
}

#[wasm_bindgen_test]
async fn leaving_asks_nothing_where_nothing_was_typed() {
    let console = Console::open_at(PAGE, server_with(&version(1, Some(DAYS_90), "Ada"))).await;
    console.press(Role::Button, "Change").await;
    console.press(Role::Link, "Personal Settings").await;
    assert_eq!(address(), SETTINGS);
}

/// The page, reached from the profile, with a period typed that was not activated.
async fn typed_after_the_profile() -> Console {
    let console = Console::open("/settings/profile").await;
    console.press(Role::Link, "Security & Control").await;
    console.press(Role::Switch, "Expiration period").await;
    console.fill("Duration", "9").await;
    console
}

/// Moves in the browser's history, as its buttons do, and waits until the page asks.
async fn step(console: &Console, entries: i32) {
    let history = window().history().expect("a history");
    history.go_with_delta(entries).expect("a move");
    until("it asks", || console.find(Role::Dialog, QUESTION).is_some()).await;
    until("the address is back", || address() == PAGE).await;
}

#[wasm_bindgen_test]
async fn the_browsers_back_asks_too_and_leads_where_it_would_have_led() {
    let console = typed_after_the_profile().await;
    for _ in 0..2 {
        step(&console, -1).await;
        console.press(Role::Button, "Stay").await;
        assert_eq!(typed(&console).0, "9", "nothing is lost");
    }
    step(&console, -1).await;
    console.press(Role::Button, "Leave").await;
    until("the profile", || address() == "/settings/profile").await;
    console.get(Role::Heading, "Personal Settings");
    // No entry was added or lost: forward leads to the page again, and it asks nothing by now.
    let history = window().history().expect("a history");
    history.forward().expect("forward");
    until("the page", || address() == PAGE).await;
    history.back().expect("back");
    until("the profile again", || address() == "/settings/profile").await;
    assert!(console.all(Role::Dialog).is_empty());
}

#[wasm_bindgen_test]
async fn the_browsers_forward_asks_too() {
    let console = Console::open(PAGE).await;
    console.press(Role::Link, "Personal Settings").await;
    console.press(Role::Link, "Profile").await;
    let history = window().history().expect("a history");
    history.go_with_delta(-2).expect("a move");
    until("the page", || address() == PAGE).await;
    console.press(Role::Switch, "Expiration period").await;
    console.fill("Duration", "9").await;
    step(&console, 2).await;
    console.press(Role::Button, "Leave").await;
    until("two entries on", || address() == "/settings/profile").await;
}

#[wasm_bindgen_test]
async fn back_asks_nothing_where_nothing_was_typed() {
    let console = typed_after_the_profile().await;
    console.press(Role::Button, "Cancel").await;
    window().history().expect("a history").back().expect("back");
    until("the profile", || address() == "/settings/profile").await;
    assert!(console.all(Role::Dialog).is_empty());
}

#[wasm_bindgen_test]
async fn signing_out_asks_too() {
    let console = typed_after_the_profile().await;
    console
        .server
        .on(Method::Delete, "/session", |_| Response::empty(204));
    console
        .server
        .problem(Method::Get, "/session", Kind::SessionExpired);
    console.press(Role::Button, "Ada").await;
    console.press(Role::Button, "Sign out").await;
    console.get(Role::Dialog, QUESTION);
    assert_eq!(console.server.count(Method::Delete, "/session"), 0);
    console.press(Role::Button, "Leave").await;
    console.get(Role::Heading, "Sign in to Tenure");
    assert_eq!(console.server.count(Method::Delete, "/session"), 1);
}

#[wasm_bindgen_test]
async fn another_plan_is_chosen_once_the_page_is_left() {
    let console = typed_after_the_profile().await;
    console.pick("Plan", "Basil").await;
    console.press(Role::Button, "Stay").await;
    let plan = || console.field("Plan").unchecked_into::<HtmlSelectElement>();
    assert_eq!(plan().value(), "acme");
    console.pick("Plan", "Basil").await;
    console.press(Role::Button, "Leave").await;
    assert_eq!(address(), SETTINGS);
    assert_eq!(plan().value(), "basil");
}

/// Whether the browser asks before it closes the page or loads it anew.
fn browser_asks() -> bool {
    let init = EventInit::new();
    init.set_cancelable(true);
    let event = Event::new_with_event_init_dict("beforeunload", &init).expect("an event");
    window().dispatch_event(&event).expect("a dispatch");
    event.default_prevented()
}

#[wasm_bindgen_test]
async fn the_browser_asks_before_it_closes_the_page_or_loads_it_anew() {
    let console = typed_after_the_profile().await;
    assert!(browser_asks());
    console.press(Role::Button, "Cancel").await;
    assert!(!browser_asks());
}
