//! Admin Center > Notices in every state, and the language and zone of one's own mails.

use tenure_console::api::{
    fake::Fake,
    transport::{Method, Response},
};
use tenure_domain::{
    id::{NoticeId, UserId},
    locale::{Language, Locale},
    notice::{NoticeKind, NoticeState},
    problem::Kind,
    time::{HOUR, MINUTE},
    wire::{
        notices::{Notice, Recipient},
        page::Page,
    },
};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{
    api_access::row,
    axe, fixtures,
    harness::{Console, Role, accessible_name, address, focused, until},
};

const PAGE: &str = "/plans/acme/notices";
const NOTICES: &str = "/plans/acme/notices";

fn notice(name: &str, kind: NoticeKind, state: NoticeState) -> Notice {
    let id = name.to_lowercase();
    let at = |on: bool, at| on.then(|| fixtures::NOW.saturating_add(at));
    Notice {
        owner: Recipient {
            email: format!("{id}@acme.example"),
            name: name.to_owned(),
            id: Some(UserId(id.clone())),
        },
        id: NoticeId(id),
        kind,
        about: None,
        state,
        reason: (state == NoticeState::Failed).then(|| "550 5.1.1 no such user".to_owned()),
        attempts: 1,
        tokens: 3,
        created_at: fixtures::NOW.saturating_add(-2 * HOUR),
        next_attempt_at: at(state == NoticeState::Queued, 5 * MINUTE),
        sent_at: at(state == NoticeState::Sent, -HOUR),
    }
}

fn of_every_state() -> Vec<Notice> {
    vec![
        notice("Ada", NoticeKind::Escalation, NoticeState::Queued),
        notice("Bo", NoticeKind::Digest, NoticeState::Sent),
        notice("Cy", NoticeKind::Announcement, NoticeState::Failed),
        notice("Di", NoticeKind::Revoked, NoticeState::Suppressed),
    ]
}

fn server(items: Vec<Notice>) -> Fake {
    let server = fixtures::server();
    let page = Page {
        items,
        next_cursor: None,
    };
    server.json(Method::Get, NOTICES, &page);
    server
}

#[wasm_bindgen_test]
async fn every_notice_shows_to_whom_what_and_what_became_of_it() {
    let console = Console::open_at(PAGE, server(of_every_state())).await;
    for (name, words) in [
        (
            "Ada",
            vec!["Not reached", "Queued", "in 5 minutes", "tried once"],
        ),
        (
            "Bo",
            vec![
                "bo@acme.example",
                "Expires soon",
                "3",
                "Sent",
                "1 hour ago",
                "Send again",
            ],
        ),
        (
            "Cy",
            vec![
                "Policy changed",
                "Failed",
                "550 5.1.1 no such user",
                "Send again",
            ],
        ),
        ("Di", vec!["Ended by somebody else", "Suppressed"]),
    ] {
        let row = row(&console, name).expect("a row");
        for words in words {
            assert!(row.contains(words), "{words} in {row}");
        }
    }
    for name in ["Ada", "Di"] {
        assert!(
            !row(&console, name).expect("a row").contains("Send again"),
            "{name}"
        );
    }
    let icons = console.root.query_selector_all("tbody .pill svg");
    assert_eq!(
        icons.expect("a selector").length(),
        4,
        "never the colour alone"
    );
    axe::check(&console.root).await;
    axe::reflows(&console.root);
}

#[wasm_bindgen_test]
async fn the_state_that_is_shown_stands_in_the_address() {
    let server = fixtures::server();
    server.on(Method::Get, NOTICES, |request| {
        let mut items = of_every_state();
        if request.path.contains("state=failed") {
            items.retain(|notice| notice.state == NoticeState::Failed);
        }
        let next_cursor = None;
        Response::json(200, &Page { items, next_cursor })
    });
    let console = Console::open_at(PAGE, server).await;
    console.pick("Show", "Failed").await;
    until("the failed one alone", || {
        row(&console, "Bo").is_none() && row(&console, "Cy").is_some()
    })
    .await;
    assert_eq!(address(), format!("{PAGE}?state=failed"));
    console.pick("Kind", "Expires soon").await;
    assert_eq!(address(), format!("{PAGE}?kind=digest&state=failed"));
    let asked = || console.server.calls().into_iter().next_back();
    let query = "limit=50&kind=digest&state=failed";
    until("the server is asked for both", || {
        asked().is_some_and(|call| call.path.ends_with(query))
    })
    .await;
    console.pick("Show", "Every state").await;
    assert_eq!(address(), format!("{PAGE}?kind=digest"));
}

#[wasm_bindgen_test]
async fn a_notice_is_sent_again() {
    let server = server(of_every_state());
    let path = "/plans/acme/notices/cy/send-again";
    let queued = notice("Cy", NoticeKind::Announcement, NoticeState::Queued);
    server.on(Method::Post, path, move |_| Response::json(200, &queued));
    let console = Console::open_at(&format!("{PAGE}?state=nonsense"), server).await;
    let buttons = console.all(Role::Button).into_iter();
    let mut again = buttons.filter(|it| accessible_name(it) == "Send again");
    let again = again.nth(1).expect("Cy's");
    again.focus().expect("it takes the focus");
    again.click();
    until("it is said", || {
        console.says("Queued again: the notice to Cy.")
    })
    .await;
    until("its row says so", || {
        row(&console, "Cy").is_some_and(|row| row.contains("Queued"))
    })
    .await;
    until("the row has the focus", || {
        focused().is_some_and(|it| it.tag_name() == "TR" && it.inner_html().contains("Cy"))
    })
    .await;
    axe::check(&console.root).await;
    assert_eq!(console.server.count(Method::Post, path), 1);
}

#[wasm_bindgen_test]
async fn a_plan_without_notices_says_when_they_come() {
    let console = Console::open_at(PAGE, server(Vec::new())).await;
    assert!(console.says("No mail has been due yet."));
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn only_system_admins_see_it() {
    let console = Console::open_at(PAGE, fixtures::server_of(&fixtures::bo())).await;
    console.get(Role::Heading, "This page is for System Admins");
    assert!(console.find(Role::Link, "Notices").is_none());
    assert_eq!(console.server.count(Method::Get, NOTICES), 0);
}

#[wasm_bindgen_test]
async fn one_chooses_the_language_and_zone_of_ones_mails() {
    let server = fixtures::server();
    server.on(Method::Put, "/me/profile", |request| {
        let body = request.body.as_deref().unwrap_or_default();
        let asked: Locale = serde_json::from_str(body).expect("its shape is right");
        if asked.time_zone == "Asia/Tokyo" {
            return Response::problem(Kind::ValidationFailed);
        }
        let known = (Language::De, "Europe/Berlin");
        assert_eq!((asked.language, asked.time_zone.as_str()), known);
        Response::json(200, &asked)
    });
    let console = Console::open_at("/settings/profile", server).await;
    console.pick("Language", "Deutsch").await;
    console.press(Role::Button, "Save").await;
    until("it is said", || {
        console.says("Your mails come in this language")
    })
    .await;
    console.pick("Time zone", "Asia/Tokyo").await;
    console.press(Role::Button, "Save").await;
    let refused = || {
        console
            .root
            .query_selector("main [role=alert]")
            .ok()
            .flatten()
            .is_some()
    };
    until("it is refused", refused).await;
    axe::check(&console.root).await;
}
