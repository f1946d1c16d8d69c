//! As whom one answers: signing in on the way, and signing in as somebody else.

use super::*;

fn sign_in_and_back() -> String {
    let page: String = js_sys::encode_uri_component(&page()).into();
    format!("/sign-in?next={page}")
}

async fn sign_in(console: &Console) {
    console.fill("Email", "ada@acme.example").await;
    console.fill("Password", "a good password").await;
    console.press(Role::Button, "Sign in").await;
}

#[wasm_bindgen_test]
async fn whoever_is_not_signed_in_signs_in_first_and_comes_back_with_the_whole_request() {
    let server = server(&prompt());
    server.problem(Method::Get, "/session", Kind::TokenMissing);
    server.json(Method::Post, "/session", &fixtures::ada());
    let console = Console::open_at(&page(), server).await;
    assert_eq!(address(), sign_in_and_back());
    assert_eq!(console.server.count(Method::Get, PROMPT), 0);
    sign_in(&console).await;
    until("the question", || address() == page()).await;
    settle().await;
    console.get(Role::Heading, HEADING);
    console.press(Role::Button, "Allow").await;
    assert!(sent(&console)[0].contains(r#""state":"a b+c&d""#));
}

#[wasm_bindgen_test]
async fn somebody_else_can_sign_in_and_answer() {
    let console = asked().await;
    let signed_out = Response::empty(204);
    console
        .server
        .on(Method::Delete, "/session", move |_| signed_out.clone());
    console
        .server
        .json(Method::Post, "/session", &fixtures::bo());
    console
        .press(Role::Button, "Sign in as somebody else")
        .await;
    assert_eq!(console.server.count(Method::Delete, "/session"), 1);
    assert_eq!(address(), sign_in_and_back());
    sign_in(&console).await;
    until("the question", || console.says("Bo (bo@acme.example)")).await;
    assert_eq!(address(), page());
    assert_eq!(console.server.count(Method::Get, PROMPT), 2);
}

#[wasm_bindgen_test]
async fn a_session_that_cannot_be_ended_is_said() {
    let console = asked().await;
    console.server.set_connected(false);
    console
        .press(Role::Button, "Sign in as somebody else")
        .await;
    assert!(
        console.says("You are still signed in."),
        "{}",
        console.text()
    );
    assert_eq!(address(), page());
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn an_answer_that_meets_the_end_of_the_session_goes_on_after_signing_in() {
    let console = asked().await;
    console
        .server
        .problem(Method::Post, PROMPT, Kind::SessionExpired);
    console.press(Role::Button, "Allow").await;
    console.get(Role::Dialog, "Sign in to go on");
    assert!(left_for().is_empty());
    console
        .server
        .json(Method::Post, "/session", &fixtures::ada());
    takes_answers(&console.server);
    console.fill("Password", "a good password").await;
    console.press(Role::Button, "Sign in").await;
    until("it leaves", || !left_for().is_empty()).await;
    assert_eq!(left_for(), [BACK]);
}
