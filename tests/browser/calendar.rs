//! The secret address of a calendar: made, replaced, revoked; one's own and a plan's.

use tenure_console::api::transport::Method;
use tenure_domain::{
    problem::Kind,
    wire::calendars::{CalendarAddress, NewCalendarAddress},
};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{
    axe, fixtures,
    harness::{Console, Role, select},
};

const ADDRESS: &str = "https://tenure.example/calendars/s3cret.ics";

fn made() -> NewCalendarAddress {
    NewCalendarAddress {
        address: ADDRESS.to_owned(),
        created_at: fixtures::NOW,
    }
}

fn shown(console: &Console) -> Option<String> {
    let line = select(&console.root, "textarea").into_iter().next()?;
    js_sys::Reflect::get(&line, &"value".into())
        .ok()?
        .as_string()
}

#[wasm_bindgen_test]
async fn an_address_is_made_shown_once_and_revoked() {
    for (page, path) in [
        ("/settings/api-access", "/me/calendar"),
        ("/plans/acme/security-control", "/plans/acme/calendar"),
    ] {
        let console = Console::open_at(page, fixtures::server()).await;
        console.get(Role::Heading, "Calendar");
        assert!(console.find(Role::Button, "Revoke address").is_none());
        console.server.json(Method::Post, path, &made());
        console.press(Role::Button, "Create address").await;
        assert_eq!(shown(&console).as_deref(), Some(ADDRESS));
        assert!(console.says("it is not shown again"));
        console.get(Role::Button, "Copy address");
        axe::check(&console.root).await;
        console.server.json(Method::Delete, path, &());
        console.press(Role::Button, "Revoke address").await;
        assert_eq!(shown(&console), None, "it is worth nothing any more");
        console.get(Role::Button, "Create address");
        assert_eq!(console.server.count(Method::Delete, path), 1);
    }
}

#[wasm_bindgen_test]
async fn an_address_that_there_is_is_not_shown_and_can_be_replaced() {
    let server = fixtures::server();
    let there = CalendarAddress {
        created_at: Some(fixtures::NOW),
    };
    server.json(Method::Get, "/me/calendar", &there);
    server.problem(Method::Post, "/me/calendar", Kind::Internal);
    let console = Console::open_at("/settings/api-access", server).await;
    assert!(console.says("There is an address since"));
    assert_eq!(shown(&console), None);
    console.press(Role::Button, "Replace address").await;
    assert!(console.says("Something went wrong on the server."));
    axe::check(&console.root).await;
    console.server.json(Method::Post, "/me/calendar", &made());
    console.press(Role::Button, "Replace address").await;
    assert_eq!(shown(&console).as_deref(), Some(ADDRESS));
    assert!(console.all(Role::Alert).is_empty());
}
