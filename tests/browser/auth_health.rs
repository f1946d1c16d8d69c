//! Admin Center > Auth health: what was seen, what wants attention, and the way from a spike to the tokens behind it.

use tenure_console::api::{
    fake::Fake,
    transport::{Method, Response},
};
use tenure_domain::{
    alert::AlertKind,
    id::{AlertId, ClientId},
    live::Topic,
    problem::{FieldError, Kind, Problem},
    time::{HOUR, MINUTE},
    wire::{
        alerts::{Alert, AlertRule, AlertRules, NewWebhook, Webhook, WebhookDelivery},
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
use web_sys::{HtmlElement, HtmlInputElement, HtmlTextAreaElement};

use crate::{
    api_access::token,
    axe, fixtures,
    harness::{Console, Role, address, fire, focused, select, settle},
    live::tell,
};

const PAGE: &str = "/plans/acme/auth-health";
const TOKENS: &str = "/plans/acme/auth-health/tokens";
const ALERTS: &str = "/plans/acme/alerts";
const RULES: &str = "/plans/acme/alert-rules";
const WEBHOOK: &str = "/plans/acme/webhook";
const HOOK: &str = "https://alerts.acme.example/tenure";

fn calls(works: u64, unauthorized: u64) -> Calls {
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
fn health() -> AuthHealth {
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

fn alert(cleared: bool) -> Alert {
    Alert {
        id: AlertId("a1".to_owned()),
        kind: AlertKind::RefreshFailing,
        sentence: "5 attempts to refresh tokens failed within 15 minutes, and 0 succeeded."
            .to_owned(),
        count: 5,
        threshold: 5,
        minutes: 15,
        client_id: None,
        resource: None,
        fired_at: fixtures::NOW.saturating_add(-2 * HOUR),
        cleared_at: cleared.then_some(fixtures::NOW),
    }
}

/// Posted since yesterday, where `latest` says something of it.
fn webhook(latest: Option<WebhookDelivery>) -> Webhook {
    Webhook {
        url: latest.is_some().then(|| HOOK.to_owned()),
        since: latest
            .is_some()
            .then(|| fixtures::NOW.saturating_add(-24 * HOUR)),
        latest,
    }
}

fn delivery(taken: Option<bool>, attempts: u32) -> WebhookDelivery {
    WebhookDelivery {
        at: fixtures::NOW.saturating_add(-HOUR),
        taken,
        reason: (taken != Some(true)).then(|| "it answered 500".to_owned()),
        attempts,
    }
}

fn server(health: &AuthHealth) -> Fake {
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
    server.json(Method::Get, WEBHOOK, &webhook(None));
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

async fn type_into(input: &HtmlElement, text: &str) {
    let input: &HtmlInputElement = input.unchecked_ref();
    input.set_value(text);
    fire(input, "input");
    settle().await;
}

#[wasm_bindgen_test]
async fn a_rule_is_set_and_a_refusal_stands_beside_its_field() {
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
    console.server.on(Method::Put, &path, |_| {
        let error = FieldError {
            pointer: "/minutes".to_owned(),
            code: "window_out_of_range".to_owned(),
            detail: "it is a whole number from 1 to 1440, a day".to_owned(),
        };
        let problem = Problem {
            errors: vec![error],
            ..Problem::new(Kind::ValidationFailed)
        };
        Response::json(422, &problem)
    });
    type_into(&fields[0], "many").await;
    save.click();
    settle().await;
    assert!(form.inner_text().contains("Type a whole number."));
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

#[wasm_bindgen_test]
async fn what_is_seen_elsewhere_shows_and_leaves_what_was_opened_and_typed() {
    let console = Console::open_at(PAGE, server(&health())).await;
    select(&console.root, ".chart summary")[0].click();
    settle().await;
    let field = &select(&console.root, "form.alert-rule input")[0];
    type_into(field, "7").await;
    field.focus().expect("focus");
    let rules = console.server.count(Method::Get, RULES);

    let worse = AuthHealth {
        points: vec![Point {
            at: health().from,
            calls: calls(100, 900),
        }],
        ..health()
    };
    console.server.json(Method::Get, PAGE, &worse);
    let page = Page {
        items: vec![alert(true)],
        next_cursor: None,
    };
    console.server.json(Method::Get, ALERTS, &page);
    tell(&console, 1, &[Topic::Alerts]).await;
    assert!(
        console.says("1,000 checks, 900 refused"),
        "{}",
        console.text()
    );
    assert!(console.says("Over"));
    assert!(select(&console.root, "[aria-label=Alerts] .pill.red").is_empty());
    let opened = &select(&console.root, ".chart details")[0];
    assert!(opened.has_attribute("open"), "the chart's table");
    let typed: HtmlInputElement = focused().expect("a field").unchecked_into();
    assert_eq!(typed.value(), "7");
    assert_eq!(console.server.count(Method::Get, RULES), rules);
}

#[wasm_bindgen_test]
async fn an_address_is_set_and_its_secret_is_shown_once() {
    let console = Console::open_at(PAGE, server(&health())).await;
    assert!(console.says("Alerts are posted nowhere."));
    console.server.on(Method::Put, WEBHOOK, |_| {
        let error = FieldError {
            pointer: "/url".to_owned(),
            code: "url_refused".to_owned(),
            detail: "it is an https address".to_owned(),
        };
        let problem = Problem {
            errors: vec![error],
            ..Problem::new(Kind::ValidationFailed)
        };
        Response::json(422, &problem)
    });
    console.fill("Address", "http://alerts").await;
    console.press(Role::Button, "Save address").await;
    assert!(console.says("It is an https address."));
    let field: HtmlInputElement = console.field("Address").unchecked_into();
    assert_eq!(
        field.value(),
        "http://alerts",
        "what was typed is still there"
    );
    assert_eq!(field.get_attribute("aria-invalid").as_deref(), Some("true"));
    axe::check(&console.root).await;

    let made = NewWebhook {
        url: HOOK.to_owned(),
        secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned(),
        since: fixtures::NOW,
    };
    console.server.json(Method::Put, WEBHOOK, &made);
    console.server.json(
        Method::Get,
        WEBHOOK,
        &webhook(Some(delivery(Some(true), 1))),
    );
    console.fill("Address", HOOK).await;
    console.press(Role::Button, "Save address").await;
    let secret = &select(&console.root, "textarea")[0];
    let secret: &HtmlTextAreaElement = secret.unchecked_ref();
    assert_eq!(secret.value(), made.secret);
    assert!(!console.says("It is an https address."));
    assert!(console.says(&format!("Alerts are posted to {HOOK} since")));
    let calls = console.server.calls();
    let body = calls
        .iter()
        .rev()
        .find(|it| it.method == Method::Put)
        .and_then(|it| it.body.clone());
    assert_eq!(body, Some(format!(r#"{{"url":"{HOOK}"}}"#)));
    axe::check(&console.root).await;
    axe::reflows(&console.root);
    console.press(Role::Button, "I have copied it").await;
    assert!(!console.root.inner_html().contains("whsec_"));
}

#[wasm_bindgen_test]
async fn a_test_is_posted_and_the_page_says_what_became_of_it() {
    let server = server(&health());
    server.json(
        Method::Get,
        WEBHOOK,
        &webhook(Some(delivery(Some(false), 5))),
    );
    let console = Console::open_at(PAGE, server).await;
    assert!(console.says("did not arrive") && console.says("after 5 tries (it answered 500)."));
    let path = format!("{WEBHOOK}/test");
    console
        .server
        .on(Method::Post, &path, |_| Response::empty(202));
    console.press(Role::Button, "Send a test").await;
    assert!(console.says("A test is on its way."));
    console.server.json(
        Method::Get,
        WEBHOOK,
        &webhook(Some(delivery(Some(true), 1))),
    );
    console.advance(2_000).await;
    assert!(console.says("The latest post arrived:"));
}

#[wasm_bindgen_test]
async fn posting_ends_after_a_question() {
    let server = server(&health());
    server.json(Method::Get, WEBHOOK, &webhook(Some(delivery(None, 2))));
    let console = Console::open_at(PAGE, server).await;
    assert!(console.says("The latest post is tried again; 2 tries failed (it answered 500)."));
    console.press(Role::Button, "Stop posting").await;
    assert!(console.says(&format!("{HOOK} hears of no alert from now on.")));
    console
        .server
        .on(Method::Delete, WEBHOOK, |_| Response::empty(204));
    console.server.json(Method::Get, WEBHOOK, &webhook(None));
    let dialog = console.get(Role::Dialog, "Stop posting alerts?");
    select(&dialog, "button.danger")[0].click();
    settle().await;
    assert!(console.says("Alerts are posted nowhere any more."));
    assert!(console.says("Alerts are posted nowhere."));
    assert_eq!(focused().expect("a focus").id(), "webhook");
}
