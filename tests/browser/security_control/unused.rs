//! The second rule: *Expire unused tokens*.

use super::*;

fn idle(number: u32, length: Option<(i64, Unit)>, unused: (i64, Unit)) -> ExpirationPolicy {
    ExpirationPolicy {
        inactivity: Some(period(unused)),
        ..version(number, length, "Ada")
    }
}

fn unused_is_on(console: &Console) -> bool {
    let switch = console.get(Role::Switch, "Expire unused tokens");
    switch.get_attribute("aria-checked").as_deref() == Some("true")
}

#[wasm_bindgen_test]
async fn sliding_it_on_suggests_thirty_days_and_leaves_the_period_off() {
    let server = fixtures::server();
    server.json(Method::Put, POLICY, &idle(1, None, (30, Unit::Days)));
    let console = Console::open_at(PAGE, server).await;
    assert!(!unused_is_on(&console));
    console.press(Role::Switch, "Expire unused tokens").await;
    assert!(unused_is_on(&console) && !is_on(&console));
    let amount: HtmlInputElement = console.field("Unused duration").unchecked_into();
    assert_eq!(amount.value(), "30");
    let end = period((30, Unit::Days))
        .end(fixtures::NOW)
        .expect("an instant");
    let end = format::instant(end, Detail::LongMinute, Zone::Viewer);
    assert!(console.says(&format!("A token used now would work until {end}")));
    assert!(console.says("Tokens do not expire by age."));
    axe::check(&console.root).await;
    assert_eq!(puts(&console), 0, "nothing was asked");

    console.press(Role::Button, "Activate").await;
    let (body, _) = last_put(&console);
    let expected = r#"{"period":null,"inactivity":{"amount":30,"unit":"days"},"ends_at_most":0}"#;
    assert_eq!(body, expected);
    assert!(console.says("tokens stop working when nobody uses them for 30 days."));
    assert!(console.says("Tokens that nobody uses for 30 days stop working."));
    assert!(unused_is_on(&console) && !is_on(&console));
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn a_change_of_one_rule_keeps_the_other() {
    let both = idle(3, Some(DAYS_90), (30, Unit::Days));
    let server = server_with(&both);
    server.json(Method::Put, POLICY, &idle(4, None, (30, Unit::Days)));
    let console = Console::open_at(PAGE, server).await;
    assert!(unused_is_on(&console) && is_on(&console));
    assert!(console.says("Tokens stop working 90 days after they are created."));
    // Off, while the other stays on: that is no turning off of the policy.
    console.press(Role::Switch, "Expiration period").await;
    assert!(!is_on(&console) && unused_is_on(&console));
    assert!(console.says("Tokens do not expire by age any more, once this is in force."));
    let dialog = "Turn off the expiration period?";
    assert!(console.find(Role::Dialog, dialog).is_none());
    console.press(Role::Button, "Activate").await;
    let (body, seen) = last_put(&console);
    let expected = r#"{"period":null,"inactivity":{"amount":30,"unit":"days"},"ends_at_most":0}"#;
    assert_eq!((body.as_str(), seen.as_str()), (expected, "\"3\""));
}

#[wasm_bindgen_test]
async fn turning_the_last_rule_off_asks_first() {
    let server = server_with(&idle(3, None, (30, Unit::Days)));
    let console = Console::open_at(PAGE, server).await;
    console.press(Role::Switch, "Expire unused tokens").await;
    let dialog = "Turn off the expiry of unused tokens?";
    assert!(console.find(Role::Dialog, dialog).is_some());
    assert!(unused_is_on(&console), "the switch waits for the answer");
}

#[wasm_bindgen_test]
async fn what_is_wrong_with_it_stands_beside_its_own_fields() {
    let server = fixtures::server();
    let problem = Problem {
        errors: vec![FieldError {
            pointer: "/inactivity/amount".to_owned(),
            code: "period_too_long".to_owned(),
            detail: String::new(),
        }],
        ..Problem::new(Kind::ValidationFailed)
    };
    let answer = Response::json(422, &problem);
    server.on(Method::Put, POLICY, move |_| answer.clone());
    let console = Console::open_at(PAGE, server).await;
    console.press(Role::Switch, "Expire unused tokens").await;
    console.fill("Unused duration", "0").await;
    assert!(console.says("Type a number from 1 to 9,999."));
    console.press(Role::Button, "Activate").await;
    assert!(focus_is_on("Unused duration"));
    assert_eq!(puts(&console), 0);
    console.fill("Unused duration", "31").await;
    console.press(Role::Button, "Activate").await;
    assert!(console.says("A period is at most 10 years"));
    assert!(focus_is_on("Unused duration"));
}

#[wasm_bindgen_test]
async fn turning_both_rules_off_names_both_and_counts_what_nothing_would_end() {
    let server = server_with(&idle(3, Some(DAYS_90), (30, Unit::Days)));
    let impact = tenure_domain::wire::impact::PolicyImpact {
        never: 12,
        already_dead: 5,
        ..fixtures::no_impact()
    };
    server.json(Method::Post, PREVIEW, &impact);
    let console = Console::open_at(PAGE, server).await;
    console.press(Role::Button, "Turn off").await;
    let dialog = console.get(Role::Dialog, "Turn off both rules?");
    let words = dialog.inner_text();
    for part in [
        "Both rules end: tokens stop working 90 days after they are created, or when nobody uses them for 30 days.",
        "12 tokens that work now would never expire then.",
        "5 tokens have expired. Turning off brings none of them back.",
    ] {
        assert!(words.contains(part), "{part}: {words}");
    }
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn a_short_time_of_disuse_comes_with_advice() {
    let console = Console::open_at(PAGE, fixtures::server()).await;
    assert!(!console.says("Each use of a token renews it."));
    console.press(Role::Switch, "Expire unused tokens").await;
    assert!(console.says("Each use of a token renews it."));
    let advice = "no notice can be sent ahead";
    assert!(!console.says(advice), "30 days need none");
    console.fill("Unused duration", "7").await;
    assert!(!console.says(advice));
    console.fill("Unused duration", "6").await;
    assert!(console.says(advice));
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn until_when_a_token_works_is_the_earlier_of_both_rules() {
    let end = |length| {
        let end = period(length).end(fixtures::NOW).expect("an instant");
        let end = format::instant(end, Detail::LongMinute, Zone::Viewer);
        format!("A token created and used now would work until {end}")
    };
    let never = "This rule ends none: the expiration period is over first.";
    let both = idle(3, Some(DAYS_90), (30, Unit::Days));
    let console = Console::open_at(PAGE, server_with(&both)).await;
    assert!(console.says(&end((30, Unit::Days))) && !console.says(never));
    console.press(Role::Button, "Change").await;
    console.fill("Duration", "20").await;
    assert!(console.says(&end((20, Unit::Days))), "{}", console.text());
    assert!(console.says(never));
    console.fill("Duration", "31").await;
    assert!(console.says(&end((30, Unit::Days))) && !console.says(never));
}
