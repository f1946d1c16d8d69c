//! Two admins at once (R8).

use super::*;

/// Ada types 45 days while Bo activates 30.
async fn conflict() -> (Console, ExpirationPolicy) {
    let theirs = version(7, Some((30, Unit::Days)), "Bo");
    let server = fixtures::server();
    let answer = stale(&theirs);
    server.on(Method::Put, POLICY, move |_| answer.clone());
    let console = editing(server).await;
    console.fill("Duration", "45").await;
    in_force(&console.server, &theirs);
    console.press(Role::Button, "Activate").await;
    (console, theirs)
}

#[wasm_bindgen_test]
async fn another_admins_change_is_shown_beside_ones_own_which_is_kept() {
    let (console, theirs) = conflict().await;
    let at = format::instant(theirs.in_force_since, Detail::Minute, Zone::Viewer);
    for words in [
        "30 days",
        "45 days",
        &format!("Bo set it on {at} (version 7)."),
    ] {
        assert!(console.says(words), "{words}\n{}", console.text());
    }
    assert_eq!(typed(&console), ("45".to_owned(), "days".to_owned()));
    assert!(
        console.find(Role::Button, "Activate").is_none(),
        "the choice is above"
    );
    assert_eq!(
        focused().map(|it| it.id()).as_deref(),
        Some("policy-outcome")
    );
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn a_conflict_can_end_with_the_others_policy() {
    let (console, _) = conflict().await;
    console.press(Role::Button, "Use theirs").await;
    assert!(console.says("tokens stop working 30 days after they are created."));
    assert!(console.find(Role::Button, "Change").is_some());
    assert_eq!(puts(&console), 1, "nothing more was asked");
}

#[wasm_bindgen_test]
async fn a_conflict_can_end_with_ones_own_on_top() {
    let (console, _) = conflict().await;
    console.fill("Duration", "60").await;
    console.server.json(
        Method::Put,
        POLICY,
        &version(8, Some((60, Unit::Days)), "Ada"),
    );
    console.press(Role::Button, "Apply mine on top").await;
    let (body, seen) = last_put(&console);
    assert_eq!(
        body,
        r#"{"period":{"amount":60,"unit":"days"},"ends_at_most":0}"#
    );
    assert_eq!(seen, r#""7""#, "on top of what was shown");
    assert!(console.says("tokens stop working 60 days after they are created."));
}

#[wasm_bindgen_test]
async fn a_change_that_is_in_force_already_is_no_conflict() {
    // The answer to the first try was lost on the way: the server had taken it.
    let server = fixtures::server();
    let answer = stale(&version(1, Some(DAYS_90), "Ada"));
    server.on(Method::Put, POLICY, move |_| answer.clone());
    let console = editing(server).await;
    console.press(Role::Button, "Activate").await;
    assert!(console.says("In force since"));
    assert!(console.find(Role::Button, "Use theirs").is_none());
}
