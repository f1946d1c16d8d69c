//! Disconnecting an app.

use super::*;

/// The page with the dialog that disconnects Deploy Bot.
async fn asked() -> Console {
    let console = with(vec![deploy_bot(), app("wiki", "Wiki", "")]).await;
    let buttons = select(&console.root, "tbody tr button");
    buttons[0].focus().expect("it takes the focus");
    buttons[0].click();
    settle().await;
    let gone = Response::empty(204);
    console
        .server
        .on(Method::Delete, ONE, move |_| gone.clone());
    console
}

async fn confirm(console: &Console) {
    let dialog = console.get(Role::Dialog, "Disconnect Deploy Bot?");
    let yes = select(&dialog, ".danger").into_iter().next();
    yes.expect("a button that does it").click();
    settle().await;
}

#[wasm_bindgen_test]
async fn disconnecting_asks_and_says_what_ends() {
    let console = asked().await;
    let dialog = console.get(Role::Dialog, "Disconnect Deploy Bot?");
    let text = dialog.inner_text();
    assert!(
        text.contains(
            "Everything that Deploy Bot holds in your name in Acme stops working at once"
        )
    );
    assert!(text.contains("refresh tokens"), "{text}");
    axe::check(&console.root).await;
    console.press(Role::Button, "Cancel").await;
    assert!(console.all(Role::Dialog).is_empty());
    assert_eq!(console.server.count(Method::Delete, ONE), 0);
    let name = focused().and_then(|it| it.text_content());
    assert_eq!(
        name.as_deref(),
        Some("Disconnect"),
        "the opener has the focus"
    );
}

#[wasm_bindgen_test]
async fn a_disconnected_app_leaves_the_list() {
    let console = asked().await;
    have(&console.server, vec![app("wiki", "Wiki", "")]);
    confirm(&console).await;
    assert!(console.all(Role::Dialog).is_empty());
    assert!(console.says("Deploy Bot is disconnected."));
    assert_eq!(console.server.count(Method::Delete, ONE), 1);
    assert!(row(&console, "Deploy Bot").is_none() && row(&console, "Wiki").is_some());
    let focus = focused().map(|it| it.id());
    assert_eq!(focus.as_deref(), Some("connected-apps"));
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn a_failure_is_said_in_the_dialog_and_changes_nothing() {
    let console = asked().await;
    console.server.set_connected(false);
    confirm(&console).await;
    let dialog = console.get(Role::Dialog, "Disconnect Deploy Bot?");
    let text = dialog.inner_text();
    assert!(text.contains("The app may still have access."), "{text}");
    assert!(row(&console, "Deploy Bot").is_some(), "the list stays");
    axe::check(&console.root).await;
    console.server.set_connected(true);
    confirm(&console).await;
    assert!(console.all(Role::Dialog).is_empty());
}

#[wasm_bindgen_test]
async fn no_second_press_disconnects_twice() {
    let console = asked().await;
    let held = console.server.hold(Method::Delete, ONE);
    confirm(&console).await;
    confirm(&console).await;
    assert_eq!(console.server.count(Method::Delete, ONE), 1);
    held.release();
    until("it is done", || console.all(Role::Dialog).is_empty()).await;
    assert_eq!(console.server.count(Method::Delete, ONE), 1);
}
