//! Deleting clients and removing scopes.

use super::*;

const SHOP: &str = "/plans/acme/oauth-clients/shop";

fn can_end(console: &Console, path: &str) {
    console
        .server
        .on(Method::Delete, path, |_| Response::empty(204));
}

#[wasm_bindgen_test]
async fn deleting_a_client_says_first_that_all_that_it_holds_ends() {
    let console = with(&[client("Shop"), client("Till")]).await;
    press_in_row(&console, "Shop", "Delete").await;
    let dialog = console.get(Role::Dialog, "Delete Shop?");
    let text = dialog.inner_text();
    assert!(
        text.contains("Everything that it holds in anybody's name ends at once"),
        "{text}"
    );
    axe::check(&console.root).await;
    console.press(Role::Button, "Cancel").await;
    assert!(console.all(Role::Dialog).is_empty());
    assert_eq!(console.server.count(Method::Delete, SHOP), 0);
    assert!(focus_is_on("Delete"), "the opener has the focus again");
}

#[wasm_bindgen_test]
async fn a_deleted_client_leaves_the_list_and_the_focus_is_not_lost() {
    let console = with(&[client("Shop"), client("Till")]).await;
    press_in_row(&console, "Shop", "Delete").await;
    can_end(&console, SHOP);
    have(&console.server, &[client("Till")]);
    act(&console).await;
    assert_eq!(console.server.count(Method::Delete, SHOP), 1);
    assert!(console.all(Role::Dialog).is_empty());
    assert!(console.says("Shop is deleted."));
    assert!(row(&console, "Shop").is_none() && row(&console, "Till").is_some());
    assert!(focus_is_on("Registered clients"));
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn deleting_an_api_says_what_it_will_refuse() {
    let console = with(&[resource_server("Warehouse")]).await;
    press_in_row(&console, "Warehouse", "Delete").await;
    let dialog = console.get(Role::Dialog, "Delete Warehouse?");
    assert!(
        dialog
            .inner_text()
            .contains("it will refuse the calls that it guards")
    );
}

#[wasm_bindgen_test]
async fn a_failure_is_said_in_the_dialog_and_changes_nothing() {
    let console = with(&[client("Shop")]).await;
    press_in_row(&console, "Shop", "Delete").await;
    console.server.set_connected(false);
    act(&console).await;
    let dialog = console.get(Role::Dialog, "Delete Shop?");
    let text = dialog.inner_text();
    assert!(
        text.contains("It may have been done all the same."),
        "{text}"
    );
    assert!(row(&console, "Shop").is_some());
    axe::check(&console.root).await;
    console.server.set_connected(true);
    console.server.problem(Method::Delete, SHOP, Kind::NotFound);
    have(&console.server, &[]);
    act(&console).await;
    assert!(console.says("This is not there, or not any more."));
    assert!(row(&console, "Shop").is_none(), "the list is fetched anew");
}

#[wasm_bindgen_test]
async fn while_it_is_deleted_the_button_is_busy() {
    let console = with(&[client("Shop")]).await;
    press_in_row(&console, "Shop", "Delete").await;
    can_end(&console, SHOP);
    let held = console.server.hold(Method::Delete, SHOP);
    act(&console).await;
    act(&console).await;
    key(&console.get(Role::Dialog, "Delete Shop?"), "Escape");
    settle().await;
    console.get(Role::Dialog, "Delete Shop?");
    assert_eq!(console.server.count(Method::Delete, SHOP), 1);
    held.release();
    until("it is done", || console.all(Role::Dialog).is_empty()).await;
}

#[wasm_bindgen_test]
async fn a_session_that_ends_on_the_way_is_renewed_and_the_client_deleted() {
    let console = with(&[client("Shop")]).await;
    press_in_row(&console, "Shop", "Delete").await;
    console
        .server
        .problem(Method::Delete, SHOP, Kind::SessionExpired);
    act(&console).await;
    console.get(Role::Dialog, "Sign in to go on");
    can_end(&console, SHOP);
    have(&console.server, &[]);
    console
        .server
        .json(Method::Post, "/session", &fixtures::ada());
    console.fill("Password", "correct horse battery").await;
    let dialog = console.get(Role::Dialog, "Sign in to go on");
    let sign_in = select(&dialog, ".btn.primary");
    sign_in[0].click();
    until("it is deleted", || console.says("Shop is deleted.")).await;
}

#[wasm_bindgen_test]
async fn removing_a_scope_says_what_stays() {
    let console = with(&[]).await;
    let path = "/plans/acme/scopes/orders%3Aread";
    press_in_row(&console, "orders:read", "Remove").await;
    let dialog = console.get(Role::Dialog, "Remove orders:read?");
    assert!(dialog.inner_text().contains("Tokens that have it keep it."));
    axe::check(&console.root).await;
    can_end(&console, path);
    offer(&console.server, &[]);
    act(&console).await;
    assert_eq!(console.server.count(Method::Delete, path), 1);
    assert!(console.says("orders:read is removed."));
    assert!(row(&console, "orders:read").is_none());
    assert!(focus_is_on("Scopes"));
}

#[wasm_bindgen_test]
async fn a_scope_that_could_not_be_removed_stays_with_all_the_others() {
    let console = with(&[]).await;
    press_in_row(&console, "orders:read", "Remove").await;
    console.server.set_connected(false);
    act(&console).await;
    let dialog = console.get(Role::Dialog, "Remove orders:read?");
    assert!(dialog.inner_text().contains("cannot be reached"));
    assert!(row(&console, "orders:read").is_some() && row(&console, "tokens:read").is_some());
    console.press(Role::Button, "Cancel").await;
    assert!(focus_is_on("Remove"), "the opener has the focus again");
}
