//! A token's own page: what happened to it, what rules found, who calls with it, and a review.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};
use tenure_domain::{
    id::TokenId,
    life::LifeKind,
    problem::Kind,
    suspicion::{Finding, Rule, Sighting, two_networks},
    time::{DAY, MINUTE, Timestamp},
    token::Status,
    wire::{life::TokenLife, page::Page, tokens::Token},
};
use tenure_server::ops::suspicion;

use super::{
    app::{START, TestApp},
    callers::Caller,
    oauth::world::{World, pair},
};

fn path(app: &TestApp, token: &TokenId, what: &str) -> String {
    format!("/api/v1/plans/{}/tokens/{token}/{what}", app.acme)
}

async fn life(app: &TestApp, token: &TokenId) -> TokenLife {
    let answer = app.get(&app.admin, &path(app, token, "life")).await;
    answer.expect(StatusCode::OK).read()
}

/// Somebody used the token from these two addresses just now.
async fn find(app: &TestApp, token: &TokenId, here: &str, there: &str) -> Finding {
    let now = app.clock.now();
    let seen = |from: &str, at| Sighting {
        at,
        from: from.parse().unwrap(),
    };
    let earlier = seen(here, now.saturating_add(-MINUTE));
    let found = two_networks(&[earlier], seen(there, now)).unwrap();
    let mut tx = app.state.store.write().await.unwrap();
    let whose = (&app.acme, token);
    suspicion::keep(&mut tx, &app.state.random, now, whose, &found)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    found
}

fn told(life: &TokenLife) -> Vec<(Timestamp, LifeKind, &str)> {
    let events = life.events.iter();
    events
        .map(|event| (event.at, event.kind, event.sentence.as_str()))
        .collect()
}

fn start() -> Timestamp {
    START.parse().unwrap()
}

#[tokio::test]
async fn a_life_is_told_from_its_beginning_to_its_end() {
    let app = TestApp::start().await;
    let (token, secret) = app.generate(&app.member, &app.acme, "ci").await;
    app.pass(Duration::from_secs(60));
    app.get(&secret, "/verify").await.expect(StatusCode::OK);
    app.state.verifier.flush_uses().await.unwrap();
    let hour = json!({ "amount": 1, "unit": "hours" });
    app.set_policy(&app.admin, &app.acme, hour).await;
    app.pass(Duration::from_secs(60));
    let rotate = format!("/api/v1/me/tokens/{}/rotate", token.id);
    let overlap = json!({ "overlap": { "amount": 10, "unit": "minutes" } });
    let answer = app.post(&app.member, &rotate, overlap).await;
    answer.expect(StatusCode::CREATED);
    app.pass(Duration::from_secs(3_600));

    let life = life(&app, &token.id).await;
    let at = |minutes| start().saturating_add(minutes * MINUTE);
    let instant = |minutes| at(minutes).to_string();
    assert_eq!(
        told(&life),
        [
            (
                start(),
                LifeKind::Created,
                "mia generated it from 192.0.2.7."
            ),
            (
                at(1),
                LifeKind::Policy,
                &*format!(
                    "ann changed the policy (version 1): by its age it ends on {}, not never.",
                    instant(60)
                )
            ),
            (
                at(1),
                LifeKind::LastUsed,
                "It was last used from 192.0.2.7."
            ),
            (
                at(2),
                LifeKind::Rotated,
                &*format!(
                    "A newer token took its place; it works beside that one until {}.",
                    instant(12)
                )
            ),
            (at(12), LifeKind::Ended, &*life.token.why),
        ]
    );
    assert_eq!(life.token.status, Status::Revoked);
    assert_eq!((life.suspicious_since, life.findings.len()), (None, 0));
}

#[tokio::test]
async fn the_first_use_is_told_while_all_uses_are_kept() {
    let app = TestApp::start().await;
    let (token, secret) = app.generate(&app.member, &app.acme, "ci").await;
    let use_it = async |day: u64| {
        let day = Duration::from_secs(day * 24 * 60 * 60);
        app.pass(day);
        app.get(&secret, "/verify").await.expect(StatusCode::OK);
        app.state.verifier.flush_uses().await.unwrap();
        app.flush().await;
        let admin = app.again(&app.admin).await;
        let answer = app.get(&admin, &path(&app, &token.id, "life")).await;
        let life: TokenLife = answer.expect(StatusCode::OK).read();
        let mut events = life.events.iter();
        let first = events.find(|event| event.kind == LifeKind::FirstUsed);
        first.map(|event| (event.at, event.sentence.clone()))
    };
    assert_eq!(use_it(1).await, None, "it is the last one as well");
    let first = start().saturating_add(DAY);
    let told = (first, "It was first used from 192.0.2.7.".to_owned());
    assert_eq!(use_it(1).await, Some(told.clone()));
    assert_eq!(use_it(88).await, Some(told), "after 90 days");
    assert_eq!(use_it(1).await, None, "after 91 days");
}

#[tokio::test]
async fn what_was_found_is_shown_with_its_evidence_until_an_admin_reviews_it() {
    let app = TestApp::start().await;
    let (token, _) = app.generate(&app.member, &app.acme, "ci").await;
    app.pass(Duration::from_secs(60));
    let found = find(&app, &token.id, "203.0.113.7", "198.51.100.9").await;
    let before = life(&app, &token.id).await;
    assert_eq!(before.token.status, Status::Suspicious);
    assert_eq!(before.suspicious_since, Some(found.at));
    let [finding] = &before.findings[..] else {
        panic!("{:?}", before.findings);
    };
    assert_eq!(finding.rule, Rule::TwoNetworks);
    assert_eq!(
        finding.sentence,
        found.evidence.sentence(&|at| at.to_string())
    );
    let evidence = serde_json::to_value(&finding.evidence).unwrap();
    assert_eq!(evidence["later"]["from"], "198.51.100.9");
    assert_eq!(evidence["rule"], "two_networks");
    assert_eq!(finding.reviewed, None);
    let mine: Page<Token> = app.get(&app.member, "/api/v1/me/tokens").await.read();
    assert_eq!(
        mine.items[0].status,
        Status::Suspicious,
        "its owner sees it too"
    );

    // Somebody finds more while the admin reads.
    app.pass(Duration::from_secs(60));
    let second = find(&app, &token.id, "203.0.113.7", "192.0.2.200").await;
    let reviewed = path(&app, &token.id, "reviewed");
    let body = json!({ "findings": [finding.id] });
    let answer = app.post(&app.admin, &reviewed, body.clone()).await;
    let after: TokenLife = answer.expect(StatusCode::OK).read();
    assert_eq!(after.token.status, Status::Suspicious);
    assert_eq!(after.suspicious_since, Some(second.at));
    let by = after.findings[1].reviewed.clone().unwrap().by.name;
    assert_eq!(
        (after.findings[0].reviewed.is_none(), by.as_str()),
        (true, "ann")
    );

    let events = app.events().await;
    app.post(&app.admin, &reviewed, body)
        .await
        .expect(StatusCode::OK);
    assert_eq!(app.events().await, events, "once");
    let body = json!({ "findings": [after.findings[0].id] });
    let answer = app.post(&app.second_admin, &reviewed, body).await;
    let quiet: TokenLife = answer.expect(StatusCode::OK).read();
    assert_eq!(quiet.token.status, Status::Idle);
    assert_eq!(quiet.suspicious_since, None);
    let kinds: Vec<_> = quiet.events.iter().map(|event| event.kind).collect();
    assert_eq!(
        kinds,
        [
            LifeKind::Created,
            LifeKind::Suspected,
            LifeKind::Suspected,
            LifeKind::Reviewed,
            LifeKind::Reviewed,
        ]
    );
    let log = format!("/api/v1/plans/{}/audit-events", app.acme);
    let log: Value = app
        .get(&app.admin, &log)
        .await
        .expect(StatusCode::OK)
        .read();
    let sentence = |place: usize| log["items"][place]["sentence"].as_str().unwrap().to_owned();
    assert_eq!(
        sentence(0),
        "bob reviewed what made the token ci suspicious."
    );
    assert_eq!(
        sentence(2),
        "The token ci looks suspicious (rule: two networks)."
    );
}

#[tokio::test]
async fn a_review_names_findings_of_that_token() {
    let app = TestApp::start().await;
    let (token, _) = app.generate(&app.member, &app.acme, "ci").await;
    let (other, _) = app.generate(&app.member, &app.acme, "other").await;
    find(&app, &other.id, "203.0.113.7", "198.51.100.9").await;
    let theirs = life(&app, &other.id).await.findings[0].id.clone();
    let reviewed = path(&app, &token.id, "reviewed");
    for ids in [json!([theirs]), json!(["nowhere"])] {
        let body = json!({ "findings": ids });
        app.post(&app.admin, &reviewed, body)
            .await
            .problem(Kind::NotFound);
    }
    let many = vec!["x"; 101];
    for (ids, code) in [
        (json!([]), "findings_missing"),
        (json!(many), "findings_too_many"),
    ] {
        let body = json!({ "findings": ids });
        let problem = app.post(&app.admin, &reviewed, body).await;
        let errors = problem.problem(Kind::ValidationFailed).errors;
        assert_eq!(
            (errors[0].pointer.as_str(), errors[0].code.as_str()),
            ("/findings", code)
        );
    }
    assert_eq!(life(&app, &other.id).await.token.status, Status::Suspicious);
}

#[tokio::test]
async fn another_plans_token_is_not_there() {
    let app = TestApp::start().await;
    let (theirs, _) = app.generate(&app.other_admin, &app.cumin, "ci").await;
    find_nothing(&app, &app.admin, &theirs.id).await;
    find_nothing(&app, &app.admin, &TokenId("nowhere".to_owned())).await;
}

async fn find_nothing(app: &TestApp, by: &impl Caller, token: &TokenId) {
    app.get(by, &path(app, token, "life"))
        .await
        .problem(Kind::NotFound);
    let body = json!({ "findings": ["x"] });
    let answer = app.post(by, &path(app, token, "reviewed"), body).await;
    answer.problem(Kind::NotFound);
}

#[tokio::test]
async fn a_replayed_refresh_token_is_shown_on_the_page_of_what_it_ended() {
    let world = World::new().await;
    let first = world.pair(&world.basic).await;
    let second = pair(world.refresh(&world.basic, &first.refresh).await);
    let third = pair(world.refresh(&world.basic, &second.refresh).await);
    world.refresh(&world.basic, &first.refresh).await;
    let app = &world.app;
    let check = format!("/api/v1/plans/{}/checks", app.acme);
    let answer = app
        .post(&app.admin, &check, json!({ "text": third.access }))
        .await;
    let checked: Value = answer.expect(StatusCode::OK).read();
    let id = checked["tokens"][0]["token"]["id"].as_str().unwrap();
    let life = life(app, &TokenId(id.to_owned())).await;
    assert_eq!(life.findings[0].rule, Rule::RefreshReuse);
    let said = &life.findings[0].sentence;
    assert!(
        said.contains("from 192.0.2.7: somebody else may hold a copy"),
        "{said}"
    );
    let kinds: Vec<_> = life.events.iter().map(|event| event.kind).collect();
    assert_eq!(
        kinds,
        [LifeKind::Created, LifeKind::Suspected, LifeKind::Ended]
    );
    let created = &life.events[0].sentence;
    assert!(
        created.starts_with("The app App by client_secret_basic got it in the name of mia"),
        "{created}"
    );
}
