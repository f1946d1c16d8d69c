//! The tokens of a client.

use super::*;

const SHOP: &str = "/plans/acme/oauth-clients/shop";
const TOKENS: &str = "/plans/acme/oauth-clients/shop/tokens";

/// A token that Bo gave the client two days ago, and that works for five days more.
fn token(id: &str) -> Token {
    Token {
        id: TokenId(id.to_owned()),
        name: "Shop".to_owned(),
        kind: TokenKind::OauthAccess,
        plan: PlanRef {
            id: fixtures::acme(),
            name: "Acme".to_owned(),
        },
        owner: user("Bo"),
        prefix: "tnr_oat_".to_owned(),
        last_four: id.to_owned(),
        scope: Scopes::parse("orders:read").expect("scopes"),
        retires_at: None,
        client: Some(ClientRef {
            id: ClientId("shop".to_owned()),
            name: "Shop".to_owned(),
        }),
        created_at: fixtures::NOW.saturating_add(-2 * DAY),
        last_used_at: Some(fixtures::NOW.saturating_add(-2 * HOUR)),
        last_used_from: Some("203.0.113.7".to_owned()),
        expires_at: Some(fixtures::NOW.saturating_add(5 * DAY)),
        status: Status::Expiring,
        end: None,
        why: "It works until somebody revokes it: the expiration policy is off.".to_owned(),
    }
}

fn revoked(id: &str) -> Token {
    Token {
        expires_at: None,
        last_used_at: None,
        status: Status::Revoked,
        end: Some(TokenEnd {
            at: fixtures::NOW.saturating_add(-HOUR),
            reason: EndReason::RevokedByOwner,
            policy_version: None,
            period: None,
            in_force_since: None,
            by: Some(user("Bo")),
        }),
        why: "Bo, its owner, revoked it.".to_owned(),
        ..token(id)
    }
}

fn have_tokens(server: &Fake, tokens: &[Token]) {
    server.json(Method::Get, SHOP, &client("Shop"));
    let page = Page {
        items: tokens.to_vec(),
        next_cursor: None,
    };
    server.json(Method::Get, TOKENS, &page);
}

async fn with_tokens(tokens: &[Token]) -> Console {
    let server = server_with(&[client("Shop")]);
    have_tokens(&server, tokens);
    Console::open_at(SHOP, server).await
}

#[wasm_bindgen_test]
async fn the_tokens_of_a_client_have_a_page_of_their_own() {
    let server = server_with(&[client("Shop")]);
    have_tokens(&server, &[token("9fQ2")]);
    let console = Console::open_at(PAGE, server).await;
    press_in_row(&console, "Shop", "Tokens").await;
    until("the page", || address() == SHOP).await;
    console.get(Role::Heading, "Tokens of Shop");
    assert_eq!(
        leptos::prelude::document().title(),
        "Tokens of Shop · Tenure"
    );
    let main = console.root.query_selector("main").expect("a selector");
    let main: HtmlElement = main.expect("the content").unchecked_into();
    let back = select(&main, "a[href]");
    assert_eq!(accessible_name(&back[0]), "OAuth clients");
    back[0].click();
    until("the clients", || address() == PAGE).await;
}

#[wasm_bindgen_test]
async fn a_token_says_whose_it_is_and_how_it_stands() {
    let console = with_tokens(&[token("9fQ2"), revoked("a1B2")]).await;
    let rows = select(&console.root, "tbody tr");
    let text = |row: &HtmlElement| {
        let text = row.inner_text();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let created = fixtures::NOW.saturating_add(-2 * DAY);
    let created = format::instant(created, Detail::Day, Zone::Viewer);
    let alive = text(&rows[0]);
    for words in [
        "Bo",
        "tnr_oat_…9fQ2",
        &created,
        "2 hours ago",
        "from 203.0.113.7",
        "in 5 days",
        "Expiring",
    ] {
        assert!(alive.contains(words), "{words:?} in {alive}");
    }
    let dead = text(&rows[1]);
    for words in [
        "never",
        "1 hour ago",
        "Bo, its owner, revoked it.",
        "Revoked",
    ] {
        assert!(dead.contains(words), "{words:?} in {dead}");
    }
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn a_client_without_tokens_teaches() {
    let console = with_tokens(&[]).await;
    console.get(Role::Heading, "Tokens of Shop");
    assert!(console.says("This client has got no token yet."));
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn tokens_come_in_pages_by_cursor() {
    let server = server_with(&[client("Shop")]);
    server.json(Method::Get, SHOP, &client("Shop"));
    server.on(Method::Get, TOKENS, |request| {
        let (id, next) = if request.path.ends_with("?cursor=c2") {
            ("bbbb", None)
        } else {
            ("aaaa", Some("c2".to_owned()))
        };
        let items = vec![token(id)];
        let next_cursor = next;
        Response::json(200, &Page { items, next_cursor })
    });
    let console = Console::open_at(SHOP, server).await;
    console.press(Role::Button, "Show more").await;
    assert!(console.says("tnr_oat_…aaaa") && console.says("tnr_oat_…bbbb"));
}

#[wasm_bindgen_test]
async fn a_token_whose_time_passes_on_screen_is_fetched_again() {
    let end = fixtures::NOW.saturating_add(MINUTE);
    let mut soon = token("9fQ2");
    soon.expires_at = Some(end);
    let console = with_tokens(&[soon]).await;
    let mut expired = revoked("9fQ2");
    expired.status = Status::Expired;
    have_tokens(&console.server, &[expired]);
    assert!(console.says("Expiring"));
    console.advance(MINUTE).await;
    until("it is said", || console.says("Expired")).await;
}

#[wasm_bindgen_test]
async fn a_client_that_is_gone_and_an_answer_on_its_way_are_said() {
    let server = server_with(&[]);
    let held = server.hold(Method::Get, TOKENS);
    let console = Console::open_at(SHOP, server).await;
    console.advance(200).await;
    assert!(console.says("Loading"));
    console.get(Role::Heading, "Tokens of an OAuth client");
    axe::check(&console.root).await;
    held.release();
    until("it is said", || {
        console.says("This is not there, or not any more.")
    })
    .await;
    axe::check(&console.root).await;
    have_tokens(&console.server, &[token("9fQ2")]);
    console.press(Role::Button, "Try again").await;
    assert!(console.says("tnr_oat_…9fQ2"));
}
