//! Changing a client.

use super::*;

const SHOP: &str = "/plans/acme/oauth-clients/shop";

async fn asked(clients: &[Client]) -> Console {
    let console = with(clients).await;
    press_in_row(&console, &clients[0].client_name, "Edit").await;
    console
}

#[wasm_bindgen_test]
async fn name_addresses_and_scopes_change_and_the_kind_stays() {
    let console = asked(&[client("Shop")]).await;
    console.get(Role::Dialog, "Edit Shop");
    assert!(
        select(&console.root, "dialog[open] select").is_empty(),
        "no kind to choose"
    );
    assert_eq!(area(&console).value(), "https://shop.example/callback");
    let is_checked = |name: &str| {
        let input: HtmlInputElement = console.field(name).unchecked_into();
        input.checked()
    };
    assert!(is_checked("orders:read") && is_checked("tokens:read") && !is_checked("audit:read"));
    axe::check(&console.root).await;
    let mut changed = client("Store");
    changed.client_id = ClientId("shop".to_owned());
    console.server.json(Method::Put, SHOP, &changed);
    have(&console.server, &[changed]);
    console.fill("Name", "Store").await;
    type_uris(&console, "https://store.example/a\nhttps://store.example/b").await;
    console.field("tokens:read").click();
    settle().await;
    console.press(Role::Button, "Save").await;
    assert_eq!(
        last(&console, Method::Put),
        r#"{"client_name":"Store","redirect_uris":["https://store.example/a","https://store.example/b"],"scope":"orders:read"}"#
    );
    assert!(console.all(Role::Dialog).is_empty());
    assert!(console.says("Store is saved."));
    assert!(row(&console, "Store").is_some() && row(&console, "Shop").is_none());
    assert!(
        focus_is_on("Registered clients"),
        "its row was made anew, and the focus is not lost"
    );
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn the_next_edit_begins_with_what_the_last_one_saved() {
    let console = asked(&[client("Shop")]).await;
    let mut changed = client("Shop");
    changed.redirect_uris = vec!["https://new.example/".to_owned()];
    console.server.json(Method::Put, SHOP, &changed);
    have(&console.server, &[changed]);
    type_uris(&console, "https://new.example/").await;
    console.press(Role::Button, "Save").await;
    press_in_row(&console, "Shop", "Edit").await;
    assert_eq!(area(&console).value(), "https://new.example/");
}

#[wasm_bindgen_test]
async fn a_scope_that_the_plan_no_longer_offers_can_only_be_taken_away() {
    let mut old = client("Shop");
    old.scope = Scopes::parse("orders:read orders:write").expect("scopes");
    let console = asked(&[old]).await;
    assert!(console.says("The plan no longer offers it."));
    let answer = refusal("/scope", "scope_unknown", "no such scope is offered");
    console
        .server
        .on(Method::Put, SHOP, move |_| answer.clone());
    console.press(Role::Button, "Save").await;
    assert!(console.says("No such scope is offered."));
    axe::check(&console.root).await;
    console.server.json(Method::Put, SHOP, &client("Shop"));
    console.field("orders:write").click();
    settle().await;
    console.press(Role::Button, "Save").await;
    assert!(last(&console, Method::Put).contains(r#""scope":"orders:read""#));
    assert!(console.says("Shop is saved."));
}

#[wasm_bindgen_test]
async fn an_api_that_checks_tokens_has_only_a_name_to_change() {
    let console = asked(&[resource_server("Warehouse")]).await;
    let fields = select(&console.root, "dialog[open] :is(input, textarea, select)");
    let names: Vec<_> = fields.iter().map(accessible_name).collect();
    assert_eq!(names, ["Name"]);
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn a_failure_and_cancelling_change_nothing() {
    let console = asked(&[client("Shop")]).await;
    console.fill("Name", "Store").await;
    console.server.set_connected(false);
    console.press(Role::Button, "Save").await;
    let dialog = console.get(Role::Dialog, "Edit Shop");
    assert!(dialog.inner_text().contains("cannot be reached"));
    let name: HtmlInputElement = console.field("Name").unchecked_into();
    assert_eq!(name.value(), "Store");
    console.field("orders:read");
    console.press(Role::Button, "Cancel").await;
    assert!(console.all(Role::Dialog).is_empty());
    assert!(row(&console, "Shop").is_some());
    assert!(row(&console, "orders:read").is_some());
    assert!(focus_is_on("Edit"), "the opener has the focus again");
}

#[wasm_bindgen_test]
async fn scopes_that_do_not_come_are_a_problem_in_the_dialog() {
    let server = server_with(&[client("Shop")]);
    server.problem(Method::Get, SCOPES, Kind::Internal);
    let console = Console::open_at(PAGE, server).await;
    press_in_row(&console, "Shop", "Edit").await;
    let dialog = console.get(Role::Dialog, "Edit Shop");
    assert!(dialog.inner_text().contains("Something went wrong"));
    offer(&console.server, &[scope("orders:read", "See your orders")]);
    let again = select(&dialog, ".problem .btn");
    again[0].click();
    settle().await;
    console.field("orders:read");
}
