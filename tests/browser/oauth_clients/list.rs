//! What the list says of clients, and the way to the page.

use super::*;

#[wasm_bindgen_test]
async fn a_client_shows_all_that_is_known_of_it() {
    let console = with(&[
        client("Shop"),
        public("Phone"),
        resource_server("Warehouse"),
    ])
    .await;
    let day = fixtures::NOW.saturating_add(-40 * DAY);
    let day = format::instant(day, Detail::Day, Zone::Viewer);
    let shop = row(&console, "Shop").expect("a row");
    for words in [
        "Confidential: an app with a server",
        "orders:read tokens:read",
        &day,
        "by Ada",
    ] {
        assert!(shop.contains(words), "{words:?} in {shop}");
    }
    let can = |name: &str| {
        let all = ["Tokens", "Edit", "Rotate secret", "Delete"].into_iter();
        all.filter(|words| in_row(&console, name, words).is_some())
            .collect::<Vec<_>>()
    };
    assert_eq!(can("Shop"), ["Tokens", "Edit", "Rotate secret", "Delete"]);
    assert_eq!(
        can("Phone"),
        ["Tokens", "Edit", "Delete"],
        "it has no secret"
    );
    assert_eq!(
        can("Warehouse"),
        ["Edit", "Rotate secret", "Delete"],
        "it gets no tokens"
    );
    let phone = row(&console, "Phone").expect("a row");
    assert!(phone.contains("Public: an app without a secret"), "{phone}");
    let warehouse = row(&console, "Warehouse").expect("a row");
    for words in ["Resource server: an API that only checks tokens", "none"] {
        assert!(warehouse.contains(words), "{words:?} in {warehouse}");
    }
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn the_client_id_can_be_copied() {
    set_clipboard(true);
    let console = with(&[client("Shop")]).await;
    press_in_row(&console, "Shop", "Copy").await;
    assert_eq!(clipboard().as_deref(), Some("shop"));
    assert!(console.says("Copied to the clipboard."));
    let line = select(&console.root, "tbody textarea");
    assert_eq!(accessible_name(&line[0]), "Client ID");
}

#[wasm_bindgen_test]
async fn while_an_old_secret_works_the_row_says_until_when() {
    let end = fixtures::NOW.saturating_add(MINUTE);
    let mut rotated = client("Shop");
    rotated.old_secret_until = Some(end);
    let console = with(&[rotated]).await;
    let words = format!("The old secret works until {}.", exact(end));
    let shop = row(&console, "Shop").expect("a row");
    assert!(shop.contains(&words), "{words:?} in {shop}");
    axe::check(&console.root).await;
    console.advance(59 * SECOND).await;
    assert!(console.says(&words));
    console.advance(SECOND).await;
    assert!(
        !console.says("The old secret works"),
        "at that very instant it is over"
    );
}

#[wasm_bindgen_test]
async fn clients_come_in_pages_by_cursor() {
    let server = server_with(&[]);
    server.on(Method::Get, CLIENTS, |request| {
        let (name, next) = match request.path.as_str() {
            "/plans/acme/oauth-clients?cursor=c2" => ("Till", None),
            _ => ("Shop", Some("c2".to_owned())),
        };
        let items = vec![client(name)];
        let next_cursor = next;
        Response::json(200, &Page { items, next_cursor })
    });
    let console = Console::open_at(PAGE, server).await;
    assert!(row(&console, "Till").is_none());
    console.press(Role::Button, "Show more").await;
    assert!(row(&console, "Shop").is_some() && row(&console, "Till").is_some());
}

#[wasm_bindgen_test]
async fn system_admins_find_the_page_in_the_navigation_after_security_and_control() {
    let server = server_with(&[client("Shop")]);
    let console = Console::open_at("/plans/acme/security-control", server).await;
    let links = select(&console.root, "nav a");
    let names: Vec<_> = links.iter().map(accessible_name).collect();
    assert_eq!(
        names[..3],
        ["Security & Control", "Tokens", "OAuth clients"]
    );
    let current = |name: &str| {
        let link = console.get(Role::Link, name);
        link.get_attribute("aria-current").is_some()
    };
    assert!(current("Security & Control") && !current("OAuth clients"));
    console.press(Role::Link, "OAuth clients").await;
    until("the page", || address() == PAGE).await;
    assert!(!current("Security & Control") && current("OAuth clients"));
    assert!(focus_is_on("OAuth clients"), "the heading has the focus");
    assert_eq!(
        leptos::prelude::document().title(),
        "OAuth clients · Tenure"
    );
    assert!(row(&console, "Shop").is_some());
}

#[wasm_bindgen_test]
async fn switching_the_plan_stays_on_the_page() {
    let server = fixtures::server_of(&fixtures::admin_of_two());
    have(&server, &[client("Shop")]);
    let console = Console::open_at(PAGE, server).await;
    console.pick("Plan", "Basil").await;
    until("the other plan's", || {
        address() == "/plans/basil/oauth-clients"
    })
    .await;
    assert!(console.says("Basil, Pro plan"), "{}", console.text());
    assert!(row(&console, "Shop").is_none());
}
