//! What is listed, how it reads, and the filter and order in the address.

use tenure_domain::problem::Kind;

use super::{scrolling::opened_with_many, *};
use crate::api_access::{exact, focus_and_press};

#[wasm_bindgen_test]
async fn a_row_says_all_of_a_token() {
    let console = opened(PAGE, &[held(), token("ci")]).await;
    console.get(Role::Heading, "Tokens");
    let link = console.get(Role::Link, "Tokens");
    assert_eq!(link.get_attribute("aria-current").as_deref(), Some("page"));
    let rows = rows(&console);
    assert_eq!(rows.len(), 2);
    let text = rows[0].inner_text();
    for words in [
        "Board",
        "Bo",
        "Suspicious",
        "40 days ago",
        "2 days ago",
        "in 50 days",
    ] {
        assert!(text.contains(words), "{words:?} in {text}");
    }
    let created = &select(&rows[0], "time")[0];
    let beneath = leptos::prelude::window().get_computed_style_with_pseudo_elt(created, "::after");
    let beneath = beneath.ok().flatten().expect("a style");
    let beneath = beneath.get_property_value("content").unwrap_or_default();
    assert_eq!(beneath, format!("\"{}\"", exact(held().created_at)));
    let why = rows[0].text_content().unwrap_or_default();
    assert!(why.contains("looks like somebody else's"), "{why}");
    let text = rows[1].inner_text();
    for words in ["ci", "…9fQ2", "Ada", "User access token", "Idle", "Never"] {
        assert!(text.contains(words), "{words:?} in {text}");
    }
    assert!(console.says("2 tokens"));
    let table = select(&console.root, "table").remove(0);
    assert_eq!(table.get_attribute("aria-rowcount").as_deref(), Some("3"));
    assert_eq!(rows[1].get_attribute("aria-rowindex").as_deref(), Some("3"));
    axe::check(&console.root).await;
    axe::reflows(&console.root);
}

#[wasm_bindgen_test]
async fn the_filter_stands_in_the_address_and_goes_to_the_server() {
    let console = opened(PAGE, &[token("ci")]).await;
    assert_eq!(asked(&console), [""]);
    console.pick("Status", "In use").await;
    console.fill("Name, id or last four", "a&b").await;
    console.pick("Sort by", "Expires soonest").await;
    console.press(Role::Button, "Filter").await;
    let query = "status=in_use&text=a%26b&sort=expires";
    assert_eq!(address(), format!("{PAGE}?{query}"));
    assert_eq!(asked(&console).last().map(String::as_str), Some(query));
    let file = console.get(Role::Link, "Export CSV");
    let href = file.get_attribute("href").unwrap_or_default();
    assert!(
        href.ends_with(&format!("{TOKENS}?format=csv&{query}")),
        "{href}"
    );
    console.press(Role::Link, "Show all").await;
    assert_eq!(address(), PAGE);
    assert_eq!(asked(&console).last().map(String::as_str), Some(""));
    drop(console);

    let console = opened(
        &format!("{PAGE}?kind=oauth_access&created_before=2026-02-02"),
        &[],
    )
    .await;
    let query = asked(&console).pop().expect("it was asked");
    assert!(
        query.starts_with("kind=oauth_access&created_before=2026-02-0"),
        "{query}"
    );
    assert!(console.says("No token passes this filter."));
    assert!(console.says("Created to"), "the days are open");
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn a_heading_sorts_and_sorts_the_other_way() {
    let console = opened(&format!("{PAGE}?status=idle"), &[token("ci")]).await;
    let sorted = |console: &Console| {
        let sorted = select(&console.root, "th[aria-sort]");
        let first = sorted.first().expect("one");
        (
            first.inner_text().trim().to_owned(),
            first.get_attribute("aria-sort"),
        )
    };
    let descending = Some("descending".to_owned());
    assert_eq!(sorted(&console), ("Created".to_owned(), descending));
    console.press(Role::Link, "Name").await;
    assert_eq!(address(), format!("{PAGE}?status=idle&sort=name"));
    let ascending = Some("ascending".to_owned());
    assert_eq!(sorted(&console), ("Name".to_owned(), ascending));
    console.press(Role::Link, "Name").await;
    assert_eq!(
        asked(&console).last().map(String::as_str),
        Some("status=idle&sort=-name")
    );
}

#[wasm_bindgen_test]
async fn another_order_leaves_the_table_and_the_focus_where_they_are() {
    let (console, _) = opened_with_many().await;
    let reel = select(&console.root, ".reel").remove(0);
    reel.set_scroll_top(3_000);
    fire(&reel, "scroll");
    settle().await;
    let held = console.server.hold(Method::Get, TOKENS);
    focus_and_press(&console.get(Role::Link, "Name")).await;
    assert!(focus_is_on("Name"));
    assert!(console.says("Token 1"), "those of before stay");
    assert!(console.says("100 tokens so far"));
    have(&console.server, &[token("a"), token("b")], None);
    held.release();
    settle().await;
    assert!(focus_is_on("Name"));
    assert_eq!(reel.scroll_top(), 0);
    assert!(console.says("Token 1"));
    focus_and_press(&console.get(Role::Link, "Name")).await;
    until("the others", || console.says("2 tokens")).await;
    assert!(focus_is_on("Name") && !console.says("Token 1"));

    console.server.problem(Method::Get, TOKENS, Kind::Internal);
    focus_and_press(&console.get(Role::Link, "Name")).await;
    assert!(rows(&console).is_empty(), "no order is shown as another");
    assert_eq!(focused().expect("a focus").id(), "above-tokens");
    have(&console.server, &[token("a")], None);
    console.press(Role::Button, "Try again").await;
    assert!(console.says("1 token"));
}

#[wasm_bindgen_test]
async fn what_is_typed_and_not_sent_yet_outlives_another_order() {
    let console = opened(PAGE, &[token("ci")]).await;
    let value = |label: &str| {
        let field = console.field(label);
        let value = js_sys::Reflect::get(&field, &"value".into());
        value.expect("a field").as_string()
    };
    let text = "Name, id or last four";
    console.fill(text, "deploy").await;
    console.press(Role::Link, "Name").await;
    assert_eq!(address(), format!("{PAGE}?sort=name"));
    assert_eq!(value(text).as_deref(), Some("deploy"));
    assert_eq!(value("Sort by").as_deref(), Some("name"));
    console.press(Role::Button, "Filter").await;
    assert_eq!(address(), format!("{PAGE}?text=deploy&sort=name"));
    console.fill(text, "other").await;
    console.press(Role::Link, "Show all").await;
    assert_eq!(value(text).as_deref(), Some(""));
    assert_eq!(value("Sort by").as_deref(), Some(""));
}

#[wasm_bindgen_test]
async fn what_takes_itself_away_hands_the_focus_on() {
    let console = opened(PAGE, &[held()]).await;
    let late = console.server.hold(Method::Get, TOKENS);
    focus_and_press(&console.get(Role::Link, "All tokens of Bo")).await;
    assert_eq!(focused().expect("a focus").id(), "above-tokens");
    late.release();
    settle().await;
    focus_and_press(&console.get(Role::Link, "Show all")).await;
    assert_eq!(address(), PAGE);
    assert!(focus_is_on("Status"));
}

#[wasm_bindgen_test]
async fn an_owner_and_an_app_lead_to_all_of_theirs() {
    let console = opened(PAGE, &[held()]).await;
    console.press(Role::Link, "All tokens of Bo").await;
    assert_eq!(address(), format!("{PAGE}?owner=bo"));
    assert!(console.says("Only tokens of one owner or app are shown."));
    console.press(Role::Link, "All tokens of Board").await;
    assert_eq!(
        asked(&console).last().map(String::as_str),
        Some("client=board")
    );
}

#[wasm_bindgen_test]
async fn a_token_leads_to_its_page_and_that_back_to_the_list_as_it_was() {
    for (asked, then) in [
        ("", "?sort=name"),
        ("?status=idle", "?status=idle&sort=name"),
    ] {
        let console = opened(&format!("{PAGE}{asked}"), &[token("ci")]).await;
        console.press(Role::Link, "Name").await;
        console.press(Role::Link, "ci").await;
        assert_eq!(address(), format!("{PAGE}/ci{then}"));
        let links = select(&console.root, "main a").into_iter();
        let mut back = links.filter(|link| link.inner_text() == "Tokens");
        back.next().expect("a way back").click();
        settle().await;
        assert_eq!(address(), format!("{PAGE}{then}"));
    }
}

#[wasm_bindgen_test]
async fn days_the_wrong_way_round_are_said_beside_their_field_and_not_asked_for() {
    let console = opened(&format!("{PAGE}?expires_after=2026-11-20"), &[]).await;
    let before = asked(&console).len();
    console.fill("Expires to", "2026-11-19").await;
    assert!(console.says("Pick a day that is not after the last one."));
    console.press(Role::Button, "Filter").await;
    assert_eq!(asked(&console).len(), before);
    assert!(focus_is_on("Expires from"));
    console.fill("Expires to", "2026-11-21").await;
    console.press(Role::Button, "Filter").await;
    assert_eq!(asked(&console).len(), before + 1);
}

#[wasm_bindgen_test]
async fn a_plan_without_tokens_says_where_they_come_from() {
    let console = opened(PAGE, &[]).await;
    assert!(console.says("This plan has no tokens yet."));
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn what_could_not_be_fetched_is_fetched_once_more() {
    let server = fixtures::server();
    server.problem(Method::Get, TOKENS, Kind::Internal);
    let console = Console::open_at(PAGE, server).await;
    have(&console.server, &[token("ci")], None);
    axe::check(&console.root).await;
    console.press(Role::Button, "Try again").await;
    assert_eq!(rows(&console).len(), 1);
}

#[wasm_bindgen_test]
async fn an_answer_for_an_earlier_filter_does_not_count() {
    let server = fixtures::server();
    have(&server, &[token("early")], None);
    let held = server.hold(Method::Get, TOKENS);
    let console = Console::open_at(PAGE, server).await;
    have(&console.server, &[token("late")], None);
    console.pick("Status", "Idle").await;
    console.press(Role::Button, "Filter").await;
    assert!(console.says("late"));
    held.release();
    settle().await;
    assert!(console.says("late") && !console.says("early"));
}

#[wasm_bindgen_test]
async fn what_an_address_says_and_means_nothing_is_left_out() {
    let query = "status=nope&kind=oauth&sort=zzz&created_after=2026-99-99&text=ci";
    let console = opened(&format!("{PAGE}?{query}"), &[token("ci")]).await;
    assert_eq!(asked(&console), ["text=ci"]);
    assert!(console.says("1 token"));
}
