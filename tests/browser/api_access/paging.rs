//! Lists by cursor, one fetch at a time.

use super::*;

#[wasm_bindgen_test]
async fn lists_come_in_pages_by_cursor() {
    let server = fixtures::server();
    server.on(Method::Get, TOKENS, |request| {
        let (names, next): (&[&str], _) = match request.path.as_str() {
            "/me/tokens?section=working" => (&["a", "b"], Some("c2")),
            "/me/tokens?section=working&cursor=c2" => (&["c"], None),
            _ => (&[], None),
        };
        let items = names.iter().map(|name| token(name)).collect();
        Response::json(
            200,
            &Page {
                items,
                next_cursor: next.map(str::to_owned),
            },
        )
    });
    let console = Console::open_at(PAGE, server).await;
    assert!(row(&console, "c ").is_none());
    console.press(Role::Button, "Show more").await;
    let names: Vec<_> = select(&console.root, ".token-name")
        .iter()
        .map(HtmlElement::inner_text)
        .collect();
    assert_eq!(names, ["a", "b", "c"]);
    assert!(console.find(Role::Button, "Show more").is_none());
    let row = focused()
        .and_then(|it| it.text_content())
        .unwrap_or_default();
    assert!(
        row.starts_with('c'),
        "the focus is on the first new row: {row}"
    );
}

#[wasm_bindgen_test]
async fn what_is_asked_for_while_a_list_is_fetched_waits_and_nothing_is_lost() {
    let server = fixtures::server();
    let ended = Rc::new(Cell::new(false));
    let revoked_by_now = Rc::clone(&ended);
    server.on(Method::Get, TOKENS, move |request| {
        let (names, next): (&[&str], _) = match request.path.as_str() {
            "/me/tokens?section=working" if ended.get() => (&["b"], Some("c2")),
            "/me/tokens?section=working" => (&["a", "b"], Some("c2")),
            "/me/tokens?section=working&cursor=c2" => (&["c", "d"], None),
            _ => (&[], None),
        };
        let items = names.iter().map(|name| token(name)).collect();
        let next_cursor = next.map(str::to_owned);
        Response::json(200, &Page { items, next_cursor })
    });
    let console = Console::open_at(PAGE, server).await;
    let held = console.server.hold(Method::Get, TOKENS);
    console.press(Role::Button, "Show more").await;
    // While the next page is on its way, a token is revoked: the list is to be fetched anew.
    console
        .server
        .json(Method::Delete, "/me/tokens/a", &revoked("a", "Ada"));
    revoked_by_now.set(true);
    focus_and_press(&console.get(Role::Button, "Revoke")).await;
    let dialog = console.get(Role::Dialog, "Revoke a?");
    select(&dialog, ".danger")[0].click();
    settle().await;
    held.release();
    let names = || {
        let names = select(&console.root, ".token-name");
        names
            .iter()
            .map(HtmlElement::inner_text)
            .collect::<Vec<_>>()
    };
    until("both have come", || names() == ["b", "c", "d"]).await;
}

/// The page with two tokens of three, out of reach of the server since more were asked for.
async fn cut_off_from_more() -> Console {
    let server = fixtures::server();
    server.on(Method::Get, TOKENS, |request| {
        let (names, next): (&[&str], _) = match request.path.as_str() {
            "/me/tokens?section=working" => (&["a", "b"], Some("c2")),
            "/me/tokens?section=working&cursor=c2" => (&["c"], None),
            _ => (&[], None),
        };
        let items = names.iter().map(|name| token(name)).collect();
        let next_cursor = next.map(str::to_owned);
        Response::json(200, &Page { items, next_cursor })
    });
    let console = Console::open_at(PAGE, server).await;
    console.server.set_connected(false);
    focus_and_press(&console.get(Role::Button, "Show more")).await;
    console
}

fn names(console: &Console) -> Vec<String> {
    let names = select(&console.root, ".token-name");
    names.iter().map(HtmlElement::inner_text).collect()
}

#[wasm_bindgen_test]
async fn the_next_rows_that_do_not_come_are_said_to_be_that_and_can_be_asked_for_again() {
    let console = cut_off_from_more().await;
    let alert = console.all(Role::Alert).pop().expect("a problem");
    let words = alert.inner_text();
    assert!(
        words.contains("The next rows could not be loaded. What is on show stays."),
        "{words}"
    );
    assert!(words.contains("Tenure cannot be reached."), "{words}");
    assert_eq!(names(&console), ["a", "b"]);
    assert!(console.find(Role::Button, "Show more").is_none());
    assert!(focus_is_on("Try again"));
    axe::check(&console.root).await;
    console.server.set_connected(true);
    let held = console.server.hold(Method::Get, TOKENS);
    console.press(Role::Button, "Try again").await;
    let button = console.get(Role::Button, "Try again");
    assert_eq!(button.get_attribute("aria-busy").as_deref(), Some("true"));
    held.release();
    until("all rows", || names(&console) == ["a", "b", "c"]).await;
    assert!(console.all(Role::Alert).is_empty(), "{}", console.text());
    assert!(console.find(Role::Button, "Try again").is_none());
}

#[wasm_bindgen_test]
async fn the_next_rows_come_by_themselves_when_the_server_is_back_and_take_no_focus_from_elsewhere()
{
    let console = cut_off_from_more().await;
    let elsewhere = console.get(Role::Button, GENERATE);
    elsewhere.focus().expect("it takes the focus");
    console.server.set_connected(true);
    console.advance(MINUTE).await;
    until("all rows", || names(&console) == ["a", "b", "c"]).await;
    assert!(console.all(Role::Alert).is_empty(), "{}", console.text());
    settle().await;
    assert!(focus_is_on(GENERATE));
}

#[wasm_bindgen_test]
async fn a_list_that_cannot_be_fetched_anew_says_so_and_mends_itself() {
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
    let held = console.server.hold(Method::Get, TOKENS);
    confirm(&console);
    settle().await;
    console.server.set_connected(false);
    held.release();
    let words = "This list could not be brought up to date.";
    until("it is said", || console.says(words)).await;
    let names = || select(&console.root, ".token-name").len();
    assert_eq!(names(), 3, "what was there stays, above its own end");
    console.server.set_connected(true);
    console.advance(MINUTE).await;
    until("it is fetched anew", || names() == 2).await;
    assert!(!console.says(words));
    assert!(row(&console, "ci-runner").is_some_and(|text| text.ends_with("Revoked")));
}
