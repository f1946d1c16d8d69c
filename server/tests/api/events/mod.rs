//! What changed elsewhere, as it happens: who hears of what, and from where on.

mod ends;

use std::time::{Duration, Instant};

use axum::{
    Router,
    body::Body,
    http::{Method, Request, StatusCode},
};
use http_body_util::BodyExt as _;
use serde_json::json;
use tenure_domain::{
    id::PlanId,
    live::Topic::{self, Audit, Notices, OwnTokens, Policy, Scopes, Session, Tokens, Users},
    plan::Role,
    wire::{live::Change, session},
};
use tenure_server::{
    App,
    clock::Clock,
    random::Random,
    router::router,
    store::{
        Engine,
        audit::{self, Action, Event},
    },
};
use tower::ServiceExt as _;

use super::app::{START, TestApp, run};
use super::callers::{Caller, Person, call};

const EVENTS: &str = "/api/v1/events";

/// An event as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Told {
    Change(i64, Change),
    Reset(i64),
}

impl Told {
    fn parse(text: &str) -> Option<Self> {
        let field = |name: &str| {
            let mut lines = text.lines();
            lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
        };
        let id = field("id").map(|id| id.parse().unwrap());
        match field("event")? {
            "change" => {
                let change = serde_json::from_str(field("data").unwrap()).unwrap();
                Some(Self::Change(id.unwrap(), change))
            }
            "reset" => Some(Self::Reset(id.unwrap())),
            other => panic!("an event {other}"),
        }
    }
}

/// Somebody's open stream.
pub(crate) struct Listening {
    body: Body,
    text: String,
}

impl Listening {
    async fn open(router: &Router, by: &impl Caller, after: Option<i64>) -> Self {
        let path = after.map_or_else(|| EVENTS.to_owned(), |id| format!("{EVENTS}?after={id}"));
        let request = call(by, Method::GET, &path).body(Body::empty()).unwrap();
        Self::by(router, request).await
    }

    async fn by(router: &Router, request: Request<Body>) -> Self {
        let response = router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "text/event-stream");
        assert_eq!(header("cache-control"), "no-store");
        assert_eq!(header("x-accel-buffering"), "no");
        Self {
            body: response.into_body(),
            text: String::new(),
        }
    }

    /// The next event, comments aside; nothing when the stream has ended.
    async fn next(&mut self) -> Option<Told> {
        loop {
            while let Some((event, rest)) = self.text.split_once("\n\n") {
                let (event, rest) = (Told::parse(event), rest.to_owned());
                self.text = rest;
                if event.is_some() {
                    return event;
                }
            }
            let data = self.body.frame().await?.unwrap().into_data().unwrap();
            self.text.push_str(std::str::from_utf8(&data).unwrap());
        }
    }

    /// The next event, which must be a change.
    async fn change(&mut self) -> (i64, Change) {
        match self.next().await {
            Some(Told::Change(id, change)) => (id, change),
            other => panic!("{other:?} is no change"),
        }
    }
}

async fn position(app: &TestApp, by: &Person) -> i64 {
    let answer = app.get(by, "/api/v1/session").await;
    let session: session::Session = answer.expect(StatusCode::OK).read();
    session.position
}

pub(crate) async fn listen(app: &TestApp, by: &Person) -> Listening {
    let after = position(app, by).await;
    Listening::open(app.router(), by, Some(after)).await
}

/// All that is told until this person hears of what they do themselves.
pub(crate) async fn heard(
    app: &TestApp,
    stream: &mut Listening,
    by: &Person,
) -> Vec<(Option<PlanId>, Vec<Topic>)> {
    let body = json!({ "language": "de", "time_zone": "Europe/Berlin" });
    let put = super::callers::with_json(call(by, Method::PUT, "/api/v1/me/profile"), &body);
    app.send(put).await.expect(StatusCode::OK);
    app.state.live.follow().await.unwrap();
    let mut all = Vec::new();
    loop {
        let (_, change) = stream.change().await;
        if change.plan.is_none() && change.topics == [Session] {
            return all;
        }
        all.push((change.plan, change.topics));
    }
}

#[tokio::test]
async fn each_hears_what_they_may() {
    let app = TestApp::start().await;
    let dora = app.another_person("dora", &app.acme, Role::Member).await;
    let mut admin = listen(&app, &app.admin).await;
    let mut member = listen(&app, &app.member).await;
    let mut other = listen(&app, &app.other_admin).await;
    app.generate(&app.member, &app.acme, "build").await;
    let days = json!({ "amount": 30, "unit": "days" });
    app.set_policy(&app.admin, &app.acme, days.clone()).await;
    app.set_policy(&app.other_admin, &app.cumin, days).await;
    app.deactivate(&app.admin, &app.acme, &dora).await;
    let plan = || Some(app.acme.clone());
    assert_eq!(
        heard(&app, &mut admin, &app.admin).await,
        [
            (plan(), vec![Tokens, Audit]),
            (plan(), vec![Policy, Notices, Audit]),
            (plan(), vec![Tokens, Users, Notices, Topic::Clients, Audit]),
        ]
    );
    assert_eq!(
        heard(&app, &mut member, &app.member).await,
        [(plan(), vec![OwnTokens]), (plan(), vec![Policy])]
    );
    assert_eq!(
        heard(&app, &mut other, &app.other_admin).await,
        [(Some(app.cumin.clone()), vec![Policy, Notices, Audit])]
    );
}

#[tokio::test]
async fn a_program_hears_what_its_scopes_let_it_read() {
    let app = TestApp::start().await;
    let (_, token) = app
        .generate_with(&app.admin, &app.acme, &["policy:read"])
        .await;
    let after = position(&app, &app.admin).await;
    let mut stream = Listening::open(app.router(), &token, Some(after)).await;
    app.generate(&app.admin, &app.acme, "not told").await;
    let days = json!({ "amount": 30, "unit": "days" });
    app.set_policy(&app.other_admin, &app.cumin, days.clone())
        .await;
    app.set_policy(&app.admin, &app.acme, days).await;
    app.state.live.follow().await.unwrap();
    let (_, change) = stream.change().await;
    assert_eq!(change.plan.as_ref(), Some(&app.acme));
    assert_eq!(change.topics, [Policy]);
}

#[tokio::test]
async fn who_comes_back_misses_nothing() {
    let app = TestApp::start().await;
    let mut stream = listen(&app, &app.member).await;
    app.generate(&app.member, &app.acme, "first").await;
    app.state.live.follow().await.unwrap();
    let (last, _) = stream.change().await;
    drop(stream);
    let (token, _) = app.generate(&app.member, &app.acme, "second").await;
    app.state.live.follow().await.unwrap();
    app.revoke(&app.member, &token).await;
    // The browser names the last event by a header, which comes before the address.
    let request = call(&app.member, Method::GET, &format!("{EVENTS}?after=0"))
        .header("last-event-id", last.to_string())
        .body(Body::empty())
        .unwrap();
    let mut stream = Listening::by(app.router(), request).await;
    app.generate(&app.member, &app.acme, "third").await;
    app.state.live.follow().await.unwrap();
    let mut ids = Vec::new();
    for _ in 0..3 {
        let (id, change) = stream.change().await;
        assert_eq!(change.topics, [OwnTokens]);
        ids.push(id);
    }
    assert_eq!(ids, [last + 1, last + 2, last + 3]);
}

#[tokio::test]
async fn who_is_too_far_behind_is_told_to_load_again() {
    let app = TestApp::start().await;
    let old = position(&app, &app.admin).await;
    let mut stream = listen(&app, &app.admin).await;
    let mut tx = app.state.store.write().await.unwrap();
    for _ in 0..1_001 {
        let event = Event {
            at: app.clock.now(),
            plan: Some(app.acme.clone()),
            actor: None,
            actor_address: None,
            action: Action::TokenGenerated,
            target: None,
            details: json!({}),
        };
        audit::append(&mut tx, &event).await.unwrap();
    }
    tx.commit().await.unwrap();
    app.state.live.follow().await.unwrap();
    let head = app.events().await;
    assert_eq!(stream.next().await, Some(Told::Reset(head)));
    // As are those who come from there, from nowhere, and from a log that is not this one.
    for after in [Some(old), None, Some(head + 10)] {
        let head = app.events().await;
        let mut stream = Listening::open(app.router(), &app.admin, after).await;
        assert_eq!(stream.next().await, Some(Told::Reset(head)), "{after:?}");
        let scope = format!("/api/v1/plans/{}/scopes/orders:read", app.acme);
        let body = json!({ "sentence": format!("See {after:?}") });
        let put = super::callers::with_json(call(&app.admin, Method::PUT, &scope), &body);
        let answer = app.send(put).await;
        assert!(answer.status.is_success(), "{}", answer.text());
        app.state.live.follow().await.unwrap();
        let (id, change) = stream.change().await;
        assert_eq!(change.topics, [Scopes, Audit]);
        assert!(id > head, "{id} after {head}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_process_tells_what_another_one_changes() {
    for engine in Engine::ALL {
        run(engine, |app| replicas(engine, app)).await;
    }
}

async fn replicas(engine: Engine, app: TestApp) {
    let other = App::build(
        app.state.settings.clone(),
        Clock::mock(START.parse().unwrap()),
        Random::seeded(2),
    )
    .await
    .unwrap();
    let other_store = other.state.store.clone();
    let jobs = [Jobs::of(&app), Jobs(Some(other.start_jobs()))];
    let after = position(&app, &app.member).await;
    let mut here = Listening::open(app.router(), &app.member, Some(after)).await;
    let there = router(other.state.clone()).unwrap();
    let mut there = Listening::open(&there, &app.member, Some(after)).await;
    let (mut slowest_here, mut slowest_there) = (Duration::ZERO, Duration::ZERO);
    for round in 0..5 {
        let name = format!("build {round}");
        app.generate(&app.member, &app.acme, &name).await;
        let begun = Instant::now();
        let (id, change) = here.change().await;
        slowest_here = slowest_here.max(begun.elapsed());
        assert_eq!(change.topics, [OwnTokens]);
        assert_eq!(there.change().await, (id, change));
        slowest_there = slowest_there.max(begun.elapsed());
    }
    println!(
        "{engine:?}: told here after {slowest_here:?}, by another process after {slowest_there:?}"
    );
    assert!(slowest_there < Duration::from_secs(1), "{slowest_there:?}");
    for jobs in jobs {
        jobs.stop().await;
    }
    other_store.close().await;
}

/// The jobs of a process.
struct Jobs(Option<tenure_server::jobs::Jobs>);

impl Jobs {
    fn of(app: &TestApp) -> Self {
        let state = app.state.clone();
        Self(Some(App { state }.start_jobs()))
    }

    async fn stop(mut self) {
        if let Some(jobs) = self.0.take() {
            jobs.stop().await;
        }
    }
}
