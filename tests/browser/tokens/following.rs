//! The list while things change elsewhere, and while time passes.

use tenure_domain::{
    id::PlanId,
    live::Topic,
    problem::Kind,
    time::{HOUR, MINUTE, SECOND},
    token::{EXPIRING_WITHIN, IN_USE_WITHIN},
    wire::live::Change,
};

use super::*;
use crate::api_access::revoked;

/// Tells that tokens of the plan have changed, and waits until what it brings has come.
async fn tell(console: &Console) {
    let change = Change {
        plan: Some(PlanId("acme".to_owned())),
        topics: vec![Topic::Tokens],
    };
    console.server.tell(7, &change);
    console.advance(100).await;
    settle().await;
}

/// Gives these tokens in pages of two, each of which begins behind the token that its cursor names.
fn in_pages(server: &Fake, names: &[&str]) {
    let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
    server.on(Method::Get, TOKENS, move |request| {
        let behind = request.path.split_once("cursor=").map(|(_, name)| name);
        let first = behind.map_or(0, |behind| {
            let place = names.iter().position(|name| name == behind);
            place.expect("a token of the list") + 1
        });
        let items: Vec<_> = names[first..].iter().take(2).map(|it| token(it)).collect();
        let last = first + items.len() == names.len();
        let next = items.last().filter(|_| !last);
        let next_cursor = next.map(|token| token.name.clone());
        Response::json(200, &Page { items, next_cursor })
    });
}

fn names(console: &Console) -> Vec<String> {
    let links = select(&console.root, "tr.token a.token-name").into_iter();
    links.map(|link| link.inner_text()).collect()
}

#[wasm_bindgen_test]
async fn what_is_new_elsewhere_comes_by_itself_and_hides_none_of_the_others() {
    let server = fixtures::server();
    in_pages(&server, &["a", "b", "c", "d", "e"]);
    axe::put_styles();
    let console = Console::open_at(PAGE, server).await;
    until("all of them", || names(&console).len() == 5).await;
    in_pages(&console.server, &["new", "a", "b", "c", "d", "e"]);
    tell(&console).await;
    until("the new one", || names(&console).len() == 6).await;
    assert_eq!(names(&console), ["new", "a", "b", "c", "d", "e"]);
    in_pages(&console.server, &["new", "a"]);
    tell(&console).await;
    until("those that are left", || names(&console).len() == 2).await;
    assert!(console.says("2 tokens"));
}

#[wasm_bindgen_test]
async fn what_changes_while_a_page_is_on_its_way_is_not_missed() {
    let console = opened(PAGE, &[token("ci")]).await;
    let held = console.server.hold(Method::Get, TOKENS);
    tell(&console).await;
    have(&console.server, &[revoked("ci", "Ada")], None);
    tell(&console).await;
    assert!(rows(&console)[0].inner_text().contains("Idle"));
    held.release();
    until("the row", || {
        rows(&console)[0].inner_text().contains("Revoked")
    })
    .await;
    let calls = console.server.count(Method::Get, TOKENS);
    settle().await;
    assert_eq!(
        console.server.count(Method::Get, TOKENS),
        calls,
        "it is done"
    );
}

#[wasm_bindgen_test]
async fn the_first_token_of_a_plan_comes_by_itself_and_none_quietly() {
    let console = opened(PAGE, &[]).await;
    let held = console.server.hold(Method::Get, TOKENS);
    tell(&console).await;
    assert!(console.says("This plan has no tokens yet."));
    held.release();
    settle().await;
    assert!(console.says("This plan has no tokens yet."));
    have(&console.server, &[token("first")], None);
    tell(&console).await;
    until("the first one", || names(&console) == ["first"]).await;
}

#[wasm_bindgen_test]
async fn a_page_that_came_empty_is_fetched_again() {
    let server = fixtures::server();
    let pages = |server: &Fake, first: &'static [&'static str], last: &'static [&'static str]| {
        server.on(Method::Get, TOKENS, move |request| {
            let is_first = !request.path.contains("cursor=");
            let names = if is_first { first } else { last };
            let page = Page {
                items: names.iter().map(|name| token(name)).collect(),
                next_cursor: is_first.then(|| "last".to_owned()),
            };
            Response::json(200, &page)
        });
    };
    pages(&server, &["a"], &[]);
    axe::put_styles();
    let console = Console::open_at(PAGE, server).await;
    assert!(console.says("1 token"));
    pages(&console.server, &["a"], &["b"]);
    tell(&console).await;
    until("the other one", || names(&console) == ["a", "b"]).await;
    pages(&console.server, &[], &[]);
    tell(&console).await;
    until("none", || console.says("This plan has no tokens yet.")).await;
    pages(&console.server, &[], &["b"]);
    tell(&console).await;
    until("the other one", || names(&console) == ["b"]).await;
}

#[wasm_bindgen_test]
async fn a_token_that_ends_by_the_clock_reads_so_at_that_moment() {
    let soon = Token {
        expires_at: Some(fixtures::NOW.saturating_add(MINUTE)),
        status: Status::Expiring,
        ..token("soon")
    };
    let console = opened(PAGE, std::slice::from_ref(&soon)).await;
    assert!(rows(&console)[0].inner_text().contains("Expiring"));
    let ended = Token {
        status: Status::Expired,
        ..soon
    };
    have(&console.server, &[ended], None);
    console.advance(MINUTE + SECOND).await;
    until("the row", || {
        rows(&console)[0].inner_text().contains("Expired")
    })
    .await;
}

#[wasm_bindgen_test]
async fn the_focus_stays_with_its_token_whatever_comes() {
    let console = opened(PAGE, &[token("a"), token("b")]).await;
    pick(&console, "a").focus().expect("it takes the focus");
    have(
        &console.server,
        &[token("new"), token("a"), token("b")],
        None,
    );
    tell(&console).await;
    until("the new one", || names(&console) == ["new", "a", "b"]).await;
    assert!(focus_is_on("Select a"));
    let places = rows(&console).into_iter();
    let places: Vec<_> = places
        .filter_map(|row| row.get_attribute("aria-rowindex"))
        .collect();
    assert_eq!(places, ["2", "3", "4"]);
    key(&pick(&console, "a"), "ArrowUp");
    key(&pick(&console, "new"), "ArrowDown");
    assert!(focus_is_on("Select a"));

    have(&console.server, &[revoked("a", "Ada"), token("b")], None);
    tell(&console).await;
    until("the row", || names(&console) == ["a", "b"]).await;
    assert!(rows(&console)[0].inner_text().contains("Revoked"));
    assert!(focus_is_on("Select a"), "its row was made anew");

    have(&console.server, &[token("b")], None);
    tell(&console).await;
    until("the other", || names(&console) == ["b"]).await;
    assert!(focus_is_on("Tokens of the plan"), "its row is gone");

    have(&console.server, &[], None);
    tell(&console).await;
    until("none", || names(&console).is_empty()).await;
    assert_eq!(focused().expect("a focus").id(), "above-tokens");
}

#[wasm_bindgen_test]
async fn why_a_token_ends_then_is_told_anew() {
    let console = opened(PAGE, &[token("a")]).await;
    let other = Token {
        why: "It works until the end of the policy's version 4.".to_owned(),
        ..token("a")
    };
    have(&console.server, &[other], None);
    tell(&console).await;
    let tip = || {
        let tip = console.root.query_selector("tr.token [role=tooltip]");
        tip.ok().flatten()?.text_content()
    };
    until("the new version", || {
        tip().is_some_and(|it| it.ends_with("version 4."))
    })
    .await;
}

/// A page that comes anew may have what began the next one, which comes after it.
#[wasm_bindgen_test]
async fn a_token_that_two_pages_have_is_shown_once() {
    let server = fixtures::server();
    in_pages(&server, &["a", "b", "c", "d"]);
    let console = Console::open_at(PAGE, server).await;
    until("all", || names(&console) == ["a", "b", "c", "d"]).await;
    console.server.on(Method::Get, TOKENS, |request| {
        if request.path.contains("cursor=") {
            return Response::problem(Kind::Internal);
        }
        let page = Page {
            items: vec![token("b"), token("c")],
            next_cursor: Some("c".to_owned()),
        };
        Response::json(200, &page)
    });
    tell(&console).await;
    until("the first page", || names(&console) == ["b", "c", "d"]).await;
    in_pages(&console.server, &["b", "c", "d"]);
    console.press(Role::Button, "Try again").await;
    until("the second page", || rows(&console).len() == 3).await;
    assert_eq!(names(&console), ["b", "c", "d"]);
}

#[wasm_bindgen_test]
async fn a_status_that_changes_by_the_clock_reads_so_at_that_moment() {
    let used = Token {
        last_used_at: Some(fixtures::NOW.saturating_add(MINUTE - IN_USE_WITHIN)),
        status: Status::InUse,
        ..token("used")
    };
    let last = Token {
        expires_at: Some(fixtures::NOW.saturating_add(EXPIRING_WITHIN + HOUR)),
        ..token("last")
    };
    let console = opened(PAGE, &[used.clone(), last.clone()]).await;
    let idle = Token {
        status: Status::Idle,
        ..used
    };
    have(&console.server, &[idle.clone(), last.clone()], None);
    console.advance(MINUTE + SECOND).await;
    until("idle", || rows(&console)[0].inner_text().contains("Idle")).await;
    let calls = console.server.count(Method::Get, TOKENS);
    let expiring = Token {
        status: Status::Expiring,
        ..last
    };
    have(&console.server, &[idle, expiring], None);
    console.advance(HOUR - 2 * MINUTE).await;
    assert_eq!(console.server.count(Method::Get, TOKENS), calls);
    console.advance(2 * MINUTE).await;
    until("expiring", || {
        rows(&console)[1].inner_text().contains("Expiring")
    })
    .await;
}
