//! Revoking a token.

use super::*;

#[wasm_bindgen_test]
async fn revoking_asks_and_says_what_it_does() {
    let console = asked_to_revoke().await;
    let dialog = console.get(Role::Dialog, "Revoke ci-runner?");
    assert!(
        dialog
            .inner_text()
            .contains("It stops working at once, everywhere.")
    );
    axe::check(&console.root).await;
    console.press(Role::Button, "Cancel").await;
    assert!(console.all(Role::Dialog).is_empty());
    assert_eq!(
        console.server.count(Method::Delete, "/me/tokens/ci-runner"),
        0
    );
    assert!(focus_is_on("Revoke"), "the opener has the focus again");
}

#[wasm_bindgen_test]
async fn a_revoked_token_moves_to_the_dead_with_its_reason() {
    let console = asked_to_revoke().await;
    console.server.json(
        Method::Delete,
        "/me/tokens/ci-runner",
        &revoked("ci-runner", "Ada"),
    );
    have(
        &console.server,
        &[token("spare")],
        &[revoked("ci-runner", "Ada")],
    );
    confirm(&console);
    settle().await;
    assert!(console.all(Role::Dialog).is_empty());
    assert!(console.says("ci-runner is revoked."), "a message says so");
    let text = row(&console, "ci-runner").expect("a row");
    assert!(text.contains("Ada, its owner, revoked it on"), "{text}");
    let focus = focused().map(|it| it.id());
    assert_eq!(
        focus.as_deref(),
        Some("working-tokens"),
        "the focus is not lost"
    );
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn a_failed_revocation_is_said_in_the_dialog_and_changes_nothing() {
    let console = asked_to_revoke().await;
    console.server.set_connected(false);
    confirm(&console);
    settle().await;
    let dialog = console.get(Role::Dialog, "Revoke ci-runner?");
    assert!(
        dialog.inner_text().contains("cannot be reached"),
        "{}",
        dialog.inner_text()
    );
    assert!(row(&console, "ci-runner").is_some(), "the list stays");
    axe::check(&console.root).await;
    console.server.set_connected(true);
    console.server.json(
        Method::Delete,
        "/me/tokens/ci-runner",
        &revoked("ci-runner", "Ada"),
    );
    have(
        &console.server,
        &[token("spare")],
        &[revoked("ci-runner", "Ada")],
    );
    confirm(&console);
    settle().await;
    assert!(console.all(Role::Dialog).is_empty());
}
