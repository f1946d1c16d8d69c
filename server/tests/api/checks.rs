//! Checking a token: who finds what, and the next step.

use axum::http::StatusCode;
use serde_json::json;
use tenure_domain::{
    problem::Kind,
    token::TokenKind,
    token_text,
    wire::{
        checks::{Checked, Found, MAX_TEXT, NextStep},
        tokens::Token,
    },
};

use super::app::TestApp;
use super::callers::{Answer, Person};

async fn ask(app: &TestApp, by: &Person, text: &str) -> Answer {
    let path = format!("/api/v1/plans/{}/checks", app.acme);
    app.post(by, &path, json!({ "text": text })).await
}

async fn check(app: &TestApp, by: &Person, text: &str) -> Checked {
    ask(app, by, text).await.expect(StatusCode::OK).read()
}

/// The next step for the only token that was found, which must be this one.
#[track_caller]
fn next(checked: &Checked, token: &Token) -> NextStep {
    let [only] = checked.tokens.as_slice() else {
        panic!("{checked:?}");
    };
    assert_eq!((checked.found, &only.token.id), (Found::Token, &token.id));
    only.next
}

#[tokio::test]
async fn a_token_is_found_by_text_ending_and_id_by_its_owner_and_by_admins() {
    let app = TestApp::start().await;
    let (token, secret) = app.generate(&app.member, &app.acme, "ci").await;
    for text in [&secret.0, &token.last_four, &token.id.0] {
        for by in [&app.member, &app.admin] {
            let checked = check(&app, by, &format!(" {text}\n")).await;
            assert_eq!(next(&checked, &token), NextStep::Nothing);
        }
    }
    let (admins, secret) = app.generate(&app.admin, &app.acme, "deploy").await;
    let unseen = check(&app, &app.member, &secret.0).await;
    assert_eq!((unseen.found, unseen.tokens.len()), (Found::Unknown, 0));
    let seen = check(&app, &app.second_admin, &secret.0).await;
    assert_eq!(next(&seen, &admins), NextStep::Nothing);
}

#[tokio::test]
async fn a_typo_is_told_from_a_text_that_was_never_issued() {
    let app = TestApp::start().await;
    let (_, secret) = app.generate(&app.member, &app.acme, "ci").await;
    let cut_off = &secret.0[..secret.0.len() - 1];
    let found = check(&app, &app.member, cut_off).await.found;
    assert_eq!(found, Found::Malformed);
    let foreign = token_text::compose(TokenKind::UserAccess, &[7; 32]);
    let found = check(&app, &app.member, &foreign).await.found;
    assert_eq!(found, Found::Unknown);
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
        assert_eq!(next(&checked, &token), expected, "{change}d");
    }
    let checked = check(&app, &app.member, &token.id.0).await;
    assert_eq!(next(&checked, &token), NextStep::Generate);
}
