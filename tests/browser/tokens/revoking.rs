//! Selecting many, what that would end, and ending them.

use tenure_domain::{
    problem::Kind,
    wire::inventory::{NamedToken, RevokedTokens},
};

use super::*;
use crate::api_access::{focus_and_press, revoked};

fn named(token: &Token) -> NamedToken {
    NamedToken {
        id: token.id.clone(),
        name: token.name.clone(),
        last_four: token.last_four.clone(),
        owner: token.owner.clone(),
        client: token.client.clone(),
        status: token.status,
    }
}

fn answer(revoked: &[Token], ended: &[Token]) -> RevokedTokens {
    RevokedTokens {
        revoked: revoked.iter().map(named).collect(),
        ended: ended.iter().map(named).collect(),
        unknown: Vec::new(),
    }
}

/// The bodies of the calls that revoke, or would.
fn sent(console: &Console) -> Vec<String> {
    let calls = console.server.calls().into_iter();
    let revoking = calls.filter(|call| call.path == REVOKE);
    revoking.filter_map(|call| call.body).collect()
}

#[wasm_bindgen_test]
async fn what_is_selected_is_revoked_after_its_names_were_read() {
    let (ci, deploy, old) = (token("ci"), token("deploy"), token("old"));
    let console = opened(PAGE, &[ci.clone(), deploy.clone(), old.clone()]).await;
    assert!(console.find(Role::Button, "Revoke…").is_none());
    for name in ["ci", "old", "deploy"] {
        pick(&console, name).click();
    }
    settle().await;
    assert!(console.says("3 selected"));
    pick(&console, "deploy").click();
    settle().await;
    assert!(console.says("2 selected"));
    let preview = answer(std::slice::from_ref(&ci), std::slice::from_ref(&old));
    console.server.json(Method::Post, REVOKE, &preview);
    focus_and_press(&console.get(Role::Button, "Revoke…")).await;
    assert_eq!(
        sent(&console),
        ["{\"tokens\":[\"ci\",\"old\"],\"preview\":true}"]
    );
    console.get(Role::Dialog, "Revoke 2 tokens?");
    for words in [
        "1 token stops working:",
        "ci (…9fQ2), Ada",
        "1 has ended already and stays as it is.",
    ] {
        assert!(console.says(words), "{words:?} in {}", console.text());
    }
    axe::check(&console.root).await;

    let ended = Token {
        status: Status::Revoked,
        ..ci
    };
    have(&console.server, &[ended, deploy, old], None);
    focus_and_press(&console.get(Role::Button, "Revoke 1 token")).await;
    assert!(focus_is_on("Select those that work"), "the opener is gone");
    let last = sent(&console).pop();
    let expected = "{\"tokens\":[\"ci\",\"old\"],\"preview\":false}";
    assert_eq!(last.as_deref(), Some(expected));
    assert!(console.find(Role::Dialog, "Revoke 2 tokens?").is_none());
    assert!(console.says("1 token is revoked. It has stopped working."));
    until("the row", || {
        rows(&console)[0].inner_text().contains("Revoked")
    })
    .await;
    assert!(console.says("3 tokens"), "none is selected");
}

#[wasm_bindgen_test]
async fn those_that_work_are_selected_at_once_as_many_as_can_be_revoked() {
    let ended = revoked("old", "Ada");
    let console = opened(PAGE, &[token("ci"), ended, token("deploy")]).await;
    let button = console.get(Role::Button, "Select those that work");
    focus_and_press(&button).await;
    assert!(console.says("2 selected"));
    let checked = |name: &str| {
        let name = pick(&console, name);
        let field: &web_sys::HtmlInputElement = wasm_bindgen::JsCast::unchecked_ref(&name);
        field.checked()
    };
    assert_eq!(["ci", "old", "deploy"].map(checked), [true, false, true]);
    assert!(focus_is_on("Select none"), "the focus stays on the button");
    console.press(Role::Button, "Select none").await;
    assert!(!checked("ci"));
    drop(console);

    let many: Vec<_> = (0..201)
        .map(|number| token(&format!("t{number}")))
        .collect();
    let console = opened(PAGE, &many).await;
    console.press(Role::Button, "Select those that work").await;
    assert!(console.says("200 selected, the most at once"));
}

#[wasm_bindgen_test]
async fn what_has_ended_already_is_not_revoked_again() {
    let console = opened(PAGE, &[token("old")]).await;
    pick(&console, "old").click();
    settle().await;
    let preview = answer(&[], &[token("old")]);
    console.server.json(Method::Post, REVOKE, &preview);
    console.press(Role::Button, "Revoke…").await;
    assert!(console.says("All of them have ended already."));
    assert!(console.find(Role::Button, "Revoke 1 token").is_none());
    console.press(Role::Button, "Cancel").await;
    console.press(Role::Button, "Select none").await;
    assert!(console.says("1 token"));
}

#[wasm_bindgen_test]
async fn what_was_not_revoked_stays_selected() {
    let console = opened(PAGE, &[token("ci")]).await;
    pick(&console, "ci").click();
    settle().await;
    console.server.on(Method::Post, REVOKE, |request| {
        match request.body.as_deref().unwrap_or_default().contains("true") {
            true => Response::json(200, &answer(&[token("ci")], &[])),
            false => Response::problem(Kind::Internal),
        }
    });
    console.press(Role::Button, "Revoke…").await;
    console.press(Role::Button, "Revoke 1 token").await;
    assert!(!console.all(Role::Alert).is_empty());
    console.press(Role::Button, "Cancel").await;
    assert!(console.says("1 selected"));
}

#[wasm_bindgen_test]
async fn another_filter_leaves_none_selected_and_another_order_all() {
    let console = opened(PAGE, &[token("ci"), token("deploy")]).await;
    pick(&console, "ci").click();
    settle().await;
    console.press(Role::Link, "Name").await;
    assert!(console.says("1 selected"));
    console.pick("Status", "Idle").await;
    console.press(Role::Button, "Filter").await;
    assert!(console.says("2 tokens"), "{}", console.text());
    assert!(console.find(Role::Button, "Revoke…").is_none());
}

#[wasm_bindgen_test]
async fn all_that_would_end_is_named_and_the_buttons_stay_in_sight() {
    let many: Vec<_> = (0..200)
        .map(|number| token(&format!("t{number}")))
        .collect();
    let console = opened(PAGE, &many).await;
    console.press(Role::Button, "Select those that work").await;
    console
        .server
        .json(Method::Post, REVOKE, &answer(&many, &[]));
    console.press(Role::Button, "Revoke…").await;
    let names = select(&console.root, "dialog li");
    assert_eq!(names.len(), 200);
    assert!(names[199].inner_text().starts_with("t199 (…9fQ2), Ada"));
    let list = names[0].parent_element().expect("a list");
    assert!(list.scroll_height() > list.client_height(), "it scrolls");
    assert_eq!(list.get_attribute("tabindex").as_deref(), Some("0"));
    let dialog = console.get(Role::Dialog, "Revoke 200 tokens?");
    assert_eq!(dialog.scroll_height(), dialog.client_height());
    axe::check(&console.root).await;
}

/// Gives 150 tokens that work, behind two pages of which half have ended.
fn half_ended(server: &Fake) {
    server.on(Method::Get, TOKENS, |request| {
        let cursor = request.path.split_once("cursor=");
        let first: usize = cursor.map_or(0, |(_, number)| number.parse().expect("a number"));
        let one = |number: usize| match number % 2 {
            0 => token(&format!("t{number}")),
            _ => revoked(&format!("t{number}"), "Ada"),
        };
        let next = first + 100;
        let page = Page {
            items: (first..next).map(one).collect(),
            next_cursor: (next < 300).then(|| next.to_string()),
        };
        Response::json(200, &page)
    });
}

#[wasm_bindgen_test]
async fn those_that_work_are_selected_wherever_they_stand_in_the_list() {
    let server = fixtures::server();
    half_ended(&server);
    axe::put_styles();
    let console = Console::open_at(PAGE, server).await;
    assert!(console.says("100 tokens so far"), "{}", console.text());
    console.press(Role::Button, "Select those that work").await;
    until("all of them", || console.says("150 selected")).await;
    console
        .server
        .json(Method::Post, REVOKE, &answer(&[token("t0")], &[]));
    console.press(Role::Button, "Revoke…").await;
    let body = sent(&console).pop().expect("it was asked");
    assert!(
        body.contains("\"t298\"") && !body.contains("\"t299\""),
        "{body}"
    );
}

#[wasm_bindgen_test]
async fn looking_for_those_that_work_can_be_stopped_and_ends_with_another_filter() {
    let server = fixtures::server();
    half_ended(&server);
    axe::put_styles();
    let console = Console::open_at(PAGE, server).await;
    let held = console.server.hold(Method::Get, TOKENS);
    console.press(Role::Button, "Select those that work").await;
    assert!(console.says("Looking through the plan's tokens…"));
    console.press(Role::Button, "Select none").await;
    held.release();
    settle().await;
    assert!(console.says("100 tokens so far"));

    let held = console.server.hold(Method::Get, TOKENS);
    console.press(Role::Button, "Select those that work").await;
    console.pick("Status", "Idle").await;
    console.press(Role::Button, "Filter").await;
    held.release();
    settle().await;
    assert!(console.says("100 tokens so far"));
}

#[wasm_bindgen_test]
async fn what_keeps_from_selecting_those_that_work_is_said() {
    let console = opened(PAGE, &[token("ci")]).await;
    console.server.problem(Method::Get, TOKENS, Kind::Internal);
    console.press(Role::Button, "Select those that work").await;
    assert!(!console.all(Role::Alert).is_empty());
    assert!(console.find(Role::Button, "Revoke…").is_none());
    axe::check(&console.root).await;
    have(&console.server, &[token("ci")], None);
    console.press(Role::Button, "Select those that work").await;
    assert!(console.says("1 selected"));
    assert!(console.all(Role::Alert).is_empty());
}
