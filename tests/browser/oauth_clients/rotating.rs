//! Giving a client another secret.

use super::*;

const ROTATE: &str = "/plans/acme/oauth-clients/shop/rotate-secret";
const TITLE: &str = "Rotate the secret of Shop";

async fn asked(client: Client) -> Console {
    let console = with(&[client]).await;
    press_in_row(&console, "Shop", "Rotate secret").await;
    console
}

/// Answers a rotation, after which the old secret works until then.
fn can_rotate(console: &Console, until: Option<Timestamp>) {
    let mut rotated = client("Shop");
    rotated.old_secret_until = until;
    have(&console.server, &[rotated.clone()]);
    console
        .server
        .json(Method::Post, ROTATE, &with_secret(rotated));
}

#[wasm_bindgen_test]
async fn it_says_until_when_both_secrets_would_work() {
    let console = asked(client("Shop")).await;
    console.get(Role::Dialog, TITLE);
    let until = |hours| exact(fixtures::NOW.saturating_add(hours * HOUR));
    let words = |hours| format!("both secrets work until {}", until(hours));
    assert!(console.says(&words(24)), "{}", console.text());
    axe::check(&console.root).await;
    console
        .pick("The old secret", "works for 1 hour more")
        .await;
    assert!(console.says(&words(1)), "{}", console.text());
    console
        .pick("The old secret", "stops working at once")
        .await;
    assert!(console.says("until it has the new one, the client is refused"));
    assert_eq!(console.server.count(Method::Post, ROTATE), 0);
}

#[wasm_bindgen_test]
async fn the_new_secret_shows_once_and_the_row_says_until_when_the_old_one_works() {
    set_clipboard(true);
    let end = fixtures::NOW.saturating_add(24 * HOUR);
    let console = asked(client("Shop")).await;
    can_rotate(&console, Some(end));
    act(&console).await;
    assert_eq!(
        last(&console, Method::Post),
        r#"{"overlap":{"amount":24,"unit":"hours"}}"#
    );
    let dialog = console.get(Role::Dialog, "Copy the secret of Shop now");
    assert_eq!(lines(&console), ["shop", SECRET]);
    let words = format!("The old secret works until {}.", exact(end));
    assert!(dialog.inner_text().contains(&words));
    axe::check(&console.root).await;
    console.press(Role::Button, "Done").await;
    assert!(console.says("You have not copied the secret."));
    console.press(Role::Button, "Back to the secret").await;
    select(&dialog, ".btn.primary")[0].click();
    settle().await;
    assert_eq!(clipboard().as_deref(), Some(SECRET));
    console.press(Role::Button, "Done").await;
    assert!(console.all(Role::Dialog).is_empty());
    assert!(row(&console, "Shop").is_some_and(|row| row.contains(&words)));
    assert!(
        focus_is_on("Registered clients"),
        "its row was made anew, and the focus is not lost"
    );
    assert!(!console.root.inner_html().contains(SECRET));
}

#[wasm_bindgen_test]
async fn without_an_overlap_the_old_secret_stops_at_once() {
    let console = asked(client("Shop")).await;
    can_rotate(&console, None);
    console
        .pick("The old secret", "stops working at once")
        .await;
    act(&console).await;
    assert_eq!(last(&console, Method::Post), r#"{"overlap":null}"#);
    console.get(Role::Dialog, "Copy the secret of Shop now");
    assert!(!console.says("The old secret works until"));
}

#[wasm_bindgen_test]
async fn a_secret_from_before_that_would_end_is_named() {
    let mut twice = client("Shop");
    twice.old_secret_until = Some(fixtures::NOW.saturating_add(HOUR));
    let console = asked(twice).await;
    let until = exact(fixtures::NOW.saturating_add(HOUR));
    assert!(console.says(&format!("A secret from before still works until {until}.")));
    axe::check(&console.root).await;
    console.advance(HOUR).await;
    assert!(!console.says("A secret from before"));
}

#[wasm_bindgen_test]
async fn a_failure_says_what_may_have_happened() {
    let console = asked(client("Shop")).await;
    console.server.set_connected(false);
    act(&console).await;
    assert!(
        console.says("the new secret is then lost"),
        "{}",
        console.text()
    );
    axe::check(&console.root).await;
    console.server.set_connected(true);
    can_rotate(&console, None);
    act(&console).await;
    console.get(Role::Dialog, "Copy the secret of Shop now");
}
