//! Rotating a token: another one in its place, and how long the old one works beside it.

use super::*;

const ROTATE: &str = "/me/tokens/ci-runner/rotate";
const OVERLAP: &str = "The old token works beside the new one for";
const SHOWN: &str = "Copy your new token now";

/// The page with the dialog that rotates this token, beside another one.
async fn asked_about(token: Token) -> Console {
    let console = with(&[token, super::token("spare")], &[]).await;
    let buttons = select(&console.root, "tbody tr button");
    assert_eq!(accessible_name(&buttons[0]), "Rotate");
    focus_and_press(&buttons[0]).await;
    console.get(Role::Dialog, "Rotate ci-runner");
    console
}

async fn asked() -> Console {
    asked_about(token("ci-runner")).await
}

/// The old token, once it is rotated with an hour's overlap.
fn retiring() -> Token {
    let at = Some(fixtures::NOW.saturating_add(HOUR));
    Token {
        expires_at: at,
        retires_at: at,
        status: Status::Expiring,
        why: format!(
            "It works until {}, beside the newer token that took its place.",
            fixtures::NOW.saturating_add(HOUR)
        ),
        ..token("ci-runner")
    }
}

/// Answers as the server does, and lists both tokens from then on.
fn can_rotate(server: &Fake) {
    let made = GeneratedToken {
        token: Token {
            id: TokenId("newer".to_owned()),
            created_at: fixtures::NOW,
            ..token("ci-runner")
        },
        secret: SECRET.to_owned(),
    };
    have(server, &[made.token.clone(), retiring()], &[]);
    let answer = Response::json(201, &made);
    server.on(Method::Post, ROTATE, move |_| answer.clone());
}

/// Presses the dialog's own button.
async fn rotate(console: &Console) {
    let dialog = console.get(Role::Dialog, "Rotate ci-runner");
    let yes = select(&dialog, "button[type=submit]").into_iter().next();
    yes.expect("a button that does it").click();
    settle().await;
}

fn bodies(console: &Console) -> Vec<String> {
    let calls = console.server.calls().into_iter();
    let posts = calls.filter(|call| call.method == Method::Post);
    posts.filter_map(|call| call.body).collect()
}

fn long(at: Timestamp) -> String {
    format::instant(at, Detail::LongMinute, Zone::Viewer)
}

#[wasm_bindgen_test]
async fn the_link_of_a_mail_opens_the_dialog_for_its_token_once() {
    let server = fixtures::server();
    have(&server, &[token("spare"), token("ci-runner")], &[]);
    let console = Console::open_at(&format!("{PAGE}?token=ci-runner"), server).await;
    console.get(Role::Dialog, "Rotate ci-runner");
    assert_eq!(crate::harness::address(), PAGE);

    let server = fixtures::server();
    have(&server, &[token("spare")], &[]);
    let console = Console::open_at(&format!("{PAGE}?token=ci-runner"), server).await;
    assert!(console.find(Role::Dialog, "Rotate ci-runner").is_none());
    assert!(console.says("spare"));
}

#[wasm_bindgen_test]
async fn the_dialog_says_until_when_the_old_token_works_and_how_long_the_new_one() {
    let console = asked().await;
    let hour = long(fixtures::NOW.saturating_add(HOUR));
    assert!(console.says(&format!("The old token works until {hour}")));
    let period = long(fixtures::NOW.saturating_add(90 * DAY));
    assert!(console.says(&format!(
        "The new token, made now, would work until {period}"
    )));
    axe::check(&console.root).await;
    console.pick(OVERLAP, "24 hours").await;
    let day = long(fixtures::NOW.saturating_add(DAY));
    assert!(console.says(&format!("The old token works until {day}")));
    console.advance(MINUTE).await;
    let later = long(fixtures::NOW.saturating_add(DAY + MINUTE));
    assert!(
        console.says(&format!("The old token works until {later}")),
        "live"
    );
    console.pick(OVERLAP, "Stops at once").await;
    assert!(console.says("The old token stops working at once."));
    axe::check(&console.root).await;
    assert!(bodies(&console).is_empty());
}

#[wasm_bindgen_test]
async fn an_overlap_never_goes_beyond_the_old_tokens_own_expiry() {
    let end = fixtures::NOW.saturating_add(2 * HOUR);
    let console = asked_about(Token {
        expires_at: Some(end),
        ..token("ci-runner")
    })
    .await;
    assert!(!console.says("when it expires by itself"));
    console.pick(OVERLAP, "24 hours").await;
    let words = format!("The old token works until {}", long(end));
    assert!(console.says(&words), "{}", console.text());
    assert!(console.says("when it expires by itself"));
}

#[wasm_bindgen_test]
async fn each_overlap_is_sent_as_it_was_chosen() {
    for (words, body) in [
        ("Stops at once", r#"{"overlap":null}"#),
        ("1 hour", r#"{"overlap":{"amount":1,"unit":"hours"}}"#),
        ("24 hours", r#"{"overlap":{"amount":24,"unit":"hours"}}"#),
    ] {
        let console = asked().await;
        can_rotate(&console.server);
        console.pick(OVERLAP, words).await;
        rotate(&console).await;
        assert_eq!(bodies(&console), [body]);
    }
}

#[wasm_bindgen_test]
async fn the_new_secret_is_shown_once_and_the_old_token_says_until_when_it_works() {
    set_clipboard(true);
    let console = asked().await;
    can_rotate(&console.server);
    rotate(&console).await;
    console.get(Role::Dialog, SHOWN);
    let hour = long(fixtures::NOW.saturating_add(HOUR));
    assert!(console.says(&format!("The old token works until {hour}")));
    assert!(focus_is_on("Your new token"));
    axe::check(&console.root).await;
    console.press(Role::Button, "Done").await;
    assert!(
        console.says("You have not copied the token."),
        "leaving asks"
    );
    console.press(Role::Button, "Back to the token").await;
    console.press(Role::Button, "Copy").await;
    assert_eq!(clipboard().as_deref(), Some(SECRET));
    console.press(Role::Button, "Done").await;
    assert!(console.all(Role::Dialog).is_empty());
    assert!(!console.root.inner_html().contains(SECRET));
    let focus = focused().map(|it| it.id());
    assert_eq!(
        focus.as_deref(),
        Some("working-tokens"),
        "the opener is gone"
    );
}

#[wasm_bindgen_test]
async fn a_rotated_token_cannot_be_rotated_again() {
    let console = with(&[retiring()], &[]).await;
    let text = row(&console, "ci-runner").expect("a row");
    assert!(
        text.contains("in 1 hour") && text.contains("Rotated; works until then"),
        "{text}"
    );
    assert!(console.find(Role::Button, "Rotate").is_none());
    assert!(console.find(Role::Button, "Revoke").is_some());
    let tips = select(&console.root, "tbody .tip");
    let said: String = tips.iter().filter_map(|tip| tip.text_content()).collect();
    assert!(
        said.contains("beside the newer token that took its place"),
        "{said}"
    );
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn a_row_says_that_its_token_is_rotated_though_nothing_else_of_it_changes() {
    let soon = fixtures::NOW.saturating_add(HOUR);
    let old = Token {
        expires_at: Some(soon),
        status: Status::Expiring,
        ..token("ci-runner")
    };
    let console = asked_about(old).await;
    console.pick(OVERLAP, "24 hours").await;
    can_rotate(&console.server);
    have(&console.server, &[retiring()], &[]);
    rotate(&console).await;
    let text = row(&console, "ci-runner").expect("a row");
    assert!(text.contains("Rotated; works until then"), "{text}");
}

#[wasm_bindgen_test]
async fn a_token_that_was_rotated_in_the_meantime_is_said() {
    let console = asked().await;
    console.server.problem(Method::Post, ROTATE, Kind::Conflict);
    have(&console.server, &[retiring()], &[]);
    rotate(&console).await;
    assert!(console.says("This token has ended, or was rotated in the meantime."));
    axe::check(&console.root).await;
    console.press(Role::Button, "Cancel").await;
    let text = row(&console, "ci-runner").expect("a row");
    assert!(text.contains("Rotated; works until then"), "{text}");
}

#[wasm_bindgen_test]
async fn no_second_press_rotates_twice() {
    let console = asked().await;
    can_rotate(&console.server);
    let held = console.server.hold(Method::Post, ROTATE);
    rotate(&console).await;
    rotate(&console).await;
    key(&console.get(Role::Dialog, "Rotate ci-runner"), "Escape");
    settle().await;
    console.get(Role::Dialog, "Rotate ci-runner");
    held.release();
    until("the secret", || console.find(Role::Dialog, SHOWN).is_some()).await;
    assert_eq!(bodies(&console).len(), 1);
}

#[wasm_bindgen_test]
async fn a_server_out_of_reach_is_said_and_the_choice_stays() {
    let console = asked().await;
    console.pick(OVERLAP, "24 hours").await;
    console.server.set_connected(false);
    rotate(&console).await;
    assert!(console.says("Press the button again when the connection is back."));
    let chosen: web_sys::HtmlSelectElement = console.field(OVERLAP).unchecked_into();
    assert_eq!(chosen.value(), "24");
    console.server.set_connected(true);
    can_rotate(&console.server);
    rotate(&console).await;
    console.get(Role::Dialog, SHOWN);
}

#[wasm_bindgen_test]
async fn a_rotation_that_was_cancelled_leaves_nothing_behind() {
    let console = asked().await;
    console.press(Role::Button, "Cancel").await;
    assert!(focus_is_on("Rotate"), "the opener has the focus again");
    console.press(Role::Button, GENERATE).await;
    console.get(Role::Dialog, "Generate a new access token");
    assert!(bodies(&console).is_empty());
}

#[wasm_bindgen_test]
async fn a_row_with_both_buttons_fits_in_every_width() {
    let console = with(&[token("ci-runner"), retiring()], &[]).await;
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
