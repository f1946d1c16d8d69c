//! Admin Center > Security & Control, in every state.

use leptos::prelude::document;
use tenure_console::{
    api::{
        fake::Fake,
        transport::{Method, Response},
    },
    clock::Clock,
    format::{self, Detail, Zone},
};
use tenure_domain::{
    id::UserId,
    period::{Period, Unit},
    problem::{FieldError, Kind, Problem},
    time::{DAY, HOUR, MINUTE, SECOND, Timestamp},
    wire::{page::Page, policies::ExpirationPolicy, session::UserRef},
};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlElement, HtmlInputElement, HtmlSelectElement};

use crate::{
    axe, fixtures,
    harness::{Console, Role, accessible_name, address, fire, focused, settle, until},
};

const PAGE: &str = "/plans/acme/security-control";
const POLICY: &str = "/plans/acme/expiration-policy";
const HISTORY: &str = "/plans/acme/expiration-policy/history";
const DAYS_90: (i64, Unit) = (90, Unit::Days);

fn period((amount, unit): (i64, Unit)) -> Period {
    Period::new(amount, unit).expect("a period")
}

/// A version that somebody set three days ago.
fn version(number: u32, length: Option<(i64, Unit)>, by: &str) -> ExpirationPolicy {
    ExpirationPolicy {
        version: number,
        period: length.map(period),
        inactivity: None,
        in_force_since: fixtures::NOW.saturating_add(-3 * DAY),
        changed_by: Some(UserRef {
            id: UserId(by.to_lowercase()),
            name: by.to_owned(),
        }),
        dead_before: None,
    }
}

/// A server at which this policy is in force.
fn server_with(policy: &ExpirationPolicy) -> Fake {
    let server = fixtures::server();
    in_force(&server, policy);
    server
}

fn in_force(server: &Fake, policy: &ExpirationPolicy) {
    server.json(Method::Get, POLICY, policy);
    let history = Page {
        items: vec![policy.clone(), fixtures::no_policy()],
        next_cursor: None,
    };
    server.json(Method::Get, HISTORY, &history);
}

fn stale(current: &ExpirationPolicy) -> Response {
    let problem = Problem {
        current: Some(Box::new(current.clone())),
        ..Problem::new(Kind::StaleVersion)
    };
    Response::json(412, &problem)
}

/// The page with the fields open on a policy that is off.
async fn editing(server: Fake) -> Console {
    let console = Console::open_at(PAGE, server).await;
    console.press(Role::Switch, "Expiration period").await;
    console
}

fn typed(console: &Console) -> (String, String) {
    let amount: HtmlInputElement = console.field("Duration").unchecked_into();
    let unit: HtmlSelectElement = console.field("Unit").unchecked_into();
    (amount.value(), unit.value())
}

fn is_on(console: &Console) -> bool {
    let switch = console.get(Role::Switch, "Expiration period");
    switch.get_attribute("aria-checked").as_deref() == Some("true")
}

fn puts(console: &Console) -> usize {
    console.server.count(Method::Put, POLICY)
}

/// The body and the version of the last change that was asked for.
fn last_put(console: &Console) -> (String, String) {
    let calls = console.server.calls();
    let put = calls
        .into_iter()
        .rev()
        .find(|call| call.method == Method::Put);
    let put = put.expect("a change was asked for");
    (
        put.body.unwrap_or_default(),
        put.if_match.unwrap_or_default(),
    )
}

fn focus_is_on(name: &str) -> bool {
    let element = focused().and_then(|it| it.dyn_into::<HtmlElement>().ok());
    element.is_some_and(|it| accessible_name(&it) == name)
}

/// `20 February 2027, 09:33 (UTC)`, as the page says it.
fn until_when(at: Timestamp, detail: Detail) -> String {
    let zone = format::zone_label(at, Zone::Viewer);
    let at = format::instant(at, detail, Zone::Viewer);
    format!("A token created now would work until {at} ({zone}).")
}

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
async fn sliding_the_switch_opens_the_fields_and_asks_the_server_nothing() {
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
    assert_eq!(console.server.calls().len(), calls, "nothing was asked");
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
    let console = editing(server_with(&policy)).await;
    console.fill("Duration", "10").await;
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

#[wasm_bindgen_test]
async fn leaving_asks_before_a_typed_period_is_lost() {
    let console = Console::open_at(PAGE, server_with(&version(1, Some(DAYS_90), "Ada"))).await;
    console.press(Role::Button, "Change").await;
    assert_eq!(focused(), Some(console.field("Duration").into()));
    console.fill("Duration", "9").await;
    console.press(Role::Link, "Personal Settings").await;
    console.get(Role::Dialog, "Leave without activating?");
    console.press(Role::Button, "Stay").await;
    assert_eq!(address(), PAGE);
    assert_eq!(typed(&console).0, "9", "nothing is lost");
    console.press(Role::Link, "Personal Settings").await;
    console.press(Role::Button, "Leave").await;
    assert_eq!(address(), "/settings/api-access");
}

#[wasm_bindgen_test]
async fn leaving_asks_nothing_where_nothing_was_typed() {
    let console = Console::open_at(PAGE, server_with(&version(1, Some(DAYS_90), "Ada"))).await;
    console.press(Role::Button, "Change").await;
    console.press(Role::Link, "Personal Settings").await;
    assert_eq!(address(), "/settings/api-access");
}

#[wasm_bindgen_test]
async fn lengthening_a_period_stops_nothing_and_shortening_it_does() {
    let console = Console::open_at(PAGE, server_with(&version(1, Some(DAYS_90), "Ada"))).await;
    console.press(Role::Button, "Change").await;
    assert!(console.says("This is the period in force."));
    console.fill("Duration", "91").await;
    assert!(
        console.says("No token stops working at once. Tokens that have expired already stay dead.")
    );
    console.fill("Duration", "89").await;
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
    assert_eq!(body, r#"{"period":{"amount":1,"unit":"minutes"}}"#);
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
    console.server.set_connected(false);
    console.press(Role::Button, "Activate").await;
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
    assert_eq!(body, r#"{"period":{"amount":60,"unit":"days"}}"#);
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

#[wasm_bindgen_test]
async fn the_versions_come_in_pages_and_the_focus_stays_in_the_list() {
    let server = fixtures::server();
    let pages = [(3, 3, Some("c2")), (2, 2, Some("c3")), (1, 0, None)];
    server.on(Method::Get, HISTORY, move |request| {
        let page = match request.path.split("cursor=").nth(1) {
            None => 0,
            Some("c2") => 1,
            Some(_) => 2,
        };
        let (from, to, next): (u32, u32, Option<&str>) = pages[page];
        let items = (to..=from)
            .rev()
            .map(|number| version(number, Some(DAYS_90), "Bo"));
        Response::json(
            200,
            &Page {
                items: items.collect(),
                next_cursor: next.map(str::to_owned),
            },
        )
    });
    let console = Console::open_at(PAGE, server).await;
    let rows = || crate::harness::select(&console.root, "tbody tr");
    assert_eq!(rows().len(), 1);
    console
        .get(Role::Button, "Show more")
        .focus()
        .expect("it takes the focus");
    console.press(Role::Button, "Show more").await;
    assert_eq!(rows().len(), 2);
    assert!(focus_is_on("Show more"), "there is more");
    axe::check(&console.root).await;
    console.press(Role::Button, "Show more").await;
    assert_eq!(rows().len(), 4);
    assert!(console.find(Role::Button, "Show more").is_none());
    let row = rows().into_iter().nth(2).expect("the first new one");
    assert!(focused().is_some_and(|it| it.is_same_node(Some(&row))));
}

#[wasm_bindgen_test]
async fn a_page_of_versions_that_does_not_come_can_be_asked_for_again() {
    let server = fixtures::server();
    server.on(Method::Get, HISTORY, |request| {
        if request.path.contains("cursor=") {
            return Response::problem(Kind::Internal);
        }
        let items = vec![version(2, Some(DAYS_90), "Bo")];
        Response::json(
            200,
            &Page {
                items,
                next_cursor: Some("c2".to_owned()),
            },
        )
    });
    let console = Console::open_at(PAGE, server).await;
    console.press(Role::Button, "Show more").await;
    assert!(console.says("Something went wrong on the server."));
    assert!(console.find(Role::Button, "Show more").is_some());
    assert_eq!(crate::harness::select(&console.root, "tbody tr").len(), 1);
}

#[wasm_bindgen_test]
async fn on_a_pro_plan_the_tile_is_there_locked_and_says_why() {
    let server = fixtures::server_of(&fixtures::admin_of_two());
    let console = Console::open_at("/plans/basil/security-control", server).await;
    let switch = console.get(Role::Switch, "Expiration period");
    assert!(switch.has_attribute("disabled"));
    let ids = switch
        .get_attribute("aria-describedby")
        .expect("it says why");
    let why = document()
        .get_element_by_id(&ids)
        .and_then(|it| it.text_content());
    assert!(why.is_some_and(|why| why.contains("Business and Enterprise plans")));
    assert!(console.says("Basil, Pro plan"));
    for name in ["Activate", "Change", "Turn off"] {
        assert!(console.find(Role::Button, name).is_none(), "{name}");
    }
    let asked = console
        .server
        .count(Method::Get, "/plans/basil/expiration-policy");
    assert_eq!(asked, 0, "there is nothing to ask for");
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn a_policy_that_does_not_come_is_a_problem_with_a_way_on() {
    let server = fixtures::server();
    server.problem(Method::Get, POLICY, Kind::Internal);
    let console = Console::open_at(PAGE, server).await;
    assert!(console.says("ref-1"));
    assert!(console.find(Role::Switch, "Expiration period").is_none());
    axe::check(&console.root).await;
    console
        .server
        .json(Method::Get, POLICY, &version(1, Some(DAYS_90), "Bo"));
    console.press(Role::Button, "Try again").await;
    assert!(is_on(&console));
}

#[wasm_bindgen_test]
async fn while_the_policy_is_on_its_way_its_place_is_kept() {
    let server = fixtures::server();
    let held = server.hold(Method::Get, POLICY);
    let console = Console::open_at(PAGE, server).await;
    console.advance(200).await;
    assert!(console.says("Loading"));
    axe::check(&console.root).await;
    held.release();
    until("the tile is there", || {
        console.find(Role::Switch, "Expiration period").is_some()
    })
    .await;
}

#[wasm_bindgen_test]
async fn a_session_that_ends_in_mid_edit_is_renewed_and_the_edit_goes_on() {
    let console = editing(fixtures::server()).await;
    console.fill("Duration", "45").await;
    console
        .server
        .problem(Method::Put, POLICY, Kind::SessionExpired);
    console.press(Role::Button, "Activate").await;
    let dialog = console.get(Role::Dialog, "Sign in to go on");
    assert!(dialog.inner_text().contains("Nothing is lost"));
    console
        .server
        .json(Method::Post, "/session", &fixtures::ada());
    console.server.json(
        Method::Put,
        POLICY,
        &version(1, Some((45, Unit::Days)), "Ada"),
    );
    console.fill("Password", "tenure-demo").await;
    let form = dialog
        .query_selector("form")
        .expect("a selector")
        .expect("a form");
    fire(form.unchecked_ref(), "submit");
    until("the edit is done", || console.says("In force since")).await;
    assert_eq!(puts(&console), 2, "asked again by itself");
    assert!(console.says("45 days"));
}

#[wasm_bindgen_test]
async fn the_main_job_is_native_controls_in_the_order_of_reading() {
    let console = editing(fixtures::server()).await;
    let main = crate::harness::select(&console.root, "main")
        .into_iter()
        .next();
    let main = main.expect("a main part");
    let focusable = crate::harness::select(&main, "button, input, select, a[href], [tabindex='0']");
    let names: Vec<_> = focusable.iter().map(accessible_name).collect();
    let expected = [
        "Expiration period",
        "Duration",
        "Unit",
        "Activate",
        "Cancel",
    ];
    assert_eq!(names[..5], expected);
    for element in &focusable[..5] {
        assert!(element.tab_index() == 0, "Tab reaches it");
    }
    let kinds: Vec<_> = focusable.iter().map(|it| it.tag_name()).collect();
    assert_eq!(
        kinds[..5],
        ["BUTTON", "INPUT", "SELECT", "BUTTON", "BUTTON"]
    );
    // Enter in a field submits: the first submitting button of the form is Activate.
    let submits = crate::harness::select(&main, "form button[type=submit]");
    assert_eq!(
        submits.iter().map(accessible_name).collect::<Vec<_>>(),
        ["Activate"]
    );
}
