//! *When*, and what is scheduled: proposed, shown, edited, cancelled, and in force by the clock.

use tenure_console::components::date_time::{instant, local};
use tenure_domain::wire::{impact::PolicyImpact, policies::ScheduledPolicy};

use super::*;

const SCHEDULED: &str = "/plans/acme/expiration-policy/scheduled";

/// Off, and 30 days from an hour of next week on.
pub(super) fn scheduled(number: u32) -> ExpirationPolicy {
    let by = version(number, None, "Bo").changed_by;
    ExpirationPolicy {
        scheduled: Some(ScheduledPolicy {
            version: number,
            period: Some(period((30, Unit::Days))),
            inactivity: None,
            effective_at: comes(),
            decided_at: fixtures::NOW.saturating_add(-HOUR),
            changed_by: by,
        }),
        ..fixtures::no_policy()
    }
}

pub(super) fn comes() -> Timestamp {
    Detail::LongMinute.cut_upwards(fixtures::NOW.saturating_add(8 * DAY))
}

pub(super) async fn later(console: &Console) {
    console.field("At a set time").click();
    settle().await;
}

/// The round five minutes that lie five or more after `earliest`.
pub(super) fn proposed(earliest: Timestamp) -> Timestamp {
    let five = 5 * MINUTE;
    let count = earliest.as_millis().div_euclid(five);
    let exact = earliest.as_millis().rem_euclid(five) == 0;
    Timestamp::from_millis((count + if exact { 1 } else { 2 }) * five)
}

/// 90 days in force, and Bo has scheduled 30.
pub(super) fn on_top() -> ExpirationPolicy {
    ExpirationPolicy {
        scheduled: scheduled(4).scheduled,
        ..version(3, Some(DAYS_90), "Ada")
    }
}

/// What Bo has scheduled, with the word for what happens to it.
pub(super) fn this(verb: &str) -> String {
    let zone = format::zone_label(comes(), Zone::Viewer);
    let at = format::instant(comes(), Detail::LongMinute, Zone::Viewer);
    format!(
        "This {verb} what Bo scheduled for {at} ({zone}): tokens stop working 30 days after they are created."
    )
}

pub(super) fn ending(now: u64) -> PolicyImpact {
    PolicyImpact {
        now,
        takes_effect_at: comes(),
        ..fixtures::no_impact()
    }
}

pub(super) fn refused_instant() -> Response {
    let problem = Problem {
        errors: vec![FieldError {
            pointer: "/effective_at".to_owned(),
            code: "not_ahead".to_owned(),
            detail: String::new(),
        }],
        ..Problem::new(Kind::ValidationFailed)
    };
    Response::json(422, &problem)
}

pub(super) fn at(console: &Console) -> String {
    let input: HtmlInputElement = console.field("Date and time").unchecked_into();
    input.value()
}

#[wasm_bindgen_test]
async fn the_earliest_at_which_everybody_had_seven_days_is_proposed() {
    let server = fixtures::server();
    let earliest = fixtures::NOW.saturating_add(9 * DAY + 1);
    let impact = PolicyImpact {
        earliest_with_notice: earliest,
        ..fixtures::no_impact()
    };
    server.json(Method::Post, PREVIEW, &impact);
    let console = editing(server).await;
    later(&console).await;
    let proposed = proposed(earliest);
    until("it is proposed", || at(&console) == local(proposed)).await;
    assert!(console.says(&format::utc(proposed)), "{}", console.text());
    assert!(console.find(Role::Button, "Activate").is_none());
    assert!(console.find(Role::Button, "Schedule").is_some());
    axe::check(&console.root).await;
    // Back to now, and nothing of it is sent.
    console.field("Now").click();
    settle().await;
    assert!(console.find(Role::Button, "Activate").is_some());
}

#[wasm_bindgen_test]
async fn scheduling_sends_the_instant_and_shows_what_is_scheduled() {
    let server = fixtures::server();
    server.json(Method::Put, POLICY, &scheduled(1));
    let console = editing(server).await;
    console.fill("Duration", "30").await;
    later(&console).await;
    console.fill("Date and time", &local(comes())).await;
    console.press(Role::Button, "Schedule").await;
    let (body, seen) = last_put(&console);
    let expected = format!(
        r#"{{"period":{{"amount":30,"unit":"days"}},"effective_at":"{}","ends_at_most":0}}"#,
        comes()
    );
    assert_eq!((body, seen.as_str()), (expected, "\"0\""));
    let exact = format::instant(comes(), Detail::LongSecond, Zone::Viewer);
    let words =
        format!("Scheduled for {exact}: tokens stop working 30 days after they are created.");
    assert!(console.says(&words), "{words}\n{}", console.text());
    assert!(!is_on(&console), "it is not in force yet");
    let heading = console.find(Role::Heading, "Scheduled change");
    assert!(heading.is_some());
    assert!(console.says("Scheduled by Bo on"));
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn an_instant_that_is_none_or_refused_stands_beside_its_field() {
    let server = fixtures::server();
    let answer = refused_instant();
    server.on(Method::Put, POLICY, move |_| answer.clone());
    let console = editing(server).await;
    later(&console).await;
    console.fill("Date and time", "").await;
    console.press(Role::Button, "Schedule").await;
    assert!(console.says("Pick a date and a time."));
    assert_eq!(puts(&console), 0);
    console.fill("Date and time", "2020-01-01T00:00").await;
    assert!(!console.says("Pick a date and a time."));
    console.press(Role::Button, "Schedule").await;
    assert!(console.says("Pick an instant that is still to come."));
    assert!(focus_is_on("Date and time"));
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn what_is_scheduled_can_be_edited() {
    let server = server_with(&scheduled(1));
    server.json(Method::Put, POLICY, &scheduled(2));
    let console = Console::open_at(PAGE, server).await;
    assert!(console.says("From"));
    assert!(console.says("tokens stop working 30 days after they are created."));
    console.press(Role::Button, "Edit schedule").await;
    assert_eq!(typed(&console), ("30".to_owned(), "days".to_owned()));
    assert_eq!(instant(&at(&console)), Some(comes()));
    console.fill("Duration", "60").await;
    console.press(Role::Button, "Schedule").await;
    let (body, seen) = last_put(&console);
    assert!(body.contains(r#""amount":60"#), "{body}");
    assert_eq!(seen, r#""0-1""#, "what was scheduled was seen");
}

#[wasm_bindgen_test]
async fn what_is_scheduled_can_be_cancelled() {
    let server = server_with(&scheduled(1));
    server.json(Method::Delete, SCHEDULED, &fixtures::no_policy());
    let console = Console::open_at(PAGE, server).await;
    console.press(Role::Button, "Cancel schedule").await;
    let dialog = console.get(Role::Dialog, "Cancel the scheduled change?");
    axe::check(&console.root).await;
    let yes = crate::harness::select(&dialog, ".danger")
        .into_iter()
        .next();
    yes.expect("a button that does it").click();
    settle().await;
    let call = console.server.calls().into_iter().rev();
    let call = call.into_iter().find(|call| call.method == Method::Delete);
    let call = call.expect("it was asked for");
    assert_eq!(call.if_match.as_deref(), Some(r#""0-1""#));
    assert!(console.says("Cancelled: the policy in force stays."));
    assert!(console.find(Role::Heading, "Scheduled change").is_none());
}

#[wasm_bindgen_test]
async fn anothers_schedule_is_a_conflict_that_keeps_what_is_typed() {
    let server = fixtures::server();
    let answer = stale(&scheduled(1));
    server.on(Method::Put, POLICY, move |_| answer.clone());
    let console = editing(server).await;
    console.fill("Duration", "45").await;
    later(&console).await;
    console.fill("Date and time", &local(comes())).await;
    console.press(Role::Button, "Schedule").await;
    assert!(console.says("Somebody changed this while you were editing"));
    let day = format::instant(comes(), Detail::LongMinute, Zone::Viewer);
    assert!(console.says(&format!("From {day}: tokens stop working 30 days")));
    assert!(console.says(&format!("To be scheduled for {day}.")));
    assert!(console.says(&this("replaces")));
    assert_eq!(typed(&console), ("45".to_owned(), "days".to_owned()));
    assert_eq!(at(&console), local(comes()));
    console.server.json(Method::Put, POLICY, &scheduled(2));
    console.press(Role::Button, "Apply mine on top").await;
    assert_eq!(last_put(&console).1, r#""0-1""#);
}

#[wasm_bindgen_test]
async fn when_its_instant_comes_the_page_shows_it_in_force() {
    let server = server_with(&scheduled(1));
    let console = Console::open_at(PAGE, server).await;
    assert!(!is_on(&console));
    let since = ExpirationPolicy {
        in_force_since: comes(),
        ..version(1, Some((30, Unit::Days)), "Bo")
    };
    in_force(&console.server, &since);
    console
        .advance(comes().millis_since(fixtures::NOW) + SECOND)
        .await;
    until("it is in force", || is_on(&console)).await;
    assert!(console.find(Role::Heading, "Scheduled change").is_none());
    assert!(console.says("Tokens stop working 30 days after they are created."));
}
