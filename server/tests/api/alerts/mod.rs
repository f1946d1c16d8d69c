//! Alerts: raised, posted with a signature, and taken back; their rules; and where they may be posted.

mod posting;
mod receiver;
mod unseen;

use std::time::Duration;

use axum::http::{Method, StatusCode, header};
use serde_json::{Value, json};
use tenure_domain::{
    alert::AlertKind,
    live::Topic::{self, Audit, Notices},
    problem::Kind,
    wire::{
        alerts::{Alert, AlertRules, NewWebhook, Webhook},
        audit::AuditEvent,
        page::Page,
    },
};
use tenure_server::{jobs::courier::Courier, ops::alerts as op, store::webhooks};

use self::receiver::Receiver;
use super::{
    app::TestApp,
    callers::{Answer, call, with_json},
    events::{heard, listen},
    oauth::world::{World, error, pair},
};

impl TestApp {
    fn alerts_path(&self, rest: &str) -> String {
        format!("/api/v1/plans/{}/{rest}", self.acme)
    }

    /// What the jobs do.
    async fn watch(&self, courier: &Courier) {
        let (state, now) = (&self.state, self.clock.now());
        state.sightings.flush(&state.store, now).await.unwrap();
        op::watch(&state.store, &state.random, now).await.unwrap();
        courier.work(state).await.unwrap();
    }

    async fn alerts(&self) -> Vec<Alert> {
        let answer = self.get(&self.admin, &self.alerts_path("alerts")).await;
        let page: Page<Alert> = answer.expect(StatusCode::OK).read();
        page.items
    }

    async fn webhook(&self) -> Webhook {
        let answer = self.get(&self.admin, &self.alerts_path("webhook")).await;
        answer.expect(StatusCode::OK).read()
    }

    /// Changes something as somebody who saw what has this entity tag.
    async fn change(&self, method: Method, rest: &str, seen: &str, body: &Value) -> Answer {
        let request = call(&self.admin, method, &self.alerts_path(rest));
        self.send(with_json(request.header(header::IF_MATCH, seen), body))
            .await
    }

    async fn set(&self, rest: &str, body: &Value) -> Answer {
        let request = call(&self.admin, Method::PUT, &self.alerts_path(rest));
        self.send(with_json(request, body)).await
    }
}

#[tokio::test]
async fn a_broken_refresh_raises_one_alert_and_one_signed_post_and_clears() {
    let receiver = Receiver::start().await;
    let world = World::with(|settings| settings.webhook_private = true).await;
    let (app, courier) = (&world.app, Courier::new(&world.app.state).unwrap());
    let set = app.set("webhook", &json!({ "url": receiver.url })).await;
    let webhook: NewWebhook = set.expect(StatusCode::OK).read();
    let first = world.pair(&world.basic).await;
    for _ in 0..3 {
        let refused = world.refresh(&world.post, &first.refresh).await;
        assert_eq!(error(&refused, 400), "invalid_grant");
    }
    app.watch(&courier).await;
    assert_eq!(app.alerts().await, [], "three failures are no alert");
    for _ in 0..3 {
        world.refresh(&world.post, &first.refresh).await;
        app.watch(&courier).await;
        app.watch(&courier).await;
    }
    let alerts = app.alerts().await;
    assert_eq!(alerts.len(), 1, "{alerts:?}");
    assert_eq!(alerts[0].kind, AlertKind::RefreshFailing);
    let says = "5 attempts to refresh tokens failed within 15 minutes, 5 of them by App by client_secret_post, and 0 succeeded.";
    assert_eq!(alerts[0].sentence, says);
    assert_eq!(
        alerts[0].client_id.as_deref(),
        Some(world.post.client_id.as_str())
    );
    let posts = receiver.posts();
    assert_eq!(posts.len(), 1);
    let event = posts[0].verify(&webhook.secret);
    assert_eq!(event["type"], "alert.fired");
    assert_eq!(event["plan"], app.acme.as_str());
    assert_eq!(event["data"], json!(alerts[0]));
    assert_eq!(posts[0].header("content-type"), "application/json");

    // It is mended, and the window passes.
    app.clock.advance(Duration::from_secs(15 * 60));
    let current = pair(
        world
            .refresh(&world.basic, &world.pair(&world.basic).await.refresh)
            .await,
    );
    assert!(world.is_active(&current.access).await);
    app.watch(&courier).await;
    app.watch(&courier).await;
    let alerts = app.alerts().await;
    assert_eq!(alerts.len(), 1);
    assert_eq!(alerts[0].cleared_at, Some(app.clock.now()));
    let posts = receiver.posts();
    assert_eq!(posts.len(), 2);
    let event = posts[1].verify(&webhook.secret);
    assert_eq!(event["type"], "alert.cleared");
    assert_eq!(event["data"]["id"], json!(alerts[0].id));
    assert_ne!(posts[0].header("webhook-id"), posts[1].header("webhook-id"));
}

#[tokio::test]
async fn an_alert_is_in_the_log_and_told_to_whoever_has_the_page_open() {
    let world = World::new().await;
    let (app, courier) = (&world.app, Courier::new(&world.app.state).unwrap());
    let first = world.pair(&world.basic).await;
    let mut admin = listen(app, &app.admin).await;
    let mut member = listen(app, &app.member).await;
    for _ in 0..5 {
        world.refresh(&world.post, &first.refresh).await;
    }
    app.watch(&courier).await;
    app.watch(&courier).await;
    let acme = || Some(app.acme.clone());
    let told = vec![(acme(), vec![Notices, Topic::Alerts, Audit])];
    assert_eq!(heard(app, &mut admin, &app.admin).await, told, "once");
    assert_eq!(heard(app, &mut member, &app.member).await, []);
    app.clock.advance(Duration::from_secs(15 * 60));
    app.watch(&courier).await;
    app.watch(&courier).await;
    assert_eq!(heard(app, &mut admin, &app.admin).await, told);

    let path = app.alerts_path("audit-events");
    let events: Page<AuditEvent> = app.get(&app.admin, &path).await.read();
    let of_alerts = events
        .items
        .iter()
        .filter(|event| event.action.starts_with("alert_"));
    let sentences: Vec<&str> = of_alerts.map(|event| event.sentence.as_str()).collect();
    let what = "5 attempts to refresh tokens failed within 15 minutes, 5 of them by App by client_secret_post, and 0 succeeded.";
    assert_eq!(
        sentences,
        [
            format!("An alert is over: {what}"),
            format!("An alert was raised: {what}")
        ]
    );
}

#[tokio::test]
async fn a_refresh_token_that_comes_twice_raises_an_alert() {
    let world = World::new().await;
    let (app, courier) = (&world.app, Courier::new(&world.app.state).unwrap());
    let first = world.pair(&world.basic).await;
    let second = pair(world.refresh(&world.basic, &first.refresh).await);
    pair(world.refresh(&world.basic, &second.refresh).await);
    app.watch(&courier).await;
    assert_eq!(app.alerts().await, []);
    let replay = world.refresh(&world.basic, &first.refresh).await;
    assert_eq!(error(&replay, 400), "invalid_grant");
    app.watch(&courier).await;
    let alerts = app.alerts().await;
    assert_eq!(alerts.len(), 1, "{alerts:?}");
    assert_eq!(alerts[0].kind, AlertKind::SuspiciousTokens);
}

#[tokio::test]
async fn a_post_that_is_not_taken_comes_again_with_the_same_id() {
    let receiver = Receiver::start().await;
    let app = TestApp::with(|settings| settings.webhook_private = true).await;
    let courier = Courier::new(&app.state).unwrap();
    let set = app.set("webhook", &json!({ "url": receiver.url })).await;
    let webhook: NewWebhook = set.expect(StatusCode::OK).read();
    receiver.will_answer(&[StatusCode::INTERNAL_SERVER_ERROR, StatusCode::FOUND]);
    let test = app
        .post(&app.admin, &app.alerts_path("webhook/test"), json!({}))
        .await;
    test.expect(StatusCode::ACCEPTED);
    app.watch(&courier).await;
    app.watch(&courier).await;
    assert_eq!(receiver.posts().len(), 1, "it waits before it tries again");
    let latest = app.webhook().await.latest.unwrap();
    assert_eq!((latest.taken, latest.attempts), (None, 1));
    assert_eq!(
        latest.reason.as_deref(),
        Some("the receiver answered 500 Internal Server Error")
    );
    app.clock.advance(Duration::from_secs(5));
    app.watch(&courier).await;
    app.clock.advance(Duration::from_secs(15));
    app.watch(&courier).await;
    let posts = receiver.posts();
    assert_eq!(posts.len(), 3, "nobody is followed elsewhere");
    assert!(
        posts
            .iter()
            .all(|post| post.header("webhook-id") == posts[0].header("webhook-id"))
    );
    for post in &posts {
        assert_eq!(post.verify(&webhook.secret)["type"], "webhook.test");
    }
    let latest = app.webhook().await.latest.unwrap();
    assert_eq!(
        (latest.taken, latest.attempts, latest.reason),
        (Some(true), 3, None)
    );

    // Nobody is there, and then the receiver wants no more.
    receiver.will_answer(&[StatusCode::GONE]);
    app.post(&app.admin, &app.alerts_path("webhook/test"), json!({}))
        .await;
    app.watch(&courier).await;
    assert_eq!(app.webhook().await.latest.unwrap().taken, Some(false));
    app.set("webhook", &json!({ "url": "http://127.0.0.1:9/" }))
        .await
        .expect(StatusCode::OK);
    app.post(&app.admin, &app.alerts_path("webhook/test"), json!({}))
        .await;
    app.watch(&courier).await;
    let latest = app.webhook().await.latest.unwrap();
    assert_eq!(
        latest.reason.as_deref(),
        Some("no connection to the receiver")
    );
    app.clock.advance(Duration::from_secs(3 * 24 * 3600));
    app.watch(&courier).await;
    // By then the session is over.
    let mut tx = app.state.store.peek().await.unwrap();
    let latest = webhooks::latest(&mut tx, &app.acme).await.unwrap().unwrap();
    assert_eq!(latest.taken, Some(false), "after three days");
}

#[tokio::test]
async fn alerts_are_posted_to_the_internet_alone() {
    let app = TestApp::start().await;
    for url in [
        "",
        "receiver.example",
        "http://receiver.example/",
        "https://127.0.0.1/",
        "https://[fd00::1]/",
        "https://169.254.169.254/latest/meta-data",
        "https://user:password@receiver.example/",
    ] {
        let problem = app.set("webhook", &json!({ "url": url })).await;
        let problem = problem.problem(Kind::ValidationFailed);
        assert_eq!(problem.errors[0].pointer, "/url", "{url}");
        assert_eq!(problem.errors[0].code, "url_refused", "{url}");
        assert_eq!(app.webhook().await.url, None, "nothing was changed");
    }
    // A name whose address is private is found out when it is looked up.
    let set = app
        .set("webhook", &json!({ "url": "https://localhost:9/" }))
        .await;
    set.expect(StatusCode::OK);
    app.post(&app.admin, &app.alerts_path("webhook/test"), json!({}))
        .await
        .expect(StatusCode::ACCEPTED);
    app.watch(&Courier::new(&app.state).unwrap()).await;
    let latest = app.webhook().await.latest.unwrap();
    assert_eq!(
        latest.reason.as_deref(),
        Some("no connection to the receiver")
    );

    app.delete(&app.admin, &app.alerts_path("webhook"))
        .await
        .expect(StatusCode::NO_CONTENT);
    app.delete(&app.admin, &app.alerts_path("webhook"))
        .await
        .expect(StatusCode::NO_CONTENT);
    let none = app
        .post(&app.admin, &app.alerts_path("webhook/test"), json!({}))
        .await;
    none.problem(Kind::NotFound);
}

#[tokio::test]
async fn a_rule_is_set_within_its_bounds_and_one_that_is_off_raises_nothing() {
    let world = World::new().await;
    let app = &world.app;
    let courier = Courier::new(&app.state).unwrap();
    for (body, pointers) in [
        (
            json!({ "threshold": 0, "minutes": 5, "on": true }),
            vec!["/threshold"],
        ),
        (
            json!({ "threshold": 1, "minutes": 1441, "on": true }),
            vec!["/minutes"],
        ),
        (
            json!({ "threshold": 0, "minutes": 0, "on": true }),
            vec!["/threshold", "/minutes"],
        ),
    ] {
        let problem = app.set("alert-rules/refresh_failing", &body).await;
        let problem = problem.problem(Kind::ValidationFailed);
        let found: Vec<&str> = problem
            .errors
            .iter()
            .map(|it| it.pointer.as_str())
            .collect();
        assert_eq!(found, pointers);
    }
    let rule = json!({ "threshold": 1, "minutes": 5, "on": false });
    app.set("alert-rules/no_such_rule", &rule)
        .await
        .problem(Kind::NotFound);
    let rules = async || -> AlertRules {
        let answer = app.get(&app.admin, &app.alerts_path("alert-rules")).await;
        answer.expect(StatusCode::OK).read()
    };
    let before = rules().await;
    assert!(
        before.items.iter().all(|rule| rule.on),
        "nothing was changed"
    );
    let off = app.set("alert-rules/refresh_failing", &rule).await;
    off.expect(StatusCode::OK);
    let first = world.pair(&world.basic).await;
    world.refresh(&world.post, &first.refresh).await;
    app.watch(&courier).await;
    assert_eq!(app.alerts().await, []);
    let on = json!({ "threshold": 1, "minutes": 5, "on": true });
    app.set("alert-rules/refresh_failing", &on)
        .await
        .expect(StatusCode::OK);
    app.watch(&courier).await;
    assert_eq!(app.alerts().await.len(), 1);
    app.set("alert-rules/refresh_failing", &rule)
        .await
        .expect(StatusCode::OK);
    app.watch(&courier).await;
    assert!(app.alerts().await[0].cleared_at.is_some(), "at once");
}
