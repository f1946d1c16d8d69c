//! Every token of a plan for its System Admins: listed, exported, looked at, revoked.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};
use tenure_domain::{
    problem::Kind,
    token::{Status, TokenKind},
    wire::{
        inventory::{NamedToken, RevokedTokens},
        page::Page,
        tokens::{EndReason, Token},
    },
};

use super::app::TestApp;
use super::callers::{Caller as _, Person};
use super::oauth::world::World;

async fn page(app: &TestApp, query: &str) -> Page<Token> {
    let path = format!("/api/v1/plans/{}/tokens?{query}", app.acme);
    let answer = app.get(&app.admin, &path).await;
    answer.expect(StatusCode::OK).read()
}

async fn names(app: &TestApp, query: &str) -> Vec<String> {
    let page = page(app, query).await;
    assert_eq!(page.next_cursor, None);
    page.items.into_iter().map(|token| token.name).collect()
}

async fn revoke(app: &TestApp, by: &Person, body: Value) -> RevokedTokens {
    let path = format!("/api/v1/plans/{}/tokens/revoke", app.acme);
    app.post(by, &path, body)
        .await
        .expect(StatusCode::OK)
        .read()
}

fn ids(tokens: &[NamedToken]) -> Vec<&str> {
    tokens.iter().map(|token| token.id.as_str()).collect()
}

/// The member's `beta` and `alpha`, the admin's `Gamma`, a second apart, and one of another plan.
async fn three(app: &TestApp) -> [Token; 3] {
    let mut made = Vec::new();
    for (owner, name) in [
        (&app.member, "beta"),
        (&app.member, "alpha"),
        (&app.admin, "Gamma"),
    ] {
        made.push(app.generate(owner, &app.acme, name).await.0);
        app.pass(Duration::from_secs(1));
    }
    app.generate(&app.member, &app.basil, "elsewhere").await;
    made.try_into().expect("three")
}

#[tokio::test]
async fn tokens_are_listed_filtered_and_in_order() {
    let app = TestApp::start().await;
    let [beta, alpha, _] = three(&app).await;
    let again = app.revoke(&app.member, &alpha).await;
    assert_eq!(names(&app, "").await, ["Gamma", "alpha", "beta"]);
    assert_eq!(
        names(&app, "sort=created").await,
        ["beta", "alpha", "Gamma"]
    );
    assert_eq!(names(&app, "sort=name").await, ["alpha", "beta", "Gamma"]);
    assert_eq!(names(&app, "sort=-name").await, ["Gamma", "beta", "alpha"]);
    assert_eq!(names(&app, "status=revoked").await, ["alpha"]);
    assert_eq!(names(&app, "status=idle").await, ["Gamma", "beta"]);
    assert_eq!(names(&app, "kind=oauth_access").await, [""; 0]);
    let owner = format!("owner={}&sort=name", app.member.id);
    assert_eq!(names(&app, &owner).await, ["alpha", "beta"]);
    assert_eq!(names(&app, "text=MM").await, ["Gamma"]);
    assert_eq!(names(&app, &format!("text={}", beta.id)).await, ["beta"]);
    let before = format!("created_before={}", alpha.created_at);
    assert_eq!(names(&app, &before).await, ["beta"]);
    let after = format!("created_after={}&sort=created", alpha.created_at);
    assert_eq!(names(&app, &after).await, ["alpha", "Gamma"]);
    let listed = page(&app, "status=revoked").await.items;
    assert_eq!(listed, [again], "as its owner sees it");
}

#[tokio::test]
async fn pages_follow_each_other_and_cursors_are_the_lists_own() {
    let app = TestApp::start().await;
    three(&app).await;
    for query in [
        "",
        "sort=name",
        "sort=expires",
        "sort=-last_used",
        "status=idle&sort=name",
    ] {
        let all = page(&app, query).await.items;
        let (mut listed, mut cursor) = (Vec::new(), String::new());
        for _ in 0..9 {
            let page = page(&app, &format!("{query}&limit=1{cursor}")).await;
            assert!(page.items.len() <= 1);
            listed.extend(page.items);
            match page.next_cursor {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(listed, all, "{query}");
        assert_eq!(all.len(), 3, "{query}");
    }
    let path = format!("/api/v1/plans/{}/tokens", app.acme);
    let first = page(&app, "limit=1").await.next_cursor.expect("more");
    for query in [
        "cursor=nothing".to_owned(),
        format!("cursor={first}&sort=name"),
        "sort=age".to_owned(),
        "status=dead".to_owned(),
        "created_after=yesterday".to_owned(),
        "limit=0".to_owned(),
    ] {
        let answer = app.get(&app.admin, &format!("{path}?{query}")).await;
        answer.problem(Kind::InvalidRequest);
    }
}

#[tokio::test]
async fn what_expires_is_kept_before_it_is_told() {
    let app = TestApp::start().await;
    three(&app).await;
    let minute = json!({ "amount": 1, "unit": "minutes" });
    app.set_policy(&app.admin, &app.acme, minute).await;
    assert_eq!(
        names(&app, "status=expiring&sort=expires").await,
        ["beta", "alpha", "Gamma"]
    );
    app.pass(Duration::from_secs(120));
    assert_eq!(
        names(&app, "status=expired").await,
        ["Gamma", "alpha", "beta"]
    );
    app.set_policy(&app.admin, &app.acme, Value::Null).await;
    let expired = page(&app, "status=expired").await.items;
    assert!(expired.iter().all(|token| token.end.is_some()));
    assert_eq!(expired.len(), 3, "none is brought back");
}

#[tokio::test]
async fn the_whole_list_is_a_file_for_spreadsheets() {
    let app = TestApp::start().await;
    three(&app).await;
    app.generate(&app.member, &app.acme, "=1+1, \"x\"").await;
    let path = format!("/api/v1/plans/{}/tokens?sort=name&format=csv", app.acme);
    let answer = app.get(&app.admin, &path).await.expect(StatusCode::OK);
    assert!(answer.header("content-type").starts_with("text/csv"));
    assert_eq!(
        answer.header("content-disposition"),
        "attachment; filename=\"tokens.csv\""
    );
    let text = answer.text();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("id,name,last_four,kind,owner_id,owner,client,status"));
    assert!(
        lines[1].contains("\"'=1+1, \"\"x\"\"\""),
        "no formula: {}",
        lines[1]
    );
    let rest: Vec<_> = lines[2..]
        .iter()
        .map(|line| line.split(',').nth(1))
        .collect();
    assert_eq!(rest, [Some("alpha"), Some("beta"), Some("Gamma")]);
}

#[tokio::test]
async fn one_token_is_seen_as_in_the_list_and_no_other_plans() {
    let app = TestApp::start().await;
    let [beta, ..] = three(&app).await;
    let path = |id: &str| format!("/api/v1/plans/{}/tokens/{id}", app.acme);
    let answer = app.get(&app.admin, &path(beta.id.as_str())).await;
    let seen: Token = answer.expect(StatusCode::OK).read();
    assert_eq!(seen, beta);
    let (elsewhere, _) = app.generate(&app.member, &app.basil, "elsewhere").await;
    for id in [elsewhere.id.as_str(), "nowhere"] {
        app.get(&app.admin, &path(id)).await.problem(Kind::NotFound);
    }
}

#[tokio::test]
async fn a_preview_revokes_nothing_and_the_rest_is_told_apart() {
    let world = World::new().await;
    let app = &world.app;
    let [beta, alpha, gamma] = three(app).await;
    app.revoke(&app.member, &alpha).await;
    let pair = world.pair(&world.basic).await;
    let held = page(app, "kind=oauth_access").await.items.remove(0);
    let wanted = [&beta.id, &alpha.id, &gamma.id, &held.id, &beta.id].map(|id| json!(id));
    let events = app.events().await;
    let mut body = json!({ "tokens": wanted, "preview": true });
    body["tokens"]
        .as_array_mut()
        .expect("a list")
        .push(json!("nobody"));
    let preview = revoke(app, &app.admin, body.clone()).await;
    assert_eq!(app.events().await, events);
    assert!(world.is_active(&pair.access).await);
    let expected = [beta.id.as_str(), gamma.id.as_str(), held.id.as_str()];
    assert_eq!(ids(&preview.revoked), expected);
    assert_eq!(ids(&preview.ended), [alpha.id.as_str()]);
    assert_eq!(preview.ended[0].status, Status::Revoked);
    assert_eq!(preview.unknown.len(), 1);
    assert!(preview.revoked[2].client.is_some());

    body["preview"] = json!(false);
    assert_eq!(revoke(app, &app.admin, body.clone()).await, preview);
    assert!(!world.is_active(&pair.access).await, "caches hear of it");
    let ends = page(app, "sort=created&kind=user_access").await.items;
    let reasons: Vec<_> = ends
        .iter()
        .filter_map(|it| Some(it.end.as_ref()?.reason))
        .collect();
    let (admin, owner) = (EndReason::RevokedByAdmin, EndReason::RevokedByOwner);
    assert_eq!(reasons, [admin, owner, owner]);
    let again = revoke(app, &app.admin, body).await;
    assert_eq!((again.revoked.len(), again.ended.len()), (0, 4));
}

#[tokio::test]
async fn some_tokens_must_be_named_and_not_too_many() {
    let app = TestApp::start().await;
    let path = format!("/api/v1/plans/{}/tokens/revoke", app.acme);
    for count in [0, 201] {
        let body = json!({ "tokens": vec!["some"; count] });
        let problem = app
            .post(&app.admin, &path, body)
            .await
            .problem(Kind::ValidationFailed);
        assert_eq!(problem.errors[0].pointer, "/tokens");
    }
    let answer = app
        .post(&app.admin, &path, json!({ "tokens": vec!["some"; 200] }))
        .await;
    let answer: RevokedTokens = answer.expect(StatusCode::OK).read();
    assert_eq!(answer.unknown.len(), 1, "named twice is named once");
}

#[tokio::test]
async fn programs_read_by_one_scope_and_revoke_by_another() {
    let app = TestApp::start().await;
    let [beta, ..] = three(&app).await;
    let (_, reads) = app
        .generate_with(&app.admin, &app.acme, &["audit:read"])
        .await;
    let (_, own) = app
        .generate_with(&app.admin, &app.acme, &["tokens:read", "tokens:write"])
        .await;
    let (_, revokes) = app
        .generate_with(&app.admin, &app.acme, &["users:write"])
        .await;
    assert!(reads.credentials().is_some());
    let list = format!("/api/v1/plans/{}/tokens", app.acme);
    let path = format!("{list}/revoke");
    let body = json!({ "tokens": [beta.id] });
    app.get(&reads, &list).await.expect(StatusCode::OK);
    for program in [&own, &revokes] {
        app.get(program, &list)
            .await
            .problem(Kind::InsufficientScope);
    }
    for program in [&own, &reads] {
        let answer = app.post(program, &path, body.clone()).await;
        answer.problem(Kind::InsufficientScope);
    }
    app.post(&revokes, &path, body).await.expect(StatusCode::OK);
    let kinds = page(&app, "status=revoked").await.items;
    assert_eq!(kinds[0].kind, TokenKind::UserAccess);
}
