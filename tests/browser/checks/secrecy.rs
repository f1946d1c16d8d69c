//! What was pasted is nowhere but in the field, and in the field only while the page is there.

use super::*;

fn stored(storage: Option<web_sys::Storage>) -> String {
    let storage = storage.expect("a storage");
    let all = js_sys::JSON::stringify(&storage).expect("a text");
    all.as_string().expect("a text")
}

#[wasm_bindgen_test]
async fn what_is_pasted_is_in_no_address_and_in_no_storage() {
    let console = checked(
        server(Found::Token, found(token("ci-runner"), NextStep::Nothing)),
        SECRET,
    )
    .await;
    assert_eq!(address(), PAGE);
    assert!(!stored(window().local_storage().ok().flatten()).contains("tnr_"));
    assert!(!stored(window().session_storage().ok().flatten()).contains("tnr_"));
    assert!(
        !console.root.inner_html().contains(SECRET),
        "not in the page's markup"
    );
    for call in console.server.calls() {
        assert!(!call.path.contains("tnr_"), "{}", call.path);
    }
    let field = console.field("Token");
    for (name, value) in [
        ("autocomplete", "off"),
        ("spellcheck", "false"),
        ("autocapitalize", "none"),
    ] {
        assert_eq!(field.get_attribute(name).as_deref(), Some(value), "{name}");
    }
    assert!(!field.has_attribute("name"), "a browser remembers by name");
}

#[wasm_bindgen_test]
async fn the_field_is_empty_once_the_page_was_left() {
    let console = checked(server(Found::Unknown, Vec::new()), SECRET).await;
    console.press(Role::Link, "Personal Settings").await;
    until("another page", || address() == "/settings/api-access").await;
    console.press(Role::Link, "Check a token").await;
    until("the page again", || address() == PAGE).await;
    assert_eq!(typed(&console), "");
    assert!(console.find(Role::Heading, "No such token").is_none());
    console.fill("Token", SECRET).await;
    fire_at_window("pagehide");
    settle().await;
    assert_eq!(
        typed(&console),
        "",
        "a document that is kept keeps no secret"
    );
}

#[wasm_bindgen_test]
async fn the_report_says_all_but_secrets_and_can_be_copied() {
    set_clipboard(true);
    let since = fixtures::NOW.saturating_add(-10 * DAY);
    let ended = fixtures::NOW.saturating_add(-3 * DAY);
    let mut tokens = found(expired("ci-runner", ended, since), NextStep::Generate);
    tokens.extend(found(revoked("spare", "Ada"), NextStep::Generate));
    let console = checked(server(Found::Token, tokens), SECRET).await;
    let text = report(&console);
    for line in [
        format!("Server time: {}", format::utc(fixtures::NOW)),
        "Token: ci-runner".to_owned(),
        "Id: ci-runner".to_owned(),
        "Last four: 9fQ2".to_owned(),
        "Kind: User access token".to_owned(),
        "Plan: Acme".to_owned(),
        "Owner: Ada".to_owned(),
        "Status: Expired".to_owned(),
        "Expires: never".to_owned(),
        format!("Not working since: {}", format::utc(ended)),
        "Last used: never".to_owned(),
        "Next step: Ask Ada to generate a new one: this one stays dead.".to_owned(),
        "Token: spare".to_owned(),
        format!(
            "Why: Ada, its owner, revoked it on {}.",
            exact(fixtures::NOW.saturating_add(-HOUR))
        ),
    ] {
        assert!(text.lines().any(|it| it == line), "{line:?} in\n{text}");
    }
    let why = format!(
        "Why: It expired on {}, 90 days after it was created",
        exact(ended)
    );
    assert!(text.contains(&why), "{why:?} in\n{text}");
    assert!(!text.contains("tnr_pat_the"), "nothing of what was pasted");
    console.press(Role::Button, "Copy a report").await;
    assert_eq!(clipboard().as_deref(), Some(text.as_str()));
    assert!(console.says("Copied to the clipboard."));
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn the_servers_clock_dates_the_answer() {
    let console = checked(
        server(Found::Token, found(token("ci-runner"), NextStep::Nothing)),
        "9fQ2",
    )
    .await;
    let text = report(&console);
    console.advance(30 * SECOND).await;
    assert_eq!(report(&console), text, "it was true then");
    let later = fixtures::NOW.saturating_add(30 * SECOND);
    console.server.set_server_time(later);
    console.press(Role::Button, "Check").await;
    let line = format!("Server time: {}", format::utc(later));
    assert!(report(&console).contains(&line));
}
