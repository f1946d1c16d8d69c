//! What the list shows: apps, none, a problem, and time that passes.

use super::*;

#[wasm_bindgen_test]
async fn an_app_is_listed_with_what_it_may_do_and_until_when() {
    let console = with(vec![deploy_bot(), app("wiki", "Wiki", "")]).await;
    let tab = console.get(Role::Link, "Connected apps");
    assert_eq!(tab.get_attribute("aria-current").as_deref(), Some("page"));
    assert_eq!(
        leptos::prelude::document().title(),
        "Connected apps · Tenure"
    );
    let text = row(&console, "Deploy Bot").expect("a row");
    for words in [
        "in Acme",
        "See the orders of the shop orders:read",
        "See your access tokens, without their secrets tokens:read",
        "12 Nov 2026",
        "2 hours ago",
        "in 5 days",
        "The app renews it by itself",
        "Disconnect",
    ] {
        assert!(text.contains(words), "{words:?} in {text}");
    }
    let text = row(&console, "Wiki").expect("a row");
    assert!(text.contains("Only see who you are"), "{text}");
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn an_app_may_have_no_token_and_no_use() {
    let console = with(vec![ConnectedApp {
        last_used_at: None,
        expires_at: None,
        ..deploy_bot()
    }])
    .await;
    let text = row(&console, "Deploy Bot").expect("a row");
    assert!(text.contains("never none at the moment"), "{text}");
}

#[wasm_bindgen_test]
async fn scopes_whose_sentences_do_not_come_have_their_names() {
    let server = server(vec![deploy_bot()]);
    server.problem(Method::Get, "/plans/acme/scopes", Kind::Internal);
    let console = Console::open_at(PAGE, server).await;
    let text = row(&console, "Deploy Bot").expect("a row");
    assert!(text.contains("orders:read"), "{text}");
    assert!(
        text.contains("See your access tokens"),
        "Tenure's own are known"
    );
    assert!(console.all(Role::Alert).is_empty());
}

#[wasm_bindgen_test]
async fn without_any_app_the_page_says_how_one_comes_here() {
    let console = with(Vec::new()).await;
    assert!(console.says("No app can act in your name. When you allow one"));
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn a_list_that_does_not_come_can_be_tried_again() {
    let server = server(Vec::new());
    server.problem(Method::Get, APPS, Kind::Internal);
    let console = Console::open_at(PAGE, server).await;
    assert!(console.says("ref-1"));
    axe::check(&console.root).await;
    have(&console.server, vec![deploy_bot()]);
    console.press(Role::Button, "Try again").await;
    assert!(row(&console, "Deploy Bot").is_some());
}

#[wasm_bindgen_test]
async fn while_the_apps_are_on_their_way_their_place_is_kept() {
    let server = server(vec![deploy_bot()]);
    let held = server.hold(Method::Get, APPS);
    let console = Console::open_at(PAGE, server).await;
    console.advance(200).await;
    assert!(console.says("Loading"));
    axe::check(&console.root).await;
    held.release();
    until("the row", || row(&console, "Deploy Bot").is_some()).await;
}

#[wasm_bindgen_test]
async fn a_list_that_was_fetched_offline_fills_when_the_server_is_back() {
    let server = server(vec![deploy_bot()]);
    let held = server.hold(Method::Get, APPS);
    let console = Console::open_at(PAGE, server).await;
    console.server.set_connected(false);
    held.release();
    settle().await;
    assert!(console.says("cannot be reached"), "{}", console.text());
    axe::check(&console.root).await;
    console.server.set_connected(true);
    console.advance(MINUTE).await;
    until("the row", || row(&console, "Deploy Bot").is_some()).await;
}

#[wasm_bindgen_test]
async fn an_access_token_that_ends_on_screen_is_asked_about_again() {
    let end = fixtures::NOW.saturating_add(MINUTE);
    let console = with(vec![ConnectedApp {
        expires_at: Some(end),
        ..deploy_bot()
    }])
    .await;
    have(&console.server, vec![deploy_bot()]);
    console.advance(59 * SECOND).await;
    let text = row(&console, "Deploy Bot").expect("a row");
    assert!(text.contains("in 1 second"), "{text}");
    console.server.set_server_time(end);
    console.advance(SECOND).await;
    until("the new token's end", || {
        row(&console, "Deploy Bot").is_some_and(|text| text.contains("in 4 days"))
    })
    .await;
}

#[wasm_bindgen_test]
async fn a_narrow_page_has_all_of_it() {
    let console = with(vec![deploy_bot()]).await;
    axe::put_styles();
    let main = console
        .root
        .query_selector("main")
        .expect("a selector")
        .expect("the content");
    for width in ["320px", "400px", "860px", "900px", "1150px"] {
        let style = console.root.style();
        style.set_property("width", width).expect("a width");
        settle().await;
        assert_eq!(main.scroll_width(), main.client_width(), "{width}");
    }
}
