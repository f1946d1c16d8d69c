//! Activating: sent once, refused, lost on the way, and what becomes of what was typed.

use super::*;

#[wasm_bindgen_test]
async fn activating_sends_the_period_with_the_version_that_was_seen() {
    let server = fixtures::server();
    server.json(
        Method::Put,
        POLICY,
        &version(1, Some((1, Unit::Minutes)), "Ada"),
    );
    let console = editing(server).await;
    console.fill("Duration", "1").await;
    console.pick("Unit", "Minutes").await;
    console.press(Role::Button, "Activate").await;
    let (body, seen) = last_put(&console);
    assert_eq!(
        body,
        r#"{"period":{"amount":1,"unit":"minutes"},"ends_at_most":0}"#
    );
    assert_eq!(seen, r#""0""#);
    let since = fixtures::NOW.saturating_add(-3 * DAY);
    let since = format::instant(since, Detail::LongSecond, Zone::Viewer);
    let words =
        format!("In force since {since}: tokens stop working 1 minute after they are created.");
    assert!(console.says(&words), "{words}\n{}", console.text());
    assert!(is_on(&console));
    assert_eq!(
        focused().map(|it| it.id()).as_deref(),
        Some("policy-outcome")
    );
    assert_eq!(
        console.server.count(Method::Get, HISTORY),
        2,
        "the versions are fetched anew"
    );
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn a_change_under_way_shows_progress_and_cannot_be_asked_twice() {
    let server = fixtures::server();
    server.json(Method::Put, POLICY, &version(1, Some(DAYS_90), "Ada"));
    let held = server.hold(Method::Put, POLICY);
    let console = editing(server).await;
    console.press(Role::Button, "Activate").await;
    let button = console.get(Role::Button, "Activate");
    assert_eq!(button.get_attribute("aria-busy").as_deref(), Some("true"));
    console.press(Role::Button, "Activate").await;
    let form: HtmlElement = button
        .closest("form")
        .expect("a selector")
        .expect("a form")
        .unchecked_into();
    fire(&form, "submit");
    settle().await;
    assert_eq!(puts(&console), 1, "once, by button or Enter");
    axe::check(&console.root).await;
    held.release();
    until("it is in force", || console.says("In force since")).await;
    assert_eq!(puts(&console), 1);
}

#[wasm_bindgen_test]
async fn a_servers_refusal_of_a_value_stands_beside_its_field() {
    let server = fixtures::server();
    let problem = Problem {
        errors: vec![FieldError {
            pointer: "/period/amount".to_owned(),
            code: "period_too_long".to_owned(),
            detail: String::new(),
        }],
        ..Problem::new(Kind::ValidationFailed)
    };
    let answer = Response::json(422, &problem);
    server.on(Method::Put, POLICY, move |_| answer.clone());
    let console = editing(server).await;
    console.press(Role::Button, "Activate").await;
    assert!(console.says("A period is at most 10 years"));
    assert!(focus_is_on("Duration"));
    console.fill("Duration", "30").await;
    assert!(
        !console.says("A period is at most 10 years"),
        "until it is edited"
    );
}

#[wasm_bindgen_test]
async fn a_failure_keeps_what_is_typed_and_says_what_to_do() {
    let server = fixtures::server();
    server.problem(Method::Put, POLICY, Kind::Internal);
    let console = editing(server).await;
    console.fill("Duration", "45").await;
    console.press(Role::Button, "Activate").await;
    assert!(console.says("Something went wrong on the server."));
    assert!(console.says("What you typed is kept."));
    assert!(console.says("ref-1"), "the reference finds the log line");
    assert_eq!(typed(&console), ("45".to_owned(), "days".to_owned()));
    axe::check(&console.root).await;
    console.server.json(
        Method::Put,
        POLICY,
        &version(1, Some((45, Unit::Days)), "Ada"),
    );
    console.press(Role::Button, "Activate").await;
    assert!(console.says("In force since"));
}

#[wasm_bindgen_test]
async fn a_server_out_of_reach_in_mid_edit_costs_nothing_that_was_typed() {
    let console = editing(fixtures::server()).await;
    console.fill("Duration", "45").await;
    console.server.set_connected(false);
    console.press(Role::Button, "Activate").await;
    assert!(
        console.says("What you typed is kept."),
        "{}",
        console.text()
    );
    assert_eq!(typed(&console), ("45".to_owned(), "days".to_owned()));
    axe::check(&console.root).await;
    console.server.set_connected(true);
    console.server.json(
        Method::Put,
        POLICY,
        &version(1, Some((45, Unit::Days)), "Ada"),
    );
    console.advance(MINUTE).await;
    until("the page says that it is back", || {
        console.says("Press Activate again.")
    })
    .await;
    assert_eq!(typed(&console), ("45".to_owned(), "days".to_owned()));
    console.press(Role::Button, "Activate").await;
    assert!(console.says("In force since"));
}

#[wasm_bindgen_test]
async fn a_change_whose_answer_was_lost_is_found_to_be_in_force() {
    let console = editing(fixtures::server()).await;
    console.fill("Duration", "45").await;
    let held = console.server.hold(Method::Put, POLICY);
    console.press(Role::Button, "Activate").await;
    console.server.set_connected(false);
    held.release();
    settle().await;
    in_force(&console.server, &version(1, Some((45, Unit::Days)), "Ada"));
    console.server.set_connected(true);
    console.advance(MINUTE).await;
    until("it is found", || console.says("In force since")).await;
    assert_eq!(puts(&console), 1, "it is not asked for again");
    assert!(is_on(&console));
}

#[wasm_bindgen_test]
async fn anothers_change_during_an_outage_is_a_conflict() {
    let console = editing(fixtures::server()).await;
    console.fill("Duration", "45").await;
    console.server.set_connected(false);
    console.press(Role::Button, "Activate").await;
    in_force(&console.server, &version(1, Some((30, Unit::Days)), "Bo"));
    console.server.set_connected(true);
    console.advance(MINUTE).await;
    until("it is shown", || {
        console.find(Role::Button, "Use theirs").is_some()
    })
    .await;
    assert_eq!(typed(&console), ("45".to_owned(), "days".to_owned()));
}
