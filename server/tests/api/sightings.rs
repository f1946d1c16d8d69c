//! What the verifier sees is kept: by whom, for what, from where, and with which outcome.

use std::{collections::BTreeMap, net::SocketAddr, time::Duration};

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{Method, Request, StatusCode},
};
use tenure_domain::{
    id::{PlanId, TokenId},
    problem::Kind,
    time::{DAY, HOUR, MINUTE, Timestamp},
    wire::auth_health::Outcome,
};
use tenure_server::store::{
    Engine,
    auth_counts::{self, Asked, Filter},
    dead_token_calls::{self, DeadCalls},
    refusals::{self, Refusal},
    token_callers::{self, Caller as TokenCaller},
};

use super::app::{self, TestApp};
use super::callers::{Anonymous, Answer, Bearer, Caller, call, send};
use super::oauth::world::{World, error, pair};

/// A call of `api.example` that a proxy asks about, from this address, with this program.
pub(crate) fn guarded(
    by: &impl Caller,
    path: &str,
    address: [u8; 4],
    agent: &str,
) -> Request<Body> {
    let mut request = call(by, Method::GET, "/verify")
        .header("x-forwarded-host", "api.example")
        .header("x-forwarded-uri", path)
        .header("user-agent", agent)
        .body(Body::empty())
        .unwrap();
    let peer = ConnectInfo(SocketAddr::from((address, 1234)));
    request.extensions_mut().insert(peer);
    request
}

pub(crate) const HERE: [u8; 4] = [198, 51, 100, 7];

impl TestApp {
    pub(crate) async fn ask(&self, by: &impl Caller, path: &str) -> Answer {
        self.send(guarded(by, path, HERE, "curl/8")).await
    }

    pub(crate) async fn flush(&self) {
        let flushed = self
            .state
            .sightings
            .flush(&self.state.store, self.clock.now());
        flushed.await.unwrap();
    }

    /// What the plan saw: calls by outcome, resource and scope. Minutes and hours must agree.
    pub(crate) async fn counted(&self, plan: &str) -> BTreeMap<(Outcome, String, String), u64> {
        self.flush().await;
        let mut tx = self.state.store.read().await.unwrap();
        let span = [Timestamp::from_millis(0), Timestamp::MAX];
        let mut all = Vec::new();
        for width in [MINUTE, HOUR] {
            let mut counted = BTreeMap::new();
            let asked = Asked {
                plan,
                and_nobodys: false,
                width,
                span,
                filter: &Filter::default(),
            };
            for kind in auth_counts::kinds(&mut tx, asked, 10_000).await.unwrap() {
                let key = (kind.outcome, kind.resource, kind.scope);
                *counted.entry(key).or_default() += kind.calls;
            }
            all.push(counted);
        }
        assert_eq!(all[0], all[1]);
        all.remove(0)
    }

    pub(crate) async fn callers_of(&self, token: &TokenId) -> Vec<TokenCaller> {
        self.flush().await;
        let mut tx = self.state.store.read().await.unwrap();
        let since = Timestamp::from_millis(0);
        token_callers::of_token(&mut tx, token, since, 1_000)
            .await
            .unwrap()
    }

    async fn dead_of(&self, plan: &PlanId) -> Vec<DeadCalls> {
        self.flush().await;
        let mut tx = self.state.store.read().await.unwrap();
        let since = Timestamp::from_millis(0);
        dead_token_calls::of_plan(&mut tx, plan, since, 1_000)
            .await
            .unwrap()
    }

    async fn refusal(&self, request: &str, plan: &PlanId) -> Option<Refusal> {
        self.flush().await;
        let mut tx = self.state.store.read().await.unwrap();
        let found = refusals::by_request(&mut tx, request, plan, 1).await;
        found.unwrap().pop()
    }
}

pub(crate) fn counts<const N: usize>(
    rows: [(Outcome, &str, &str, u64); N],
) -> BTreeMap<(Outcome, String, String), u64> {
    rows.into_iter()
        .map(|(outcome, resource, scope, calls)| {
            ((outcome, resource.to_owned(), scope.to_owned()), calls)
        })
        .collect()
}

#[tokio::test]
async fn what_proxies_ask_is_seen() {
    for engine in Engine::ALL {
        app::run(engine, seen_by_proxies).await;
    }
}

async fn seen_by_proxies(app: TestApp) {
    let (token, secret) = app.generate(&app.member, &app.acme, "ci").await;
    let began = app.clock.now();
    for path in ["/orders/7?key=secret", "/orders", "/bills"] {
        app.ask(&secret, path).await.expect(StatusCode::OK);
    }
    app.pass(Duration::from_secs(61));
    let mut lacking = guarded(&secret, "/orders", HERE, "curl/8");
    let needed = "orders:write".parse().unwrap();
    lacking.headers_mut().insert("x-required-scope", needed);
    let lacking = app.send(lacking).await;
    lacking.problem(Kind::InsufficientScope);
    app.revoke(&app.member, &token).await;
    let revoked_at = app.clock.now();
    app.pass(Duration::from_secs(61));
    app.ask(&secret, "/orders")
        .await
        .problem(Kind::TokenRevoked);
    app.pass(Duration::from_secs(5));
    let last = app.ask(&secret, "/orders").await;
    let asked_at = app.clock.now();
    last.problem(Kind::TokenRevoked);

    let counted = app.counted(app.acme.as_str()).await;
    let orders = "api.example/orders";
    let wanted = counts([
        (Outcome::Works, orders, "", 2),
        (Outcome::Works, "api.example/bills", "", 1),
        (Outcome::ScopeLacking, orders, "orders:write", 1),
        (Outcome::Revoked, orders, "", 2),
    ]);
    assert_eq!(counted, wanted);
    assert_eq!(app.counted(app.basil.as_str()).await, BTreeMap::new());

    let callers = app.callers_of(&token.id).await;
    let [of_orders, of_bills] = callers.as_slice() else {
        panic!("{callers:?}");
    };
    let call = &of_orders.call;
    assert_eq!(
        (call.address.as_str(), call.network.as_str()),
        ("198.51.100.7", "198.51.100.0/24")
    );
    assert_eq!(
        (call.agent.as_str(), call.resource.as_str()),
        ("curl/8", orders)
    );
    assert_eq!(
        (of_orders.calls, of_orders.refused, of_orders.denied),
        (5, 2, 1)
    );
    assert_eq!((of_orders.first_at, of_orders.last_at), (began, asked_at));
    assert_eq!(
        (of_bills.calls, of_bills.refused, of_bills.denied),
        (1, 0, 0)
    );

    let dead = app.dead_of(&app.acme).await;
    assert_eq!(dead.len(), 1);
    assert_eq!((&dead[0].token, dead[0].calls), (&token.id, 2));
    assert_eq!(
        (dead[0].outcome, dead[0].last_at),
        (Outcome::Revoked, asked_at)
    );

    let found = app.refusal(last.header("x-request-id"), &app.acme).await;
    let found = found.expect("kept");
    assert_eq!(
        (found.token, found.outcome),
        (Some(token.id), Outcome::Revoked)
    );
    assert_eq!((found.since, found.at), (Some(revoked_at), asked_at));
    let found = app.refusal(lacking.header("x-request-id"), &app.acme).await;
    let found = found.expect("kept");
    assert_eq!((found.scope.as_str(), found.since), ("orders:write", None));
    let other = app.refusal(last.header("x-request-id"), &app.basil).await;
    assert_eq!(other, None);
}

/// Of a call without a known token only the cause is kept, for nobody's plan.
#[tokio::test]
async fn what_is_no_token_is_nobodys() {
    let app = TestApp::start().await;
    app.ask(&Anonymous, "/orders")
        .await
        .problem(Kind::TokenMissing);
    let malformed = app.ask(&Bearer("tnr_pat_x".to_owned()), "/orders").await;
    malformed.problem(Kind::TokenMalformed);
    let never =
        tenure_domain::token_text::compose(tenure_domain::token::TokenKind::UserAccess, &[7; 32]);
    app.ask(&Bearer(never), "/orders")
        .await
        .problem(Kind::TokenUnknown);
    let wanted = counts([
        (Outcome::Missing, "other", "", 1),
        (Outcome::Malformed, "other", "", 1),
        (Outcome::Unknown, "other", "", 1),
    ]);
    assert_eq!(app.counted("").await, wanted);
    for plan in [&app.acme, &app.basil] {
        assert_eq!(app.counted(plan.as_str()).await, BTreeMap::new());
        let found = app.refusal(malformed.header("x-request-id"), plan).await;
        let found = found.expect("kept");
        assert_eq!(
            (found.outcome, found.plan, found.token),
            (Outcome::Malformed, None, None)
        );
        assert_eq!(
            (found.resource.as_str(), found.scope.as_str()),
            ("other", "")
        );
    }
}

#[tokio::test]
async fn calls_of_this_api_are_seen() {
    let app = TestApp::start().await;
    let (_, secret) = app
        .generate_with(&app.member, &app.acme, &["tokens:read"])
        .await;
    app.get(&secret, "/api/v1/me/tokens")
        .await
        .expect(StatusCode::OK);
    let path = format!("/api/v1/plans/{}/expiration-policy", app.acme);
    app.get(&secret, &path)
        .await
        .problem(Kind::InsufficientScope);
    app.get(&secret, "/api/v1/me/calendar")
        .await
        .problem(Kind::InsufficientScope);
    // People are not counted.
    app.get(&app.member, "/api/v1/session")
        .await
        .expect(StatusCode::OK);
    app.get(&Anonymous, "/api/v1/session")
        .await
        .problem(Kind::TokenMissing);
    let wanted = counts([
        (Outcome::Works, "tenure", "", 1),
        (Outcome::ScopeLacking, "tenure", "policy:read", 1),
        (Outcome::ScopeLacking, "tenure", "", 1),
    ]);
    assert_eq!(app.counted(app.acme.as_str()).await, wanted);
    assert_eq!(app.counted("").await, BTreeMap::new());
}

/// What a resource server asks counts in its own plan; of another plan's tokens neither plan learns.
#[tokio::test]
async fn what_resource_servers_ask_is_seen() {
    let world = World::new().await;
    let app = &world.app;
    let issued = world.pair(&world.public).await;
    let (token, own) = app.generate(&app.member, &app.acme, "ci").await;
    let (elsewhere, foreign) = app.generate(&app.member, &app.basil, "ci").await;
    for text in [&issued.access, &own.0] {
        assert!(world.is_active(text).await);
    }
    app.revoke(&app.member, &token).await;
    for text in [&own.0, &foreign.0, "nonsense"] {
        assert!(!world.is_active(text).await);
    }
    app.revoke(&app.member, &elsewhere).await;
    assert!(!world.is_active(&foreign.0).await);
    let api = format!("client:{}", world.api.client_id);
    let wanted = counts([
        (Outcome::Works, api.as_str(), "", 2),
        (Outcome::Revoked, api.as_str(), "", 1),
        (Outcome::Unknown, api.as_str(), "", 2),
        (Outcome::Malformed, api.as_str(), "", 1),
    ]);
    assert_eq!(app.counted(app.acme.as_str()).await, wanted);
    assert_eq!(app.counted(app.basil.as_str()).await, BTreeMap::new());
    assert_eq!(app.callers_of(&elsewhere.id).await, []);
    assert_eq!(app.dead_of(&app.basil).await, []);
    assert_eq!(app.dead_of(&app.acme).await.len(), 1);
}

#[tokio::test]
async fn refreshes_are_seen_with_their_cause() {
    let world = World::new().await;
    let first = world.pair(&world.basic).await;
    let second = pair(world.refresh(&world.basic, &first.refresh).await);
    let third = pair(world.refresh(&world.basic, &second.refresh).await);
    for (client, text) in [
        (&world.post, &third.refresh),
        (&world.basic, &"nonsense".to_owned()),
        (&world.basic, &third.access),
        (&world.basic, &first.refresh),
        (&world.basic, &third.refresh),
    ] {
        let refused = world.refresh(client, text).await;
        assert_eq!(error(&refused, 400), "invalid_grant");
    }
    let idle = world.pair(&world.basic).await;
    world
        .app
        .pass(Duration::from_millis(100 * DAY.unsigned_abs()));
    world.refresh(&world.basic, &idle.refresh).await;
    let counted = world.app.counted(world.app.acme.as_str()).await;
    let wanted = counts([
        (Outcome::Refreshed, "refresh", "", 2),
        (Outcome::RefreshOtherClient, "refresh", "", 1),
        (Outcome::RefreshUnknown, "refresh", "", 2),
        (Outcome::RefreshReplayed, "refresh", "", 1),
        (Outcome::RefreshEnded, "refresh", "", 1),
        (Outcome::RefreshUnused, "refresh", "", 1),
    ]);
    assert_eq!(counted, wanted);
}

#[tokio::test]
async fn several_processes_add_up() {
    for engine in Engine::ALL {
        app::run(engine, several_processes).await;
    }
}

async fn several_processes(app: TestApp) {
    let (token, secret) = app.generate(&app.member, &app.acme, "ci").await;
    let (router, state) = app.another().await;
    for _ in 0..3 {
        app.ask(&secret, "/orders").await.expect(StatusCode::OK);
        let request = guarded(&secret, "/orders", HERE, "curl/8");
        send(&router, request).await.expect(StatusCode::OK);
    }
    let now = state.clock.now();
    state.sightings.flush(&state.store, now).await.unwrap();
    let wanted = counts([(Outcome::Works, "api.example/orders", "", 6)]);
    assert_eq!(app.counted(app.acme.as_str()).await, wanted);
    let callers = app.callers_of(&token.id).await;
    assert_eq!((callers.len(), callers[0].calls), (1, 6));
    state.store.close().await;
}

/// A refused call is kept with what it may tell and nothing else.
#[tokio::test]
async fn no_query_and_no_secret_is_kept() {
    let app = TestApp::start().await;
    let (token, secret) = app.generate(&app.member, &app.acme, "ci").await;
    app.ask(&secret, "/orders/in/paths?key=hidden")
        .await
        .expect(StatusCode::OK);
    app.revoke(&app.member, &token).await;
    let refused = app.ask(&secret, "/orders/in/paths?key=hidden").await;
    refused.problem(Kind::TokenRevoked);
    let found = app.refusal(refused.header("x-request-id"), &app.acme).await;
    let kept = format!("{:?}{:?}", app.callers_of(&token.id).await, found);
    for word in ["hidden", "paths", secret.0.as_str()] {
        assert!(!kept.contains(word), "{word}: {kept}");
    }
}
