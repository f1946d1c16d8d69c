//! Revoking it: what is said before and after, and what the page shows then.

use super::*;

/// The server's answer to a revocation.
fn answer(worked: bool) -> RevokedTokens {
    let named = NamedToken {
        id: TokenId("ci-runner".to_owned()),
        name: "ci-runner".to_owned(),
        last_four: "9fQ2".to_owned(),
        owner: user("Ada"),
        client: None,
        status: Status::InUse,
    };
    let (revoked, ended) = match worked {
        true => (vec![named], Vec::new()),
        false => (Vec::new(), vec![named]),
    };
    RevokedTokens {
        revoked,
        ended,
        unknown: Vec::new(),
    }
}

async fn revoke_in(dialog: &HtmlElement) {
    select(dialog, "button.danger")[0].click();
    settle().await;
}

#[wasm_bindgen_test]
async fn what_nobody_asked_for_takes_nothing_away_when_it_fails() {
    let mut token = token("ci-runner");
    token.expires_at = Some(fixtures::NOW.saturating_add(MINUTE));
    token.status = Status::Expiring;
    let server = server(&life(token));
    server.problem(Method::Post, REVOKE, Kind::Unavailable);
    let console = Console::open_at(PAGE, server).await;
    console.server.problem(Method::Get, LIFE, Kind::Unavailable);
    console.press(Role::Button, "Revoke").await;
    revoke_in(&console.get(Role::Dialog, "Revoke ci-runner?")).await;
    assert_eq!(console.server.count(Method::Get, LIFE), 2);
    console.press(Role::Button, "Cancel").await;
    assert!(console.says("Ada generated it"), "{}", console.text());
    console.advance(MINUTE).await;
    assert!(
        console.server.count(Method::Get, LIFE) > 2,
        "it has expired"
    );
    assert!(console.says("Ada generated it"), "{}", console.text());
}

#[wasm_bindgen_test]
async fn a_status_that_changes_by_time_alone_is_asked_for_then() {
    let mut token = token("ci-runner");
    let week = 7 * DAY;
    token.expires_at = Some(fixtures::NOW.saturating_add(week + MINUTE));
    (token.status, token.last_used_at) = (Status::Idle, None);
    let console = Console::open_at(PAGE, server(&life(token))).await;
    console.advance(MINUTE - 1_000).await;
    assert_eq!(
        console.server.count(Method::Get, LIFE),
        1,
        "idle until then"
    );
    console.advance(1_000).await;
    assert_eq!(console.server.count(Method::Get, LIFE), 2, "a week is left");
}

#[wasm_bindgen_test]
async fn what_ends_with_an_apps_token_is_said_and_what_had_ended_is_not_called_revoked() {
    let mut token = token("ci-runner");
    token.client = Some(ClientRef {
        id: ClientId("board".to_owned()),
        name: "Board".to_owned(),
    });
    let server = server(&life(token));
    server.json(Method::Post, REVOKE, &answer(false));
    let console = Console::open_at(PAGE, server).await;
    console.press(Role::Button, "Revoke").await;
    let dialog = console.get(Role::Dialog, "Revoke ci-runner?");
    let words = dialog.inner_text();
    assert!(words.contains("Board loses the access that it has by the same consent"));
    revoke_in(&dialog).await;
    assert!(console.all(Role::Dialog).is_empty());
    assert!(console.says("ci-runner had ended already and stays as it is."));
    assert!(!console.says("is revoked"), "{}", console.text());
}

#[wasm_bindgen_test]
async fn an_admin_revokes_it_and_reads_how_it_ended() {
    let server = server(&suspicious());
    let ended = TokenLife {
        callers: vec![caller("198.51.100.9", true), caller("203.0.113.7", false)],
        ..life(revoked("ci-runner", "Ada"))
    };
    let after = server.clone();
    server.on(Method::Post, REVOKE, move |request| {
        let body = request.body.as_deref().unwrap_or_default();
        assert!(body.contains("[\"ci-runner\"]"), "{body}");
        after.json(Method::Get, LIFE, &ended);
        Response::json(200, &answer(true))
    });
    let console = Console::open_at(PAGE, server).await;
    console.press(Role::Button, "Revoke").await;
    let dialog = console.get(Role::Dialog, "Revoke ci-runner?");
    assert!(dialog.inner_text().contains("This cannot be undone"));
    axe::check(&console.root).await;
    revoke_in(&dialog).await;
    until("it has ended", || console.says("Revoked")).await;
    assert!(console.says("ci-runner is revoked."));
    until("its callers are read", || {
        console.says("Still calling after its end")
    })
    .await;
    says_all(
        &console,
        &["198.51.100.9", "Whoever runs them needs another one."],
    );
    assert!(console.find(Role::Button, "Revoke").is_none());
    axe::check(&console.root).await;
    axe::reflows(&console.root);
}
