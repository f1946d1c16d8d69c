//! What the policy in force will end by itself.

use tenure_domain::wire::impact::{Day, DayCount, Forecast};

use super::*;

fn forecast(count: u64, total: u64) -> Forecast {
    let date = Day::of(fixtures::NOW.saturating_add(20 * DAY));
    let heaviest = DayCount { date, count };
    Forecast {
        days: vec![heaviest],
        later: 5,
        never: 2,
        total,
        heaviest: Some(heaviest),
        ..fixtures::no_forecast()
    }
}

async fn open(forecast: &Forecast) -> Console {
    let server = server_with(&version(1, Some(DAYS_90), "Ada"));
    server.json(Method::Get, FORECAST, forecast);
    Console::open_at(PAGE, server).await
}

#[wasm_bindgen_test]
async fn a_day_with_more_than_a_tenth_of_all_is_warned_of() {
    let console = open(&forecast(11, 100)).await;
    let at = format::instant(forecast(0, 0).days[0].date.start(), Detail::Day, Zone::Utc);
    let words = format!("11 of 100 tokens stop working on one day, {at} (UTC).");
    assert!(console.says(&words), "{words}\n{}", console.text());
    assert!(console.says("5 later, 2 never."));
    axe::check(&console.root).await;
    axe::reflows(&console.root);
}

#[wasm_bindgen_test]
async fn where_uses_count_nobody_is_told_to_rotate() {
    let advice = "Rotating some of them earlier spreads the work.";
    let if_unused = "Counted as if nobody used a token from now on";
    let console = open(&forecast(11, 100)).await;
    assert!(console.says(advice) && !console.says(if_unused));
    let policy = ExpirationPolicy {
        inactivity: Some(period((30, Unit::Days))),
        ..version(1, Some(DAYS_90), "Ada")
    };
    let server = server_with(&policy);
    server.json(Method::Get, FORECAST, &forecast(11, 100));
    let console = Console::open_at(PAGE, server).await;
    assert!(!console.says(advice) && console.says(if_unused));
    assert!(console.says("11 of 100 tokens stop working on one day"));
}

#[wasm_bindgen_test]
async fn a_tenth_is_no_crowd_and_neither_is_a_single_token() {
    for (count, total) in [(10, 100), (1, 1)] {
        let console = open(&forecast(count, total)).await;
        assert!(!console.says("on one day"), "{count} of {total}");
        assert!(console.says("Forecast"));
    }
}

#[wasm_bindgen_test]
async fn a_plan_whose_tokens_do_not_expire_says_so() {
    let console = Console::open(PAGE).await;
    assert!(console.says("No token of this plan expires within 90 days."));
    axe::check(&console.root).await;
}
