//! Loading, empty, problems, offline, and who may not see the page.

use super::*;

#[wasm_bindgen_test]
async fn without_clients_the_page_teaches() {
    let console = with(&[]).await;
    assert!(console.says("No client is registered. Register one so that"));
    console.get(Role::Button, REGISTER);
    console.get(Role::Heading, "OAuth clients");
    assert!(console.says("Acme, Enterprise plan"));
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn while_the_lists_are_on_their_way_their_place_is_kept() {
    let server = server_with(&[client("Shop")]);
    let held = [
        server.hold(Method::Get, CLIENTS),
        server.hold(Method::Get, SCOPES),
    ];
    let console = Console::open_at(PAGE, server).await;
    assert!(!console.says("Loading"), "most answers are quicker");
    console.advance(200).await;
    assert!(console.says("Loading"));
    console.get(Role::Button, REGISTER);
    axe::check(&console.root).await;
    let [clients, scopes] = held;
    clients.release();
    settle().await;
    assert!(
        row(&console, "Shop").is_none(),
        "both come at once: nothing jumps"
    );
    scopes.release();
    until("the row is there", || row(&console, "Shop").is_some()).await;
}

#[wasm_bindgen_test]
async fn a_list_that_does_not_come_is_a_problem_of_its_own() {
    let server = server_with(&[client("Shop")]);
    server.problem(Method::Get, CLIENTS, Kind::Internal);
    let console = Console::open_at(PAGE, server).await;
    assert!(console.says("ref-1"));
    assert!(row(&console, "orders:read").is_some(), "the rest works");
    axe::check(&console.root).await;
    have(&console.server, &[client("Shop")]);
    console.press(Role::Button, "Try again").await;
    assert!(row(&console, "Shop").is_some());
}

#[wasm_bindgen_test]
async fn scopes_that_do_not_come_are_a_problem_of_their_own() {
    let server = server_with(&[client("Shop")]);
    server.problem(Method::Get, SCOPES, Kind::Internal);
    let console = Console::open_at(PAGE, server).await;
    assert!(row(&console, "Shop").is_some(), "the rest works");
    axe::check(&console.root).await;
    offer(&console.server, &[]);
    console.press(Role::Button, "Try again").await;
    assert!(row(&console, "tokens:read").is_some());
}

#[wasm_bindgen_test]
async fn lists_that_were_fetched_offline_fill_when_the_server_is_back() {
    let server = server_with(&[client("Shop")]);
    let held = [
        server.hold(Method::Get, CLIENTS),
        server.hold(Method::Get, SCOPES),
    ];
    let console = Console::open_at(PAGE, server).await;
    console.server.set_connected(false);
    for held in held {
        held.release();
    }
    settle().await;
    assert!(console.says("cannot be reached"), "{}", console.text());
    axe::check(&console.root).await;
    console.server.set_connected(true);
    console.advance(MINUTE).await;
    until("the row is there", || row(&console, "Shop").is_some()).await;
    assert!(row(&console, "orders:read").is_some());
}

#[wasm_bindgen_test]
async fn a_member_reads_why_not_and_nothing_is_asked_for() {
    for page in [PAGE, "/plans/acme/oauth-clients/shop"] {
        let server = fixtures::server_of(&fixtures::bo());
        let console = Console::open_at(page, server).await;
        console.get(Role::Heading, "This page is for System Admins");
        assert!(console.says("The Admin Center belongs to the System Admins of a plan."));
        assert!(console.find(Role::Link, "OAuth clients").is_none());
        assert_eq!(console.server.count(Method::Get, page), 0);
        axe::check(&console.root).await;
    }
    let console = Console::open("/plans/nowhere/oauth-clients").await;
    console.get(Role::Heading, "You are not in this plan");
}

#[wasm_bindgen_test]
async fn on_a_narrow_screen_nothing_is_wider_than_the_page() {
    axe::put_styles();
    let mut long = client("a-name-without-a-space-that-is-longer-than-a-narrow-screen-is-wide");
    long.scope = Scopes::parse(&"s".repeat(64)).expect("scopes");
    long.old_secret_until = Some(fixtures::NOW.saturating_add(HOUR));
    let console = with(&[long]).await;
    let style = console.root.style();
    style.set_property("width", "320px").expect("a width");
    let tables = select(&console.root, ".tile.list");
    assert_eq!(tables.len(), 2);
    for tile in tables {
        let width = tile.client_width();
        assert!(
            width > 0 && tile.scroll_width() <= width,
            "{}",
            tile.inner_text()
        );
    }
}
