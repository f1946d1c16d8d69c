//! Admin Center > Audit log, in every state.

use tenure_console::{
    api::{
        fake::Fake,
        transport::{Method, Response},
    },
    format::{self, Detail, Zone},
};
use tenure_domain::{
    id::UserId,
    json::Json,
    problem::Kind,
    time::{HOUR, MINUTE},
    wire::{
        audit::{AuditEvent, AuditVerification},
        page::Page,
        session::UserRef,
    },
};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{
    axe, fixtures,
    harness::{Console, Role, address, select, settle, until},
};

const PAGE: &str = "/plans/acme/audit-log";
const EVENTS: &str = "/plans/acme/audit-events";
const VERIFICATION: &str = "/plans/acme/audit-events/verification";

fn event(id: &str, sentence: &str) -> AuditEvent {
    AuditEvent {
        id: id.to_owned(),
        at: fixtures::NOW.saturating_add(-2 * HOUR),
        action: "token_revoked".to_owned(),
        sentence: sentence.to_owned(),
        actor: Some(UserRef {
            id: UserId("ada".to_owned()),
            name: "Ada".to_owned(),
        }),
        address: Some("203.0.113.7".to_owned()),
        target: Some("token-1".to_owned()),
        details: Json::Object(vec![
            ("last_four".to_owned(), Json::Text("9fQ2".to_owned())),
            ("version".to_owned(), Json::Number(3.0)),
            ("to".to_owned(), Json::Null),
        ]),
    }
}

fn have(server: &Fake, events: &[AuditEvent], next_cursor: Option<&str>) {
    let page = Page {
        items: events.to_vec(),
        next_cursor: next_cursor.map(str::to_owned),
    };
    server.json(Method::Get, EVENTS, &page);
}

async fn opened(at: &str, events: &[AuditEvent]) -> Console {
    let server = fixtures::server();
    have(&server, events, None);
    Console::open_at(at, server).await
}

/// The queries that the log was asked for, oldest first.
fn asked(console: &Console) -> Vec<String> {
    let calls = console.server.calls().into_iter();
    let of_log = calls.filter(|call| call.method == Method::Get && call.path.starts_with(EVENTS));
    let query = |path: String| {
        let (_, query) = path.split_once("?limit=50")?;
        Some(query.trim_start_matches('&').to_owned())
    };
    of_log.filter_map(|call| query(call.path)).collect()
}

#[wasm_bindgen_test]
async fn an_event_says_who_did_what_when_and_from_where_and_more_on_demand() {
    let until_at = fixtures::NOW.saturating_add(HOUR);
    let sentence = format!("Ada revoked the token ci until {until_at}.");
    let console = opened(PAGE, &[event("e1", &sentence)]).await;
    console.get(Role::Heading, "Audit log");
    let link = console.get(Role::Link, "Audit log");
    assert_eq!(link.get_attribute("aria-current").as_deref(), Some("page"));
    let row = select(&console.root, "tbody tr")
        .into_iter()
        .next()
        .expect("a row");
    let text = row.inner_text();
    let read = format::instant(until_at, Detail::Minute, Zone::Viewer);
    for words in [
        "2 hours ago",
        &format!("Ada revoked the token ci until {read}."),
        "203.0.113.7",
    ] {
        assert!(text.contains(words), "{words:?} in {text}");
    }
    assert!(
        !text.contains("9fQ2"),
        "details wait until they are asked for: {text}"
    );
    axe::check(&console.root).await;
    axe::reflows(&console.root);
    let summary = select(&row, "summary")
        .into_iter()
        .next()
        .expect("a summary");
    summary.click();
    settle().await;
    let text = row.inner_text();
    for words in [
        "token_revoked",
        "token-1",
        "e1",
        "Last four",
        "9fQ2",
        "Version",
        "3",
        "–",
    ] {
        assert!(text.contains(words), "{words:?} in {text}");
    }
    axe::check(&console.root).await;
    console.press(Role::Link, "All that was done to it").await;
    until("the narrower log", || {
        address() == format!("{PAGE}?target=token-1")
    })
    .await;
    assert!(console.says("Only events of one person or thing are shown."));
    assert_eq!(
        asked(&console).last().map(String::as_str),
        Some("target=token-1")
    );
    console.press(Role::Link, "Show all").await;
    until("the whole log", || address() == PAGE).await;
}

#[wasm_bindgen_test]
async fn the_filter_stands_in_the_address_and_goes_to_the_server() {
    let console = opened(PAGE, &[event("e1", "Ada did it.")]).await;
    assert_eq!(asked(&console), [""]);
    console.pick("Action", "Token revoked").await;
    console.fill("Text", " a&b ").await;
    console.press(Role::Button, "Filter").await;
    until("the address", || address().contains("action=token_revoked")).await;
    assert_eq!(
        asked(&console).last().map(String::as_str),
        Some("action=token_revoked&text=%20a%26b%20")
    );
    drop(console);

    let there = format!("{PAGE}?action=token_generated&since=2026-02-01&until=2026-02-02&text=x");
    let console = opened(&there, &[]).await;
    let query = asked(&console).pop().expect("it was asked");
    let parts: Vec<_> = query.split('&').collect();
    assert_eq!(parts.len(), 4, "{query}");
    let instant = |name: &str| {
        let part = parts.iter().find_map(|part| part.strip_prefix(name));
        let text = js_sys::decode_uri_component(part.expect("a part")).expect("a text");
        let text: String = text.into();
        text.parse::<tenure_domain::time::Timestamp>()
            .expect("an instant")
    };
    let (since, until) = (instant("since="), instant("until="));
    let midnight = |at| format::instant(at, Detail::Minute, Zone::Viewer);
    assert_eq!(midnight(since), "1 Feb 2026, 00:00");
    assert_eq!(
        midnight(until),
        "3 Feb 2026, 00:00",
        "the last day is within"
    );
    let shown = |label: &str| {
        let field = console.field(label);
        let value = js_sys::Reflect::get(&field, &"value".into()).expect("a value");
        value.as_string().unwrap_or_default()
    };
    assert_eq!(shown("From day"), "2026-02-01");
    assert_eq!(shown("Text"), "x");
    assert_eq!(shown("Action"), "token_generated");
    assert!(console.says("No event passes this filter"));
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn a_page_that_is_empty_can_be_gone_on_from() {
    let server = fixtures::server();
    have(&server, &[event("e1", "First.")], Some("more"));
    let console = Console::open_at(&format!("{PAGE}?text=x"), server).await;
    have(&console.server, &[event("e2", "Second.")], None);
    console.press(Role::Button, "Show more").await;
    assert!(console.says("First.") && console.says("Second."));
    assert_eq!(
        asked(&console).last().map(String::as_str),
        Some("text=x&cursor=more")
    );
}

#[wasm_bindgen_test]
async fn what_passes_the_filter_can_be_taken_away_as_a_file_by_a_plain_link() {
    let console = opened(&format!("{PAGE}?action=token_generated"), &[]).await;
    for (name, format) in [("Export CSV", "csv"), ("Export NDJSON", "ndjson")] {
        let link = console.get(Role::Link, name);
        let href = link.get_attribute("href").unwrap_or_default();
        let ending = format!("/api/v1{EVENTS}?format={format}&action=token_generated");
        assert!(href.ends_with(&ending), "{href}");
        assert!(link.has_attribute("download"));
    }
}

#[wasm_bindgen_test]
async fn the_chain_is_verified_and_what_was_found_is_said() {
    let console = opened(PAGE, &[event("e1", "First.")]).await;
    let since = fixtures::NOW.saturating_add(-HOUR);
    let mut found = AuditVerification {
        whole: true,
        events: 1_204,
        since: Some(since),
        until: Some(fixtures::NOW),
    };
    console.server.json(Method::Post, VERIFICATION, &found);
    let held = console.server.hold(Method::Post, VERIFICATION);
    console.press(Role::Button, "Verify the chain").await;
    let button = console.get(Role::Button, "Verify the chain");
    assert_eq!(button.get_attribute("aria-busy").as_deref(), Some("true"));
    // A long walk is waited for longer than other calls.
    console.advance(5 * MINUTE).await;
    assert!(!console.says("Tenure cannot be reached"));
    held.release();
    until("the answer", || {
        console.says("The chain holds. All 1,204 events")
    })
    .await;
    axe::check(&console.root).await;

    found.whole = false;
    console.server.json(Method::Post, VERIFICATION, &found);
    console.press(Role::Button, "Verify the chain").await;
    let until_then = format::instant(fixtures::NOW, Detail::Minute, Zone::Viewer);
    assert!(console.says("The chain is broken") && console.says(&format!("up to {until_then}")));
    found.until = None;
    console.server.json(Method::Post, VERIFICATION, &found);
    console.press(Role::Button, "Verify the chain").await;
    assert!(console.says("before this plan's first event"));

    let refusal = Response::problem(Kind::Unavailable);
    console
        .server
        .on(Method::Post, VERIFICATION, move |_| refusal.clone());
    console.press(Role::Button, "Verify the chain").await;
    assert!(!console.all(Role::Alert).is_empty());
    assert!(
        !console.says("The chain is broken"),
        "an answer that did not come is none"
    );
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn a_log_that_does_not_come_is_a_problem_and_is_for_system_admins() {
    let server = fixtures::server();
    server.problem(Method::Get, EVENTS, Kind::Internal);
    let console = Console::open_at(PAGE, server).await;
    assert!(console.says("Something went wrong on the server."));
    axe::check(&console.root).await;
    have(&console.server, &[event("e1", "First.")], None);
    console.press(Role::Button, "Try again").await;
    assert!(console.says("First."));
    drop(console);
    let console = Console::open_at(PAGE, fixtures::server_of(&fixtures::bo())).await;
    console.get(Role::Heading, "This page is for System Admins");
    assert!(console.find(Role::Link, "Audit log").is_none());
}

#[wasm_bindgen_test]
async fn days_the_wrong_way_round_are_said_beside_their_field_and_not_asked_for() {
    let console = opened(PAGE, &[]).await;
    let before = asked(&console).len();
    console.fill("From day", "2026-11-20").await;
    console.fill("To day", "2026-11-19").await;
    let words = "Pick a day that is not after the last one.";
    assert!(console.says(words), "{}", console.text());
    axe::check(&console.root).await;
    console.press(Role::Button, "Filter").await;
    assert_eq!((asked(&console).len(), address().as_str()), (before, PAGE));
    console.fill("To day", "2026-11-20").await;
    assert!(!console.says(words), "one day is a span");
    console.press(Role::Button, "Filter").await;
    until("it is asked for", || asked(&console).len() > before).await;
}
