//! Generating a token: the secret, once.

use super::*;

#[wasm_bindgen_test]
async fn generating_shows_the_secret_once_with_how_to_use_it() {
    set_clipboard(true);
    let console = generated().await;
    let post = console
        .server
        .calls()
        .into_iter()
        .find(|call| call.method == Method::Post);
    let body = post.and_then(|call| call.body).unwrap_or_default();
    assert_eq!(body, r#"{"plan":"acme","name":"nightly-export"}"#);
    let dialog = console.get(Role::Dialog, "Copy your new token now");
    let lines = select(&dialog, "textarea");
    let values: Vec<_> = lines
        .into_iter()
        .map(|line| {
            line.unchecked_into::<web_sys::HtmlTextAreaElement>()
                .value()
        })
        .collect();
    assert_eq!(values[0], SECRET);
    assert!(
        values[1].starts_with("curl ") && values[1].ends_with("/api/v1/session"),
        "{}",
        values[1]
    );
    assert!(!values[1].contains(SECRET), "shells remember what is typed");
    assert!(console.says("This is the only time it is shown."));
    let until = exact(fixtures::NOW.saturating_add(50 * DAY));
    assert!(!until.is_empty() && console.says("It works until"));
    assert!(focus_is_on("Your new token"));
    axe::check(&console.root).await;

    console.press(Role::Button, "Copy").await;
    assert_eq!(clipboard().as_deref(), Some(SECRET));
    console.press(Role::Button, "Done").await;
    assert!(
        console.all(Role::Dialog).is_empty(),
        "copied: nothing to ask"
    );
    assert!(focus_is_on(GENERATE), "the opener has the focus again");
}

#[wasm_bindgen_test]
async fn the_secret_is_nowhere_once_the_dialog_is_closed() {
    set_clipboard(true);
    let console = generated().await;
    console.press(Role::Button, "Copy").await;
    console.press(Role::Button, "Done").await;
    assert!(!console.root.inner_html().contains(SECRET));
    let fields = select(&console.root, "input, textarea");
    assert!(fields.is_empty(), "no field is left that could hold it");
    let stored = |storage: Option<web_sys::Storage>| {
        let storage = storage.expect("a storage");
        let all = js_sys::JSON::stringify(&storage)
            .ok()
            .and_then(|it| it.as_string());
        all.expect("a text")
    };
    assert!(!stored(window().local_storage().ok().flatten()).contains(SECRET));
    assert!(!stored(window().session_storage().ok().flatten()).contains(SECRET));
    assert!(!crate::harness::address().contains(SECRET));
    console.press(Role::Button, GENERATE).await;
    assert!(
        console
            .find(Role::Dialog, "Generate a new access token")
            .is_some(),
        "it starts anew"
    );
    assert!(!console.root.inner_html().contains(SECRET));
}

#[wasm_bindgen_test]
async fn leaving_without_copying_asks_first() {
    let console = generated().await;
    console.press(Role::Button, "Done").await;
    assert!(console.says("You have not copied the token."));
    assert!(focus_is_on("Back to the token"));
    axe::check(&console.root).await;
    console.press(Role::Button, "Back to the token").await;
    let dialog = console.get(Role::Dialog, "Copy your new token now");
    key(&dialog, "Escape");
    settle().await;
    assert!(
        console.says("You have not copied the token."),
        "Escape asks too"
    );
    console.press(Role::Button, "Leave without copying").await;
    assert!(console.all(Role::Dialog).is_empty());
}

#[wasm_bindgen_test]
async fn the_list_has_the_new_token_behind_the_dialog() {
    let console = with(&[], &[]).await;
    can_generate(&console.server);
    have(&console.server, &[token("nightly-export")], &[]);
    console.press(Role::Button, GENERATE).await;
    console.fill("Name", "nightly-export").await;
    console.press(Role::Button, "Generate").await;
    assert!(row(&console, "nightly-export").is_some());
}

#[wasm_bindgen_test]
async fn a_name_is_needed_and_a_refusal_stands_beside_it() {
    let console = with(&[], &[]).await;
    console.press(Role::Button, GENERATE).await;
    axe::check(&console.root).await;
    console.press(Role::Button, "Generate").await;
    assert!(console.says("Type a name."));
    assert!(focus_is_on("Name"));
    assert_eq!(console.server.count(Method::Post, TOKENS), 0);
    axe::check(&console.root).await;

    let problem = Problem {
        errors: vec![FieldError {
            pointer: "/name".to_owned(),
            code: "name_too_long".to_owned(),
            detail: String::new(),
        }],
        ..Problem::new(Kind::ValidationFailed)
    };
    let answer = Response::json(422, &problem);
    console
        .server
        .on(Method::Post, TOKENS, move |_| answer.clone());
    console.fill("Name", "a").await;
    console.press(Role::Button, "Generate").await;
    assert!(console.says("Use at most 100 characters."));
    assert!(focus_is_on("Name"));
}

#[wasm_bindgen_test]
async fn a_failure_to_generate_keeps_the_name_and_says_what_to_do() {
    let console = with(&[], &[]).await;
    console.server.problem(Method::Post, TOKENS, Kind::Internal);
    console.press(Role::Button, GENERATE).await;
    console.fill("Name", "ci").await;
    console.press(Role::Button, "Generate").await;
    assert!(console.says("Something went wrong on the server.") && console.says("ref-1"));
    let name: web_sys::HtmlInputElement = console.field("Name").unchecked_into();
    assert_eq!(name.value(), "ci");
    axe::check(&console.root).await;
    can_generate(&console.server);
    console.press(Role::Button, "Generate").await;
    assert!(
        console
            .find(Role::Dialog, "Copy your new token now")
            .is_some()
    );
}

#[wasm_bindgen_test]
async fn while_a_token_is_made_the_button_is_busy_and_the_dialog_stays() {
    let console = with(&[], &[]).await;
    can_generate(&console.server);
    let held = console.server.hold(Method::Post, TOKENS);
    console.press(Role::Button, GENERATE).await;
    console.fill("Name", "ci").await;
    console.press(Role::Button, "Generate").await;
    console.press(Role::Button, "Generate").await;
    let dialog = console.get(Role::Dialog, "Generate a new access token");
    key(&dialog, "Escape");
    settle().await;
    assert!(
        console
            .find(Role::Dialog, "Generate a new access token")
            .is_some()
    );
    assert_eq!(console.server.count(Method::Post, TOKENS), 1);
    held.release();
    until("the secret shows", || {
        console
            .find(Role::Dialog, "Copy your new token now")
            .is_some()
    })
    .await;
}

#[wasm_bindgen_test]
async fn who_is_in_several_plans_chooses_one_and_sees_how_long_the_token_would_work() {
    let console = with(&[], &[]).await;
    can_generate(&console.server);
    console.press(Role::Button, GENERATE).await;
    let end = fixtures::NOW.saturating_add(90 * DAY);
    let end = format::instant(end, Detail::LongMinute, Zone::Viewer);
    assert!(console.says(&format!("Created now, it would work until {end}")));
    let dialog = console.get(Role::Dialog, "Generate a new access token");
    let plan = select(&dialog, "select")
        .into_iter()
        .next()
        .expect("a choice");
    assert_eq!(accessible_name(&plan), "Plan");
    let plan: web_sys::HtmlSelectElement = plan.unchecked_into();
    plan.set_value("basil");
    fire(&plan, "change");
    settle().await;
    assert!(console.says("It would work until you revoke it"));
    console.fill("Name", "ci").await;
    console.press(Role::Button, "Generate").await;
    let post = console
        .server
        .calls()
        .into_iter()
        .find(|call| call.method == Method::Post);
    let body = post.and_then(|call| call.body).unwrap_or_default();
    assert_eq!(body, r#"{"plan":"basil","name":"ci"}"#);
}

#[wasm_bindgen_test]
async fn who_is_in_one_plan_chooses_none() {
    let only = fixtures::membership("acme", "Acme", Tier::Enterprise, PlanRole::Member);
    let server = fixtures::server_of(&fixtures::session("Bo", vec![only]));
    let console = Console::open_at(PAGE, server).await;
    console.press(Role::Button, GENERATE).await;
    let dialog = console.get(Role::Dialog, "Generate a new access token");
    assert!(select(&dialog, "select").is_empty());
}
