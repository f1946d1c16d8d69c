//! Paste a token, or what is known of it, and read what state it is in.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use serde_json::json;
use tenure_domain::{
    id::TokenId,
    plan::Role,
    problem::Kind,
    token::Status,
    wire::{
        checks::{Checked, Found, MAX_TEXT, NextStep},
        tokens::{EndReason, Token},
    },
};
use tenure_server::store::tokens;

use super::app::TestApp;
use super::callers::{Answer, Bearer, Person, call, send};
use super::oauth::world::World;

async fn ask(app: &TestApp, by: &Person, text: &str) -> Answer {
    let path = format!("/api/v1/plans/{}/checks", app.acme);
    app.post(by, &path, json!({ "text": text })).await
}

async fn check(app: &TestApp, by: &Person, text: &str) -> Checked {
    ask(app, by, text).await.expect(StatusCode::OK).read()
}

/// The only token that was found, and what to do about it.
#[track_caller]
fn only(checked: &Checked) -> (&Token, NextStep) {
    assert_eq!(
        (checked.found, checked.tokens.len()),
        (Found::Token, 1),
        "{checked:?}"
    );
    (&checked.tokens[0].token, checked.tokens[0].next)
}

#[tokio::test]
async fn a_token_is_found_by_its_text_its_end_and_its_id() {
    let app = TestApp::start().await;
    let (token, Bearer(secret)) = app.generate(&app.member, &app.acme, "ci").await;
    let texts = [
        secret.clone(),
        format!("  {secret}\n"),
        token.last_four.clone(),
        token.id.0.clone(),
    ];
    for text in texts {
        let checked = check(&app, &app.member, &text).await;
        let (found, next) = only(&checked);
        assert_eq!((found, next), (&token, NextStep::Nothing), "{text}");
        let answer = ask(&app, &app.member, &text).await;
        let body = String::from_utf8(answer.body).unwrap();
        assert!(!body.contains(&secret), "it is not repeated");
    }
}

#[tokio::test]
async fn a_typo_is_told_from_what_is_unknown() {
    let app = TestApp::start().await;
    let (_, Bearer(secret)) = app.generate(&app.member, &app.acme, "ci").await;
    let cut = &secret[..secret.len() - 1];
    for typo in [
        cut,
        &format!("{secret}A"),
        "tnr_pat_",
        "tnr_xyz",
        &secret.replace("_pat_", "_oat_"),
    ] {
        let checked = check(&app, &app.member, typo).await;
        assert_eq!(
            (checked.found, checked.tokens.len()),
            (Found::Malformed, 0),
            "{typo}"
        );
    }
    let never_issued =
        tenure_domain::token_text::compose(tenure_domain::token::TokenKind::UserAccess, &[7; 32]);
    for unknown in [
        &never_issued,
        "zzzz",
        "0195a000-0000-7000-8000-000000000000",
        "ghp_012345",
    ] {
        let checked = check(&app, &app.member, unknown).await;
        assert_eq!(
            (checked.found, checked.tokens.len()),
            (Found::Unknown, 0),
            "{unknown}"
        );
    }
}

#[tokio::test]
async fn members_see_their_own_and_admins_the_plans() {
    let app = TestApp::start().await;
    let (members, Bearer(secret)) = app.generate(&app.member, &app.acme, "member's").await;
    let (admins, Bearer(other)) = app.generate(&app.admin, &app.acme, "admin's").await;
    for text in [&secret, &members.last_four, &members.id.0] {
        assert_eq!(only(&check(&app, &app.admin, text).await).0.id, members.id);
    }
    for text in [&other, &admins.last_four, &admins.id.0] {
        let checked = check(&app, &app.member, text).await;
        assert_eq!((checked.found, checked.tokens.len()), (Found::Unknown, 0));
    }
    // Another plan's tokens are unknown here, even one's own.
    let (elsewhere, Bearer(text)) = app.generate(&app.member, &app.basil, "elsewhere").await;
    for text in [&text, &elsewhere.last_four, &elsewhere.id.0] {
        for by in [&app.member, &app.admin] {
            let checked = check(&app, by, text).await;
            assert_eq!((checked.found, checked.tokens.len()), (Found::Unknown, 0));
        }
    }
}

#[tokio::test]
async fn tokens_that_end_alike_are_all_shown_youngest_first() {
    let app = &TestApp::start().await;
    let (own, Bearer(secret)) = app.generate(&app.member, &app.acme, "ci").await;
    let mut tx = app.state.store.write().await.unwrap();
    let twin = tokens::get(&mut tx, &own.id).await;
    let mut twin = twin.unwrap().expect("it was just generated");
    twin.id = TokenId("twin".into());
    twin.facts.created_at = twin.facts.created_at.saturating_add(1);
    tokens::insert(&mut tx, &twin, &[9; 32]).await.unwrap();
    tx.commit().await.unwrap();
    app.pass(Duration::from_secs(1));
    let checked = check(app, &app.member, &secret[secret.len() - 4..]).await;
    let ids: Vec<&str> = checked
        .tokens
        .iter()
        .map(|it| it.token.id.as_str())
        .collect();
    assert_eq!(ids, ["twin", own.id.as_str()]);
}

#[tokio::test]
async fn each_state_has_one_next_thing_to_do() {
    let app = TestApp::start().await;
    let hour = json!({ "amount": 1, "unit": "hours" });
    let (expired, _) = app.generate(&app.member, &app.acme, "expired").await;
    app.pass(Duration::from_secs(3_600));
    let (revoked, _) = app.generate(&app.member, &app.acme, "revoked").await;
    app.revoke(&app.member, &revoked).await;
    let (alive, _) = app.generate(&app.member, &app.acme, "alive").await;
    let checked = check(&app, &app.member, &alive.id.0).await;
    assert_eq!(only(&checked).1, NextStep::Nothing);
    app.set_policy(&app.admin, &app.acme, hour).await;
    for (token, status, next) in [
        (&expired, Status::Expired, NextStep::Generate),
        (&revoked, Status::Revoked, NextStep::Generate),
        (&alive, Status::Expiring, NextStep::Rotate),
    ] {
        let checked = check(&app, &app.member, &token.id.0).await;
        let (found, step) = only(&checked);
        assert_eq!((found.status, step), (status, next), "{}", token.name);
    }
    let checked = check(&app, &app.member, &expired.id.0).await;
    let end = only(&checked).0.end.clone().expect("it has ended");
    assert_eq!(end.reason, EndReason::ExpiredByPeriod);
    assert_eq!(end.policy_version, Some(1));
    assert_eq!(end.by.map(|by| by.id), Some(app.admin.id.clone()));
}

#[tokio::test]
async fn what_a_client_holds_says_how_it_goes_on() {
    let world = World::new().await;
    let app = &world.app;
    let pair = world.pair(&world.basic).await;
    let quinn = app.another_person("quinn", &app.acme, Role::Member).await;
    // By the refresh token, the access token of the same pair is found.
    for text in [&pair.access, &pair.refresh] {
        let checked = check(app, &app.member, text).await;
        let (token, next) = only(&checked);
        let client = token.client.as_ref().map(|client| &client.id);
        assert_eq!(client, Some(&world.basic.client_id));
        assert_eq!(next, NextStep::Nothing);
        assert!(pair.access.ends_with(&token.last_four));
        assert_eq!(check(app, &quinn, text).await.found, Found::Unknown);
    }
    app.pass(Duration::from_secs(7 * 24 * 3_600));
    let member = app.again(&app.member).await;
    let checked = check(app, &member, &pair.access).await;
    let (token, next) = only(&checked);
    assert_eq!((token.status, next), (Status::Expired, NextStep::Refresh));
    let disconnect = format!("/api/v1/me/connected-apps/{}", world.basic.client_id);
    app.delete(&member, &disconnect)
        .await
        .expect(StatusCode::NO_CONTENT);
    let checked = check(app, &member, &pair.access).await;
    let (token, next) = only(&checked);
    assert_eq!(
        (token.status, next),
        (Status::Expired, NextStep::AuthorizeAgain)
    );
}

/// What is told to be dead is kept first: with the clock set back it stays dead.
#[tokio::test]
async fn a_check_keeps_the_death_that_it_tells_of() {
    let app = TestApp::start().await;
    let hour = json!({ "amount": 1, "unit": "hours" });
    app.set_policy(&app.admin, &app.acme, hour.clone()).await;
    let (expiring, expired) = app.generate(&app.member, &app.acme, "expired").await;
    app.pass(Duration::from_secs(60));
    let (rotating, rotated) = app.generate(&app.member, &app.acme, "rotated").await;
    let path = format!("/api/v1/me/tokens/{}/rotate", rotating.id);
    let overlap = json!({ "overlap": { "amount": 1, "unit": "minutes" } });
    app.post(&app.member, &path, overlap)
        .await
        .expect(StatusCode::CREATED);
    let early = app.clock.now();
    app.pass(Duration::from_secs(3_599));
    let events = app.events().await;
    for (token, status) in [(&expiring, Status::Expired), (&rotating, Status::Revoked)] {
        let checked = check(&app, &app.member, &token.id.0).await;
        assert_eq!(only(&checked).0.status, status);
    }
    assert_eq!(app.events().await, events, "nobody did anything");
    let (router, clock) = app.restarted(early).await;
    assert_eq!(clock.now(), early);
    for (secret, kind) in [(expired, Kind::TokenExpired), (rotated, Kind::TokenRevoked)] {
        let request = call(&secret, Method::GET, "/verify");
        let request = request.body(axum::body::Body::empty()).unwrap();
        send(&router, request).await.problem(kind);
    }
}

#[tokio::test]
async fn what_cannot_be_asked_says_why() {
    let app = TestApp::start().await;
    let path = format!("/api/v1/plans/{}/checks", app.acme);
    for (body, pointer, code) in [
        (json!({}), "/text", "missing"),
        (json!({ "text": 7 }), "/text", "wrong_type"),
        (
            json!({ "text": "a", "plan": "b" }),
            "/plan",
            "unknown_member",
        ),
    ] {
        let answer = app.post(&app.member, &path, body).await;
        let errors = answer.problem(Kind::ValidationFailed).errors;
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert_eq!(
            (errors[0].pointer.as_str(), errors[0].code.as_str()),
            (pointer, code)
        );
    }
    // Whatever else is pasted, nothing breaks.
    for odd in [
        "\0",
        "tnr_pat_\u{0}",
        "\u{1f980}\u{1f980}\u{1f980}\u{1f980}",
        &"\u{1f980}".repeat(MAX_TEXT),
    ] {
        let checked = check(&app, &app.member, odd).await;
        assert!(checked.tokens.is_empty(), "{odd}");
    }
}

#[tokio::test]
async fn nothing_and_too_much_are_refused_with_their_pointer() {
    let app = TestApp::start().await;
    let too_long = "a".repeat(MAX_TEXT + 1);
    for (text, code) in [(" \n", "text_missing"), (&too_long, "text_too_long")] {
        let answer = ask(&app, &app.member, text).await;
        let problem = answer.problem(Kind::ValidationFailed);
        let errors: Vec<_> = problem
            .errors
            .iter()
            .map(|error| (error.pointer.as_str(), error.code.as_str()))
            .collect();
        assert_eq!(errors, [("/text", code)]);
    }
}

#[tokio::test]
async fn an_admin_is_needed_only_while_the_owner_is_deactivated() {
    let app = TestApp::start().await;
    let (token, _) = app.generate(&app.member, &app.acme, "ci").await;
    let user = format!("/api/v1/plans/{}/users/{}", app.acme, app.member.id);
    for (change, expected) in [
        ("deactivate", NextStep::AskAdmin),
        ("reactivate", NextStep::Generate),
    ] {
        let answer = app
            .post(&app.admin, &format!("{user}/{change}"), json!({}))
            .await;
        answer.expect(StatusCode::OK);
        let checked = check(&app, &app.admin, &token.id.0).await;
        assert_eq!(only(&checked).1, expected, "{change}d");
    }
    let checked = check(&app, &app.member, &token.id.0).await;
    assert_eq!(only(&checked).1, NextStep::Generate);
}
