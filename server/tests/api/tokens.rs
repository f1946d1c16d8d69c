//! A user's own tokens: generated, shown once, listed over all plans, revoked.

use std::{collections::BTreeSet, time::Duration};

use axum::http::StatusCode;
use serde_json::json;
use tenure_domain::{
    problem::Kind,
    time::HOUR,
    token::Status,
    wire::{
        page::Page,
        tokens::{EndReason, Token},
    },
};

use super::app::TestApp;
use super::callers::Person;

const PATH: &str = "/api/v1/me/tokens";

async fn pages(app: &TestApp, by: &Person, query: &str) -> Vec<Page<Token>> {
    let mut pages: Vec<Page<Token>> = Vec::new();
    loop {
        let cursor = pages.last().and_then(|page| page.next_cursor.clone());
        let cursor = match (pages.is_empty(), cursor) {
            (true, _) => String::new(),
            (false, Some(cursor)) => format!("&cursor={cursor}"),
            (false, None) => return pages,
        };
        let answer = app.get(by, &format!("{PATH}?{query}{cursor}")).await;
        pages.push(answer.expect(StatusCode::OK).read());
    }
}

async fn names(app: &TestApp, by: &Person, query: &str) -> Vec<String> {
    let pages = pages(app, by, query).await;
    pages
        .into_iter()
        .flat_map(|page| page.items)
        .map(|token| token.name)
        .collect()
}

#[tokio::test]
async fn the_secret_is_shown_once_and_the_token_is_known_by_its_ends() {
    let app = TestApp::start().await;
    let (token, secret) = app.generate(&app.member, &app.acme, "ci").await;
    assert!(secret.0.starts_with(&token.prefix) && secret.0.ends_with(&token.last_four));
    assert_eq!(token.status, Status::Idle);
    assert_eq!(
        (token.plan.name.as_str(), &token.owner.id),
        ("Acme", &app.member.id)
    );
    assert_eq!(token.expires_at, None);
    let list = app.get(&app.member, PATH).await;
    let text = String::from_utf8(list.body.clone()).unwrap();
    assert!(!text.contains(&secret.0));
    let page: Page<Token> = list.read();
    assert_eq!(page.items, [token]);
}

#[tokio::test]
async fn the_location_of_a_new_token_is_its_path() {
    let app = TestApp::start().await;
    let answer = app
        .post(&app.member, PATH, json!({ "plan": app.acme, "name": "a" }))
        .await;
    let location = answer.header("location").to_owned();
    let ended: Token = app
        .delete(&app.member, &location)
        .await
        .expect(StatusCode::OK)
        .read();
    assert_eq!(ended.name, "a");
}

#[tokio::test]
async fn a_revoked_token_is_dead_at_once_and_stays_as_it_is() {
    let app = TestApp::start().await;
    let (token, secret) = app.generate(&app.member, &app.acme, "a").await;
    app.get(&secret, "/verify").await.expect(StatusCode::OK);
    app.pass(Duration::from_secs(5));
    let ended = app.revoke(&app.member, &token).await;
    let dead = app.get(&secret, "/verify").await;
    dead.problem(Kind::TokenRevoked);
    let end = ended.end.clone().unwrap();
    assert_eq!(
        (ended.status, end.reason),
        (Status::Revoked, EndReason::RevokedByOwner)
    );
    assert_eq!(end.by.unwrap().id, app.member.id);
    assert_eq!(dead.header("x-token-expires-at"), end.at.to_string());
    assert_eq!(dead.header("x-token-expires-in"), "0");

    app.pass(Duration::from_secs(5));
    let events = app.events().await;
    assert_eq!(app.revoke(&app.member, &token).await, ended);
    assert_eq!(app.events().await, events);
}

#[tokio::test]
async fn revoking_an_expired_token_leaves_it_expired() {
    let app = TestApp::start().await;
    let minute = json!({ "amount": 1, "unit": "minutes" });
    app.set_policy(&app.admin, &app.acme, minute).await;
    let (token, secret) = app.generate(&app.member, &app.acme, "a").await;
    app.pass(Duration::from_secs(60));
    let ended = app.revoke(&app.member, &token).await;
    assert_eq!(ended.status, Status::Expired);
    app.get(&secret, "/verify")
        .await
        .problem(Kind::TokenExpired);
}

#[tokio::test]
async fn others_tokens_are_not_there() {
    let app = TestApp::start().await;
    let (token, secret) = app.generate(&app.member, &app.acme, "a").await;
    let path = format!("{PATH}/{}", token.id);
    let others = app.delete(&app.admin, &path).await.problem(Kind::NotFound);
    let nowhere = app
        .delete(&app.admin, &format!("{PATH}/nowhere"))
        .await
        .problem(Kind::NotFound);
    assert_eq!(others.detail, nowhere.detail);
    app.get(&secret, "/verify").await.expect(StatusCode::OK);
    assert!(names(&app, &app.admin, "limit=10").await.is_empty());
}

/// Five plans with different periods, tokens in every one, pages of four: the list is one order, whole,
/// without a token twice.
#[tokio::test]
async fn pages_run_over_all_plans_soonest_expiry_first() {
    let app = TestApp::start().await;
    let owner = &app.admin;
    let mut plans = vec![app.acme.clone()];
    for name in ["Dill", "Elder", "Fennel", "Ginger"] {
        plans.push(app.join_new_plan(owner, name).await);
    }
    for (plan, days) in plans
        .iter()
        .zip([Some(90), None, Some(30), Some(60), Some(45)])
    {
        if let Some(days) = days {
            app.set_policy(owner, plan, json!({ "amount": days, "unit": "days" }))
                .await;
        }
    }
    for round in 0..5 {
        for plan in &plans {
            let owner = &app.again(owner).await;
            app.generate(owner, plan, &format!("{round}")).await;
            app.pass(Duration::from_secs(3_600 * 24));
        }
    }
    let before = app.clock.now();
    let pages = pages(&app, &app.again(owner).await, "limit=4").await;
    let tokens: Vec<Token> = pages.iter().flat_map(|page| page.items.clone()).collect();
    assert_eq!(tokens.len(), 25);
    assert_eq!(pages.len(), 7);
    let ids: BTreeSet<_> = tokens.iter().map(|token| token.id.clone()).collect();
    assert_eq!(ids.len(), 25);
    let (alive, dead): (Vec<&Token>, Vec<&Token>) =
        tokens.iter().partition(|token| token.status.is_alive());
    assert!(!alive.is_empty() && dead.len() < tokens.len());
    let key = |token: &&Token| {
        (
            token.expires_at.is_none(),
            token.expires_at,
            token.created_at,
        )
    };
    assert!(alive.is_sorted_by_key(key), "{alive:?}");
    assert!(dead.iter().rev().is_sorted_by_key(|token| token.created_at));
    assert!(
        tokens
            .iter()
            .rev()
            .skip(dead.len())
            .all(|token| token.status.is_alive())
    );
    assert_eq!(app.clock.now(), before);
}

#[tokio::test]
async fn sections_are_listed_alone_or_in_a_row() {
    let app = TestApp::start().await;
    for name in ["a", "b", "c", "d", "e", "f"] {
        let (token, _) = app.generate(&app.member, &app.acme, name).await;
        app.pass(Duration::from_secs(1));
        if name > "c" {
            app.revoke(&app.member, &token).await;
        }
    }
    assert_eq!(
        names(&app, &app.member, "section=working").await,
        ["a", "b", "c"]
    );
    assert_eq!(
        names(&app, &app.member, "section=ended").await,
        ["f", "e", "d"]
    );
    for limit in 1..=7 {
        let all = names(&app, &app.member, &format!("limit={limit}")).await;
        assert_eq!(all, ["a", "b", "c", "f", "e", "d"], "limit {limit}");
        let ended = names(&app, &app.member, &format!("section=ended&limit={limit}")).await;
        assert_eq!(ended, ["f", "e", "d"], "limit {limit}");
    }
}

#[tokio::test]
async fn a_cursor_belongs_to_its_list() {
    let app = TestApp::start().await;
    for name in ["a", "b", "c"] {
        let (token, _) = app.generate(&app.member, &app.acme, name).await;
        app.revoke(&app.member, &token).await;
    }
    let page: Page<Token> = app
        .get(&app.member, &format!("{PATH}?section=ended&limit=1"))
        .await
        .read();
    let cursor = page.next_cursor.unwrap();
    let working = format!("{PATH}?section=working&cursor={cursor}");
    app.get(&app.member, &working)
        .await
        .problem(Kind::InvalidRequest);
    // Whoever gets hold of somebody's cursor sees their own tokens by it, and no others.
    let others = format!("{PATH}?section=ended&cursor={cursor}");
    let page: Page<Token> = app.get(&app.admin, &others).await.read();
    assert!(page.items.is_empty());
}

/// The filter in SQL is the rule of the domain, at the very instant of expiry (R4, R5).
#[tokio::test]
async fn the_sections_meet_at_the_instant_of_expiry() {
    let app = TestApp::start().await;
    let minute = json!({ "amount": 1, "unit": "minutes" });
    app.set_policy(&app.admin, &app.acme, minute).await;
    app.generate(&app.member, &app.acme, "a").await;
    app.pass(Duration::from_millis(59_999));
    assert_eq!(names(&app, &app.member, "section=working").await, ["a"]);
    assert!(names(&app, &app.member, "section=ended").await.is_empty());
    app.pass(Duration::from_millis(1));
    assert!(names(&app, &app.member, "section=working").await.is_empty());
    assert_eq!(names(&app, &app.member, "section=ended").await, ["a"]);
}

#[tokio::test]
async fn generating_and_revoking_are_in_the_audit_log() {
    let app = TestApp::start().await;
    let (token, secret) = app.generate(&app.member, &app.acme, "a").await;
    app.revoke(&app.member, &token).await;
    let log = app.audit().await;
    let last: Vec<_> = log.iter().rev().take(2).collect();
    let actions: Vec<&str> = last.iter().map(|event| event.action.as_str()).collect();
    assert_eq!(actions, ["token_revoked", "token_generated"]);
    for event in last {
        assert_eq!(event.target.as_deref(), Some(token.id.as_str()));
        assert!(!event.details.contains(&secret.0));
    }
}

#[tokio::test]
async fn a_token_that_is_rotated_says_until_when_it_works_beside_its_successor() {
    let app = TestApp::start().await;
    let (old, _) = app.generate(&app.member, &app.acme, "a").await;
    assert_eq!(old.retires_at, None);
    let path = format!("{PATH}/{}/rotate", old.id);
    let hour = json!({ "overlap": { "amount": 1, "unit": "hours" } });
    app.post(&app.member, &path, hour.clone())
        .await
        .expect(StatusCode::CREATED);
    let retires_at = old.created_at.saturating_add(HOUR);
    let listed = pages(&app, &app.member, "section=working").await;
    let listed = listed.into_iter().flat_map(|page| page.items);
    let mut ends: Vec<_> = listed.map(|it| (it.retires_at, it.expires_at)).collect();
    ends.sort();
    let both = Some(retires_at);
    assert_eq!(ends, [(None, None), (both, both)]);
    app.post(&app.member, &path, hour)
        .await
        .problem(Kind::Conflict);
}
