//! Typing a period: what it would mean, and what is no period.

use tenure_domain::wire::impact::PolicyImpact;

use super::*;

#[wasm_bindgen_test]
async fn a_plan_without_a_period_says_so_and_what_to_do() {
    let console = Console::open(PAGE).await;
    assert!(!is_on(&console));
    assert!(console.says("Acme, Enterprise plan"));
    assert!(console.says("Nothing changes until you press Activate."));
    assert!(console.says("Nobody has set a period yet."));
    assert!(console.find(Role::Button, "Activate").is_none());
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn sliding_the_switch_opens_the_fields_and_changes_nothing_on_the_server() {
    let console = Console::open(PAGE).await;
    let calls = console.server.calls().len();
    console.press(Role::Switch, "Expiration period").await;
    assert!(is_on(&console));
    assert_eq!(typed(&console), ("90".to_owned(), "days".to_owned()));
    let unit: HtmlSelectElement = console.field("Unit").unchecked_into();
    assert_eq!(
        unit.inner_text().split_whitespace().collect::<Vec<_>>(),
        ["Minutes", "Hours", "Days", "Months", "Years"]
    );
    axe::check(&console.root).await;
    console.press(Role::Switch, "Expiration period").await;
    assert!(!is_on(&console), "and back");
    let asked = console.server.calls();
    let what = asked[calls..]
        .iter()
        .map(|call| (call.method, call.path.as_str()));
    assert!(
        what.eq([(Method::Post, PREVIEW)]),
        "what it would do, and nothing else: {asked:?}"
    );
}

#[wasm_bindgen_test]
async fn the_sentence_says_until_when_by_the_servers_clock() {
    // The browser is wrong by an hour; the server's time rules.
    let clock = Clock::mock(fixtures::NOW.saturating_add(-HOUR));
    let console = Console::open_when(PAGE, fixtures::server(), clock).await;
    console.press(Role::Switch, "Expiration period").await;
    let end = |from: Timestamp, length| period(length).end(from).expect("an instant");
    let expected = until_when(end(fixtures::NOW, DAYS_90), Detail::LongMinute);
    assert!(console.says(&expected), "{expected}\n{}", console.text());
    assert!(console.says("It counts from each token's own creation."));

    console.fill("Duration", "1").await;
    console.pick("Unit", "Months").await;
    let expected = until_when(end(fixtures::NOW, (1, Unit::Months)), Detail::LongMinute);
    assert!(console.says(&expected), "{expected}\n{}", console.text());

    console.pick("Unit", "Minutes").await;
    let expected = until_when(end(fixtures::NOW, (1, Unit::Minutes)), Detail::LongSecond);
    assert!(console.says(&expected), "{expected}\n{}", console.text());
    console.advance(2 * SECOND).await;
    let later = fixtures::NOW.saturating_add(2 * SECOND);
    let expected = until_when(end(later, (1, Unit::Minutes)), Detail::LongSecond);
    assert!(
        console.says(&expected),
        "it moves on: {expected}\n{}",
        console.text()
    );
}

#[wasm_bindgen_test]
async fn tokens_that_would_stop_at_once_are_named_by_their_age() {
    // Six months on Acme's clock: a period of ten days ends what is older.
    let mut policy = fixtures::no_policy();
    policy.in_force_since = fixtures::NOW.saturating_add(-180 * DAY);
    let server = server_with(&policy);
    server.json(Method::Post, PREVIEW, &ending(3));
    let console = editing(server).await;
    console.fill("Duration", "10").await;
    assert!(console.says("stands below once it is counted"));
    console.advance(300).await;
    let oldest = period((10, Unit::Days)).ended_before(fixtures::NOW);
    // Never said too early: the tokens of the begun minute die as well.
    let minute = Detail::LongMinute.cut_upwards(oldest);
    assert!(minute >= oldest && minute.millis_since(oldest) < MINUTE);
    let zone = format::zone_label(minute, Zone::Viewer);
    let minute = format::instant(minute, Detail::LongMinute, Zone::Viewer);
    let words = format!(
        "Tokens created before {minute} ({zone}) stop working the moment you press Activate."
    );
    assert!(console.says(&words), "{words}\n{}", console.text());
    // No token is older than the plan.
    console.fill("Duration", "200").await;
    assert!(console.says("No token stops working at once."));
}

/// So many tokens end at once.
fn ending(now: u64) -> PolicyImpact {
    PolicyImpact {
        now,
        ..fixtures::no_impact()
    }
}

#[wasm_bindgen_test]
async fn no_token_that_is_not_there_is_said_to_stop() {
    let console = Console::open_at(PAGE, server_with(&version(1, Some(DAYS_90), "Ada"))).await;
    console.press(Role::Button, "Change").await;
    console.fill("Duration", "9").await;
    console.advance(300).await;
    assert!(console.says("No token stops working at once."));
    assert!(!console.says("the moment you press Activate"));
}

#[wasm_bindgen_test]
async fn lengthening_a_period_stops_nothing_and_shortening_it_does() {
    let server = server_with(&version(1, Some(DAYS_90), "Ada"));
    let console = Console::open_at(PAGE, server).await;
    console.press(Role::Button, "Change").await;
    assert!(console.says("This is the period in force."));
    console.fill("Duration", "91").await;
    assert!(
        console.says("No token stops working at once. Tokens that have expired already stay dead.")
    );
    console.server.json(Method::Post, PREVIEW, &ending(1));
    console.fill("Duration", "89").await;
    console.advance(300).await;
    assert!(console.says("stop working the moment you press Activate."));
}

#[wasm_bindgen_test]
async fn short_and_long_periods_come_with_advice() {
    let console = editing(fixtures::server()).await;
    let (short, long) = ("no notice can be sent ahead", "whoever steals a token");
    assert!(
        !console.says(short) && !console.says(long),
        "90 days need none"
    );
    console.fill("Duration", "7").await;
    assert!(
        !console.says(short),
        "a notice seven days ahead is possible"
    );
    console.fill("Duration", "6").await;
    assert!(console.says(short));
    axe::check(&console.root).await;
    console.pick("Unit", "Years").await;
    assert!(console.says(long) && !console.says(short));
    console.fill("Duration", "1").await;
    assert!(!console.says(long), "a year is not long");
}

#[wasm_bindgen_test]
async fn invalid_input_gets_its_reason_and_is_not_sent() {
    let console = editing(fixtures::server()).await;
    for (amount, unit, reason) in [
        ("", "Days", "Type a number."),
        ("0", "Days", "Type a number from 1 to 9,999."),
        ("-5", "Days", "Type a number from 1 to 9,999."),
        ("10000", "Minutes", "Type a number from 1 to 9,999."),
        ("1.5", "Hours", "Type a whole number, without a fraction."),
        ("11", "Years", "A period is at most 10 years"),
    ] {
        console.fill("Duration", amount).await;
        console.pick("Unit", unit).await;
        assert!(console.says(reason), "{amount} {unit}: {}", console.text());
        let field = console.field("Duration");
        assert_eq!(field.get_attribute("aria-invalid").as_deref(), Some("true"));
        let ids = field.get_attribute("aria-describedby").unwrap_or_default();
        let described = ids.split_whitespace().any(|id| {
            let text = document()
                .get_element_by_id(id)
                .and_then(|it| it.text_content());
            text.is_some_and(|text| text.contains(reason))
        });
        assert!(described, "the reason describes the field");
        console.press(Role::Button, "Activate").await;
        assert!(
            focus_is_on("Duration"),
            "the focus goes to the first field at fault"
        );
    }
    assert_eq!(puts(&console), 0);
    axe::check(&console.root).await;
    console.fill("Duration", "10").await;
    assert!(!console.says("at most 10 years"));
}
