//! Looking for people: by name, role and how they stand, in the address.

use tenure_domain::live::Topic;

use super::*;
use crate::{harness::address, live::tell};

fn asked(console: &Console) -> String {
    let calls = console.server.calls();
    let last = calls
        .iter()
        .rev()
        .find(|call| call.path.starts_with("/plans/acme/users?"));
    last.expect("a call").path.clone()
}

#[wasm_bindgen_test]
async fn who_is_looked_for_stands_in_the_address() {
    let console = with_bo(1, &[]).await;
    assert_eq!(asked(&console), "/plans/acme/users?limit=50");
    console.fill("Name or email", "b o&").await;
    console.pick("Role", "Member").await;
    console.pick("Status", "Deactivated").await;
    console
        .server
        .json(Method::Get, USERS, &page(vec![deactivated("Bo")]));
    console.press(Role::Button, "Find").await;
    let query = "text=b%20o%26&role=member&state=deactivated";
    until("the address", || address() == format!("{PAGE}?{query}")).await;
    assert_eq!(
        asked(&console),
        format!("/plans/acme/users?limit=50&{query}")
    );
    assert!(row(&console, "Ada").is_none() && row(&console, "Bo").is_some());
    axe::check(&console.root).await;
    axe::reflows(&console.root);
    console.server.json(Method::Get, USERS, &page(vec![ada()]));
    console.press(Role::Link, "Show everybody").await;
    until("the address", || address() == PAGE).await;
    until("everybody", || row(&console, "Ada").is_some()).await;
}

#[wasm_bindgen_test]
async fn a_reload_keeps_it() {
    let server = server(vec![ada()]);
    let at = format!("{PAGE}?text=ad&state=active");
    let console = Console::open_at(&at, server).await;
    assert_eq!(
        asked(&console),
        "/plans/acme/users?limit=50&text=ad&state=active"
    );
    let text: web_sys::HtmlInputElement =
        console.field("Name or email").dyn_into().expect("a field");
    assert_eq!(text.value(), "ad");
    assert_eq!(console.server.count(Method::Get, INVITATIONS), 1);
    assert!(
        select(&console.root, "table").len() == 1,
        "invitations are not looked for by name"
    );
}

#[wasm_bindgen_test]
async fn nobody_found_is_not_nobody_there() {
    let at = format!("{PAGE}?text=x");
    let console = Console::open_at(&at, server(Vec::new())).await;
    assert!(console.says("Nobody is found."));
    assert!(!console.says("Nobody is in this plan yet."));
    axe::check(&console.root).await;
}

/// A page may have looked at many and found none: there is a way on.
#[wasm_bindgen_test]
async fn where_more_are_to_be_looked_at_it_goes_on() {
    let server = server(Vec::new());
    server.on(Method::Get, USERS, |request| {
        let next = request.path.ends_with("&cursor=c2");
        let items = if next {
            vec![person("Zed", 0)]
        } else {
            Vec::new()
        };
        let next_cursor = (!next).then(|| "c2".to_owned());
        Response::json(200, &Page { items, next_cursor })
    });
    let console = Console::open_at(&format!("{PAGE}?text=zed"), server).await;
    assert!(!console.says("Nobody is found."));
    console.press(Role::Button, "Show more").await;
    assert!(row(&console, "Zed").is_some());
    let last = asked(&console);
    assert_eq!(last, "/plans/acme/users?limit=50&text=zed&cursor=c2");
}

#[wasm_bindgen_test]
async fn those_alone_who_are_invited() {
    let console = Console::open_at(&format!("{PAGE}?state=invited"), server(vec![ada()])).await;
    assert!(console.says("Nobody is invited who has not answered."));
    assert!(row(&console, "Ada").is_none());
    axe::check(&console.root).await;
    console.fill("Name or email", "eve").await;
    console.pick("Role", "Member").await;
    console.press(Role::Button, "Find").await;
    until("their own words", || console.says("Nobody is found.")).await;
    assert!(!console.says("Nobody is invited"));
    let calls = console.server.calls();
    let paths: Vec<_> = calls.iter().map(|call| &*call.path).collect();
    let narrowed = format!("{INVITATIONS}?limit=50&text=eve&role=member");
    assert_eq!(
        paths.last(),
        Some(&&*narrowed),
        "and nobody else is asked for"
    );
}

/// Answers with Zed and Yan in two pages, or with Bo where those alone are asked for who are deactivated.
fn answer_by_state(server: &Fake) {
    server.on(Method::Get, USERS, |request| {
        let (user, next) = match &*request.path {
            path if path.contains("state=deactivated") => (deactivated("Bo"), None),
            path if path.contains("cursor=") => (person("Yan", 0), None),
            _ => (person("Zed", 0), Some("c2".to_owned())),
        };
        let page = Page {
            items: vec![user],
            next_cursor: next,
        };
        Response::json(200, &page)
    });
}

async fn look_for_deactivated(console: &Console) {
    console.pick("Status", "Deactivated").await;
    console.press(Role::Button, "Find").await;
    until("Bo alone", || {
        row(console, "Bo").is_some() && row(console, "Zed").is_none()
    })
    .await;
}

#[wasm_bindgen_test]
async fn what_was_asked_for_before_changes_nothing_when_it_comes_late() {
    let server = server(Vec::new());
    answer_by_state(&server);
    let console = Console::open_at(PAGE, server).await;
    // By news, and then by *Show more*.
    for by_news in [true, false] {
        let late = console.server.hold(Method::Get, USERS);
        if by_news {
            tell(&console, 1, &[Topic::Users]).await;
        } else {
            console.press(Role::Button, "Show more").await;
        }
        look_for_deactivated(&console).await;
        late.release();
        settle().await;
        assert!(row(&console, "Bo").is_some());
        assert!(row(&console, "Zed").is_none() && row(&console, "Yan").is_none());
        // The list goes on as ever.
        console.press(Role::Link, "Show everybody").await;
        until("everybody", || row(&console, "Zed").is_some()).await;
        let before = console.server.count(Method::Get, USERS);
        tell(&console, 2, &[Topic::Users]).await;
        assert_eq!(console.server.count(Method::Get, USERS), before + 1);
    }
}

#[wasm_bindgen_test]
async fn what_is_asked_for_on_the_way_to_another_list_is_asked_of_that() {
    let server = server(Vec::new());
    answer_by_state(&server);
    let console = Console::open_at(PAGE, server).await;
    let on_its_way = console.server.hold(Method::Get, USERS);
    console.pick("Status", "Deactivated").await;
    console.press(Role::Button, "Find").await;
    console.press(Role::Button, "Show more").await;
    tell(&console, 1, &[Topic::Users]).await;
    assert!(asked(&console).ends_with("&state=deactivated"));
    let before = console.server.count(Method::Get, USERS);
    on_its_way.release();
    until("Bo alone", || row(&console, "Bo").is_some()).await;
    assert!(row(&console, "Yan").is_none());
    assert_eq!(
        console.server.count(Method::Get, USERS),
        before + 1,
        "what came on the way may be old already"
    );
}
