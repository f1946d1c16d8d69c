//! What a System Admin is told of what the verifier saw, and the tokens behind it.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::json;
use tenure_domain::{
    id::PlanId,
    problem::Kind,
    time::{DAY, HOUR, MINUTE},
    token::TokenKind,
    token_text,
    wire::{
        auth_health::{AuthHealth, Calls, Class, Outcome, OutcomeCalls, Point, SeenTokens, Window},
        checks::{Checked, Found, RefusedCall},
    },
};
use tenure_server::store::Engine;

use super::app::{self, PASSWORD, TestApp};
use super::callers::{Anonymous, Bearer, Person};
use super::oauth::world::World;
use super::sightings::{HERE, guarded};

async fn health(app: &TestApp, by: &Person, query: &str) -> AuthHealth {
    let path = format!("/api/v1/plans/{}/auth-health?{query}", app.acme);
    app.get(by, &path).await.expect(StatusCode::OK).read()
}

async fn behind(app: &TestApp, by: &Person, query: &str) -> SeenTokens {
    let path = format!("/api/v1/plans/{}/auth-health/tokens?{query}", app.acme);
    app.get(by, &path).await.expect(StatusCode::OK).read()
}

async fn check(app: &TestApp, by: &Person, plan: &PlanId, text: &str) -> Checked {
    let path = format!("/api/v1/plans/{plan}/checks");
    let answer = app.post(by, &path, json!({ "text": text })).await;
    answer.expect(StatusCode::OK).read()
}

/// The admin in a new session.
async fn signed_in_again(app: &TestApp) -> Person {
    let body = json!({ "email": app.admin.email, "password": PASSWORD });
    let answer = app.post(&Anonymous, "/api/v1/session", body).await;
    Person {
        cookie: answer.expect(StatusCode::OK).session_cookie(),
        ..app.admin.clone()
    }
}

fn minutes(count: u64) -> Duration {
    Duration::from_secs(60 * count)
}

#[tokio::test]
async fn what_was_seen_is_told_to_the_minute() {
    for engine in Engine::ALL {
        app::run(engine, told_to_the_minute).await;
    }
}

async fn told_to_the_minute(app: TestApp) {
    let (token, secret) = app.generate(&app.member, &app.acme, "ci").await;
    let (other, others) = app.generate(&app.admin, &app.acme, "other").await;
    let began = app.clock.now();
    for path in ["/orders", "/orders", "/bills"] {
        app.ask(&secret, path).await.expect(StatusCode::OK);
    }
    app.ask(&others, "/orders").await.expect(StatusCode::OK);
    app.pass(minutes(10));
    app.revoke(&app.member, &token).await;
    let revoked_at = app.clock.now();
    for _ in 0..2 {
        app.ask(&secret, "/orders")
            .await
            .problem(Kind::TokenRevoked);
    }
    let mut lacking = guarded(&others, "/bills", HERE, "curl/8");
    let needed = "bills:write".parse().unwrap();
    lacking.headers_mut().insert("x-required-scope", needed);
    app.send(lacking).await.problem(Kind::InsufficientScope);

    let told = health(&app, &app.admin, "window=hour").await;
    assert_eq!(
        (told.window, told.step, told.unattributed),
        (Window::Hour, MINUTE, false)
    );
    let works = Calls {
        works: 4,
        ..Calls::default()
    };
    let refused = Calls {
        unauthorized: 2,
        forbidden: 1,
        ..Calls::default()
    };
    let points = [
        Point {
            at: began,
            calls: works,
        },
        Point {
            at: revoked_at,
            calls: refused,
        },
    ];
    assert_eq!(told.points, points);
    let count = |outcome, class, calls| OutcomeCalls {
        outcome,
        class,
        calls,
    };
    let outcomes = [
        count(Outcome::Works, Class::Works, 4),
        count(Outcome::Revoked, Class::Unauthorized, 2),
        count(Outcome::ScopeLacking, Class::Forbidden, 1),
    ];
    assert_eq!(told.outcomes, outcomes);
    let resources: Vec<_> = told
        .resources
        .iter()
        .map(|it| (it.resource.as_str(), it.calls.total()))
        .collect();
    assert_eq!(
        resources,
        [("api.example/orders", 5), ("api.example/bills", 2)]
    );
    assert_eq!(
        (told.scopes.len(), told.scopes[0].scope.as_str()),
        (1, "bills:write")
    );
    // Neither ends by itself.
    assert_eq!(
        (told.ages.len(), told.ages[0].tenth, told.ages[0].calls),
        (1, 10, 4)
    );
    let [dead] = told.dead.as_slice() else {
        panic!("{:?}", told.dead)
    };
    assert_eq!(
        (&dead.token.id, dead.calls, dead.first_at),
        (&token.id, 2, revoked_at)
    );
    assert_eq!(dead.token.end.as_ref().map(|end| end.at), Some(revoked_at));

    // From the spike to the token behind it.
    let to = revoked_at.saturating_add(MINUTE);
    let span = format!("from={revoked_at}&to={to}");
    let found = behind(
        &app,
        &app.admin,
        &format!("{span}&outcome=token_revoked&resource=api.example/orders"),
    )
    .await;
    assert!(!found.by_day);
    assert_eq!(
        (found.tokens.len(), &found.tokens[0].token.id),
        (1, &token.id)
    );
    assert_eq!(
        (found.tokens[0].calls, found.tokens[0].first_at),
        (2, revoked_at)
    );
    // Whatever else was called meanwhile: what was refused stands out.
    let found = behind(&app, &app.admin, &span).await;
    assert!(!found.by_day);
    assert_eq!(
        (&found.tokens[0].token.id, found.tokens[0].calls),
        (&token.id, 2)
    );
    let found = behind(
        &app,
        &app.admin,
        &format!("from={began}&to={revoked_at}&outcome=token_revoked"),
    )
    .await;
    assert_eq!(found.tokens, []);
    let until_now = format!("from={revoked_at}");
    assert!(behind(&app, &app.admin, &until_now).await.by_day);
    let longer = format!("from={}&to={to}", to.saturating_add(-DAY));
    assert!(behind(&app, &app.admin, &longer).await.by_day);
    let found = behind(&app, &app.admin, "outcome=works").await;
    assert!(found.by_day);
    let ids: Vec<_> = found
        .tokens
        .iter()
        .map(|seen| (&seen.token.id, seen.calls))
        .collect();
    assert_eq!(ids, [(&token.id, 3), (&other.id, 1)]);

    // An hour on, the minutes are out of the window; a day on, the hours are what is left.
    app.pass(minutes(60));
    let told = health(&app, &app.admin, "window=hour").await;
    assert_eq!((told.points, told.dead), (Vec::new(), Vec::new()));
    assert_eq!(health(&app, &app.admin, "").await.points.len(), 2);
    app.pass(Duration::from_millis(DAY.unsigned_abs()));
    let admin = signed_in_again(&app).await;
    for window in ["week", "90d"] {
        let told = health(&app, &admin, &format!("window={window}")).await;
        assert_eq!(
            (told.step, told.points.len(), told.points[0].calls.total()),
            (HOUR, 1, 7)
        );
        assert_eq!(told.dead.len(), 1);
    }
    let span = format!("from={began}&to={to}");
    let found = behind(&app, &admin, &format!("{span}&outcome=token_revoked")).await;
    assert!(found.by_day);
    assert_eq!((found.tokens.len(), found.tokens[0].calls), (1, 2));
}

#[tokio::test]
async fn what_is_asked_for_is_filtered() {
    let world = World::new().await;
    let app = &world.app;
    let issued = world.pair(&world.basic).await;
    let (_, own) = app.generate(&app.member, &app.acme, "ci").await;
    for text in [&issued.access, &issued.access, &own.0] {
        assert!(world.is_active(text).await);
    }
    world.refresh(&world.basic, "nonsense").await;
    let client = &world.basic.client_id;
    let api = format!("client:{}", world.api.client_id);
    let told = health(app, &app.admin, "").await;
    let resource = told.resources.iter().find(|it| it.resource == api);
    let resource = resource.expect("the resource server");
    assert_eq!(
        (resource.name.as_deref(), resource.calls.works),
        (Some("Orders API"), 3)
    );
    let of_client = told
        .clients
        .iter()
        .find(|it| it.client.as_ref().is_some_and(|it| it.id == *client));
    let calls = of_client.expect("the client").calls;
    assert_eq!((calls.works, calls.refresh_failed), (2, 1));
    for (query, total) in [
        (format!("client={client}"), 3),
        ("client=".to_owned(), 1),
        (format!("resource={api}"), 3),
        ("outcome=refresh_unknown".to_owned(), 1),
        (format!("client={client}&outcome=works&window=hour"), 2),
    ] {
        let told = health(app, &app.admin, &query).await;
        let counted: u64 = told.points.iter().map(|point| point.calls.total()).sum();
        assert_eq!(counted, total, "{query}");
        assert_eq!(
            told.outcomes.iter().map(|it| it.calls).sum::<u64>(),
            total,
            "{query}"
        );
    }
}

#[tokio::test]
async fn a_question_that_cannot_be_read_is_refused() {
    let app = TestApp::start().await;
    let plan = format!("/api/v1/plans/{}/auth-health", app.acme);
    for path in [
        "?window=year",
        "?outcome=other",
        "/tokens?from=yesterday",
        "/tokens?from=2026-02-20T10:00:00.000Z&to=2026-02-20T10:00:00.000Z",
        "/tokens?from=2025-02-20T10:00:00.000Z",
    ] {
        app.get(&app.admin, &format!("{plan}{path}"))
            .await
            .problem(Kind::InvalidRequest);
    }
}

/// The id of a refused call leads to what refused it, for those who may know of the token.
#[tokio::test]
async fn a_refused_call_is_found_by_its_id() {
    for engine in Engine::ALL {
        app::run(engine, found_by_its_id).await;
    }
}

async fn found_by_its_id(app: TestApp) {
    let (token, secret) = app.generate(&app.member, &app.acme, "ci").await;
    app.revoke(&app.member, &token).await;
    let revoked_at = app.clock.now();
    app.pass(minutes(3));
    let refused = app.ask(&secret, "/orders").await;
    let id = refused.problem(Kind::TokenRevoked).reference;
    let wanted = RefusedCall {
        at: app.clock.now(),
        outcome: Outcome::Revoked,
        scope: None,
        resource: Some("api.example/orders".to_owned()),
        since: Some(revoked_at),
        token: Some(token.id.clone()),
    };
    for by in [&app.admin, &app.member] {
        let checked = check(&app, by, &app.acme, &format!(" {id} ")).await;
        assert_eq!(
            (checked.found, &checked.refusals),
            (Found::Refusal, &vec![wanted.clone()])
        );
        assert_eq!(
            (checked.tokens.len(), &checked.tokens[0].token.id),
            (1, &token.id)
        );
    }
    // Another plan does not learn that there is such a call, nor a member whose token it is not.
    let (_, own) = app.generate(&app.admin, &app.acme, "own").await;
    let mut lacking = guarded(&own, "/orders", HERE, "curl/8");
    lacking
        .headers_mut()
        .insert("x-required-scope", "a b".parse().unwrap());
    let of_admin = app
        .send(lacking)
        .await
        .problem(Kind::InsufficientScope)
        .reference;
    for (by, plan, id) in [
        (&app.pro_admin, &app.basil, &id),
        (&app.member, &app.acme, &of_admin),
    ] {
        let checked = check(&app, by, plan, id).await;
        assert_eq!(
            (checked.found, checked.refusals.len(), checked.tokens.len()),
            (Found::Unknown, 0, 0)
        );
    }
    let checked = check(&app, &app.admin, &app.acme, &of_admin).await;
    assert_eq!(checked.refusals[0].scope.as_deref(), Some("a b"));
    assert_eq!(checked.refusals[0].since, None);
}

/// Of a call without a known token admins hear the cause and nothing else, and members nothing.
#[tokio::test]
async fn a_refused_call_without_a_token_says_only_why() {
    let app = TestApp::start().await;
    app.ask(&Anonymous, "/orders")
        .await
        .problem(Kind::TokenMissing);
    let refused = app.ask(&Bearer("tnr_pat_x".to_owned()), "/secret").await;
    let id = refused.problem(Kind::TokenMalformed).reference;
    for (by, plan) in [(&app.admin, &app.acme), (&app.pro_admin, &app.basil)] {
        let checked = check(&app, by, plan, &id).await;
        let wanted = RefusedCall {
            at: app.clock.now(),
            outcome: Outcome::Malformed,
            scope: None,
            resource: None,
            since: None,
            token: None,
        };
        assert_eq!(
            (checked.found, checked.refusals),
            (Found::Refusal, vec![wanted])
        );
    }
    assert_eq!(
        check(&app, &app.member, &app.acme, &id).await.found,
        Found::Unknown
    );
    // Nor is it in any plan's health: it may be any plan's.
    let told = health(&app, &app.admin, "").await;
    assert_eq!((told.unattributed, told.points), (false, Vec::new()));
}

/// With several plans too, what somebody introspects is their plan's, known or not; what a proxy asks about is not.
#[tokio::test]
async fn whoever_introspects_what_nobody_issued_sees_it_among_their_plans_numbers() {
    let world = World::new().await;
    let app = &world.app;
    let unknown = token_text::compose(TokenKind::UserAccess, &[7; 32]);
    app.get(&Bearer(unknown.clone()), "/verify")
        .await
        .problem(Kind::TokenUnknown);
    assert!(!world.is_active(&unknown).await);
    let told = health(app, &app.admin, "").await;
    assert!(!told.unattributed);
    let outcomes: Vec<_> = told
        .outcomes
        .iter()
        .map(|it| (it.outcome, it.calls))
        .collect();
    assert_eq!(outcomes, [(Outcome::Unknown, 1)]);
    let client = format!("client:{}", world.api.client_id);
    assert_eq!(told.resources[0].resource, client);
    let path = format!("/api/v1/plans/{}/auth-health", app.basil);
    let other: AuthHealth = app.get(&app.pro_admin, &path).await.read();
    assert_eq!(other.points, Vec::new());
}
