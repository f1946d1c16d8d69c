//! What stands around every page: navigation, plan switcher, menus, messages.

use leptos::prelude::*;
use tenure_console::state::toasts::Toasts;
use tenure_domain::plan::{Role as Member, Tier};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{
    axe, fixtures,
    harness::{Console, Role, address, focused, key, mount, settle, until},
};

#[wasm_bindgen_test]
async fn the_navigation_shows_the_pages_that_the_person_may_see() {
    let console = Console::open("/settings/profile").await;
    axe::check(&console.root).await;
    console.get(Role::Navigation, "Main");
    console.get(Role::Heading, "Admin Center");
    let here = console.get(Role::Link, "Personal Settings");
    assert_eq!(here.get_attribute("aria-current").as_deref(), Some("page"));
    drop(console);
    let server = fixtures::server_of(&fixtures::bo());
    let console = Console::open_at("/settings/profile", server).await;
    assert!(console.find(Role::Heading, "Admin Center").is_none());
    assert!(console.find(Role::Link, "Security & Control").is_none());
}

#[wasm_bindgen_test]
async fn switching_to_a_plan_that_one_administers_shows_its_security_and_control() {
    let server = fixtures::server_of(&fixtures::admin_of_two());
    let console = Console::open_at("/plans/acme/security-control", server).await;
    console.pick("Plan", "Basil").await;
    until("the other plan", || {
        address() == "/plans/basil/security-control"
    })
    .await;
    console.get(Role::Heading, "Security & Control");
    assert!(console.says("Basil, Pro plan"), "{}", console.text());
}

#[wasm_bindgen_test]
async fn switching_to_a_plan_that_one_is_a_member_of_leaves_the_admin_center() {
    let console = Console::open("/plans/acme/security-control").await;
    console.pick("Plan", "Basil").await;
    until("the tokens", || address() == "/settings/api-access").await;
    assert!(console.find(Role::Link, "Security & Control").is_none());
    console.pick("Plan", "Acme").await;
    until("the admin center", || {
        address() == "/plans/acme/security-control"
    })
    .await;
}

#[wasm_bindgen_test]
async fn the_switcher_follows_the_address() {
    let server = fixtures::server_of(&fixtures::admin_of_two());
    let console = Console::open_at("/plans/basil/security-control", server).await;
    let select: web_sys::HtmlSelectElement =
        wasm_bindgen::JsCast::unchecked_into(console.field("Plan"));
    assert_eq!(select.value(), "basil");
}

#[wasm_bindgen_test]
async fn a_single_plan_is_a_name_and_no_choice() {
    let server = fixtures::server_of(&fixtures::bo());
    let console = Console::open_at("/settings/profile", server).await;
    assert!(
        console
            .root
            .query_selector("header select")
            .expect("a selector")
            .is_none()
    );
    let bar = console.root.query_selector(".top").expect("a selector");
    assert!(bar.is_some_and(|bar| bar.text_content().unwrap_or_default().contains("Acme")));
}

#[wasm_bindgen_test]
async fn the_account_menu_opens_says_who_one_is_and_escape_gives_the_focus_back() {
    let console = Console::open("/plans/acme/security-control").await;
    assert!(console.find(Role::Button, "Sign out").is_none());
    console.press(Role::Button, "Ada").await;
    axe::check(&console.root).await;
    assert!(console.says("ada@acme.example"));
    let opener = console.get(Role::Button, "Ada");
    assert_eq!(
        opener.get_attribute("aria-expanded").as_deref(),
        Some("true")
    );
    key(&console.get(Role::Button, "Sign out"), "Escape");
    settle().await;
    assert!(console.find(Role::Button, "Sign out").is_none());
    assert_eq!(focused(), Some(opener.into()));
    console.press(Role::Button, "Ada").await;
    console.press(Role::Link, "Personal Settings…").await;
    until("the settings", || address() == "/settings/api-access").await;
    assert!(console.find(Role::Button, "Sign out").is_none());
}

#[wasm_bindgen_test]
async fn a_press_elsewhere_closes_a_menu() {
    let console = Console::open("/settings/profile").await;
    console.press(Role::Button, "Theme").await;
    console.get(Role::Button, "Dark");
    let heading = console.get(Role::Heading, "Personal Settings");
    crate::harness::fire(&heading, "pointerdown");
    settle().await;
    assert!(console.find(Role::Button, "Dark").is_none());
}

#[wasm_bindgen_test]
async fn the_skip_link_comes_first_and_leads_past_the_navigation() {
    let console = Console::open("/settings/profile").await;
    let first = console.root.query_selector("a, button, select, input");
    let first = first.expect("a selector").expect("something");
    assert_eq!(first.text_content().as_deref(), Some("Skip to content"));
    console.press(Role::Link, "Skip to content").await;
    assert_eq!(focused().map(|it| it.tag_name()).as_deref(), Some("MAIN"));
    assert_eq!(address(), "/settings/profile");
}

#[wasm_bindgen_test]
async fn the_drawer_opens_by_its_button_and_closes_by_escape_and_by_a_link() {
    let console = Console::open("/settings/profile").await;
    let button = console
        .root
        .query_selector(".drawer-button")
        .expect("a selector");
    let button: web_sys::HtmlElement =
        wasm_bindgen::JsCast::unchecked_into(button.expect("the button"));
    let is_open = || button.get_attribute("aria-expanded").as_deref() == Some("true");
    button.click();
    settle().await;
    assert!(is_open());
    let first = console.get(Role::Link, "Security & Control");
    assert_eq!(focused(), Some(first.clone().into()));
    assert_eq!(
        button.get_attribute("aria-label").as_deref(),
        Some("Close navigation")
    );
    key(&first, "Escape");
    settle().await;
    assert!(!is_open());
    button.click();
    settle().await;
    // Tab leads on into the content, which the drawer would veil.
    console.press(Role::Link, "Skip to content").await;
    assert!(!is_open());
    button.click();
    settle().await;
    console.press(Role::Link, "Security & Control").await;
    assert!(!is_open());
}

#[wasm_bindgen_test]
async fn messages_are_announced_and_go_by_themselves_or_by_hand() {
    let clock = tenure_console::clock::Clock::mock(fixtures::NOW);
    let toasts = Toasts::new(clock);
    let (root, take_away) = mount(move || {
        view! {
            <tenure_console::components::toasts::ToastList
                toasts=Signal::derive(move || toasts.shown())
                on_dismiss=Callback::new(move |id| toasts.dismiss(id))
            />
        }
    });
    assert!(
        root.query_selector("[role=status]")
            .expect("a selector")
            .is_some()
    );
    for words in ["Copied.", "Copied.", "Revoked."] {
        toasts.say(words);
    }
    settle().await;
    axe::check(&root).await;
    let dismiss = root.query_selector("button").expect("a selector");
    let dismiss: web_sys::HtmlElement =
        wasm_bindgen::JsCast::unchecked_into(dismiss.expect("a button"));
    dismiss.click();
    settle().await;
    assert_eq!(root.inner_text().trim(), "Revoked.");
    clock.advance(8_000);
    settle().await;
    assert_eq!(root.inner_text().trim(), "");
    take_away();
}

#[wasm_bindgen_test]
async fn a_console_that_has_failed_says_so_once_and_offers_to_load_again() {
    axe::put_styles();
    let script = document().create_element("script").expect("an element");
    script.set_text_content(Some(include_str!("../../panic.js")));
    let body = document().body().expect("a body");
    body.append_child(&script).expect("a script that runs");
    fail_with("new Error('some other trouble')");
    assert!(
        document()
            .query_selector("#panic")
            .expect("a selector")
            .is_none()
    );
    fail_with("new WebAssembly.RuntimeError('unreachable')");
    fail_with("new WebAssembly.RuntimeError('unreachable')");
    let banners = document().query_selector_all("#panic").expect("a selector");
    assert_eq!(banners.length(), 1);
    let banner: web_sys::HtmlElement =
        wasm_bindgen::JsCast::unchecked_into(banners.get(0).expect("the banner"));
    assert_eq!(banner.get_attribute("role").as_deref(), Some("alert"));
    assert!(banner.inner_text().contains("Load again"));
    axe::check(&banner).await;
    banner.remove();
    script.remove();
}

/// Nobody catches `error`, an expression of JavaScript.
fn fail_with(error: &str) {
    let event = format!("dispatchEvent(new ErrorEvent('error', {{ error: {error} }}))");
    js_sys::eval(&event).expect("an event that was heard");
}

#[wasm_bindgen_test]
async fn whoever_administers_no_plan_has_none_to_switch() {
    let session = fixtures::session(
        "Cy",
        vec![
            fixtures::membership("acme", "Acme", Tier::Enterprise, Member::Member),
            fixtures::membership("basil", "Basil", Tier::Pro, Member::Member),
        ],
    );
    let console = Console::open_at("/settings/profile", fixtures::server_of(&session)).await;
    assert!(
        console
            .root
            .query_selector("header select")
            .expect("a selector")
            .is_none()
    );
    console.get(Role::Button, "Cy");
}
