//! Light, dark, or as the system says.

use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::harness::{Console, Role};

fn on_page() -> Option<String> {
    document()
        .document_element()
        .and_then(|html| html.get_attribute("data-theme"))
}

fn stored() -> Option<String> {
    let storage = window().local_storage().ok().flatten()?;
    storage.get_item("tenure-theme").ok().flatten()
}

async fn choose(console: &Console, theme: &str) {
    console.press(Role::Button, "Theme").await;
    console.press(Role::Button, theme).await;
}

#[wasm_bindgen_test]
async fn a_chosen_theme_is_put_on_the_page_and_kept() {
    let console = Console::open("/settings/profile").await;
    assert_eq!(on_page(), None);
    for (theme, name) in [("Dark", "dark"), ("Light", "light")] {
        choose(&console, theme).await;
        assert_eq!(on_page().as_deref(), Some(name));
        assert_eq!(stored().as_deref(), Some(name));
    }
    choose(&console, "System").await;
    assert_eq!(on_page(), None);
}

#[wasm_bindgen_test]
async fn a_kept_theme_is_the_one_that_the_menu_shows() {
    let storage = window().local_storage().ok().flatten().expect("a storage");
    storage.set_item("tenure-theme", "dark").expect("a place");
    let console = Console::open("/settings/profile").await;
    console.press(Role::Button, "Theme").await;
    let pressed = |name: &str| {
        console
            .get(Role::Button, name)
            .get_attribute("aria-pressed")
    };
    assert_eq!(pressed("Dark").as_deref(), Some("true"));
    assert_eq!(pressed("System").as_deref(), Some("false"));
}

#[wasm_bindgen_test]
async fn nothing_but_the_theme_is_ever_stored() {
    let console = Console::open("/settings/profile").await;
    choose(&console, "Dark").await;
    let local = window().local_storage().ok().flatten().expect("a storage");
    let session = window()
        .session_storage()
        .ok()
        .flatten()
        .expect("a storage");
    assert_eq!(local.length(), Ok(1));
    assert_eq!(session.length(), Ok(0));
}
