//! The policy in force: changing it and turning it off.

use super::*;

#[wasm_bindgen_test]
async fn a_policy_in_force_says_what_since_when_by_whom_and_which_version() {
    let console = Console::open_at(PAGE, server_with(&version(4, Some(DAYS_90), "Bo"))).await;
    assert!(is_on(&console));
    let since = fixtures::NOW.saturating_add(-3 * DAY);
    let since = format::instant(since, Detail::Minute, Zone::Viewer);
    assert!(console.says("Tokens stop working 90 days after they are created."));
    assert!(console.says(&format!("Since {since}")));
    assert!(console.says(", set by Bo · version 4"));
    let end = period(DAYS_90).end(fixtures::NOW).expect("an instant");
    assert!(console.says(&until_when(end, Detail::LongMinute)));
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn changing_starts_from_the_period_in_force_and_cancel_gives_the_focus_back() {
    let console =
        Console::open_at(PAGE, server_with(&version(4, Some((2, Unit::Years)), "Bo"))).await;
    console.press(Role::Button, "Change").await;
    assert_eq!(typed(&console), ("2".to_owned(), "years".to_owned()));
    console.fill("Duration", "3").await;
    console.press(Role::Button, "Cancel").await;
    assert!(console.says("Tokens stop working 2 years after they are created."));
    assert!(focus_is_on("Change"));
    console.press(Role::Button, "Change").await;
    assert_eq!(
        typed(&console),
        ("2".to_owned(), "years".to_owned()),
        "dropped"
    );
    assert_eq!(puts(&console), 0);
}

#[wasm_bindgen_test]
async fn turning_off_says_first_that_the_dead_stay_dead() {
    let console = Console::open_at(PAGE, server_with(&version(4, Some(DAYS_90), "Bo"))).await;
    console.press(Role::Button, "Turn off").await;
    let dialog = console.get(Role::Dialog, "Turn off the expiration period?");
    assert!(
        dialog
            .inner_text()
            .contains("Tokens that have expired stay dead.")
    );
    axe::check(&console.root).await;
    console.press(Role::Button, "Keep it on").await;
    assert!(
        console
            .find(Role::Dialog, "Turn off the expiration period?")
            .is_none()
    );
    assert_eq!(puts(&console), 0);

    console
        .server
        .json(Method::Put, POLICY, &version(5, None, "Ada"));
    console.press(Role::Switch, "Expiration period").await;
    assert!(is_on(&console), "the switch waits for the answer");
    let dialog = console.get(Role::Dialog, "Turn off the expiration period?");
    let yes = crate::harness::select(&dialog, ".danger")
        .into_iter()
        .next();
    yes.expect("a button that does it").click();
    settle().await;
    assert_eq!(
        last_put(&console),
        (r#"{"period":null}"#.to_owned(), r#""4""#.to_owned())
    );
    assert!(!is_on(&console));
    assert!(console.says("no further token expires."));
}

#[wasm_bindgen_test]
async fn a_conflict_over_turning_off_offers_the_same_choice() {
    let console = Console::open_at(PAGE, server_with(&version(4, Some(DAYS_90), "Bo"))).await;
    let answer = stale(&version(5, Some((30, Unit::Days)), "Bo"));
    console
        .server
        .on(Method::Put, POLICY, move |_| answer.clone());
    console.press(Role::Switch, "Expiration period").await;
    let dialog = console.get(Role::Dialog, "Turn off the expiration period?");
    let yes = crate::harness::select(&dialog, ".danger")
        .into_iter()
        .next();
    yes.expect("a button that does it").click();
    settle().await;
    assert!(
        console
            .find(Role::Dialog, "Turn off the expiration period?")
            .is_none()
    );
    console
        .server
        .json(Method::Put, POLICY, &version(6, None, "Ada"));
    console.press(Role::Button, "Apply mine on top").await;
    assert_eq!(
        last_put(&console),
        (r#"{"period":null}"#.to_owned(), r#""5""#.to_owned())
    );
    assert!(!is_on(&console));
}
