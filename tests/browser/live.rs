//! What changes elsewhere shows by itself, and takes nothing from whoever is at work.

use tenure_console::{
    api::{
        fake::Fake,
        transport::{Method, Response},
    },
    text::{
        policy::{KEEP, turn_off_title},
        shell::SESSION_ENDED,
    },
};
use tenure_domain::{
    id::PlanId,
    live::Topic,
    period::Unit,
    problem::Kind,
    time::{DAY, SECOND, Timestamp},
    wire::{
        auth_health::{AuthHealth, Point},
        live::Change,
        page::Page,
        policies::ScheduledPolicy,
        tokens::Token,
    },
};
use wasm_bindgen::JsCast as _;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlInputElement;

use crate::{
    api_access::token,
    auth_health::{self, ALERTS, PAGE, RULES, health, type_into},
    fixtures,
    harness::{Console, Role, accessible_name, focused, select, settle},
    security_control::{typed, version},
};

const TOKENS: &str = "/settings/api-access";
const SECURITY: &str = "/plans/acme/security-control";
const POLICY: &str = "/plans/acme/expiration-policy";
/// A moment in which news are gathered.
const MOMENT: i64 = 100;

fn change(plan: &str, topics: &[Topic]) -> Change {
    Change {
        plan: Some(PlanId(plan.to_owned())),
        topics: topics.to_vec(),
    }
}

/// Tells of a change, and waits until what it brings has come.
pub(crate) async fn tell(console: &Console, id: u32, topics: &[Topic]) {
    console.server.tell(id, &change("acme", topics));
    console.advance(MOMENT).await;
}

fn have_tokens(server: &Fake, names: &[&str]) {
    have(server, names.iter().map(|name| token(name)).collect());
}

/// Answers with these tokens, all of which work.
fn have(server: &Fake, all: Vec<Token>) {
    server.on(Method::Get, "/me/tokens", move |request| {
        let items = match request.path.contains("section=ended") {
            true => Vec::new(),
            false => all.clone(),
        };
        let page = Page {
            items,
            next_cursor: None,
        };
        Response::json(200, &page)
    });
}

fn calls(console: &Console, path: &str) -> usize {
    console.server.count(Method::Get, path)
}

#[wasm_bindgen_test]
async fn a_list_follows_what_changes_elsewhere_without_a_skeleton() {
    let server = fixtures::server();
    have_tokens(&server, &["ci-runner", "spare"]);
    let console = Console::open_at(TOKENS, server).await;
    assert_eq!(console.server.listening(), ["/events?after=0"]);
    have_tokens(&console.server, &["spare"]);
    let answer = console.server.hold(Method::Get, "/me/tokens");
    tell(&console, 7, &[Topic::OwnTokens]).await;
    console.advance(SECOND).await;
    assert!(console.says("ci-runner"), "until the new is there");
    assert!(!console.says("Loading"));
    answer.release();
    settle().await;
    assert!(!console.says("ci-runner"), "{}", console.text());
    assert!(console.says("spare"));
}

#[wasm_bindgen_test]
async fn news_of_other_things_and_plans_load_nothing() {
    let path = "/plans/acme/audit-events";
    let console = Console::open("/plans/acme/audit-log").await;
    let before = calls(&console, path);
    console.server.tell(1, &change("basil", &[Topic::Audit]));
    tell(&console, 2, &[Topic::OwnTokens, Topic::Users]).await;
    assert_eq!(calls(&console, path), before);
    // What comes together is loaded once.
    for id in 3..20 {
        console.server.tell(id, &change("acme", &[Topic::Audit]));
    }
    console.advance(MOMENT).await;
    assert_eq!(calls(&console, path), before + 1);
    console.server.tell_to_reset(50);
    console.advance(MOMENT).await;
    assert_eq!(calls(&console, path), before + 2);
}

#[wasm_bindgen_test]
async fn what_nobody_asked_for_takes_nothing_away_when_it_fails() {
    let console = Console::open(SECURITY).await;
    console.server.problem(Method::Get, POLICY, Kind::Internal);
    tell(&console, 1, &[Topic::Policy]).await;
    assert!(console.find(Role::Switch, "Expiration period").is_some());
}

#[wasm_bindgen_test]
async fn the_policy_of_another_admin_shows_at_rest() {
    let console = Console::open(SECURITY).await;
    let theirs = version(1, Some((30, Unit::Days)), "Bo");
    console.server.json(Method::Get, POLICY, &theirs);
    tell(&console, 1, &[Topic::Policy]).await;
    for words in ["30 days", "Since 19", "Bo"] {
        assert!(console.says(words), "{words}\n{}", console.text());
    }
}

#[wasm_bindgen_test]
async fn whoever_types_keeps_it_and_is_told() {
    let console = Console::open(SECURITY).await;
    console.press(Role::Switch, "Expiration period").await;
    console.fill("Duration", "45").await;
    console.field("Duration").focus().expect("focus");
    // An event of the same plan that leaves the policy as it was says nothing.
    tell(&console, 1, &[Topic::Policy]).await;
    assert!(console.find(Role::Button, "Use theirs").is_none());
    let theirs = version(1, Some((30, Unit::Days)), "Bo");
    console.server.json(Method::Get, POLICY, &theirs);
    tell(&console, 2, &[Topic::Policy]).await;
    assert_eq!(typed(&console), ("45".to_owned(), "days".to_owned()));
    assert!(console.find(Role::Button, "Use theirs").is_some());
    assert!(console.says("30 days"), "{}", console.text());
    assert_eq!(
        focused().map(|it| it.id()),
        Some(console.field("Duration").id())
    );
    assert_eq!(console.server.count(Method::Put, POLICY), 0);
}

#[wasm_bindgen_test]
async fn whoever_is_asked_something_is_not_shown_another_policy_meanwhile() {
    let server = fixtures::server();
    let ours = version(1, Some((90, Unit::Days)), "Ada");
    server.json(Method::Get, POLICY, &ours);
    let console = Console::open_at(SECURITY, server).await;
    console.press(Role::Switch, "Expiration period").await;
    let title = turn_off_title(ours.terms());
    let question = || console.find(Role::Dialog, title).is_some();
    assert!(question(), "{}", console.text());
    let theirs = version(2, Some((30, Unit::Days)), "Bo");
    console.server.json(Method::Get, POLICY, &theirs);
    let before = calls(&console, POLICY);
    tell(&console, 1, &[Topic::Policy]).await;
    assert!(question());
    assert_eq!(calls(&console, POLICY), before);
    // Once it is answered, it is.
    console.press(Role::Button, KEEP).await;
    assert!(!question());
    assert_eq!(calls(&console, POLICY), before + 1);
}

#[wasm_bindgen_test]
async fn the_focus_stays_in_the_row_that_had_it() {
    let server = fixtures::server();
    have_tokens(&server, &["ci-runner", "spare"]);
    let console = Console::open_at(TOKENS, server).await;
    let revoke = console
        .all(Role::Button)
        .into_iter()
        .find(|it| accessible_name(it) == "Revoke");
    revoke.expect("a button").focus().expect("focus");
    let row = focused().and_then(|it| it.closest("tr").ok()?);
    let row = row.expect("a row").id();
    let mut used = token("ci-runner");
    used.last_used_at = Some(fixtures::NOW);
    have(&console.server, vec![used, token("spare")]);
    tell(&console, 1, &[Topic::OwnTokens]).await;
    let now = focused().and_then(|it| it.closest("tr").ok()?);
    assert_eq!(now.map(|it| it.id()), Some(row));
}

#[wasm_bindgen_test]
async fn a_connection_that_ends_is_made_anew_where_it_stopped() {
    let server = fixtures::server();
    have_tokens(&server, &["ci-runner"]);
    let console = Console::open_at(TOKENS, server).await;
    tell(&console, 7, &[Topic::OwnTokens]).await;
    console.server.end_listening();
    console.advance(999).await;
    assert_eq!(console.server.listening(), ["/events?after=0"]);
    console.advance(1).await;
    assert_eq!(console.server.listening(), ["/events?after=7"]);
    // The wait doubles for as long as nothing is heard.
    console.server.end_listening();
    console.advance(1_999).await;
    let opened = console.server.listened();
    console.advance(1).await;
    assert_eq!(console.server.listened(), opened + 1);
    have_tokens(&console.server, &["spare"]);
    tell(&console, 8, &[Topic::OwnTokens]).await;
    assert!(console.says("spare"));
}

#[wasm_bindgen_test]
async fn nobody_listens_who_is_not_signed_in() {
    let console = Console::open(TOKENS).await;
    assert_eq!(console.server.listening().len(), 1);
    console
        .server
        .problem(Method::Get, "/session", Kind::SessionExpired);
    let ended = Change {
        plan: None,
        topics: vec![Topic::Session],
    };
    console.server.tell(1, &ended);
    console.advance(MOMENT).await;
    assert!(console.find(Role::Dialog, SESSION_ENDED).is_some());
    let opened = console.server.listened();
    console.server.end_listening();
    console.advance(5 * SECOND).await;
    assert_eq!(console.server.listened(), opened, "nobody asked for it");
    drop(console);
    let server = fixtures::server();
    server.problem(Method::Get, "/session", Kind::SessionExpired);
    let console = Console::open_at("/sign-in", server).await;
    assert_eq!(console.server.listened(), 0);
}

#[wasm_bindgen_test]
async fn a_scheduled_policy_shows_to_members_when_its_instant_comes() {
    let at: Timestamp = fixtures::NOW.saturating_add(5 * SECOND);
    let mut policy = fixtures::no_policy();
    policy.scheduled = Some(ScheduledPolicy {
        version: 1,
        period: version(1, Some((30, Unit::Days)), "Bo").period,
        inactivity: None,
        effective_at: at,
        decided_at: fixtures::NOW.saturating_add(-DAY),
        changed_by: None,
    });
    let server = fixtures::server();
    server.json(Method::Get, POLICY, &policy);
    have_tokens(&server, &["ci-runner"]);
    let console = Console::open_at(TOKENS, server).await;
    let before = calls(&console, POLICY);
    let theirs = version(1, Some((30, Unit::Days)), "Bo");
    console.server.json(Method::Get, POLICY, &theirs);
    console.advance(4 * SECOND).await;
    assert_eq!(calls(&console, POLICY), before, "not before its instant");
    console.advance(SECOND).await;
    assert_eq!(calls(&console, POLICY), before + 1);
    assert!(
        select(&console.root, ".policy-lines")[0]
            .inner_text()
            .contains("30 days")
    );
}

#[wasm_bindgen_test]
async fn what_is_seen_of_tokens_shows_and_leaves_what_was_opened_and_typed() {
    let console = Console::open_at(PAGE, auth_health::server(&health())).await;
    select(&console.root, ".chart summary")[0].click();
    settle().await;
    let field = &select(&console.root, "form.alert-rule input")[0];
    type_into(field, "7").await;
    field.focus().expect("focus");
    let rules = calls(&console, RULES);

    let worse = AuthHealth {
        points: vec![Point {
            at: health().from,
            calls: auth_health::calls(100, 900),
        }],
        ..health()
    };
    console.server.json(Method::Get, PAGE, &worse);
    let page = Page {
        items: vec![auth_health::alert(true)],
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
    assert_eq!(calls(&console, RULES), rules + 1);
}
