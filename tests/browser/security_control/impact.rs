//! What Activate would do, seen before; and the number that wants to be typed where tokens end.

use tenure_domain::{
    id::TokenId,
    token::TokenKind,
    wire::{
        impact::{Day, DayCount, EndingToken, PolicyImpact},
        session::User,
    },
};

use super::*;

fn day(after: i64, count: u64) -> DayCount {
    let date = Day::of(fixtures::NOW.saturating_add(after * DAY));
    DayCount { date, count }
}

fn ending(name: &str, last_used_at: Option<Timestamp>) -> EndingToken {
    EndingToken {
        id: TokenId(name.to_owned()),
        name: name.to_owned(),
        kind: TokenKind::UserAccess,
        last_four: "9fQ2".to_owned(),
        owner: User {
            id: UserId("bo".to_owned()),
            name: "Bo".to_owned(),
            email: "bo@acme.example".to_owned(),
        },
        created_at: fixtures::NOW.saturating_add(-200 * DAY),
        last_used_at,
    }
}

/// Of 1 252 tokens, so many stop at once.
fn stopping(now: u64) -> PolicyImpact {
    let used = fixtures::NOW.saturating_add(-2 * HOUR);
    PolicyImpact {
        now,
        within_7_days: 31,
        later: 1_204,
        never: 17 - now,
        already_dead: 214,
        days: vec![day(0, now), day(3, 31), day(40, 90)],
        first: vec![
            ending("nightly-export", Some(used)),
            ending("old-laptop", None),
        ],
        earliest_with_notice: fixtures::NOW.saturating_add(7 * DAY),
        ..fixtures::no_impact()
    }
}

fn server_that_counts(impact: &PolicyImpact) -> Fake {
    let server = fixtures::server();
    server.json(Method::Post, PREVIEW, impact);
    server
}

fn previews(console: &Console) -> Vec<String> {
    let calls = console.server.calls().into_iter();
    let previews = calls.filter(|call| call.method == Method::Post && call.path == PREVIEW);
    previews.filter_map(|call| call.body).collect()
}

#[wasm_bindgen_test]
async fn the_tile_says_how_many_stop_when_and_who_is_first() {
    let console = editing(server_that_counts(&stopping(3))).await;
    let text = console
        .text()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    for words in [
        "What Activate does to 1,252 tokens",
        "3 stop working at once",
        "31 stop within 7 days",
        "1,204 stop later",
        "14 never expire",
        "none of the 214 expired tokens",
        "nightly-export …9fQ2",
        "Bo bo@acme.example",
        "2 hours ago",
        "To warn everybody 7 days ahead, schedule it for 29 November 2026",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let list = console.get(Role::Link, "All 3 as CSV");
    let address = list.get_attribute("href").expect("an address");
    let whole = "/plans/acme/expiration-policy/preview.csv?period=90%20days";
    assert!(address.ends_with(whole), "{address}");
    assert!(list.has_attribute("download"));
    axe::check(&console.root).await;
    axe::reflows(&console.root);
}

#[wasm_bindgen_test]
async fn the_chart_says_the_same_in_words_and_as_a_table() {
    let console = editing(server_that_counts(&stopping(3))).await;
    let chart = console.root.query_selector(".impact svg[role=img]");
    let chart = chart.expect("a selector").expect("a chart");
    let words = chart.get_attribute("aria-label").expect("words");
    let day_of_most = format::instant(day(40, 0).date.start(), Detail::Day, Zone::Utc);
    let expected = format!("124 tokens stop working on these days, most on {day_of_most}: 90.");
    assert_eq!(words, expected);
    let summary = crate::harness::select(&console.root, ".impact summary");
    summary[0].click();
    settle().await;
    let rows = crate::harness::select(&console.root, ".chart-table tbody tr");
    let counts: Vec<_> = rows.iter().map(HtmlElement::inner_text).collect();
    assert_eq!(counts.len(), 3);
    assert!(
        counts[2].contains(&day_of_most) && counts[2].contains("90"),
        "{counts:?}"
    );
    axe::check(&console.root).await;
    axe::reflows(&console.root);
}

#[wasm_bindgen_test]
async fn it_is_asked_for_once_nobody_types_and_the_last_answer_wins() {
    let console = editing(server_that_counts(&stopping(3))).await;
    assert_eq!(previews(&console).len(), 1, "at once, when the fields open");
    for amount in ["8", "80", "801"] {
        console.fill("Duration", amount).await;
        console.advance(100).await;
    }
    assert_eq!(previews(&console).len(), 1, "somebody types");
    assert!(console.says("1,252 tokens"), "the last numbers stay");
    let panel = &crate::harness::select(&console.root, ".impact")[0];
    assert_eq!(panel.get_attribute("aria-busy").as_deref(), Some("true"));

    let slow = console.server.hold(Method::Post, PREVIEW);
    console.advance(300).await;
    assert_eq!(previews(&console).len(), 2);
    console.server.json(Method::Post, PREVIEW, &stopping(5));
    console.fill("Duration", "70").await;
    console.advance(300).await;
    assert!(console.says("All 5 as CSV"));
    slow.release();
    settle().await;
    assert!(
        console.says("All 5 as CSV"),
        "an older answer changes nothing"
    );
    let asked = previews(&console);
    assert_eq!(asked[1..], [body(801), body(70)]);
    assert_eq!(panel.get_attribute("aria-busy"), None);
}

fn body(days: u16) -> String {
    format!(r#"{{"period":{{"amount":{days},"unit":"days"}}}}"#)
}

#[wasm_bindgen_test]
async fn what_is_no_period_has_no_impact_and_a_failure_has_a_way_on() {
    let console = editing(server_that_counts(&stopping(3))).await;
    console.fill("Duration", "0").await;
    console.advance(300).await;
    assert_eq!(previews(&console).len(), 1, "there is nothing to ask about");
    assert!(!console.says("1,252 tokens") && console.says("Type a period to see which"));
    console
        .server
        .problem(Method::Post, PREVIEW, Kind::Internal);
    console.fill("Duration", "9").await;
    console.advance(300).await;
    assert!(console.says("ref-1"));
    axe::check(&console.root).await;
    console.server.json(Method::Post, PREVIEW, &stopping(3));
    console.press(Role::Button, "Try again").await;
    assert!(console.says("1,252 tokens"));
}

#[wasm_bindgen_test]
async fn who_would_cut_off_three_tokens_types_three() {
    let server = server_that_counts(&stopping(3));
    server.json(Method::Put, POLICY, &version(1, Some(DAYS_90), "Ada"));
    let console = editing(server).await;
    console.press(Role::Button, "Activate").await;
    let title = "Activate and stop 3 tokens?";
    let dialog = console.get(Role::Dialog, title);
    assert_eq!(puts(&console), 0, "nothing is done before");
    axe::check(&console.root).await;
    for wrong in ["", "2", "three"] {
        console
            .fill("Number of tokens that stop working", wrong)
            .await;
        in_dialog(&dialog, "Activate").click();
        settle().await;
        assert!(
            dialog
                .inner_text()
                .contains("Type the number 3, or cancel.")
        );
        assert!(focus_is_on("Number of tokens that stop working"));
    }
    assert_eq!(puts(&console), 0);
    axe::check(&console.root).await;
    console
        .fill("Number of tokens that stop working", " 3 ")
        .await;
    in_dialog(&dialog, "Activate").click();
    settle().await;
    let (sent, _) = last_put(&console);
    let expected = r#"{"period":{"amount":90,"unit":"days"},"ends_at_most":3}"#;
    assert_eq!(sent, expected);
    assert!(console.find(Role::Dialog, title).is_none());
    assert!(console.says("In force since"));
}

#[wasm_bindgen_test]
async fn who_cancels_keeps_what_is_typed_and_nothing_is_done() {
    let console = editing(server_that_counts(&stopping(3))).await;
    console.press(Role::Button, "Activate").await;
    let dialog = console.get(Role::Dialog, "Activate and stop 3 tokens?");
    in_dialog(&dialog, "Cancel").click();
    settle().await;
    assert_eq!(puts(&console), 0);
    assert_eq!(typed(&console), ("90".to_owned(), "days".to_owned()));
}

#[wasm_bindgen_test]
async fn a_number_that_has_grown_is_asked_about_anew() {
    let server = server_that_counts(&stopping(3));
    server.problem(Method::Put, POLICY, Kind::MoreWouldEnd);
    let console = editing(server).await;
    console.press(Role::Button, "Activate").await;
    let dialog = console.get(Role::Dialog, "Activate and stop 3 tokens?");
    console.server.json(Method::Post, PREVIEW, &stopping(4));
    console
        .fill("Number of tokens that stop working", "3")
        .await;
    in_dialog(&dialog, "Activate").click();
    settle().await;
    let dialog = console.get(Role::Dialog, "Activate and stop 4 tokens?");
    assert!(
        dialog
            .inner_text()
            .contains("It would be 4 tokens by now. Nothing was changed.")
    );
    axe::check(&console.root).await;
    console
        .server
        .json(Method::Put, POLICY, &version(1, Some(DAYS_90), "Ada"));
    console
        .fill("Number of tokens that stop working", "4")
        .await;
    in_dialog(&dialog, "Activate").click();
    settle().await;
    assert!(last_put(&console).0.contains(r#""ends_at_most":4"#));
    assert!(console.says("In force since"));
}

#[wasm_bindgen_test]
async fn a_number_that_is_refused_and_has_not_grown_is_told_and_not_asked_about_for_ever() {
    let server = server_that_counts(&stopping(0));
    server.problem(Method::Put, POLICY, Kind::MoreWouldEnd);
    let console = editing(server).await;
    console.press(Role::Button, "Activate").await;
    assert_eq!(puts(&console), 1);
    assert!(console.says("ref-1"), "{}", console.text());
    assert_eq!(typed(&console), ("90".to_owned(), "days".to_owned()));
}

#[wasm_bindgen_test]
async fn turning_off_says_what_it_does_not_bring_back() {
    let server = server_with(&version(1, Some(DAYS_90), "Ada"));
    server.json(Method::Post, PREVIEW, &stopping(0));
    let console = Console::open_at(PAGE, server).await;
    console.press(Role::Button, "Turn off").await;
    assert!(console.says("17 tokens that work now would never expire then."));
    assert!(console.says("1,235 tokens of apps would still end by the server's own limit."));
    assert!(console.says("214 tokens have expired. Turning off brings none of them back."));
    axe::check(&console.root).await;
}

/// The button of this name in a dialog.
fn in_dialog(dialog: &HtmlElement, name: &str) -> HtmlElement {
    let buttons = crate::harness::select(dialog, "button");
    let button = buttons.into_iter().find(|it| accessible_name(it) == name);
    button.unwrap_or_else(|| panic!("no {name} in {}", dialog.inner_text()))
}
