//! Who is listed, who may see it, and the states of the list.

use super::*;

#[wasm_bindgen_test]
async fn people_show_with_role_since_when_last_seen_tokens_and_how_they_stand() {
    let bo = PlanUser {
        last_seen_at: Some(fixtures::NOW.saturating_add(-3 * HOUR)),
        ..person("Bo", 1_204)
    };
    let people = vec![ada(), bo, deactivated("Cy")];
    let console = Console::open_at(PAGE, server(people)).await;
    let joined = fixtures::NOW.saturating_add(-40 * DAY);
    let joined = format::instant(joined, Detail::Day, Zone::Viewer);
    let ada = row(&console, "Ada").expect("a row");
    assert!(ada.contains("ada@acme.example"), "{ada}");
    assert!(
        ada.contains("Never") && ada.ends_with("Active You"),
        "{ada}"
    );
    assert_eq!(chosen_role(&console, "Ada"), "system_admin");
    assert_eq!(chosen_role(&console, "Bo"), "member");
    let bo = row(&console, "Bo").expect("a row");
    for words in [&*joined, "3 hours ago", "1,204", "Active", "Deactivate"] {
        assert!(bo.contains(words), "{words:?} in {bo}");
    }
    let cy = row(&console, "Cy").expect("a row");
    let words = "Deactivated 2 hours ago by Ada Reactivate";
    assert!(cy.ends_with(words), "a word, since when, by whom: {cy}");
    assert!(!cy.contains("Active "), "{cy}");
    let icons = console.root.query_selector_all("tbody .pill svg");
    assert_eq!(
        icons.expect("a selector").length(),
        3,
        "never the colour alone"
    );
    axe::check(&console.root).await;
    axe::reflows(&console.root);
}

#[wasm_bindgen_test]
async fn the_count_of_tokens_stands_on_the_right() {
    let console = Console::open_at(PAGE, server(vec![ada()])).await;
    axe::put_styles();
    console
        .root
        .set_attribute("style", "inline-size: 72rem")
        .expect("a style");
    let align = |selector: &str| {
        let cell = select(&console.root, selector).into_iter().next();
        let style = leptos::prelude::window().get_computed_style(&cell.expect("a cell"));
        let style = style.ok().flatten().expect("a style");
        style.get_property_value("text-align").expect("a value")
    };
    assert_eq!(align("td.count"), "end");
    assert_eq!(align("thead th:nth-child(4)"), "end");
    assert_eq!(align("thead th:nth-child(3)"), "start");
}

#[wasm_bindgen_test]
async fn only_system_admins_see_it() {
    let console = Console::open_at(PAGE, server(vec![ada()])).await;
    let link = console.get(Role::Link, "Users");
    assert_eq!(link.get_attribute("aria-current").as_deref(), Some("page"));
    drop(console);
    let server = fixtures::server_of(&fixtures::bo());
    let console = Console::open_at(PAGE, server).await;
    console.get(Role::Heading, "This page is for System Admins");
    assert!(console.says("The Admin Center belongs to the System Admins"));
    assert!(console.find(Role::Link, "Users").is_none());
    assert_eq!(
        console.server.count(Method::Get, USERS),
        0,
        "nothing is asked"
    );
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn a_plan_that_is_chosen_shows_its_people() {
    let server = fixtures::server_of(&fixtures::admin_of_two());
    server.json(Method::Get, USERS, &page(vec![ada()]));
    server.json(
        Method::Get,
        "/plans/basil/users",
        &page(vec![person("Eve", 0)]),
    );
    let console = Console::open_at(PAGE, server).await;
    console.pick("Plan", "Basil").await;
    until("the other plan", || row(&console, "Eve").is_some()).await;
    assert_eq!(crate::harness::address(), "/plans/basil/users");
    assert!(console.says("The people of Basil."));
}

#[wasm_bindgen_test]
async fn people_come_in_pages() {
    let server = server(Vec::new());
    server.on(Method::Get, USERS, |request| {
        let (name, next) = if request.path.ends_with("&cursor=c2") {
            ("Bo", None)
        } else {
            ("Ada", Some("c2".to_owned()))
        };
        let items = vec![person(name, 0)];
        Response::json(
            200,
            &Page {
                items,
                next_cursor: next,
            },
        )
    });
    let console = Console::open_at(PAGE, server).await;
    assert!(row(&console, "Bo").is_none());
    console.press(Role::Button, "Show more").await;
    assert!(row(&console, "Ada").is_some() && row(&console, "Bo").is_some());
}

#[wasm_bindgen_test]
async fn a_plan_without_people_says_how_they_come() {
    let console = Console::open_at(PAGE, server(Vec::new())).await;
    assert!(console.says("Nobody is in this plan yet."));
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn while_the_people_are_on_their_way_their_place_is_kept() {
    let server = server(vec![ada()]);
    let held = server.hold(Method::Get, USERS);
    let console = Console::open_at(PAGE, server).await;
    assert!(!console.says("Loading"), "most answers are quicker");
    console.advance(200).await;
    assert!(console.says("Loading"));
    axe::check(&console.root).await;
    held.release();
    until("the row is there", || row(&console, "Ada").is_some()).await;
}

#[wasm_bindgen_test]
async fn people_who_do_not_come_are_a_problem_with_a_way_on() {
    let server = server(vec![ada()]);
    server.problem(Method::Get, USERS, Kind::Internal);
    let console = Console::open_at(PAGE, server).await;
    assert!(console.says("ref-1"));
    axe::check(&console.root).await;
    console.server.json(Method::Get, USERS, &page(vec![ada()]));
    console.press(Role::Button, "Try again").await;
    assert!(row(&console, "Ada").is_some());
}

#[wasm_bindgen_test]
async fn people_who_were_fetched_offline_come_when_the_server_is_back() {
    let server = server(vec![ada()]);
    let held = server.hold(Method::Get, USERS);
    let console = Console::open_at(PAGE, server).await;
    console.server.set_connected(false);
    Held::release(held);
    settle().await;
    assert!(console.says("cannot be reached"), "{}", console.text());
    axe::check(&console.root).await;
    console.server.set_connected(true);
    console.advance(MINUTE).await;
    until("the row is there", || row(&console, "Ada").is_some()).await;
}
