//! Admin Center > Auth health: what was seen, what wants attention, and the way from a spike to the tokens behind it.

mod alone;
mod rules;
mod webhook;

use tenure_console::{
    api::{
        fake::Fake,
        transport::{Method, Response},
    },
    format::{self, Detail, Zone},
    text::auth_health as text,
};
use tenure_domain::{
    alert::AlertKind,
    id::{AlertId, ClientId},
    live::Topic,
    problem::Kind,
    time::{DAY, HOUR, MINUTE},
    wire::{
        alerts::{Alert, AlertRule, AlertRules, Webhook},
        auth_health::{
            AgeCalls, AuthHealth, Calls, ClientCalls, Outcome, OutcomeCalls, Point, ResourceCalls,
            ScopeCalls, SeenToken, SeenTokens, Window,
        },
        page::Page,
        tokens::ClientRef,
    },
};
use wasm_bindgen::JsCast as _;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlElement, HtmlInputElement};

use crate::{
    api_access::token,
    axe, fixtures,
    harness::{Console, Role, address, fire, focused, select, settle, until},
};

pub(crate) const PAGE: &str = "/plans/acme/auth-health";
const TOKENS: &str = "/plans/acme/auth-health/tokens";
pub(crate) const ALERTS: &str = "/plans/acme/alerts";
pub(crate) const RULES: &str = "/plans/acme/alert-rules";
const WEBHOOK: &str = "/plans/acme/webhook";

pub(crate) fn calls(works: u64, unauthorized: u64) -> Calls {
    Calls {
        works,
        unauthorized,
        ..Calls::default()
    }
}

fn seen() -> SeenToken {
    SeenToken {
        token: token("deploy-bot"),
        calls: 40,
        first_at: fixtures::NOW.saturating_add(-3 * HOUR),
        last_at: fixtures::NOW.saturating_add(-MINUTE),
    }
}

/// A day on which an hour went wrong.
pub(crate) fn health() -> AuthHealth {
    let [from, to] = Window::Day.span(fixtures::NOW);
    let point = |minutes: i64, calls| Point {
        at: from.saturating_add(minutes * MINUTE),
        calls,
    };
    AuthHealth {
        window: Window::Day,
        from,
        to,
        step: MINUTE,
        unattributed: false,
        points: vec![point(0, calls(100, 0)), point(600, calls(20, 40))],
        outcomes: vec![
            OutcomeCalls {
                outcome: Outcome::Works,
                class: Outcome::Works.class(),
                calls: 120,
            },
            OutcomeCalls {
                outcome: Outcome::Expired,
                class: Outcome::Expired.class(),
                calls: 40,
            },
        ],
        resources: vec![ResourceCalls {
            resource: "api.acme.example/orders".to_owned(),
            name: None,
            calls: calls(120, 40),
        }],
        clients: vec![ClientCalls {
            client: Some(ClientRef {
                id: ClientId("board".to_owned()),
                name: "Board".to_owned(),
            }),
            calls: calls(10, 0),
        }],
        scopes: vec![ScopeCalls {
            scope: "orders:write".to_owned(),
            calls: 3,
        }],
        ages: vec![AgeCalls {
            tenth: 9,
            calls: 12,
        }],
        dead: vec![seen()],
    }
}

pub(crate) fn alert(cleared: bool) -> Alert {
    Alert {
        id: AlertId(if cleared { "a2" } else { "a1" }.to_owned()),
        kind: AlertKind::RefreshFailing,
        sentence: "5 attempts to refresh tokens failed within 15 minutes, and 0 succeeded."
            .to_owned(),
        count: 5,
        threshold: 5,
        minutes: 15,
        client_id: Some("board".to_owned()),
        resource: None,
        fired_at: fixtures::NOW.saturating_add(-2 * HOUR),
        cleared_at: cleared.then_some(fixtures::NOW),
    }
}

fn focus_is_on(id: &str) -> bool {
    focused().is_some_and(|it| it.id() == id)
}

pub(crate) fn server(health: &AuthHealth) -> Fake {
    let server = fixtures::server();
    server.json(Method::Get, PAGE, health);
    let page = Page {
        items: vec![alert(false), alert(true)],
        next_cursor: None,
    };
    server.json(Method::Get, ALERTS, &page);
    let items = AlertKind::ALL.map(|kind| AlertRule::of(kind, kind.default_rule()));
    let rules = AlertRules {
        items: items.to_vec(),
    };
    server.json(Method::Get, RULES, &rules);
    let nowhere = Webhook {
        url: None,
        since: None,
        latest: None,
    };
    server.json(Method::Get, WEBHOOK, &nowhere);
    server
}

#[wasm_bindgen_test]
async fn the_page_says_what_was_seen_and_what_wants_attention() {
    let console = Console::open_at(PAGE, server(&health())).await;
    console.get(Role::Heading, "Auth health");
    let link = console.get(Role::Link, "Auth health");
    assert_eq!(link.get_attribute("aria-current").as_deref(), Some("page"));
    for words in [
        "160 checks, 40 refused; 0 attempts to refresh failed.",
        "5 attempts to refresh tokens failed within 15 minutes",
        "Raised",
        "Over",
        "401: expired",
        "api.acme.example/orders",
        "Board",
        "orders:write",
        "90 to 100 %",
        "deploy-bot",
        "2 hours ago",
    ] {
        assert!(console.says(words), "{words}: {}", console.text());
    }
    let alert = select(&console.root, "section[aria-label=Alerts] tbody a").remove(0);
    let href = alert.get_attribute("href");
    assert_eq!(href, Some(format!("{PAGE}?window=day&client=board")));
    alert.click();
    settle().await;
    assert!(console.says("Only: Board."), "{}", console.text());
    axe::check(&console.root).await;
    axe::reflows(&console.root);
}

#[wasm_bindgen_test]
async fn the_next_minute_is_shown_once_it_has_come() {
    let mut seen = health();
    seen.to = fixtures::NOW.saturating_add(MINUTE);
    let console = Console::open_at(PAGE, server(&seen)).await;
    let asked = |console: &Console| console.server.count(Method::Get, "/plans/acme/auth-health");
    let before = asked(&console);
    console.advance(MINUTE - 1).await;
    assert_eq!(asked(&console), before);
    let mut next = health();
    next.to = seen.to.saturating_add(MINUTE);
    next.outcomes[0].calls = 4_711;
    console.server.json(Method::Get, PAGE, &next);
    console.server.set_server_time(seen.to);
    console.advance(1).await;
    assert_eq!(asked(&console), before + 1);
    assert!(console.says("4,711"));
    console.server.set_server_time(next.to);
    console.advance(MINUTE).await;
    assert_eq!(asked(&console), before + 2, "and so is the one after it");
}

#[wasm_bindgen_test]
async fn the_focus_stays_with_its_link_whatever_comes() {
    let client = |name: Option<&str>, works| ClientCalls {
        client: name.map(|name| ClientRef {
            id: ClientId(name.to_lowercase()),
            name: name.to_owned(),
        }),
        calls: calls(works, 0),
    };
    let mut seen = health();
    seen.to = fixtures::NOW.saturating_add(MINUTE);
    seen.clients = vec![
        client(Some("Board"), 9),
        client(None, 5),
        client(Some("Portal"), 4),
    ];
    let console = Console::open_at(PAGE, server(&seen)).await;
    let on = |name: &str| focused().is_some_and(|it| it.text_content().as_deref() == Some(name));
    let link = console.get(Role::Link, "Portal");
    link.focus().expect("it takes the focus");
    assert!(on("Portal"));
    seen.to = seen.to.saturating_add(MINUTE);
    seen.clients = vec![
        client(None, 12),
        client(Some("Portal"), 11),
        client(Some("Board"), 9),
    ];
    console.server.json(Method::Get, PAGE, &seen);
    console
        .server
        .set_server_time(fixtures::NOW.saturating_add(MINUTE));
    console.advance(MINUTE).await;
    let order = || select(&console.root, "[aria-label='By app'] tbody th").into_iter();
    let order = || -> Vec<_> { order().map(|it| it.inner_text()).collect() };
    assert_eq!(order(), [text::NO_CLIENT, "Portal", "Board"]);
    assert!(on("Portal"), "it stands elsewhere");
    seen.to = seen.to.saturating_add(MINUTE);
    seen.clients = vec![client(None, 12)];
    console.server.json(Method::Get, PAGE, &seen);
    console
        .server
        .set_server_time(fixtures::NOW.saturating_add(2 * MINUTE));
    console.advance(MINUTE).await;
    assert_eq!(order(), [text::NO_CLIENT]);
    assert!(focus_is_on("about-health"), "its link is gone");
}

#[wasm_bindgen_test]
async fn the_chart_has_its_table_and_each_part_leads_to_its_tokens() {
    let console = Console::open_at(PAGE, server(&health())).await;
    let chart = console
        .root
        .query_selector("svg[role=img]")
        .expect("a selector")
        .expect("a chart");
    let words = chart.get_attribute("aria-label").expect("words");
    assert_eq!(
        words,
        "160 checks, 40 refused; 0 attempts to refresh failed."
    );
    select(&console.root, ".chart summary")[0].click();
    settle().await;
    let rows = select(&console.root, ".chart-table tbody tr");
    assert_eq!(rows.len(), 2, "what was seen, and nothing else");
    assert!(rows[1].inner_text().contains("60") && rows[1].inner_text().contains("40"));
    axe::check(&console.root).await;
    let tokens = SeenTokens {
        from: health().from,
        to: health().to,
        by_day: true,
        tokens: vec![seen()],
    };
    console.server.json(Method::Get, TOKENS, &tokens);
    select(&rows[1], "a")[0].click();
    settle().await;
    assert!(
        address().starts_with(&format!("{PAGE}?from=")),
        "{}",
        address()
    );
    assert!(console.says("Tokens behind it") && console.says("deploy-bot"));
    assert!(console.says("Counted by whole UTC days."));
}

#[wasm_bindgen_test]
async fn alerts_come_in_pages() {
    let server = server(&health());
    server.on(Method::Get, ALERTS, |request| {
        let more = request.path.ends_with("&cursor=c2");
        let page = Page {
            items: vec![alert(more)],
            next_cursor: (!more).then(|| "c2".to_owned()),
        };
        Response::json(200, &page)
    });
    let console = Console::open_at(PAGE, server).await;
    let rows = || select(&console.root, "section[aria-label=Alerts] tbody tr").len();
    assert_eq!(rows(), 1);
    console.press(Role::Button, "Show more").await;
    assert_eq!(rows(), 2);
    assert!(console.says("Over"));
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn without_calls_the_page_says_what_to_do() {
    let nothing = AuthHealth {
        points: Vec::new(),
        dead: Vec::new(),
        ..health()
    };
    let console = Console::open_at(PAGE, server(&nothing)).await;
    assert!(console.says("Put Tenure in front of an API"));
    axe::check(&console.root).await;
    let server = server(&nothing);
    server.problem(Method::Get, PAGE, Kind::Internal);
    let console = Console::open_at(PAGE, server).await;
    assert!(console.says("ref-1"));
}

pub(crate) async fn type_into(input: &HtmlElement, text: &str) {
    let input: &HtmlInputElement = input.unchecked_ref();
    input.set_value(text);
    fire(input, "input");
    settle().await;
}
