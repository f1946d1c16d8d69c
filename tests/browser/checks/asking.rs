//! Who can ask, what is asked, and what happens while it is asked or goes wrong.

use super::*;

#[wasm_bindgen_test]
async fn every_member_finds_the_page_in_the_navigation() {
    let server = fixtures::server_of(&fixtures::bo());
    answer(&server, Found::Unknown, Vec::new());
    let console = Console::open_at("/settings/profile", server).await;
    console.press(Role::Link, "Check a token").await;
    until("the page", || address() == PAGE).await;
    console.get(Role::Heading, "Check a token");
    let link = console.get(Role::Link, "Check a token");
    assert_eq!(link.get_attribute("aria-current").as_deref(), Some("page"));
    assert!(console.says("Why a token of Acme works or does not"));
    axe::check(&console.root).await;
    console.fill("Token", " 9fQ2 ").await;
    console.press(Role::Button, "Check").await;
    console.get(Role::Heading, "No such token");
    let post = console.server.calls();
    let post = post.into_iter().find(|call| call.method == Method::Post);
    let post = post.expect("a call");
    assert_eq!(post.path, CHECKS);
    assert_eq!(post.body.as_deref(), Some(r#"{"text":"9fQ2"}"#));
}

#[wasm_bindgen_test]
async fn who_is_not_in_the_plan_cannot_ask() {
    let console = Console::open_at("/plans/cumin/check", fixtures::server()).await;
    console.get(Role::Heading, "You are not in this plan");
    assert!(select(&console.root, "input").is_empty());
}

#[wasm_bindgen_test]
async fn the_page_follows_the_plan_that_is_chosen_for_members_too() {
    let plan = |id, name| fixtures::membership(id, name, Tier::Enterprise, PlanRole::Member);
    let session = fixtures::session("Cy", vec![plan("acme", "Acme"), plan("basil", "Basil")]);
    let console = Console::open_at(PAGE, fixtures::server_of(&session)).await;
    console.fill("Token", "9fQ2").await;
    console.pick("Plan", "Basil").await;
    until("the other plan", || address() == "/plans/basil/check").await;
    assert!(console.says("Why a token of Basil works or does not"));
    assert_eq!(typed(&console), "", "nothing is carried over");
}

#[wasm_bindgen_test]
async fn nothing_and_too_much_are_refused_beside_the_field() {
    let console = checked(server(Found::Unknown, Vec::new()), "  ").await;
    assert!(console.says("Paste something to look for."));
    assert!(focus_is_on("Token"));
    axe::check(&console.root).await;
    console.fill("Token", &"a".repeat(201)).await;
    assert!(console.says("Use at most 200 characters"));
    console.press(Role::Button, "Check").await;
    assert_eq!(console.server.count(Method::Post, CHECKS), 0);

    let problem = Problem {
        errors: vec![FieldError {
            pointer: "/text".to_owned(),
            code: "text_too_long".to_owned(),
            detail: String::new(),
        }],
        ..Problem::new(Kind::ValidationFailed)
    };
    let refusal = Response::json(422, &problem);
    console
        .server
        .on(Method::Post, CHECKS, move |_| refusal.clone());
    console.fill("Token", "a").await;
    console.press(Role::Button, "Check").await;
    assert!(console.says("Use at most 200 characters"));
    assert!(focus_is_on("Token"));
}

#[wasm_bindgen_test]
async fn while_it_is_asked_the_button_is_busy() {
    let console = Console::open_at(PAGE, server(Found::Unknown, Vec::new())).await;
    let held = console.server.hold(Method::Post, CHECKS);
    console.fill("Token", "9fQ2").await;
    console.press(Role::Button, "Check").await;
    console.press(Role::Button, "Check").await;
    let button = console.get(Role::Button, "Check");
    assert_eq!(button.get_attribute("aria-busy").as_deref(), Some("true"));
    axe::check(&console.root).await;
    assert_eq!(console.server.count(Method::Post, CHECKS), 1);
    held.release();
    until("the answer", || {
        console.find(Role::Heading, "No such token").is_some()
    })
    .await;
}

#[wasm_bindgen_test]
async fn a_check_that_fails_keeps_what_was_pasted_and_says_what_to_do() {
    let server = server(Found::Token, found(token("ci-runner"), NextStep::Nothing));
    server.problem(Method::Post, CHECKS, Kind::Internal);
    let console = checked(server, "9fQ2").await;
    assert!(console.says("Something went wrong on the server.") && console.says("ref-1"));
    assert_eq!(typed(&console), "9fQ2");
    axe::check(&console.root).await;
    answer(&console.server, Found::Unknown, Vec::new());
    console.server.set_connected(false);
    console.press(Role::Button, "Check").await;
    assert!(console.says("Press the button again when the connection is back."));
    console.server.set_connected(true);
    console.press(Role::Button, "Check").await;
    console.get(Role::Heading, "No such token");
    assert!(console.all(Role::Alert).is_empty());
}

#[wasm_bindgen_test]
async fn an_answer_that_is_older_than_a_failed_check_is_gone() {
    let server = server(Found::Token, found(token("ci-runner"), NextStep::Nothing));
    let console = checked(server, "9fQ2").await;
    console.get(Role::Heading, "One token found");
    console.server.problem(Method::Post, CHECKS, Kind::Internal);
    console.fill("Token", "xxxx").await;
    console.press(Role::Button, "Check").await;
    assert!(console.find(Role::Heading, "One token found").is_none());
}

#[wasm_bindgen_test]
async fn a_session_that_has_ended_is_renewed_and_the_check_goes_on() {
    let console = Console::open_at(PAGE, server(Found::Unknown, Vec::new())).await;
    console
        .server
        .problem(Method::Post, CHECKS, Kind::SessionExpired);
    console.fill("Token", SECRET).await;
    console.press(Role::Button, "Check").await;
    console.get(Role::Dialog, "Sign in to go on");
    assert!(
        !address().contains("tnr_"),
        "what was pasted is in no address"
    );
    assert_eq!(typed(&console), SECRET, "nothing is lost");
    console
        .server
        .json(Method::Post, "/session", &fixtures::ada());
    answer(&console.server, Found::Unknown, Vec::new());
    console.fill("Password", "correct horse battery").await;
    console.press(Role::Button, "Sign in").await;
    until("the answer", || {
        console.find(Role::Heading, "No such token").is_some()
    })
    .await;
}
