//! What a person is shown before they answer.

use super::*;

#[wasm_bindgen_test]
async fn the_page_says_who_asks_for_what_where_and_what_allowing_means() {
    let console = asked().await;
    console.get(Role::Heading, HEADING);
    assert_eq!(
        leptos::prelude::document().title(),
        format!("{HEADING} · Tenure")
    );
    let gets: Vec<_> = console
        .server
        .calls()
        .into_iter()
        .map(|it| it.path)
        .collect();
    assert!(gets.contains(&format!("{PROMPT}{QUERY}")), "{gets:?}");
    for words in [
        "See your access tokens, without their secrets tokens:read",
        "See the orders of Acme's shop orders:read",
        "Acme",
        "deploy.example",
        "Ada (ada@acme.example)",
        "until you disconnect it under Connected apps",
        "Its tokens obey Acme's policy.",
    ] {
        assert!(console.says(words), "{words:?} in {}", console.text());
    }
    assert!(!console.says("https://"), "the host is enough");
    assert_eq!(has_buttons(&console), (true, true));
    assert!(sent(&console).is_empty(), "nobody has answered");
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn who_asks_for_no_scope_learns_only_who_one_is() {
    let console = Console::open_at(
        &page(),
        server(&AuthorizationPrompt {
            scopes: Vec::new(),
            ..prompt()
        }),
    )
    .await;
    assert!(console.says("only who you are"), "{}", console.text());
    assert!(!console.says("It asks to"));
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn a_program_on_the_persons_own_device_is_called_that() {
    for (redirect_uri, words) in [
        (
            "http://127.0.0.1:8912/back",
            "a program on this device (127.0.0.1:8912)",
        ),
        (
            "http://[::1]:8912/back",
            "a program on this device ([::1]:8912)",
        ),
        (
            "com.example.app:/back",
            "a program on this device (com.example.app:)",
        ),
        ("https://127.0.0.1.example/back", "127.0.0.1.example"),
    ] {
        let prompt = AuthorizationPrompt {
            redirect_uri: redirect_uri.to_owned(),
            ..prompt()
        };
        let console = Console::open_at(&page(), server(&prompt)).await;
        assert!(console.says(words), "{words:?} in {}", console.text());
        let on_device = console.says("a program on this device");
        assert_eq!(on_device, words.starts_with("a program"), "{redirect_uri}");
    }
}

#[wasm_bindgen_test]
async fn a_scope_that_has_lost_its_sentence_has_its_name_once() {
    let prompt = AuthorizationPrompt {
        scopes: vec![fixtures::scope("orders:read", "orders:read")],
        ..prompt()
    };
    let console = Console::open_at(&page(), server(&prompt)).await;
    assert_eq!(console.text().matches("orders:read").count(), 1);
}

#[wasm_bindgen_test]
async fn an_app_that_is_set_up_wrongly_gets_nothing() {
    let console = refused(
        Kind::InvalidRequest,
        "No client of this client_id is registered.",
    )
    .await;
    console.get(Role::Heading, "This app is set up wrongly");
    assert!(console.says("Nothing was sent to it."));
    assert!(console.says("No client of this client_id is registered."));
    assert_eq!(has_buttons(&console), (false, false));
    assert!(left_for().is_empty() && sent(&console).is_empty());
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn whoever_is_not_in_the_plan_is_told_whom_to_ask_and_can_deny() {
    let console = refused(Kind::RoleRequired, "this app belongs to a plan").await;
    console.get(
        Role::Heading,
        "This app belongs to a plan that you are not in",
    );
    assert!(console.says("Ask that plan's System Admin"));
    assert!(console.says("Ada (ada@acme.example)"));
    assert_eq!(has_buttons(&console), (false, true));
    axe::check(&console.root).await;
    console.press(Role::Button, "Deny").await;
    let sent = sent(&console);
    assert!(
        sent.len() == 1 && sent[0].ends_with(r#""allow":false}"#),
        "{sent:?}"
    );
    assert_eq!(left_for(), [BACK]);
    assert!(console.says("You denied it. Taking you back to the app…"));
}

#[wasm_bindgen_test]
async fn any_other_problem_can_be_tried_again() {
    let server = server(&prompt());
    server.problem(Method::Get, PROMPT, Kind::Unavailable);
    let console = Console::open_at(&page(), server).await;
    console.get(Role::Heading, "An app asks for access");
    assert!(console.says("The server cannot answer at the moment.") && console.says("ref-1"));
    assert_eq!(has_buttons(&console), (false, false));
    axe::check(&console.root).await;
    console.server.json(Method::Get, PROMPT, &prompt());
    console.press(Role::Button, "Try again").await;
    console.get(Role::Heading, HEADING);
}

#[wasm_bindgen_test]
async fn while_the_question_is_on_its_way_its_place_is_kept() {
    let server = server(&prompt());
    let held = server.hold(Method::Get, PROMPT);
    let console = Console::open_at(&page(), server).await;
    assert!(!console.says("Loading"), "most answers are quicker");
    console.advance(200).await;
    assert!(console.says("Loading"));
    console.get(Role::Heading, "An app asks for access");
    axe::check(&console.root).await;
    held.release();
    until("the question", || has_buttons(&console) == (true, true)).await;
}

#[wasm_bindgen_test]
async fn a_question_that_was_fetched_offline_comes_when_the_server_is_back() {
    let server = server(&prompt());
    let held = server.hold(Method::Get, PROMPT);
    let console = Console::open_at(&page(), server).await;
    console.server.set_connected(false);
    held.release();
    settle().await;
    assert!(console.says("cannot be reached"), "{}", console.text());
    axe::check(&console.root).await;
    console.server.set_connected(true);
    console.advance(MINUTE).await;
    until("the question", || has_buttons(&console) == (true, true)).await;
}

#[wasm_bindgen_test]
async fn a_narrow_page_has_all_of_it() {
    let console = asked().await;
    axe::put_styles();
    let style = console.root.style();
    style.set_property("width", "320px").expect("a width");
    settle().await;
    let (wide, shown) = (console.root.scroll_width(), console.root.client_width());
    assert_eq!(wide, shown, "nothing sticks out");
}
