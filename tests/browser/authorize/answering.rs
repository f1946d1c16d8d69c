//! Allowing and denying, once.

use super::*;

#[wasm_bindgen_test]
async fn allowing_sends_the_request_as_it_was_and_leaves_for_the_app() {
    let console = asked().await;
    console.press(Role::Button, "Allow").await;
    let request = r#"{"response_type":"code","client_id":"deploy-bot","redirect_uri":"https://deploy.example/back","scope":"tokens:read orders:read","state":"a b+c&d","code_challenge":"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM","code_challenge_method":"S256"}"#;
    assert_eq!(
        sent(&console),
        [format!(r#"{{"request":{request},"allow":true}}"#)]
    );
    assert_eq!(left_for(), [BACK]);
    assert!(console.says("You allowed it. Taking you back to Deploy Bot…"));
    assert_eq!(has_buttons(&console), (false, false));
    let link = console.get(Role::Link, "Go on to the app");
    assert_eq!(link.get_attribute("href").as_deref(), Some(BACK));
    assert_eq!(focused(), Some(link.into()));
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn denying_leads_back_to_the_app_too() {
    let console = asked().await;
    console.press(Role::Button, "Deny").await;
    let sent = sent(&console);
    assert!(
        sent.len() == 1 && sent[0].ends_with(r#""allow":false}"#),
        "{sent:?}"
    );
    assert_eq!(left_for(), [BACK]);
    assert!(console.says("You denied it. Taking you back to Deploy Bot…"));
}

#[wasm_bindgen_test]
async fn no_second_press_gives_a_second_answer() {
    let console = asked().await;
    let held = console.server.hold(Method::Post, PROMPT);
    for name in ["Allow", "Allow", "Deny"] {
        console.press(Role::Button, name).await;
    }
    let allow = console.get(Role::Button, "Allow");
    assert_eq!(allow.get_attribute("aria-busy").as_deref(), Some("true"));
    axe::check(&console.root).await;
    assert!(left_for().is_empty(), "there is no answer yet");
    held.release();
    until("it leaves", || !left_for().is_empty()).await;
    assert_eq!((sent(&console).len(), left_for().len()), (1, 1));
}

#[wasm_bindgen_test]
async fn an_answer_that_does_not_come_through_can_be_given_again() {
    let console = asked().await;
    console.server.problem(Method::Post, PROMPT, Kind::Internal);
    console.press(Role::Button, "Allow").await;
    assert!(console.says("Something went wrong on the server.") && console.says("ref-1"));
    assert!(left_for().is_empty());
    axe::check(&console.root).await;
    console.server.set_connected(false);
    console.press(Role::Button, "Deny").await;
    assert!(
        console.says("The app has no answer yet."),
        "{}",
        console.text()
    );
    console.server.set_connected(true);
    takes_answers(&console.server);
    console.press(Role::Button, "Deny").await;
    assert_eq!(left_for(), [BACK]);
    assert!(console.all(Role::Alert).is_empty());
}

#[wasm_bindgen_test]
async fn whoever_has_left_the_page_is_not_taken_to_the_app() {
    let console = asked().await;
    let held = console.server.hold(Method::Post, PROMPT);
    console.press(Role::Button, "Allow").await;
    console.press(Role::Link, "Tenure").await;
    held.release();
    settle().await;
    assert_eq!(sent(&console).len(), 1);
    assert!(left_for().is_empty());
}

#[wasm_bindgen_test]
async fn what_was_allowed_before_goes_on_at_once_and_says_so() {
    let server = server(&AuthorizationPrompt {
        allowed_before: true,
        ..prompt()
    });
    let held = server.hold(Method::Post, PROMPT);
    let console = Console::open_at(&page(), server).await;
    assert!(console.says("You have allowed Deploy Bot all of this before"));
    assert_eq!(has_buttons(&console), (false, false));
    axe::check(&console.root).await;
    held.release();
    until("it leaves", || !left_for().is_empty()).await;
    let sent = sent(&console);
    assert!(
        sent.len() == 1 && sent[0].ends_with(r#""allow":true}"#),
        "{sent:?}"
    );
    assert!(console.says("You have allowed Deploy Bot all of this before"));
    assert!(console.says("Taking you back to Deploy Bot…"));
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn what_was_allowed_before_can_be_tried_again() {
    let server = server(&AuthorizationPrompt {
        allowed_before: true,
        ..prompt()
    });
    server.problem(Method::Post, PROMPT, Kind::Internal);
    let console = Console::open_at(&page(), server).await;
    assert!(left_for().is_empty() && console.says("ref-1"));
    axe::check(&console.root).await;
    takes_answers(&console.server);
    console.press(Role::Button, "Try again").await;
    assert_eq!(left_for(), [BACK]);
}
