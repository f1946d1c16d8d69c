//! A plan's scopes: defined, worded anew, removed; and what tokens have of them.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use tenure_domain::{
    problem::Kind,
    scope::OwnScope,
    wire::scopes::{Scope, ScopeList},
};

use super::app::TestApp;
use super::callers::{Answer, Person, call, with_json};

fn path(app: &TestApp, scope: &str) -> String {
    format!("/api/v1/plans/{}/scopes/{scope}", app.acme)
}

async fn put(app: &TestApp, by: &Person, scope: &str, body: Value) -> Answer {
    app.send(with_json(call(by, Method::PUT, &path(app, scope)), &body))
        .await
}

async fn define(app: &TestApp, scope: &str) -> Scope {
    let body = json!({ "sentence": format!("Use {scope}") });
    let answer = put(app, &app.admin, scope, body).await;
    answer.expect(StatusCode::OK).read()
}

async fn list(app: &TestApp, by: &Person) -> Vec<Scope> {
    let path = format!("/api/v1/plans/{}/scopes", app.acme);
    let list: ScopeList = app.get(by, &path).await.expect(StatusCode::OK).read();
    list.items
}

#[tokio::test]
async fn tenures_own_come_first_and_then_the_plans_by_name() {
    let app = TestApp::start().await;
    for scope in ["orders:write", "orders:read", "audit"] {
        define(&app, scope).await;
    }
    let found = list(&app, &app.member).await;
    let (own, others) = found.split_at(OwnScope::ALL.len());
    assert!(
        own.iter()
            .all(|scope| scope.own && !scope.sentence.is_empty())
    );
    let own: Vec<&str> = own.iter().map(|scope| scope.name.as_str()).collect();
    assert_eq!(own, OwnScope::ALL.map(OwnScope::as_str));
    let names: Vec<&str> = others.iter().map(|scope| scope.name.as_str()).collect();
    assert_eq!(names, ["audit", "orders:read", "orders:write"]);
    assert!(others.iter().all(|scope| !scope.own));
}

#[tokio::test]
async fn a_scope_is_worded_anew() {
    let app = TestApp::start().await;
    define(&app, "orders:read").await;
    let body = json!({ "sentence": "  See your orders\u{e9} " });
    let scope: Scope = put(&app, &app.admin, "orders:read", body)
        .await
        .expect(StatusCode::OK)
        .read();
    assert_eq!(scope.sentence, "See your orders\u{e9}");
    let found = list(&app, &app.member).await;
    assert_eq!(found.last(), Some(&scope));
    assert_eq!(found.len(), OwnScope::ALL.len() + 1);
}

#[tokio::test]
async fn every_bad_sentence_and_name_says_what_is_wrong_with_it() {
    let app = TestApp::start().await;
    let events = app.events().await;
    let long = "a".repeat(201);
    for (body, pointer, code) in [
        (json!({ "sentence": " " }), "/sentence", "sentence_missing"),
        (
            json!({ "sentence": long }),
            "/sentence",
            "sentence_too_long",
        ),
        (
            json!({ "sentence": "a\nb" }),
            "/sentence",
            "sentence_has_control_characters",
        ),
        (json!({}), "/sentence", "missing"),
        (json!({ "sentence": 7 }), "/sentence", "wrong_type"),
        (
            json!({ "sentence": "a", "own": true }),
            "/own",
            "unknown_member",
        ),
    ] {
        let answer = put(&app, &app.admin, "orders:read", body).await;
        let errors = answer.problem(Kind::ValidationFailed).errors;
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert_eq!(
            (errors[0].pointer.as_str(), errors[0].code.as_str()),
            (pointer, code)
        );
    }
    for (name, code) in [
        ("Orders", "scope_malformed"),
        ("orders%20read", "scope_malformed"),
        ("9orders", "scope_malformed"),
        ("or%22ders", "scope_malformed"),
        (&"a".repeat(65), "scope_too_long"),
    ] {
        let answer = put(&app, &app.admin, name, json!({ "sentence": "a" })).await;
        let errors = answer.problem(Kind::ValidationFailed).errors;
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert_eq!(errors[0].code, code, "{name}");
    }
    assert_eq!(app.events().await, events);
    define(&app, &"a".repeat(64)).await;
}

#[tokio::test]
async fn tenures_own_scopes_are_not_the_plans_to_change() {
    let app = TestApp::start().await;
    let before = list(&app, &app.admin).await;
    for own in OwnScope::ALL {
        let answer = put(
            &app,
            &app.admin,
            own.as_str(),
            json!({ "sentence": "Mine" }),
        )
        .await;
        answer.problem(Kind::ValidationFailed);
        let answer = app.delete(&app.admin, &path(&app, own.as_str())).await;
        answer.problem(Kind::NotFound);
    }
    assert_eq!(list(&app, &app.admin).await, before);
}

#[tokio::test]
async fn a_plan_has_at_most_fifty_and_can_still_word_them_anew() {
    let app = TestApp::start().await;
    for number in 0..50 {
        define(&app, &format!("scope:{number}")).await;
    }
    let body = json!({ "sentence": "One more" });
    let answer = put(&app, &app.admin, "scope:50", body.clone()).await;
    let errors = answer.problem(Kind::ValidationFailed).errors;
    assert_eq!(errors[0].code, "too_many_scopes");
    put(&app, &app.admin, "scope:49", body)
        .await
        .expect(StatusCode::OK);
    app.delete(&app.admin, &path(&app, "scope:0"))
        .await
        .expect(StatusCode::NO_CONTENT);
    define(&app, "scope:50").await;
}

#[tokio::test]
async fn what_is_removed_is_no_longer_offered_and_tokens_keep_it() {
    let app = TestApp::start().await;
    define(&app, "orders:read").await;
    let (token, secret) = app
        .generate_with(&app.member, &app.acme, &["orders:read"])
        .await;
    assert_eq!(token.scope.to_string(), "orders:read");
    app.delete(&app.admin, &path(&app, "orders:read"))
        .await
        .expect(StatusCode::NO_CONTENT);
    app.delete(&app.admin, &path(&app, "orders:read"))
        .await
        .problem(Kind::NotFound);
    let verified = app.get(&secret, "/verify").await.expect(StatusCode::OK);
    assert_eq!(verified.header("x-tenure-scope"), "orders:read");
    let body = json!({ "plan": app.acme, "name": "a", "scopes": ["orders:read"] });
    app.post(&app.member, "/api/v1/me/tokens", body)
        .await
        .problem(Kind::ValidationFailed);
}

#[tokio::test]
async fn who_did_it_is_in_the_audit_log() {
    let app = TestApp::start().await;
    define(&app, "orders:read").await;
    app.delete(&app.admin, &path(&app, "orders:read"))
        .await
        .expect(StatusCode::NO_CONTENT);
    let log = app.audit().await;
    let actions: Vec<_> = log[log.len() - 2..]
        .iter()
        .map(|event| (event.action.as_str(), event.target.as_deref()))
        .collect();
    let target = Some("orders:read");
    assert_eq!(
        actions,
        [("scope_defined", target), ("scope_removed", target)]
    );
    let actor = log.last().unwrap().actor_id.as_deref();
    assert_eq!(actor, Some(app.admin.id.as_str()));
}
