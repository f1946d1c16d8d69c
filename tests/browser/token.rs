//! A token's own page: how it stands, what was found, what happened, who calls, and the way to end it.

mod ending;

use tenure_console::api::{
    fake::Fake,
    transport::{Method, Response},
};
use tenure_console::format::{self, Detail, Zone};
use tenure_domain::{
    id::{ClientId, FindingId, TokenId},
    json::Json,
    life::LifeKind,
    live::Topic,
    problem::Kind,
    suspicion::Rule,
    time::{DAY, HOUR, MINUTE},
    token::Status,
    wire::{
        inventory::{NamedToken, RevokedTokens},
        life::{CallDay, Caller, Finding, LifeEvent, Review, ReviewFindings, TokenLife},
        tokens::{ClientRef, Token},
    },
};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::{
    api_access::{exact, revoked, token, user},
    axe, fixtures,
    harness::{Console, Role, focused, select, settle, until},
    live::tell,
};

const PAGE: &str = "/plans/acme/tokens/ci-runner";
const LIFE: &str = "/plans/acme/tokens/ci-runner/life";
const REVIEWED: &str = "/plans/acme/tokens/ci-runner/reviewed";
const REVOKE: &str = "/plans/acme/tokens/revoke";

fn found(id: &str, rule: Rule, ago: i64) -> Finding {
    let at = fixtures::NOW.saturating_add(-ago);
    Finding {
        id: FindingId(id.to_owned()),
        rule,
        sentence: format!("It was used from 203.0.113.7 on {at} and from elsewhere."),
        evidence: Json::Null,
        first_at: at,
        last_at: at,
        reviewed: None,
    }
}

fn event(kind: LifeKind, ago: i64, sentence: &str) -> LifeEvent {
    LifeEvent {
        at: fixtures::NOW.saturating_add(-ago),
        kind,
        sentence: sentence.to_owned(),
    }
}

fn caller(address: &str, after_end: bool) -> Caller {
    Caller {
        address: address.to_owned(),
        network: "203.0.113.0/24".to_owned(),
        agent: "curl/8.5".to_owned(),
        resource: "api.acme.example/orders".to_owned(),
        calls: 1_234,
        refused: if after_end { 7 } else { 0 },
        denied: 0,
        first_at: fixtures::NOW.saturating_add(-3 * DAY),
        last_at: fixtures::NOW.saturating_add(-5 * MINUTE),
        after_end,
    }
}

fn life(token: Token) -> TokenLife {
    let day = |ago: i64, calls| CallDay {
        day: fixtures::NOW.saturating_add(-ago * DAY),
        calls,
        refused: 0,
        denied: 0,
    };
    TokenLife {
        token,
        suspicious_since: None,
        findings: Vec::new(),
        events: vec![
            event(
                LifeKind::Created,
                40 * DAY,
                "Ada generated it from 203.0.113.7.",
            ),
            event(LifeKind::LastUsed, 2 * HOUR, "It was last used."),
        ],
        days: vec![day(2, 1_200), day(0, 34)],
        callers: vec![caller("203.0.113.7", false)],
    }
}

fn suspicious() -> TokenLife {
    let token = Token {
        status: Status::Suspicious,
        ..token("ci-runner")
    };
    TokenLife {
        suspicious_since: Some(fixtures::NOW.saturating_add(-MINUTE)),
        findings: vec![
            found("f1", Rule::TwoNetworks, MINUTE),
            found("f2", Rule::DeniedScopes, HOUR),
        ],
        ..life(token)
    }
}

fn reviewed() -> TokenLife {
    let mut life = life(Token {
        status: Status::InUse,
        ..token("ci-runner")
    });
    life.findings = suspicious().findings;
    for finding in &mut life.findings {
        finding.reviewed = Some(Review {
            at: fixtures::NOW,
            by: user("Ada"),
        });
    }
    life
}

fn server(life: &TokenLife) -> Fake {
    let server = fixtures::server();
    server.json(Method::Get, LIFE, life);
    server
}

fn says_all(console: &Console, parts: &[&str]) {
    let text = console.text();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in parts {
        assert!(text.contains(part), "{part:?} in {text}");
    }
}

#[wasm_bindgen_test]
async fn the_page_tells_how_a_token_stands_what_happened_and_who_calls() {
    let server = server(&life(Token {
        status: Status::InUse,
        ..token("ci-runner")
    }));
    let console = Console::open_at(PAGE, server).await;
    console.get(Role::Heading, "ci-runner");
    let at = exact(fixtures::NOW.saturating_add(-40 * DAY));
    says_all(
        &console,
        &[
            "tnr_pat_…9fQ2",
            "In use",
            "Owner Ada",
            "Created 40 days ago",
            "Expires in 50 days",
            &format!("Ada generated it from 203.0.113.7. 40 days ago {at}"),
            "203.0.113.7 in 203.0.113.0/24",
            "api.acme.example/orders",
            "1,234",
            "5 minutes ago",
        ],
    );
    let events = select(&console.root, "ol.time-line > li");
    assert_eq!(events.len(), 2, "an ordered list");
    let icons = console.root.query_selector_all("ol.time-line > li > svg");
    assert_eq!(icons.expect("a selector").length(), 2);
    let chart = console.root.query_selector(".chart svg[role=img]");
    let chart = chart.expect("a selector").expect("a chart");
    let words = chart.get_attribute("aria-label");
    assert_eq!(words.as_deref(), Some("Calls by day: 1,234 on 2 days."));
    let ends = select(&console.root, ".chart-ends span");
    let ends: Vec<_> = ends.iter().map(HtmlElement::inner_text).collect();
    let today = format::instant(fixtures::NOW, Detail::Day, Zone::Utc);
    assert_eq!(ends.last(), Some(&today), "what was ends today: {ends:?}");
    assert_eq!(select(&console.root, ".chart-table tbody tr").len(), 2);
    assert!(console.find(Role::Button, "Reviewed").is_none());
    axe::check(&console.root).await;
    axe::reflows(&console.root);
}

#[wasm_bindgen_test]
async fn a_status_says_on_demand_what_it_means() {
    let console = Console::open_at(PAGE, server(&suspicious())).await;
    let explained = &select(&console.root, "details.explained")[0];
    assert!(!explained.has_attribute("open"));
    let summary = &select(explained, "summary")[0];
    assert_eq!(summary.inner_text().trim(), "Suspicious");
    summary.click();
    until("it is open", || explained.has_attribute("open")).await;
    assert!(console.says("its use looks like somebody else's"));
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn what_was_found_is_reviewed_as_it_was_seen() {
    let server = server(&suspicious());
    server.on(Method::Post, REVIEWED, |request| {
        let body = request.body.as_deref().unwrap_or_default();
        let asked: ReviewFindings = serde_json::from_str(body).expect("its shape is right");
        let ids: Vec<_> = asked.findings.iter().map(FindingId::as_str).collect();
        assert_eq!(ids, ["f1", "f2"]);
        Response::json(200, &reviewed())
    });
    let console = Console::open_at(PAGE, server).await;
    console.get(Role::Heading, "Why it looks suspicious");
    let at = exact(fixtures::NOW.saturating_add(-MINUTE));
    says_all(
        &console,
        &[
            "Two networks within an hour",
            &format!("It was used from 203.0.113.7 on {at} and from elsewhere."),
            &format!("last seen {at}"),
            "Many calls beyond its scopes",
        ],
    );
    axe::check(&console.root).await;
    axe::reflows(&console.root);
    console.press(Role::Button, "Reviewed").await;
    until("it is said", || console.says("What you saw is reviewed.")).await;
    console.get(Role::Heading, "What looked suspicious");
    says_all(
        &console,
        &[
            "In use",
            &format!("Reviewed by Ada on {}", exact(fixtures::NOW)),
        ],
    );
    assert!(console.find(Role::Button, "Reviewed").is_none());
    until("the heading has the focus", || {
        focused().is_some_and(|it| it.id() == "found")
    })
    .await;
    assert_eq!(
        console.server.count(Method::Get, LIFE),
        1,
        "the answer has it"
    );
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn a_review_that_does_not_arrive_leaves_what_it_was() {
    let server = server(&suspicious());
    server.problem(Method::Post, REVIEWED, Kind::NotFound);
    let console = Console::open_at(PAGE, server).await;
    console.press(Role::Button, "Reviewed").await;
    until("it is said", || {
        console.says("This is not there, or not any more.")
    })
    .await;
    console.get(Role::Button, "Reviewed");
}

#[wasm_bindgen_test]
async fn news_take_nothing_of_a_review_that_is_under_way_or_failed() {
    let server = server(&suspicious());
    server.problem(Method::Post, REVIEWED, Kind::NotFound);
    let console = Console::open_at(PAGE, server).await;
    console.press(Role::Button, "Reviewed").await;
    let trouble = "This is not there, or not any more.";
    until("it is said", || console.says(trouble)).await;
    tell(&console, 1, &[Topic::Tokens]).await;
    assert!(console.says(trouble), "{}", console.text());

    console.server.json(Method::Post, REVIEWED, &reviewed());
    let answer = console.server.hold(Method::Post, REVIEWED);
    console.press(Role::Button, "Reviewed").await;
    tell(&console, 2, &[Topic::Tokens]).await;
    let button = console.get(Role::Button, "Reviewed");
    assert_eq!(button.get_attribute("aria-busy").as_deref(), Some("true"));
    console.press(Role::Button, "Reviewed").await;
    assert_eq!(console.server.count(Method::Post, REVIEWED), 2);
    answer.release();
    until("it is said", || console.says("What you saw is reviewed.")).await;
    console.get(Role::Heading, "What looked suspicious");
}

#[wasm_bindgen_test]
async fn a_token_without_calls_says_so() {
    let mut quiet = life(token("ci-runner"));
    quiet.days.clear();
    quiet.callers.clear();
    let console = Console::open_at(PAGE, server(&quiet)).await;
    assert!(console.says("nobody has used it in the last 90 days"));
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn what_cannot_be_fetched_can_be_tried_again() {
    let server = fixtures::server();
    server.problem(Method::Get, LIFE, Kind::Unavailable);
    let console = Console::open_at(PAGE, server).await;
    console.get(Role::Heading, "Token");
    axe::check(&console.root).await;
    console.server.json(Method::Get, LIFE, &suspicious());
    console.press(Role::Button, "Try again").await;
    until("it is there", || console.says("Why it looks suspicious")).await;
}

#[wasm_bindgen_test]
async fn only_system_admins_see_it() {
    let console = Console::open_at(PAGE, fixtures::server_of(&fixtures::bo())).await;
    console.get(Role::Heading, "This page is for System Admins");
    assert_eq!(console.server.count(Method::Get, LIFE), 0);
}

#[wasm_bindgen_test]
async fn what_is_found_elsewhere_shows_and_leaves_what_was_opened() {
    let server = server(&life(Token {
        status: Status::InUse,
        ..token("ci-runner")
    }));
    let console = Console::open_at(PAGE, server).await;
    let explained = || select(&console.root, "details.explained").remove(0);
    select(&explained(), "summary")[0].click();
    until("it is open", || explained().has_attribute("open")).await;
    console.press(Role::Button, "Revoke").await;
    console.server.json(Method::Get, LIFE, &suspicious());
    tell(&console, 1, &[Topic::Tokens]).await;
    console.get(Role::Dialog, "Revoke ci-runner?");
    console.get(Role::Heading, "Why it looks suspicious");
    assert!(explained().has_attribute("open"));
    says_all(&console, &["Suspicious"]);
}
