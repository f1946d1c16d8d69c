//! Account > Personal Settings > API Access, in every state.

use std::{cell::Cell, rc::Rc};

use leptos::prelude::window;
use tenure_console::{
    api::{
        fake::{Fake, Held},
        transport::{Method, Response},
    },
    format::{self, Detail, Zone},
    text,
};
use tenure_domain::{
    id::{PlanId, TokenId, UserId},
    period::{Period, Unit},
    plan::{Role as PlanRole, Tier},
    problem::{FieldError, Kind, Problem},
    time::{DAY, HOUR, MINUTE, SECOND, Timestamp},
    token::{Status, TokenKind},
    wire::{
        page::Page,
        policies::ExpirationPolicy,
        session::{PlanRef, UserRef},
        tokens::{EndReason, GeneratedToken, Token, TokenEnd},
    },
};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::{
    axe,
    components::{clipboard, set_clipboard},
    fixtures,
    harness::{Console, Role, accessible_name, fire, focused, key, select, settle, until},
};

const PAGE: &str = "/settings/api-access";
const TOKENS: &str = "/me/tokens";
const SECRET: &str = "tnr_pat_theWholeSecretThatNobodyElseMayEverSee";
const GENERATE: &str = "Generate new access token";

fn user(name: &str) -> UserRef {
    UserRef {
        id: UserId(name.to_lowercase()),
        name: name.to_owned(),
    }
}

/// Ada's token in Acme that was created 40 days ago, works for 50 days more and is not used.
fn token(name: &str) -> Token {
    Token {
        id: TokenId(name.to_owned()),
        name: name.to_owned(),
        kind: TokenKind::UserAccess,
        plan: PlanRef {
            id: PlanId("acme".to_owned()),
            name: "Acme".to_owned(),
        },
        owner: user("Ada"),
        prefix: "tnr_pat_".to_owned(),
        last_four: "9fQ2".to_owned(),
        created_at: fixtures::NOW.saturating_add(-40 * DAY),
        last_used_at: None,
        last_used_from: None,
        expires_at: Some(fixtures::NOW.saturating_add(50 * DAY)),
        status: Status::Idle,
        end: None,
    }
}

/// Ended by version 3 of the policy, which Bo had set ten days before.
fn expired(name: &str, ended: Timestamp, in_force_since: Timestamp) -> Token {
    Token {
        expires_at: None,
        status: Status::Expired,
        end: Some(TokenEnd {
            at: ended,
            reason: EndReason::ExpiredByPeriod,
            policy_version: Some(3),
            period: Some(Period::new(90, Unit::Days).expect("a period")),
            in_force_since: Some(in_force_since),
            by: Some(user("Bo")),
        }),
        ..token(name)
    }
}

fn revoked(name: &str, by: &str) -> Token {
    Token {
        expires_at: None,
        status: Status::Revoked,
        end: Some(TokenEnd {
            at: fixtures::NOW.saturating_add(-HOUR),
            reason: EndReason::RevokedByOwner,
            policy_version: None,
            period: None,
            in_force_since: None,
            by: Some(user(by)),
        }),
        ..token(name)
    }
}

fn policy() -> ExpirationPolicy {
    ExpirationPolicy {
        version: 3,
        period: Some(Period::new(90, Unit::Days).expect("a period")),
        changed_by: Some(user("Bo")),
        ..fixtures::no_policy()
    }
}

/// Answers with these tokens, each section in one page.
fn have(server: &Fake, working: &[Token], ended: &[Token]) {
    let page = |items: &[Token]| {
        let items = items.to_vec();
        Response::json(
            200,
            &Page {
                items,
                next_cursor: None,
            },
        )
    };
    let (working, ended) = (page(working), page(ended));
    server.on(Method::Get, TOKENS, move |request| {
        let which = if request.path.contains("section=working") {
            &working
        } else {
            &ended
        };
        which.clone()
    });
}

/// The page with these tokens, 90 days in force in Acme.
async fn with(working: &[Token], ended: &[Token]) -> Console {
    let server = fixtures::server();
    server.json(Method::Get, "/plans/acme/expiration-policy", &policy());
    have(&server, working, ended);
    Console::open_at(PAGE, server).await
}

/// The row of a token, as one line of text.
fn row(console: &Console, name: &str) -> Option<String> {
    let rows = select(&console.root, "tbody tr");
    let texts = rows.iter().map(|row| {
        let text = row.inner_text();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    });
    texts.into_iter().find(|text| text.starts_with(name))
}

fn exact(at: Timestamp) -> String {
    format::instant(at, Detail::Minute, Zone::Viewer)
}

fn focus_is_on(name: &str) -> bool {
    let element = focused().and_then(|it| it.dyn_into::<HtmlElement>().ok());
    element.is_some_and(|it| accessible_name(&it) == name)
}

/// Presses a button as a pointer does, which focuses it too.
async fn focus_and_press(button: &HtmlElement) {
    button.focus().expect("it takes the focus");
    button.click();
    settle().await;
}

/// Answers a request for a token with one and its secret.
fn can_generate(server: &Fake) {
    let made = GeneratedToken {
        token: Token {
            created_at: fixtures::NOW,
            ..token("nightly-export")
        },
        secret: SECRET.to_owned(),
    };
    let answer = Response::json(201, &made);
    server.on(Method::Post, TOKENS, move |_| answer.clone());
}

/// The page with the new token's secret on show.
async fn generated() -> Console {
    let console = with(&[], &[]).await;
    can_generate(&console.server);
    focus_and_press(&console.get(Role::Button, GENERATE)).await;
    console.fill("Name", " nightly-export ").await;
    console.press(Role::Button, "Generate").await;
    console
}

#[wasm_bindgen_test]
async fn without_tokens_the_page_teaches() {
    let console = Console::open(PAGE).await;
    assert!(console.says("You have no working token."));
    assert!(console.find(Role::Button, GENERATE).is_some());
    assert!(console.says("kept here, with the reason"));
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn a_working_token_shows_all_that_is_known_of_it() {
    let used = fixtures::NOW.saturating_add(-2 * HOUR);
    let mut in_use = token("ci-runner");
    in_use.last_used_at = Some(used);
    in_use.last_used_from = Some("203.0.113.7".to_owned());
    in_use.status = Status::InUse;
    let console = with(&[in_use, token("spare")], &[]).await;
    let created = fixtures::NOW.saturating_add(-40 * DAY);
    let created = format::instant(created, Detail::Day, Zone::Viewer);
    let expires = exact(fixtures::NOW.saturating_add(50 * DAY));
    let text = row(&console, "ci-runner").expect("a row");
    for words in [
        "tnr_pat_…9fQ2",
        "User access token",
        "Acme",
        &created,
        "2 hours ago",
        "from 203.0.113.7",
        "in 50 days",
        &expires,
        "In use",
        "Revoke",
    ] {
        assert!(text.contains(words), "{words:?} in {text}");
    }
    let spare = row(&console, "spare").expect("a row");
    assert!(spare.contains("never in 50 days"), "never used: {spare}");
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn the_expiry_says_on_focus_when_in_utc_and_why_then() {
    let console = with(&[token("ci-runner")], &[]).await;
    let tips = select(&console.root, ".tip");
    let tip = tips
        .iter()
        .find(|it| it.inner_text().starts_with("in 50 days"));
    let tip = tip.expect("the expiry");
    let id = tip
        .get_attribute("aria-describedby")
        .expect("a description");
    let element = leptos::prelude::document().get_element_by_id(&id);
    let text = element.and_then(|it| it.text_content()).unwrap_or_default();
    assert!(
        text.contains(&format::utc(fixtures::NOW.saturating_add(50 * DAY))),
        "{text}"
    );
    assert!(
        text.contains("Acme ends tokens 90 days after they are created."),
        "{text}"
    );
    assert_eq!(tip.tab_index(), 0, "Tab reaches it");
}

#[wasm_bindgen_test]
async fn a_token_of_a_plan_without_a_period_never_expires() {
    let mut forever = token("old-script");
    forever.plan = PlanRef {
        id: PlanId("basil".to_owned()),
        name: "Basil".to_owned(),
    };
    forever.expires_at = None;
    let console = with(&[forever], &[]).await;
    let text = row(&console, "old-script").expect("a row");
    assert!(text.contains("never no period in Basil"), "{text}");
}

#[wasm_bindgen_test]
async fn the_policy_of_every_plan_is_said_in_words() {
    let console = with(&[], &[]).await;
    assert!(console.says("In Acme, tokens stop working 90 days after they are created."));
    assert!(console.says("Basil has no expiration period."));
    let basil = "/plans/basil/expiration-policy";
    assert_eq!(
        console.server.count(Method::Get, basil),
        0,
        "Pro has none to ask for"
    );
}

#[wasm_bindgen_test]
async fn a_dead_token_says_why_in_one_sentence() {
    let since = fixtures::NOW.saturating_add(-10 * DAY);
    let ended = fixtures::NOW.saturating_add(-3 * DAY);
    let console = with(
        &[],
        &[
            expired("passed", ended, since),
            expired("too-old", since, since),
            revoked("mine", "Ada"),
        ],
    )
    .await;
    let created = exact(fixtures::NOW.saturating_add(-40 * DAY));
    let set = format!("(version 3, set by Bo on {})", exact(since));
    let passed = row(&console, "passed").expect("a row");
    let words = format!("The period of 90 days {set} passed: the token was created on {created}.");
    assert!(passed.contains(&words), "{words}\n{passed}");
    assert!(
        passed.contains("3 days ago") && passed.contains(&exact(ended)),
        "{passed}"
    );
    assert!(passed.ends_with("Expired"), "{passed}");
    let too_old = row(&console, "too-old").expect("a row");
    assert!(
        too_old.contains("had already passed: the token was created on"),
        "{too_old}"
    );
    let mine = row(&console, "mine").expect("a row");
    assert!(
        mine.contains("You revoked it.") && mine.ends_with("Revoked"),
        "{mine}"
    );
    assert!(
        console.find(Role::Button, "Revoke").is_none(),
        "the dead cannot be revoked"
    );
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
fn the_reason_holds_with_whatever_the_server_knows() {
    let why = |end: &TokenEnd, viewer| text::tokens::why_ended(end, "4 Jun 2026", viewer);
    let end = revoked("a", "Bo").end.expect("an end");
    assert_eq!(why(&end, "ada"), "Bo revoked it.");
    assert_eq!(why(&end, "bo"), "You revoked it.");
    let mut end = expired("a", fixtures::NOW, Timestamp::MIN)
        .end
        .expect("an end");
    end.in_force_since = None;
    end.by = None;
    assert_eq!(
        why(&end, "ada"),
        "The period of 90 days (version 3) passed: the token was created on 4 Jun 2026."
    );
}

#[wasm_bindgen_test]
async fn lists_come_in_pages_by_cursor() {
    let server = fixtures::server();
    server.on(Method::Get, TOKENS, |request| {
        let (names, next): (&[&str], _) = match request.path.as_str() {
            "/me/tokens?section=working" => (&["a", "b"], Some("c2")),
            "/me/tokens?section=working&cursor=c2" => (&["c"], None),
            _ => (&[], None),
        };
        let items = names.iter().map(|name| token(name)).collect();
        Response::json(
            200,
            &Page {
                items,
                next_cursor: next.map(str::to_owned),
            },
        )
    });
    let console = Console::open_at(PAGE, server).await;
    assert!(row(&console, "c ").is_none());
    console.press(Role::Button, "Show more").await;
    let names: Vec<_> = select(&console.root, ".token-name")
        .iter()
        .map(HtmlElement::inner_text)
        .collect();
    assert_eq!(names, ["a", "b", "c"]);
    assert!(console.find(Role::Button, "Show more").is_none());
    let row = focused()
        .and_then(|it| it.text_content())
        .unwrap_or_default();
    assert!(
        row.starts_with('c'),
        "the focus is on the first new row: {row}"
    );
}

#[wasm_bindgen_test]
async fn what_is_asked_for_while_a_list_is_fetched_waits_and_nothing_is_lost() {
    let server = fixtures::server();
    let ended = Rc::new(Cell::new(false));
    let revoked_by_now = Rc::clone(&ended);
    server.on(Method::Get, TOKENS, move |request| {
        let (names, next): (&[&str], _) = match request.path.as_str() {
            "/me/tokens?section=working" if ended.get() => (&["b"], Some("c2")),
            "/me/tokens?section=working" => (&["a", "b"], Some("c2")),
            "/me/tokens?section=working&cursor=c2" => (&["c", "d"], None),
            _ => (&[], None),
        };
        let items = names.iter().map(|name| token(name)).collect();
        let next_cursor = next.map(str::to_owned);
        Response::json(200, &Page { items, next_cursor })
    });
    let console = Console::open_at(PAGE, server).await;
    let held = console.server.hold(Method::Get, TOKENS);
    console.press(Role::Button, "Show more").await;
    // While the next page is on its way, a token is revoked: the list is to be fetched anew.
    console
        .server
        .json(Method::Delete, "/me/tokens/a", &revoked("a", "Ada"));
    revoked_by_now.set(true);
    let buttons = select(&console.root, "tbody tr button");
    focus_and_press(&buttons[0]).await;
    let dialog = console.get(Role::Dialog, "Revoke a?");
    select(&dialog, ".danger")[0].click();
    settle().await;
    held.release();
    let names = || {
        let names = select(&console.root, ".token-name");
        names
            .iter()
            .map(HtmlElement::inner_text)
            .collect::<Vec<_>>()
    };
    until("both have come", || names() == ["b", "c", "d"]).await;
}

#[wasm_bindgen_test]
async fn a_list_that_cannot_be_fetched_anew_says_so_and_mends_itself() {
    let console = revoking().await;
    console.server.json(
        Method::Delete,
        "/me/tokens/ci-runner",
        &revoked("ci-runner", "Ada"),
    );
    have(
        &console.server,
        &[token("spare")],
        &[revoked("ci-runner", "Ada")],
    );
    let held = console.server.hold(Method::Get, TOKENS);
    confirm(&console);
    settle().await;
    console.server.set_connected(false);
    held.release();
    until("it is said", || console.says("cannot be reached")).await;
    let names = || select(&console.root, ".token-name").len();
    assert_eq!(names(), 3, "what was there stays, above its own end");
    console.server.set_connected(true);
    console.advance(MINUTE).await;
    until("it is fetched anew", || names() == 2).await;
    assert!(row(&console, "ci-runner").is_some_and(|text| text.ends_with("Revoked")));
}

#[wasm_bindgen_test]
async fn generating_shows_the_secret_once_with_how_to_use_it() {
    set_clipboard(true);
    let console = generated().await;
    let post = console
        .server
        .calls()
        .into_iter()
        .find(|call| call.method == Method::Post);
    let body = post.and_then(|call| call.body).unwrap_or_default();
    assert_eq!(body, r#"{"plan":"acme","name":"nightly-export"}"#);
    let dialog = console.get(Role::Dialog, "Copy your new token now");
    let lines = select(&dialog, "textarea");
    let values: Vec<_> = lines
        .into_iter()
        .map(|line| {
            line.unchecked_into::<web_sys::HtmlTextAreaElement>()
                .value()
        })
        .collect();
    assert_eq!(values[0], SECRET);
    assert!(
        values[1].starts_with("curl ") && values[1].ends_with("/api/v1/session"),
        "{}",
        values[1]
    );
    assert!(!values[1].contains(SECRET), "shells remember what is typed");
    assert!(console.says("This is the only time it is shown."));
    let until = exact(fixtures::NOW.saturating_add(50 * DAY));
    assert!(!until.is_empty() && console.says("It works until"));
    assert!(focus_is_on("Your new token"));
    axe::check(&console.root).await;

    console.press(Role::Button, "Copy").await;
    assert_eq!(clipboard().as_deref(), Some(SECRET));
    console.press(Role::Button, "Done").await;
    assert!(
        console.all(Role::Dialog).is_empty(),
        "copied: nothing to ask"
    );
    assert!(focus_is_on(GENERATE), "the opener has the focus again");
}

#[wasm_bindgen_test]
async fn the_secret_is_nowhere_once_the_dialog_is_closed() {
    set_clipboard(true);
    let console = generated().await;
    console.press(Role::Button, "Copy").await;
    console.press(Role::Button, "Done").await;
    assert!(!console.root.inner_html().contains(SECRET));
    let fields = select(&console.root, "input, textarea");
    assert!(fields.is_empty(), "no field is left that could hold it");
    let stored = |storage: Option<web_sys::Storage>| {
        let storage = storage.expect("a storage");
        let all = js_sys::JSON::stringify(&storage)
            .ok()
            .and_then(|it| it.as_string());
        all.expect("a text")
    };
    assert!(!stored(window().local_storage().ok().flatten()).contains(SECRET));
    assert!(!stored(window().session_storage().ok().flatten()).contains(SECRET));
    assert!(!crate::harness::address().contains(SECRET));
    console.press(Role::Button, GENERATE).await;
    assert!(
        console
            .find(Role::Dialog, "Generate a new access token")
            .is_some(),
        "it starts anew"
    );
    assert!(!console.root.inner_html().contains(SECRET));
}

#[wasm_bindgen_test]
async fn leaving_without_copying_asks_first() {
    let console = generated().await;
    console.press(Role::Button, "Done").await;
    assert!(console.says("You have not copied the token."));
    assert!(focus_is_on("Back to the token"));
    axe::check(&console.root).await;
    console.press(Role::Button, "Back to the token").await;
    let dialog = console.get(Role::Dialog, "Copy your new token now");
    key(&dialog, "Escape");
    settle().await;
    assert!(
        console.says("You have not copied the token."),
        "Escape asks too"
    );
    console.press(Role::Button, "Leave without copying").await;
    assert!(console.all(Role::Dialog).is_empty());
}

#[wasm_bindgen_test]
async fn the_list_has_the_new_token_behind_the_dialog() {
    let console = with(&[], &[]).await;
    can_generate(&console.server);
    have(&console.server, &[token("nightly-export")], &[]);
    console.press(Role::Button, GENERATE).await;
    console.fill("Name", "nightly-export").await;
    console.press(Role::Button, "Generate").await;
    assert!(row(&console, "nightly-export").is_some());
}

#[wasm_bindgen_test]
async fn a_name_is_needed_and_a_refusal_stands_beside_it() {
    let console = with(&[], &[]).await;
    console.press(Role::Button, GENERATE).await;
    axe::check(&console.root).await;
    console.press(Role::Button, "Generate").await;
    assert!(console.says("Type a name."));
    assert!(focus_is_on("Name"));
    assert_eq!(console.server.count(Method::Post, TOKENS), 0);
    axe::check(&console.root).await;

    let problem = Problem {
        errors: vec![FieldError {
            pointer: "/name".to_owned(),
            code: "name_too_long".to_owned(),
            detail: String::new(),
        }],
        ..Problem::new(Kind::ValidationFailed)
    };
    let answer = Response::json(422, &problem);
    console
        .server
        .on(Method::Post, TOKENS, move |_| answer.clone());
    console.fill("Name", "a").await;
    console.press(Role::Button, "Generate").await;
    assert!(console.says("Use at most 100 characters."));
    assert!(focus_is_on("Name"));
}

#[wasm_bindgen_test]
async fn a_failure_to_generate_keeps_the_name_and_says_what_to_do() {
    let console = with(&[], &[]).await;
    console.server.problem(Method::Post, TOKENS, Kind::Internal);
    console.press(Role::Button, GENERATE).await;
    console.fill("Name", "ci").await;
    console.press(Role::Button, "Generate").await;
    assert!(console.says("Something went wrong on the server.") && console.says("ref-1"));
    let name: web_sys::HtmlInputElement = console.field("Name").unchecked_into();
    assert_eq!(name.value(), "ci");
    axe::check(&console.root).await;
    can_generate(&console.server);
    console.press(Role::Button, "Generate").await;
    assert!(
        console
            .find(Role::Dialog, "Copy your new token now")
            .is_some()
    );
}

#[wasm_bindgen_test]
async fn while_a_token_is_made_the_button_is_busy_and_the_dialog_stays() {
    let console = with(&[], &[]).await;
    can_generate(&console.server);
    let held = console.server.hold(Method::Post, TOKENS);
    console.press(Role::Button, GENERATE).await;
    console.fill("Name", "ci").await;
    console.press(Role::Button, "Generate").await;
    console.press(Role::Button, "Generate").await;
    let dialog = console.get(Role::Dialog, "Generate a new access token");
    key(&dialog, "Escape");
    settle().await;
    assert!(
        console
            .find(Role::Dialog, "Generate a new access token")
            .is_some()
    );
    assert_eq!(console.server.count(Method::Post, TOKENS), 1);
    held.release();
    until("the secret shows", || {
        console
            .find(Role::Dialog, "Copy your new token now")
            .is_some()
    })
    .await;
}

#[wasm_bindgen_test]
async fn who_is_in_several_plans_chooses_one_and_sees_how_long_the_token_would_work() {
    let console = with(&[], &[]).await;
    can_generate(&console.server);
    console.press(Role::Button, GENERATE).await;
    let end = fixtures::NOW.saturating_add(90 * DAY);
    let end = format::instant(end, Detail::LongMinute, Zone::Viewer);
    assert!(console.says(&format!("Created now, it would work until {end}")));
    let dialog = console.get(Role::Dialog, "Generate a new access token");
    let plan = select(&dialog, "select")
        .into_iter()
        .next()
        .expect("a choice");
    assert_eq!(accessible_name(&plan), "Plan");
    let plan: web_sys::HtmlSelectElement = plan.unchecked_into();
    plan.set_value("basil");
    fire(&plan, "change");
    settle().await;
    assert!(console.says("It would work until you revoke it"));
    console.fill("Name", "ci").await;
    console.press(Role::Button, "Generate").await;
    let post = console
        .server
        .calls()
        .into_iter()
        .find(|call| call.method == Method::Post);
    let body = post.and_then(|call| call.body).unwrap_or_default();
    assert_eq!(body, r#"{"plan":"basil","name":"ci"}"#);
}

#[wasm_bindgen_test]
async fn who_is_in_one_plan_chooses_none() {
    let only = fixtures::membership("acme", "Acme", Tier::Enterprise, PlanRole::Member);
    let server = fixtures::server_of(&fixtures::session("Bo", vec![only]));
    let console = Console::open_at(PAGE, server).await;
    console.press(Role::Button, GENERATE).await;
    let dialog = console.get(Role::Dialog, "Generate a new access token");
    assert!(select(&dialog, "select").is_empty());
}

/// The page with the dialog that revokes `ci-runner`.
async fn revoking() -> Console {
    let console = with(&[token("ci-runner"), token("spare")], &[]).await;
    let buttons = select(&console.root, "tbody tr button");
    focus_and_press(&buttons[0]).await;
    console
}

fn confirm(console: &Console) {
    let dialog = console.get(Role::Dialog, "Revoke ci-runner?");
    let yes = select(&dialog, ".danger").into_iter().next();
    yes.expect("a button that does it").click();
}

#[wasm_bindgen_test]
async fn revoking_asks_and_says_what_it_does() {
    let console = revoking().await;
    let dialog = console.get(Role::Dialog, "Revoke ci-runner?");
    assert!(
        dialog
            .inner_text()
            .contains("It stops working at once, everywhere.")
    );
    axe::check(&console.root).await;
    console.press(Role::Button, "Cancel").await;
    assert!(console.all(Role::Dialog).is_empty());
    assert_eq!(
        console.server.count(Method::Delete, "/me/tokens/ci-runner"),
        0
    );
    assert!(focus_is_on("Revoke"), "the opener has the focus again");
}

#[wasm_bindgen_test]
async fn a_revoked_token_moves_to_the_dead_with_its_reason() {
    let console = revoking().await;
    console.server.json(
        Method::Delete,
        "/me/tokens/ci-runner",
        &revoked("ci-runner", "Ada"),
    );
    have(
        &console.server,
        &[token("spare")],
        &[revoked("ci-runner", "Ada")],
    );
    confirm(&console);
    settle().await;
    assert!(console.all(Role::Dialog).is_empty());
    assert!(console.says("ci-runner is revoked."), "a message says so");
    let text = row(&console, "ci-runner").expect("a row");
    assert!(text.contains("You revoked it."), "{text}");
    let focus = focused().map(|it| it.id());
    assert_eq!(
        focus.as_deref(),
        Some("working-tokens"),
        "the focus is not lost"
    );
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn a_failed_revocation_is_said_in_the_dialog_and_changes_nothing() {
    let console = revoking().await;
    console.server.set_connected(false);
    confirm(&console);
    settle().await;
    let dialog = console.get(Role::Dialog, "Revoke ci-runner?");
    assert!(
        dialog.inner_text().contains("cannot be reached"),
        "{}",
        dialog.inner_text()
    );
    assert!(row(&console, "ci-runner").is_some(), "the list stays");
    axe::check(&console.root).await;
    console.server.set_connected(true);
    console.server.json(
        Method::Delete,
        "/me/tokens/ci-runner",
        &revoked("ci-runner", "Ada"),
    );
    have(
        &console.server,
        &[token("spare")],
        &[revoked("ci-runner", "Ada")],
    );
    confirm(&console);
    settle().await;
    assert!(console.all(Role::Dialog).is_empty());
}

#[wasm_bindgen_test]
async fn a_token_whose_time_passes_on_screen_is_fetched_again_and_moves() {
    let end = fixtures::NOW.saturating_add(MINUTE);
    let mut soon = token("ci-runner");
    soon.expires_at = Some(end);
    soon.status = Status::Expiring;
    let console = with(&[soon], &[]).await;
    console.advance(59 * SECOND).await;
    let text = row(&console, "ci-runner").expect("a row");
    assert!(
        text.contains("in 1 second") && text.contains("Expiring"),
        "{text}"
    );
    let fetched = console.server.count(Method::Get, TOKENS);
    // It is the server that says that the token is dead; until then nothing moves.
    console.server.set_connected(false);
    console.advance(SECOND).await;
    assert!(row(&console, "ci-runner").is_some_and(|text| text.contains("Expiring")));
    console.server.set_connected(true);
    console
        .server
        .set_server_time(end.saturating_add(6 * SECOND));
    have(
        &console.server,
        &[],
        &[expired("ci-runner", end, fixtures::NOW)],
    );
    console.advance(6 * SECOND).await;
    until("it has moved", || {
        row(&console, "ci-runner").is_some_and(|text| text.ends_with("Expired"))
    })
    .await;
    assert!(console.server.count(Method::Get, TOKENS) > fetched);
    assert!(console.says("You have no working token."));
}

#[wasm_bindgen_test]
async fn a_fetch_that_changes_nothing_is_not_repeated_each_second() {
    let mut late = token("ci-runner");
    late.expires_at = Some(fixtures::NOW.saturating_add(SECOND));
    let console = with(&[late], &[]).await;
    let before = console.server.count(Method::Get, TOKENS);
    for _ in 0..10 {
        console.advance(SECOND).await;
    }
    let rounds = (console.server.count(Method::Get, TOKENS) - before) / 2;
    assert!((1..=3).contains(&rounds), "{rounds} rounds in ten seconds");
}

#[wasm_bindgen_test]
async fn a_list_that_does_not_come_is_a_problem_of_its_own() {
    let server = fixtures::server();
    server.problem(Method::Get, TOKENS, Kind::Internal);
    let console = Console::open_at(PAGE, server).await;
    assert!(console.says("ref-1"));
    assert!(
        console.find(Role::Button, GENERATE).is_some(),
        "the rest works"
    );
    axe::check(&console.root).await;
    have(&console.server, &[token("ci-runner")], &[]);
    console.press(Role::Button, "Try again").await;
    assert!(row(&console, "ci-runner").is_some());
}

#[wasm_bindgen_test]
async fn while_the_tokens_are_on_their_way_their_place_is_kept() {
    let server = fixtures::server();
    have(&server, &[token("ci-runner")], &[]);
    let held = server.hold(Method::Get, TOKENS);
    let console = Console::open_at(PAGE, server).await;
    console.advance(200).await;
    assert!(console.says("Loading"));
    axe::check(&console.root).await;
    held.release();
    until("the row is there", || row(&console, "ci-runner").is_some()).await;
}

#[wasm_bindgen_test]
async fn lists_that_were_fetched_offline_fill_when_the_server_is_back() {
    let server = fixtures::server();
    have(&server, &[token("ci-runner")], &[]);
    let held = [
        server.hold(Method::Get, TOKENS),
        server.hold(Method::Get, TOKENS),
    ];
    let console = Console::open_at(PAGE, server).await;
    console.server.set_connected(false);
    held.into_iter().for_each(Held::release);
    settle().await;
    assert!(console.says("cannot be reached"), "{}", console.text());
    axe::check(&console.root).await;
    console.server.set_connected(true);
    console.advance(MINUTE).await;
    until("the row is there", || row(&console, "ci-runner").is_some()).await;
}
