//! Registering a client: its fields, and what its developer needs, once.

use super::*;

/// The page with the dialog that registers a client.
async fn asked() -> Console {
    let console = with(&[]).await;
    let button = console.get(Role::Button, REGISTER);
    button.focus().expect("it takes the focus");
    button.click();
    settle().await;
    console
}

/// Answers a registration with this client.
fn can_register(console: &Console, made: &Client) {
    let answer = Response::json(201, made);
    console
        .server
        .on(Method::Post, CLIENTS, move |_| answer.clone());
}

/// The page with a new client's secret on show.
async fn registered() -> Console {
    let console = asked().await;
    can_register(&console, &with_secret(client("Shop")));
    console.fill("Name", " Shop ").await;
    type_uris(
        &console,
        "https://shop.example/callback\n\n  http://127.0.0.1/cb ",
    )
    .await;
    console.field("orders:read").click();
    settle().await;
    console.press(Role::Button, "Register").await;
    console
}

#[wasm_bindgen_test]
async fn a_confidential_client_shows_its_id_and_its_secret_once() {
    set_clipboard(true);
    let console = registered().await;
    assert_eq!(
        last(&console, Method::Post),
        r#"{"client_name":"Shop","redirect_uris":["https://shop.example/callback","http://127.0.0.1/cb"],"token_endpoint_auth_method":"client_secret_basic","scope":"orders:read","resource_server":false}"#
    );
    console.get(Role::Dialog, "Copy the secret of Shop now");
    assert_eq!(lines(&console), ["shop", SECRET]);
    assert!(console.says("This is the only time it is shown."));
    assert!(focus_is_on("Client secret"));
    axe::check(&console.root).await;
    let dialog = console.get(Role::Dialog, "Copy the secret of Shop now");
    let copy = select(&dialog, ".btn.primary");
    assert_eq!(accessible_name(&copy[0]), "Copy");
    copy[0].click();
    settle().await;
    assert_eq!(clipboard().as_deref(), Some(SECRET));
    console.press(Role::Button, "Done").await;
    assert!(
        console.all(Role::Dialog).is_empty(),
        "copied: nothing to ask"
    );
    assert!(focus_is_on(REGISTER), "the opener has the focus again");
    assert!(!console.root.inner_html().contains(SECRET));
}

#[wasm_bindgen_test]
async fn leaving_without_copying_the_secret_asks_first() {
    set_clipboard(true);
    let console = registered().await;
    // The id is no secret, and copying it not enough.
    console.press(Role::Button, "Copy client ID").await;
    assert_eq!(clipboard().as_deref(), Some("shop"));
    console.press(Role::Button, "Done").await;
    assert!(console.says("You have not copied the secret."));
    assert!(focus_is_on("Back to the secret"));
    axe::check(&console.root).await;
    console.press(Role::Button, "Back to the secret").await;
    key(
        &console.get(Role::Dialog, "Copy the secret of Shop now"),
        "Escape",
    );
    settle().await;
    assert!(
        console.says("You have not copied the secret."),
        "Escape asks too"
    );
    console.press(Role::Button, "Leave without copying").await;
    assert!(console.all(Role::Dialog).is_empty());
    assert!(!console.root.inner_html().contains(SECRET));
    console.press(Role::Button, REGISTER).await;
    let name: HtmlInputElement = console.field("Name").unchecked_into();
    assert_eq!(name.value(), "", "it starts anew");
}

#[wasm_bindgen_test]
async fn an_app_without_a_secret_gets_none() {
    let console = asked().await;
    can_register(&console, &public("Phone"));
    console.pick("What it is", "An app without a secret").await;
    assert!(console.says("on somebody's device, or in the browser"));
    console.fill("Name", "Phone").await;
    type_uris(&console, "com.example.phone:/callback").await;
    console.press(Role::Button, "Register").await;
    assert!(last(&console, Method::Post).contains(r#""token_endpoint_auth_method":"none""#));
    console.get(Role::Dialog, "Phone is registered");
    assert_eq!(lines(&console), ["phone"]);
    assert!(console.says("It has no secret"));
    axe::check(&console.root).await;
    console.press(Role::Button, "Done").await;
    assert!(console.all(Role::Dialog).is_empty(), "nothing can be lost");
}

#[wasm_bindgen_test]
async fn the_secret_can_be_sent_in_the_body() {
    let console = asked().await;
    can_register(&console, &with_secret(client("Shop")));
    console
        .pick("What it is", "An app with a server, secret in the body")
        .await;
    assert!(console.says("client_secret_post"));
    console.fill("Name", "Shop").await;
    type_uris(&console, "https://shop.example/callback").await;
    console.press(Role::Button, "Register").await;
    let body = last(&console, Method::Post);
    assert!(body.contains(r#""token_endpoint_auth_method":"client_secret_post""#));
}

#[wasm_bindgen_test]
async fn an_api_that_checks_tokens_has_neither_addresses_nor_scopes() {
    let console = asked().await;
    can_register(&console, &with_secret(resource_server("Warehouse")));
    console.fill("Name", "Warehouse").await;
    type_uris(&console, "https://typed.example/before").await;
    console
        .pick("What it is", "An API that only checks tokens")
        .await;
    assert!(console.says("introspection"));
    assert!(select(&console.root, "dialog[open] .field textarea").is_empty());
    assert!(select(&console.root, "dialog[open] fieldset").is_empty());
    axe::check(&console.root).await;
    console.press(Role::Button, "Register").await;
    assert_eq!(
        last(&console, Method::Post),
        r#"{"client_name":"Warehouse","redirect_uris":[],"token_endpoint_auth_method":"client_secret_basic","scope":"","resource_server":true}"#
    );
    console.get(Role::Dialog, "Copy the secret of Warehouse now");
}

#[wasm_bindgen_test]
async fn what_is_missing_is_said_beside_its_field() {
    let console = asked().await;
    axe::check(&console.root).await;
    console.press(Role::Button, "Register").await;
    assert!(console.says("Type a name."));
    assert!(console.says("An address is needed for the answers to go to."));
    assert!(focus_is_on("Name"));
    assert_eq!(console.server.count(Method::Post, CLIENTS), 0);
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn a_wrong_address_is_named_by_its_line() {
    let console = asked().await;
    console.fill("Name", "Shop").await;
    type_uris(
        &console,
        "https://shop.example/callback\n\nhttp://shop.example/callback",
    )
    .await;
    assert!(
        console.says("Line 3: A redirect URI begins with https://"),
        "{}",
        console.text()
    );
    let area = area(&console);
    assert_eq!(area.get_attribute("aria-invalid").as_deref(), Some("true"));
    axe::check(&console.root).await;
    type_uris(&console, "https://shop.example/callback").await;
    assert!(!console.says("Line 3"));
}

#[wasm_bindgen_test]
async fn a_refused_address_is_named_by_its_line_and_a_refused_scope_in_its_group() {
    let console = asked().await;
    console.fill("Name", "Shop").await;
    type_uris(&console, "\nhttps://a.example/\nhttps://b.example/").await;
    let wrong_line = refusal("/redirect_uris/1", "redirect_uri_forbidden", "no, not that");
    console
        .server
        .on(Method::Post, CLIENTS, move |_| wrong_line.clone());
    console.press(Role::Button, "Register").await;
    assert!(console.says("Line 3: No, not that."), "{}", console.text());
    assert!(focus_is_on("Redirect URIs"));
    let wrong_scope = refusal("/scope", "scope_unknown", "no such scope is offered");
    console
        .server
        .on(Method::Post, CLIENTS, move |_| wrong_scope.clone());
    console.press(Role::Button, "Register").await;
    assert!(console.says("No such scope is offered."));
    assert_eq!(
        focused().map(|it| it.tag_name()).as_deref(),
        Some("FIELDSET")
    );
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn scopes_are_offered_with_their_sentences() {
    let console = asked().await;
    let boxes = select(&console.root, "dialog[open] input[type=checkbox]");
    assert_eq!(boxes.len(), OwnScope::ALL.len() + 1);
    let orders = console.field("orders:read");
    let described = orders.get_attribute("aria-describedby").expect("an id");
    let sentence = leptos::prelude::document().get_element_by_id(&described);
    let sentence = sentence.and_then(|it| it.text_content());
    assert_eq!(sentence.as_deref(), Some("See your orders"));
    can_register(&console, &with_secret(client("Shop")));
    console.fill("Name", "Shop").await;
    type_uris(&console, "https://shop.example/").await;
    for name in ["tokens:read", "orders:read", "tokens:read"] {
        console.field(name).click();
        settle().await;
    }
    console.press(Role::Button, "Register").await;
    let body = last(&console, Method::Post);
    assert!(
        body.contains(r#""scope":"orders:read""#),
        "checked and unchecked: {body}"
    );
}

#[wasm_bindgen_test]
async fn a_failure_keeps_what_was_typed_and_says_what_to_do() {
    let console = asked().await;
    console.fill("Name", "Shop").await;
    type_uris(&console, "https://shop.example/").await;
    console.server.set_connected(false);
    console.press(Role::Button, "Register").await;
    assert!(
        console.says("delete it: its secret is lost"),
        "{}",
        console.text()
    );
    axe::check(&console.root).await;
    console.server.set_connected(true);
    console
        .server
        .problem(Method::Post, CLIENTS, Kind::Internal);
    console.press(Role::Button, "Register").await;
    assert!(console.says("Something went wrong on the server.") && console.says("ref-1"));
    assert_eq!(area(&console).value(), "https://shop.example/");
    can_register(&console, &with_secret(client("Shop")));
    console.press(Role::Button, "Register").await;
    console.get(Role::Dialog, "Copy the secret of Shop now");
}

#[wasm_bindgen_test]
async fn while_it_is_registered_the_button_is_busy_and_the_dialog_stays() {
    let console = asked().await;
    can_register(&console, &with_secret(client("Shop")));
    console.fill("Name", "Shop").await;
    type_uris(&console, "https://shop.example/").await;
    let held = console.server.hold(Method::Post, CLIENTS);
    console.press(Role::Button, "Register").await;
    console.press(Role::Button, "Register").await;
    key(&console.get(Role::Dialog, REGISTER), "Escape");
    settle().await;
    console.get(Role::Dialog, REGISTER);
    assert_eq!(console.server.count(Method::Post, CLIENTS), 1);
    have(&console.server, &[client("Shop")]);
    held.release();
    until("the secret shows", || {
        console
            .find(Role::Dialog, "Copy the secret of Shop now")
            .is_some()
    })
    .await;
    until("the list has it", || row(&console, "Shop").is_some()).await;
}
