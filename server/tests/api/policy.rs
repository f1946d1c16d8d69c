//! The policy's life: put into force, obeyed at the very next call, changed by two admins, outlived by
//! nobody who is dead. The sweeper is off throughout.

use std::time::Duration;

use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use serde_json::{Value, json};
use tenure_domain::{
    problem::Kind,
    token::Status,
    wire::{
        page::Page,
        policies::{ExpirationPolicy, RecordedPolicy},
        tokens::{EndReason, Token},
    },
};

use super::app::{START, TestApp, policy_path};
use super::callers::{call, send};

fn period(amount: u16, unit: &str) -> Value {
    json!({ "amount": amount, "unit": unit })
}

#[tokio::test]
async fn an_older_token_is_dead_at_the_very_next_call() {
    let app = TestApp::start().await;
    let (_, secret) = app.generate(&app.member, &app.acme, "old").await;
    app.get(&secret, "/verify").await.expect(StatusCode::OK);
    app.pass(Duration::from_secs(61));
    let policy = app
        .set_policy(&app.admin, &app.acme, period(1, "minutes"))
        .await;
    assert_eq!(policy.version, 1);
    app.get(&secret, "/verify")
        .await
        .problem(Kind::TokenExpired);

    let page: Page<Token> = app.get(&app.member, "/api/v1/me/tokens").await.read();
    let token = &page.items[0];
    let end = token.end.as_ref().expect("it has ended");
    assert_eq!(token.status, Status::Expired);
    assert_eq!(end.reason, EndReason::ExpiredByPeriod);
    assert_eq!(end.policy_version, Some(1));
    assert_eq!(end.at, policy.in_force_since);
    assert_eq!(end.by.as_ref().map(|by| &by.id), Some(&app.admin.id));
}

#[tokio::test]
async fn it_works_up_to_the_millisecond() {
    let app = TestApp::start().await;
    app.set_policy(&app.admin, &app.acme, period(1, "minutes"))
        .await;
    let (token, secret) = app.generate(&app.member, &app.acme, "short").await;
    app.pass(Duration::from_millis(59_999));
    let alive = app.get(&secret, "/verify").await.expect(StatusCode::OK);
    assert_eq!(
        alive.header("x-token-expires-at"),
        "2026-02-20T09:01:00.000Z"
    );
    assert_eq!(alive.header("x-token-expires-in"), "0");
    app.pass(Duration::from_millis(1));
    let dead = app.get(&secret, "/verify").await;
    dead.problem(Kind::TokenExpired);
    assert_eq!(
        dead.header("x-token-expires-at"),
        token.expires_at.unwrap().to_string()
    );
}

#[tokio::test]
async fn lengthened_and_turned_off_brings_nothing_back() {
    let app = TestApp::start().await;
    app.set_policy(&app.admin, &app.acme, period(1, "minutes"))
        .await;
    let (_, secret) = app.generate(&app.member, &app.acme, "short").await;
    app.pass(Duration::from_secs(60));
    // Nobody has asked about the token yet: the change itself must keep that it is dead.
    app.set_policy(&app.admin, &app.acme, period(10, "years"))
        .await;
    app.get(&secret, "/verify")
        .await
        .problem(Kind::TokenExpired);
    app.set_policy(&app.admin, &app.acme, Value::Null).await;
    app.get(&secret, "/verify")
        .await
        .problem(Kind::TokenExpired);
    let page: Page<Token> = app.get(&app.member, "/api/v1/me/tokens").await.read();
    assert_eq!(page.items[0].end.as_ref().unwrap().policy_version, Some(1));
    let (_, young) = app.generate(&app.member, &app.acme, "young").await;
    app.get(&young, "/verify").await.expect(StatusCode::OK);
}

#[tokio::test]
async fn a_clock_that_steps_back_brings_nothing_back() {
    let app = TestApp::start().await;
    app.set_policy(&app.admin, &app.acme, period(1, "minutes"))
        .await;
    let (_, secret) = app.generate(&app.member, &app.acme, "short").await;
    app.pass(Duration::from_secs(60));
    app.get(&secret, "/verify")
        .await
        .problem(Kind::TokenExpired);
    app.clock.set(START.parse().unwrap());
    app.get(&secret, "/verify")
        .await
        .problem(Kind::TokenExpired);

    // Nor does a restart with a clock that is wrong by a year.
    let (router, _) = app.restarted("2025-02-20T09:00:00Z".parse().unwrap()).await;
    let request = call(&secret, Method::GET, "/verify")
        .body(Body::empty())
        .unwrap();
    send(&router, request).await.problem(Kind::TokenExpired);
}

/// Who lists tokens tells of deaths as well, so a restart with a wrong clock must know of them too.
#[tokio::test]
async fn a_death_that_a_list_told_of_outlives_a_restart() {
    let app = TestApp::start().await;
    app.set_policy(&app.admin, &app.acme, period(1, "minutes"))
        .await;
    let (_, secret) = app.generate(&app.member, &app.acme, "short").await;
    app.pass(Duration::from_secs(60));
    let page: Page<Token> = app.get(&app.member, "/api/v1/me/tokens").await.read();
    assert_eq!(page.items[0].status, Status::Expired);
    let (router, _) = app.restarted(START.parse().unwrap()).await;
    let request = call(&secret, Method::GET, "/verify")
        .body(Body::empty())
        .unwrap();
    send(&router, request).await.problem(Kind::TokenExpired);
}

/// So does who revokes a token that has expired meanwhile.
#[tokio::test]
async fn a_death_that_a_revocation_told_of_outlives_a_restart() {
    let app = TestApp::start().await;
    app.set_policy(&app.admin, &app.acme, period(1, "minutes"))
        .await;
    let (token, secret) = app.generate(&app.member, &app.acme, "short").await;
    app.pass(Duration::from_secs(60));
    assert_eq!(
        app.revoke(&app.member, &token).await.status,
        Status::Expired
    );
    let (router, _) = app.restarted(START.parse().unwrap()).await;
    let request = call(&secret, Method::GET, "/verify")
        .body(Body::empty())
        .unwrap();
    send(&router, request).await.problem(Kind::TokenExpired);
}

#[tokio::test]
async fn plans_are_separate() {
    let app = TestApp::start().await;
    let (_, in_acme) = app.generate(&app.member, &app.acme, "a").await;
    let (_, in_basil) = app.generate(&app.member, &app.basil, "b").await;
    app.pass(Duration::from_secs(61));
    app.set_policy(&app.admin, &app.acme, period(1, "minutes"))
        .await;
    app.get(&in_acme, "/verify")
        .await
        .problem(Kind::TokenExpired);
    app.get(&in_basil, "/verify").await.expect(StatusCode::OK);
}

#[tokio::test]
async fn of_two_admins_the_second_is_shown_what_the_first_did() {
    let app = TestApp::start().await;
    let seen = app.policy(&app.second_admin, &app.acme).await.etag();
    app.set_policy(&app.admin, &app.acme, period(30, "days"))
        .await;
    let mine = json!({ "period": period(90, "days") });
    let answer = app
        .put(&app.second_admin, &app.acme, &seen, mine.clone())
        .await;
    let current = answer.problem(Kind::StaleVersion).current.unwrap();
    assert_eq!(current.version, 1);
    assert_eq!(current.changed_by.as_ref().unwrap().name, app.admin.name);
    let answer = app
        .put(&app.second_admin, &app.acme, &current.etag(), mine)
        .await;
    let mine: ExpirationPolicy = answer.expect(StatusCode::OK).read();
    assert_eq!(mine.version, 2);
    assert_eq!(mine.changed_by.unwrap().id, app.second_admin.id);
}

#[tokio::test]
async fn of_many_at_once_exactly_one_gets_through() {
    let app = TestApp::start().await;
    let attempts = (1..=8).map(|amount| {
        let body = json!({ "period": period(amount, "days") });
        let (app, by) = (
            &app,
            if amount % 2 == 0 {
                &app.admin
            } else {
                &app.second_admin
            },
        );
        async move { app.put(by, &app.acme, "\"0\"", body).await.status }
    });
    let statuses = futures_util::future::join_all(attempts).await;
    let won = statuses
        .iter()
        .filter(|status| **status == StatusCode::OK)
        .count();
    let stale = statuses
        .iter()
        .filter(|status| status.as_u16() == 412)
        .count();
    assert_eq!((won, stale), (1, 7));
    assert_eq!(app.policy(&app.admin, &app.acme).await.version, 1);
}

#[tokio::test]
async fn the_same_policy_again_is_no_new_version() {
    let app = TestApp::start().await;
    let first = app
        .set_policy(&app.admin, &app.acme, period(90, "days"))
        .await;
    app.pass(Duration::from_secs(1));
    let events = app.events().await;
    let again = app
        .set_policy(&app.second_admin, &app.acme, period(90, "days"))
        .await;
    assert_eq!(again, first);
    assert_eq!(app.events().await, events);
    // Three months are not ninety days.
    let other = app
        .set_policy(&app.admin, &app.acme, period(3, "months"))
        .await;
    assert_eq!(other.version, 2);
}

#[tokio::test]
async fn the_entity_tag_spares_the_body() {
    let app = TestApp::start().await;
    let path = policy_path(&app.acme);
    let conditional = |tags: &'static str| {
        let request = call(&app.member, Method::GET, &path).header(header::IF_NONE_MATCH, tags);
        app.send(request.body(Body::empty()).unwrap())
    };
    let first = app.get(&app.member, &path).await.expect(StatusCode::OK);
    assert_eq!(first.header("etag"), "\"0\"");
    for tags in ["\"0\"", "W/\"0\"", "\"7\", \"0\"", "*"] {
        let answer = conditional(tags).await.expect(StatusCode::NOT_MODIFIED);
        assert!(answer.body.is_empty());
        assert_eq!(answer.header("etag"), "\"0\"");
    }
    app.set_policy(&app.admin, &app.acme, period(90, "days"))
        .await;
    let changed = conditional("\"0\"").await.expect(StatusCode::OK);
    assert_eq!(changed.header("etag"), "\"1\"");
}

#[tokio::test]
async fn the_history_comes_newest_first_in_pages() {
    let app = TestApp::start().await;
    for days in 1..=6 {
        app.set_policy(&app.admin, &app.acme, period(days, "days"))
            .await;
        app.pass(Duration::from_secs(1));
    }
    let mut path = format!("{}/history?limit=3", policy_path(&app.acme));
    let (mut versions, mut pages) = (Vec::new(), 0);
    loop {
        let page: Page<RecordedPolicy> = app.get(&app.admin, &path).await.read();
        pages += 1;
        versions.extend(page.items.iter().map(|policy| policy.version));
        let Some(cursor) = page.next_cursor else {
            break;
        };
        path = format!("{}/history?limit=3&cursor={cursor}", policy_path(&app.acme));
    }
    assert_eq!(versions, [6, 5, 4, 3, 2, 1, 0]);
    assert_eq!(pages, 3);
}

#[tokio::test]
async fn a_change_is_in_the_audit_log() {
    let app = TestApp::start().await;
    app.set_policy(&app.admin, &app.acme, period(90, "days"))
        .await;
    let log = app.audit().await;
    let event = log.last().unwrap();
    assert_eq!(event.action, "policy_changed");
    assert_eq!(event.actor_id.as_deref(), Some(app.admin.id.as_str()));
    assert_eq!(event.actor_address.as_deref(), Some("192.0.2.7"));
    assert_eq!(event.plan_id.as_deref(), Some(app.acme.as_str()));
}

/// Month ends are the calendar's: nothing lives shorter than its period says.
#[tokio::test]
async fn a_month_ends_where_the_calendar_says() {
    let app = TestApp::start().await;
    app.clock.set("2026-03-31T12:00:00Z".parse().unwrap());
    let (admin, member) = (app.again(&app.admin).await, app.again(&app.member).await);
    app.set_policy(&admin, &app.acme, period(1, "months")).await;
    let (token, secret) = app.generate(&member, &app.acme, "march").await;
    assert_eq!(
        token.expires_at.unwrap().to_string(),
        "2026-05-01T00:00:00.000Z"
    );
    app.clock.set("2026-04-30T23:59:59.999Z".parse().unwrap());
    app.get(&secret, "/verify").await.expect(StatusCode::OK);
    app.pass(Duration::from_millis(1));
    app.get(&secret, "/verify")
        .await
        .problem(Kind::TokenExpired);
}
