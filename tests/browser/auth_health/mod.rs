//! Admin Center > Auth health: what was seen, what wants attention, and the way from a spike to the tokens behind it.

mod webhook;

use tenure_console::{
    api::{
        fake::Fake,
        transport::{Method, Response},
    },
    format::{self, Detail, Zone},
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
    live::tell,
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
async fn an_outcome_leads_to_the_tokens_behind_it_and_back() {
    let server = server(&health());
    let none = SeenTokens {
        from: health().from,
        to: health().to,
        by_day: false,
        tokens: Vec::new(),
    };
    server.json(Method::Get, TOKENS, &none);
    let console = Console::open_at(PAGE, server).await;
    console.press(Role::Link, "401: expired").await;
    assert_eq!(address(), format!("{PAGE}?outcome=token_expired"));
    assert!(console.says("Only: 401: expired.") && console.says("No known token is behind it."));
    let asked = console.server.calls();
    let mut of_health = asked
        .iter()
        .filter(|call| call.path.starts_with(&format!("{PAGE}?")));
    let last = of_health.next_back().expect("a call");
    assert_eq!(last.path, format!("{PAGE}?outcome=token_expired"));
    assert!(
        !console.says("By how much of its life"),
        "that is not known of some alone"
    );
    console.pick("Show", "The last hour").await;
    assert_eq!(
        address(),
        format!("{PAGE}?window=hour&outcome=token_expired")
    );
    console.press(Role::Button, "Show all").await;
    assert_eq!(address(), format!("{PAGE}?window=hour"));
    assert!(!console.says("Tokens behind it"));
}

#[wasm_bindgen_test]
async fn a_press_on_a_bar_leads_to_its_tokens_and_the_focus_follows() {
    let server = server(&health());
    let tokens = SeenTokens {
        from: health().from,
        to: health().to,
        by_day: false,
        tokens: vec![seen()],
    };
    server.json(Method::Get, TOKENS, &tokens);
    let console = Console::open_at(PAGE, server).await;
    axe::put_styles();
    let bars = console.root.query_selector_all(".series-links > *");
    let bars = bars.expect("a selector").length();
    assert_eq!(bars, 121, "one for each step of the picture");
    let links = select(&console.root, ".series-links > a");
    assert_eq!(links.len(), 2, "what was seen, and nothing else");
    let tip = links[1].get_attribute("title").expect("a tip");
    assert!(tip.ends_with(": 60 checks, 40 refused or failed"), "{tip}");
    let all = links[1].parent_element().expect("what they stand in");
    assert!(links[1].offset_height() > 100, "as high as the picture");
    let place = f64::from(links[1].offset_left()) / f64::from(all.client_width()) * 121.0;
    assert!((place - 50.0).abs() < 0.5, "it lies over its bar: {place}");

    let answer = console.server.hold(Method::Get, TOKENS);
    links[1].click();
    settle().await;
    let from = health().from.saturating_add(600 * MINUTE).to_string();
    let from = from.split(':').next().expect("an hour");
    assert!(
        address().starts_with(&format!("{PAGE}?from={from}")),
        "{}",
        address()
    );
    assert!(!focus_is_on("behind"), "not before they came");
    answer.release();
    until("they came", || focus_is_on("behind")).await;
    assert!(console.says("deploy-bot"));
    axe::check(&console.root).await;

    // Looking through the windows keeps the focus where it is.
    let show = console.field("Show");
    show.focus().expect("focus");
    console.pick("Show", "The last hour").await;
    assert_eq!(focused(), Some(show.into()));
    console
        .get(Role::Button, "Show all")
        .focus()
        .expect("focus");
    console.press(Role::Button, "Show all").await;
    assert!(focus_is_on("about-health"), "its button is gone");
}

#[wasm_bindgen_test]
async fn a_page_that_opens_with_tokens_leaves_the_focus_where_it_is() {
    let server = server(&health());
    let at = format!("{PAGE}?outcome=token_expired");
    let console = Console::open_at(&at, server).await;
    assert!(console.says("Tokens behind it"));
    assert!(!focus_is_on("behind"));
}

fn focus_is_on(id: &str) -> bool {
    focused().is_some_and(|it| it.id() == id)
}

#[wasm_bindgen_test]
async fn what_is_shown_alone_is_said_by_its_name_and_by_the_viewers_clock() {
    let mut named = health();
    named.resources[0].resource = "client:0199".to_owned();
    named.resources[0].name = Some("Orders API".to_owned());
    let from = fixtures::NOW.saturating_add(-3 * HOUR);
    let to = from.saturating_add(MINUTE);
    let span = format!("from={from}&to={to}");
    let at = format!("{PAGE}?resource=client:0199&{span}");
    let console = Console::open_at(&at, server(&named)).await;
    let [from, to] = [from, to].map(|at| format::instant(at, Detail::Minute, Zone::Viewer));
    assert!(
        console.says(&format!("Only: Orders API, {from} – {to}.")),
        "{}",
        console.text()
    );
    drop(console);
    let console = Console::open_at(&format!("{PAGE}?from=noon"), server(&named)).await;
    assert!(!console.says("Only:"), "that is no span");
}

#[wasm_bindgen_test]
async fn an_alert_leads_to_a_time_in_which_it_was_raised() {
    let server = server(&health());
    for (ago, window) in [(HOUR, "day"), (25 * HOUR, "week"), (8 * DAY, "90d")] {
        let page = Page {
            items: vec![Alert {
                fired_at: fixtures::NOW.saturating_add(-ago),
                ..alert(true)
            }],
            next_cursor: None,
        };
        server.json(Method::Get, ALERTS, &page);
        let console = Console::open_at(PAGE, server.clone()).await;
        select(&console.root, "section[aria-label=Alerts] tbody a")[0].click();
        settle().await;
        assert_eq!(address(), format!("{PAGE}?window={window}&client=board"));
        // So are the tokens behind it, a step less for clocks that differ.
        let calls = console.server.calls();
        let asked = calls.iter().rev().find(|it| it.path.starts_with(TOKENS));
        let from = match window {
            "day" => Window::Day.span(fixtures::NOW)[0].saturating_add(MINUTE),
            "week" => Window::Week.span(fixtures::NOW)[0].saturating_add(HOUR),
            _ => Window::NinetyDays.span(fixtures::NOW)[0].saturating_add(HOUR),
        };
        let from = tenure_console::route::escape(&from.to_string());
        let asked = asked.map(|it| it.path.clone());
        assert_eq!(asked, Some(format!("{TOKENS}?client=board&from={from}")));
    }
}

#[wasm_bindgen_test]
async fn where_nothing_passes_the_page_says_how_to_see_more() {
    let nothing = AuthHealth {
        points: Vec::new(),
        dead: Vec::new(),
        ..health()
    };
    let at = format!("{PAGE}?outcome=token_expired");
    let console = Console::open_at(&at, server(&nothing)).await;
    assert!(console.says("No such check was seen in this time."));
    assert!(!console.says("Put Tenure in front"), "it stands there");
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn figures_of_before_show_that_others_are_on_their_way() {
    let console = Console::open_at(PAGE, server(&health())).await;
    let busy = || {
        let tile = select(&console.root, "section[aria-label='Auth health']").remove(0);
        tile.get_attribute("aria-busy")
    };
    assert_eq!(busy(), None);
    let answer = console.server.hold(Method::Get, PAGE);
    console.pick("Show", "The last hour").await;
    assert_eq!(busy().as_deref(), Some("true"));
    axe::check(&console.root).await;
    answer.release();
    until("they are there", || busy().is_none()).await;
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

/// From now on, the first rule is this one.
fn first_rule(server: &Fake, threshold: u32) -> AlertRule {
    let items = AlertKind::ALL.map(|kind| AlertRule::of(kind, kind.default_rule()));
    let mut rules = AlertRules {
        items: items.to_vec(),
    };
    rules.items[0].threshold = threshold;
    server.json(Method::Get, RULES, &rules);
    rules.items[0]
}

fn thresholds(console: &Console) -> HtmlInputElement {
    let field = select(&console.root, "form.alert-rule input").remove(0);
    field.unchecked_into()
}

async fn save_first(console: &Console) {
    select(&console.root, "form.alert-rule button[type=submit]")[0].click();
    settle().await;
}

#[wasm_bindgen_test]
async fn a_rule_that_somebody_else_sets_shows_and_takes_nothing_that_is_typed() {
    let console = Console::open_at(PAGE, server(&health())).await;
    first_rule(&console.server, 8);
    tell(&console, 1, &[Topic::Alerts]).await;
    assert_eq!(thresholds(&console).value(), "8", "nobody typed");
    assert!(!console.says("Somebody else"));

    type_into(&thresholds(&console), "3").await;
    let theirs = first_rule(&console.server, 9);
    tell(&console, 2, &[Topic::Alerts]).await;
    assert_eq!(thresholds(&console).value(), "3");
    assert!(
        console.says("Somebody else set this rule: at least 9 within"),
        "{}",
        console.text()
    );
    axe::check(&console.root).await;

    // Saving is on top of what the page has told.
    let path = format!("{RULES}/{}", theirs.kind.as_str());
    let mine = AlertRule {
        threshold: 3,
        ..theirs
    };
    console.server.json(Method::Put, &path, &mine);
    save_first(&console).await;
    assert!(!console.says("Somebody else"));
    let calls = console.server.calls();
    let sent = calls.iter().rev().find(|it| it.method == Method::Put);
    assert_eq!(sent.and_then(|it| it.if_match.clone()), Some(theirs.etag()));
}

#[wasm_bindgen_test]
async fn a_rule_that_somebody_else_has_just_set_is_not_overwritten_unseen() {
    let console = Console::open_at(PAGE, server(&health())).await;
    type_into(&thresholds(&console), "3").await;
    let theirs = first_rule(&console.server, 9);
    let path = format!("{RULES}/{}", theirs.kind.as_str());
    console
        .server
        .problem(Method::Put, &path, Kind::StaleVersion);
    save_first(&console).await;
    assert!(console.says("Somebody else changed this in the meantime."));
    assert!(console.says("Somebody else set this rule: at least 9 within"));
    assert_eq!(thresholds(&console).value(), "3");
    console.press(Role::Button, "Use theirs").await;
    assert_eq!(thresholds(&console).value(), "9");
    assert_eq!(focused(), Some(thresholds(&console).into()));
    assert!(!console.says("Somebody else"));
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

#[wasm_bindgen_test]
async fn a_rule_is_set_and_what_is_wrong_stands_beside_its_field() {
    let console = Console::open_at(PAGE, server(&health())).await;
    let path = format!("{RULES}/suspicious_tokens");
    let form = select(&console.root, "form.alert-rule")
        .into_iter()
        .next()
        .expect("a form");
    let fields = select(&form, "input");
    let save = select(&form, "button[type=submit]")
        .into_iter()
        .next()
        .expect("a button");
    type_into(&fields[0], "many").await;
    save.click();
    settle().await;
    assert!(
        form.inner_text()
            .contains("Type a whole number, without a fraction.")
    );
    let puts = |console: &Console| {
        console
            .server
            .calls()
            .iter()
            .filter(|it| it.method == Method::Put)
            .count()
    };
    assert_eq!(puts(&console), 0);
    type_into(&fields[0], "3").await;
    type_into(&fields[1], "2000").await;
    save.click();
    settle().await;
    assert!(
        form.inner_text()
            .contains("It is a whole number from 1 to 1440, a day.")
    );
    assert_eq!(puts(&console), 0);
    axe::check(&console.root).await;
    let kind = AlertKind::SuspiciousTokens;
    console.server.json(
        Method::Put,
        &path,
        &AlertRule::of(kind, kind.default_rule()),
    );
    type_into(&fields[1], "30").await;
    save.click();
    settle().await;
    assert!(console.says("The rule is set."));
    let calls = console.server.calls();
    let body = calls
        .iter()
        .rev()
        .find(|it| it.method == Method::Put)
        .and_then(|it| it.body.clone());
    assert_eq!(
        body.as_deref(),
        Some(r#"{"threshold":3,"minutes":30,"on":true}"#)
    );
}
