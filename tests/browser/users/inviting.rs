//! Inviting people, and what waits for an answer.

use tenure_domain::{
    id::InvitationId, notice::NoticeState, problem::FieldError, wire::invitations::InvitationMail,
};

use super::*;

const EVE: &str = "/plans/acme/invitations/eve";

/// Eve was invited by Ada an hour ago, for a week.
fn eve(state: NoticeState) -> Invitation {
    Invitation {
        id: InvitationId("eve".to_owned()),
        email: "eve@acme.example".to_owned(),
        name: None,
        role: PlanRole::Member,
        invited_by: reference("Ada"),
        created_at: fixtures::NOW.saturating_add(-HOUR),
        expires_at: fixtures::NOW.saturating_add(7 * DAY - HOUR),
        mail: InvitationMail {
            reason: (state == NoticeState::Failed).then(|| "550 no such user".to_owned()),
            state,
        },
    }
}

async fn with_eve(state: NoticeState) -> Console {
    let server = server(vec![ada()]);
    invited(&server, vec![eve(state)]);
    Console::open_at(PAGE, server).await
}

async fn inviting() -> Console {
    let console = Console::open_at(PAGE, server(vec![ada()])).await;
    let button = console.get(Role::Button, "Invite");
    focus_and_press(&button).await;
    console.get(Role::Dialog, "Invite somebody");
    console
}

#[wasm_bindgen_test]
async fn an_invitation_is_sent_and_listed() {
    let console = inviting().await;
    assert!(console.says("a link that works once, for seven days"));
    assert!(console.says("Has access tokens of their own"));
    console.fill("Email", " eve@acme.example ").await;
    console.fill("Name", "Eve").await;
    // The page's own filter has a field of this name as well.
    let dialog = console.get(Role::Dialog, "Invite somebody");
    let role: HtmlSelectElement = select(&dialog, "select")
        .remove(0)
        .dyn_into()
        .expect("a select");
    assert_eq!(role.value(), "member");
    role.set_value("system_admin");
    crate::harness::fire(&role, "change");
    settle().await;
    assert!(console.says("Answers for the plan"));
    axe::check(&console.root).await;
    let made = Response::json(201, &eve(NoticeState::Queued));
    console
        .server
        .on(Method::Post, INVITATIONS, move |_| made.clone());
    invited(&console.server, vec![eve(NoticeState::Queued)]);
    console.press(Role::Button, "Send invitation").await;
    assert!(console.all(Role::Dialog).is_empty());
    assert!(console.says("The invitation to eve@acme.example is on its way."));
    until("the row", || row(&console, "eve@acme.example").is_some()).await;
    let calls = console.server.calls();
    let sent = calls.iter().find(|call| call.method == Method::Post);
    let body = sent.and_then(|call| call.body.clone());
    let expected = r#"{"email":"eve@acme.example","name":"Eve","role":"system_admin"}"#;
    assert_eq!(body.as_deref(), Some(expected));
    assert!(focus_is_on("Invite"), "the opener has the focus again");
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost() {
    let console = inviting().await;
    console.fill("Name", "Eve").await;
    console.press(Role::Button, "Send invitation").await;
    assert!(console.says("Type an email address"));
    assert_eq!(focused(), Some(console.field("Email").into()));
    assert_eq!(console.server.count(Method::Post, INVITATIONS), 0);
    console.fill("Email", "bo@acme.example").await;
    let problem = Problem {
        detail: Some("they are in the plan already".to_owned()),
        errors: vec![FieldError {
            pointer: "/email".to_owned(),
            code: "member".to_owned(),
            detail: "they are in the plan already".to_owned(),
        }],
        ..Problem::new(Kind::Conflict)
    };
    let answer = Response::json(409, &problem);
    console
        .server
        .on(Method::Post, INVITATIONS, move |_| answer.clone());
    console.press(Role::Button, "Send invitation").await;
    assert!(console.says("They are in the plan already."));
    assert_eq!(focused(), Some(console.field("Email").into()));
    axe::check(&console.root).await;
    console.server.set_connected(false);
    console.press(Role::Button, "Send invitation").await;
    assert!(console.says("it may have been done or not"));
    console.server.set_connected(true);
    // Closed and opened again, it still has what was typed.
    console.press(Role::Button, "Cancel").await;
    console.press(Role::Button, "Invite").await;
    for (label, text) in [("Email", "bo@acme.example"), ("Name", "Eve")] {
        let field: web_sys::HtmlInputElement = console.field(label).dyn_into().expect("a field");
        assert_eq!(field.value(), text);
    }
    assert!(console.all(Role::Alert).is_empty(), "and no old trouble");
}

#[wasm_bindgen_test]
async fn an_invitation_shows_how_it_stands() {
    for (state, words) in [
        (NoticeState::Queued, "Mail waits"),
        (NoticeState::Sent, "Mail sent"),
        (NoticeState::Failed, "Mail failed"),
    ] {
        let console = with_eve(state).await;
        let eve = row(&console, "eve@acme.example").expect("a row");
        for part in [
            "Member",
            "1 hour ago",
            "by Ada",
            words,
            "Send again",
            "Withdraw",
        ] {
            assert!(eve.contains(part), "{part:?} in {eve}");
        }
        assert_eq!(
            eve.contains("550 no such user"),
            state == NoticeState::Failed
        );
        axe::check(&console.root).await;
        axe::reflows(&console.root);
    }
    let expired = Invitation {
        name: Some("Eve".to_owned()),
        expires_at: fixtures::NOW,
        ..eve(NoticeState::Sent)
    };
    let server = server(vec![ada()]);
    invited(&server, vec![expired]);
    let console = Console::open_at(PAGE, server).await;
    let eve = row(&console, "Eve").expect("a row");
    assert!(
        eve.contains("eve@acme.example") && eve.contains("Expired"),
        "{eve}"
    );
    assert!(!eve.contains("Mail sent"), "{eve}");
}

#[wasm_bindgen_test]
async fn whoever_is_looked_for_may_be_invited() {
    let server = server(Vec::new());
    invited(&server, vec![eve(NoticeState::Sent)]);
    let held = server.hold(Method::Get, INVITATIONS);
    let console = Console::open_at(&format!("{PAGE}?text=eve"), server).await;
    assert!(!console.says("Nobody is found."), "that is not known yet");
    held.release();
    until("the invitation", || console.says("eve@acme.example")).await;
    let calls = console.server.calls();
    let narrowed = format!("{INVITATIONS}?limit=50&text=eve");
    assert!(calls.iter().any(|call| call.path == narrowed));
    assert!(!console.says("Nobody is found."), "{}", console.text());
}

#[wasm_bindgen_test]
async fn an_invitation_that_expires_meanwhile_says_so() {
    let server = server(vec![ada()]);
    let soon = Invitation {
        expires_at: fixtures::NOW.saturating_add(2 * MINUTE),
        ..eve(NoticeState::Sent)
    };
    invited(&server, vec![soon]);
    let console = Console::open_at(PAGE, server).await;
    let standing = || row(&console, "eve@").expect("a row");
    assert!(standing().contains("Mail sent"), "{}", standing());
    console.advance(2 * MINUTE).await;
    assert!(standing().contains("Expired"), "{}", standing());
    assert!(!standing().contains("Mail sent"), "{}", standing());
}

#[wasm_bindgen_test]
async fn an_invitation_is_sent_again() {
    let console = with_eve(NoticeState::Failed).await;
    let path = format!("{EVE}/send-again");
    console
        .server
        .json(Method::Post, &path, &eve(NoticeState::Queued));
    invited(&console.server, vec![eve(NoticeState::Queued)]);
    console.press(Role::Button, "Send again").await;
    assert!(console.says("The invitation to eve@acme.example is on its way."));
    until("it waits", || {
        row(&console, "eve@").is_some_and(|eve| eve.contains("Mail waits"))
    })
    .await;
    console.server.problem(Method::Post, &path, Kind::Conflict);
    console.press(Role::Button, "Send again").await;
    assert!(console.says("This conflicts with what is already there."));
}

#[wasm_bindgen_test]
async fn an_invitation_is_withdrawn_after_a_question() {
    let console = with_eve(NoticeState::Sent).await;
    console.press(Role::Button, "Withdraw").await;
    let dialog = console.get(Role::Dialog, "Withdraw the invitation of eve@acme.example?");
    assert!(dialog.inner_text().contains("opens nothing any more"));
    axe::check(&console.root).await;
    assert_eq!(console.server.count(Method::Delete, EVE), 0);
    console
        .server
        .on(Method::Delete, EVE, |_| Response::empty(204));
    invited(&console.server, Vec::new());
    select(&dialog, ".danger")[0].click();
    settle().await;
    assert!(console.says("The invitation of eve@acme.example is withdrawn."));
    until("it is gone", || row(&console, "eve@").is_none()).await;
    let focus = focused().and_then(|it| it.text_content());
    assert!(focus.is_some_and(|about| about.starts_with("The people of Acme")));
}

#[wasm_bindgen_test]
async fn invitations_that_do_not_come_are_a_problem_of_their_own() {
    let server = server(vec![ada()]);
    server.problem(Method::Get, INVITATIONS, Kind::Internal);
    let console = Console::open_at(PAGE, server).await;
    assert!(console.says("ref-1"));
    assert!(row(&console, "Ada").is_some(), "the people are there");
    axe::check(&console.root).await;
    invited(&console.server, vec![eve(NoticeState::Sent)]);
    console.press(Role::Button, "Try again").await;
    assert!(row(&console, "eve@").is_some());
}
