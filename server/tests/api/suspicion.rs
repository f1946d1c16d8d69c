//! From calls to findings: what a rule finds seconds after the call that makes it hold (R11).

use std::time::Duration;

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use serde_json::{Value, json};
use tenure_domain::{
    id::TokenId,
    problem::Kind,
    suspicion::Rule,
    time::{HOUR, MINUTE},
    token::Status,
    wire::life::TokenLife,
};
use tenure_server::store::Engine;

use super::{
    app::{self, TestApp},
    callers::{Bearer, send},
    oauth::world::World,
    sightings::{HERE, guarded},
};

const THERE: [u8; 4] = [203, 0, 113, 9];
/// The same network as [`HERE`].
const NEXT_DOOR: [u8; 4] = [198, 51, 100, 200];

fn from(secret: &Bearer, address: [u8; 4]) -> Request<Body> {
    guarded(secret, "/orders", address, "curl/8")
}

fn millis(millis: i64) -> Duration {
    Duration::from_millis(millis.unsigned_abs())
}

/// A token's page, once what was seen is written.
async fn life(app: &TestApp, token: &TokenId) -> TokenLife {
    app.flush().await;
    let path = format!("/api/v1/plans/{}/tokens/{token}/life", app.acme);
    let admin = app.again(&app.admin).await;
    app.get(&admin, &path).await.expect(StatusCode::OK).read()
}

fn rules(life: &TokenLife) -> Vec<Rule> {
    life.findings.iter().map(|found| found.rule).collect()
}

/// How the token stands that was used here and, so much later, there.
async fn used_apart(app: &TestApp, apart: i64, there: [u8; 4]) -> TokenLife {
    let (token, secret) = app
        .generate(&app.again(&app.member).await, &app.acme, "ci")
        .await;
    app.send(from(&secret, HERE)).await.expect(StatusCode::OK);
    app.flush().await;
    app.pass(millis(apart));
    app.send(from(&secret, there)).await.expect(StatusCode::OK);
    life(app, &token.id).await
}

#[tokio::test]
async fn a_second_network_within_an_hour_is_found_at_once() {
    let app = TestApp::start().await;
    for (apart, found) in [(0, 1), (MINUTE, 1), (HOUR - 1, 1), (HOUR, 1), (HOUR + 1, 0)] {
        let life = used_apart(&app, apart, THERE).await;
        assert_eq!(rules(&life), vec![Rule::TwoNetworks; found], "{apart} ms");
        let yellow = life.token.status == Status::Suspicious;
        assert_eq!(yellow, found == 1, "{:?}", life.token.status);
    }
    let next_door = used_apart(&app, MINUTE, NEXT_DOOR).await;
    assert_eq!(rules(&next_door), []);
    assert_eq!(next_door.callers.len(), 2, "two addresses of one network");
}

#[tokio::test]
async fn calls_that_are_written_together_are_judged_too() {
    let app = TestApp::start().await;
    let (token, secret) = app.generate(&app.member, &app.acme, "ci").await;
    app.send(from(&secret, HERE)).await.expect(StatusCode::OK);
    app.pass(millis(1_000));
    app.send(from(&secret, THERE)).await.expect(StatusCode::OK);
    let life = life(&app, &token.id).await;
    let [found] = &life.findings[..] else {
        panic!("{:?}", life.findings);
    };
    assert!(
        found.sentence.contains("1 second later from 203.0.113.9"),
        "{}",
        found.sentence
    );
    let networks = life.callers.iter().map(|caller| caller.network.as_str());
    assert_eq!(
        networks.collect::<Vec<_>>(),
        ["203.0.113.0/24", "198.51.100.0/24"]
    );
    let calls: u64 = life.days.iter().map(|day| day.calls).sum();
    assert_eq!(calls, 2);
}

/// Of calls that are counted together the first may lie within the hour, and the latest after it.
#[tokio::test]
async fn the_first_of_many_calls_is_judged_too() {
    let app = TestApp::start().await;
    let (token, secret) = app.generate(&app.member, &app.acme, "ci").await;
    app.send(from(&secret, HERE)).await.expect(StatusCode::OK);
    app.flush().await;
    app.pass(millis(HOUR));
    app.send(from(&secret, THERE)).await.expect(StatusCode::OK);
    app.pass(millis(4_000));
    app.send(from(&secret, THERE)).await.expect(StatusCode::OK);
    assert_eq!(rules(&life(&app, &token.id).await), [Rule::TwoNetworks]);
}

#[tokio::test]
async fn of_two_processes_that_each_see_a_network_one_finds_it() {
    for engine in Engine::ALL {
        app::run(engine, two_processes).await;
    }
}

async fn two_processes(app: TestApp) {
    let (token, secret) = app.generate(&app.member, &app.acme, "ci").await;
    let (router, state) = app.another().await;
    app.send(from(&secret, HERE)).await.expect(StatusCode::OK);
    send(&router, from(&secret, THERE))
        .await
        .expect(StatusCode::OK);
    let flush = || state.sightings.flush(&state.store, state.clock.now());
    let (other, ()) = tokio::join!(flush(), app.flush());
    other.unwrap();
    assert_eq!(rules(&life(&app, &token.id).await), [Rule::TwoNetworks]);

    // Both go on from where they are: it is known.
    let events = app.events().await;
    app.pass(millis(MINUTE));
    app.send(from(&secret, HERE)).await.expect(StatusCode::OK);
    send(&router, from(&secret, THERE))
        .await
        .expect(StatusCode::OK);
    flush().await.unwrap();
    assert_eq!(rules(&life(&app, &token.id).await), [Rule::TwoNetworks]);
    assert_eq!(app.events().await, events);
    state.store.close().await;
}

#[tokio::test]
async fn networks_that_were_reviewed_are_known_and_a_third_one_is_not() {
    let app = TestApp::start().await;
    let (token, secret) = app.generate(&app.member, &app.acme, "ci").await;
    let use_from = async |address| {
        app.pass(millis(MINUTE));
        app.send(from(&secret, address))
            .await
            .expect(StatusCode::OK);
        life(&app, &token.id).await
    };
    use_from(HERE).await;
    let found = use_from(THERE).await;
    let reviewed = format!("/api/v1/plans/{}/tokens/{}/reviewed", app.acme, token.id);
    let body = json!({ "findings": [found.findings[0].id] });
    let answer = app.post(&app.admin, &reviewed, body).await;
    answer.expect(StatusCode::OK);
    for address in [HERE, THERE, NEXT_DOOR] {
        let quiet = use_from(address).await;
        assert_eq!(rules(&quiet), [Rule::TwoNetworks], "as it was");
        assert_ne!(quiet.token.status, Status::Suspicious);
    }
    let third = use_from([192, 0, 2, 200]).await;
    assert_eq!(rules(&third), [Rule::TwoNetworks; 2]);
    assert_eq!(third.token.status, Status::Suspicious);
}

#[tokio::test]
async fn five_different_calls_beyond_its_scopes_are_a_burst_and_one_over_and_over_is_none() {
    let app = TestApp::start().await;
    let denied = async |secret: &Bearer, path: &str, scope: &str| {
        let mut request = guarded(secret, path, HERE, "curl/8");
        let scope = scope.parse().unwrap();
        request.headers_mut().insert("x-required-scope", scope);
        app.send(request).await.problem(Kind::InsufficientScope);
    };
    let (stubborn, secret) = app.generate(&app.member, &app.acme, "stubborn").await;
    for _ in 0..20 {
        denied(&secret, "/orders", "orders:write").await;
    }
    assert_eq!(rules(&life(&app, &stubborn.id).await), []);

    let (curious, secret) = app.generate(&app.member, &app.acme, "curious").await;
    for path in ["/orders", "/bills", "/people"] {
        denied(&secret, path, "admin").await;
    }
    // What was seen before, and by another process, counts as well.
    app.flush().await;
    app.pass(millis(10 * MINUTE));
    denied(&secret, "/keys", "admin").await;
    assert_eq!(rules(&life(&app, &curious.id).await), [], "four");
    denied(&secret, "/orders", "orders:write").await;
    let life = life(&app, &curious.id).await;
    assert_eq!(rules(&life), [Rule::DeniedScopes]);
    let said = &life.findings[0].sentence;
    assert!(said.contains("they wanted admin, orders:write"), "{said}");
    assert_eq!(life.token.status, Status::Suspicious);
}

#[tokio::test]
async fn a_dead_token_from_elsewhere_is_found_and_from_where_it_was_used_is_not() {
    let app = TestApp::start().await;
    let (token, secret) = app.generate(&app.member, &app.acme, "ci").await;
    app.send(from(&secret, HERE)).await.expect(StatusCode::OK);
    app.flush().await;
    app.pass(millis(2 * HOUR));
    app.revoke(&app.member, &token).await;
    app.send(from(&secret, NEXT_DOOR))
        .await
        .problem(Kind::TokenRevoked);
    let known = life(&app, &token.id).await;
    assert_eq!(rules(&known), [], "its owner's forgotten job");
    assert!(known.callers.iter().any(|caller| caller.after_end));
    app.pass(millis(MINUTE));
    app.send(from(&secret, THERE))
        .await
        .problem(Kind::TokenRevoked);
    let found = life(&app, &token.id).await;
    assert_eq!(rules(&found), [Rule::DeadFromNewNetwork]);
    assert_eq!(found.token.status, Status::Revoked, "dead is dead");
    let said = &found.findings[0].sentence;
    assert!(said.contains("nobody in 203.0.113.0/24 used it"), "{said}");

    // Nobody ever used this one: there is nothing to compare with.
    let (unused, secret) = app.generate(&app.member, &app.acme, "unused").await;
    app.revoke(&app.member, &unused).await;
    app.send(from(&secret, THERE))
        .await
        .problem(Kind::TokenRevoked);
    assert_eq!(rules(&life(&app, &unused.id).await), []);
}

#[tokio::test]
async fn a_dead_tokens_new_network_is_found_beside_a_known_one() {
    let app = TestApp::start().await;
    let (token, secret) = app.generate(&app.member, &app.acme, "ci").await;
    app.send(from(&secret, HERE)).await.expect(StatusCode::OK);
    app.flush().await;
    app.pass(millis(2 * HOUR));
    app.revoke(&app.member, &token).await;
    let refused_from = async |address| {
        let answer = app.send(from(&secret, address)).await;
        answer.problem(Kind::TokenRevoked);
    };
    refused_from(THERE).await;
    let known = life(&app, &token.id).await;
    let reviewed = format!("/api/v1/plans/{}/tokens/{}/reviewed", app.acme, token.id);
    let body = json!({ "findings": [known.findings[0].id] });
    let admin = app.again(&app.admin).await;
    let answer = app.post(&admin, &reviewed, body).await;
    answer.expect(StatusCode::OK);

    app.pass(millis(HOUR));
    for address in [THERE, [192, 0, 2, 200], THERE, [192, 0, 2, 201]] {
        refused_from(address).await;
    }
    let found = life(&app, &token.id).await;
    assert_eq!(rules(&found), [Rule::DeadFromNewNetwork; 2]);
    let [open, reviewed] = &found.findings[..] else {
        panic!("{:?}", found.findings);
    };
    let said = &open.sentence;
    assert!(said.contains("nobody in 192.0.2.0/24 used it"), "{said}");
    assert_eq!(open.reviewed, None);
    assert!(reviewed.reviewed.is_some(), "still reviewed");
    assert!(reviewed.last_at > reviewed.first_at, "seen again");
}

#[tokio::test]
async fn where_resource_servers_ask_from_says_nothing_of_the_holder() {
    let world = World::new().await;
    let app = &world.app;
    let (token, secret) = app.generate(&app.member, &app.acme, "ci").await;
    app.send(from(&secret, HERE)).await.expect(StatusCode::OK);
    // The resource server's address is another network.
    assert!(world.is_active(&secret.0).await);
    let alive = life(app, &token.id).await;
    assert_eq!(rules(&alive), []);
    assert_eq!(alive.callers.len(), 2);

    // Nobody but a resource server asked about this one, so nobody is known to have used it.
    let (asked, secret) = app.generate(&app.member, &app.acme, "asked").await;
    assert!(world.is_active(&secret.0).await);
    app.flush().await;
    app.revoke(&app.member, &asked).await;
    app.send(from(&secret, THERE))
        .await
        .problem(Kind::TokenRevoked);
    assert_eq!(rules(&life(app, &asked.id).await), []);
    let log = app.audit().await;
    let found: Vec<Value> = log
        .iter()
        .filter(|event| event.action == "token_suspected")
        .map(|event| serde_json::from_str(&event.details).unwrap())
        .collect();
    assert_eq!(found, Vec::<Value>::new());
}
