//! Posts to programs of several plans at once, and tests of one.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use serde_json::json;
use tenure_server::{jobs::courier::Courier, store::webhooks};
use tokio::{net::TcpListener, time::timeout};
use tokio_util::sync::CancellationToken;

use super::receiver::Receiver;
use crate::{
    app::TestApp,
    callers::{Answer, call, with_json},
};

/// Longer than a post takes, and shorter than a receiver may.
const SOON: Duration = Duration::from_secs(5);

async fn app() -> TestApp {
    TestApp::with(|settings| settings.webhook_private = true).await
}

async fn test(app: &TestApp) -> Answer {
    let path = app.alerts_path("webhook/test");
    app.post(&app.admin, &path, json!({})).await
}

#[tokio::test]
async fn a_receiver_that_does_not_answer_keeps_nobody_else_waiting() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let receiver = Receiver::start().await;
    let app = app().await;
    let url = format!("http://{}/", silent.local_addr().unwrap());
    let set = app.set("webhook", &json!({ "url": url })).await;
    set.expect(StatusCode::OK);
    test(&app).await.expect(StatusCode::ACCEPTED);
    app.clock.advance(Duration::from_secs(1));
    let path = format!("/api/v1/plans/{}/webhook", app.cumin);
    let request = call(&app.other_admin, Method::PUT, &path);
    let body = json!({ "url": receiver.url });
    app.send(with_json(request, &body))
        .await
        .expect(StatusCode::OK);
    let path = format!("{path}/test");
    let others = app.post(&app.other_admin, &path, json!({})).await;
    others.expect(StatusCode::ACCEPTED);

    let (courier, stop) = (Courier::new(&app.state).unwrap(), CancellationToken::new());
    let running = tokio::spawn(courier.run(app.state.clone(), stop.clone()));
    let arrived = timeout(SOON, receiver.arrived()).await;
    arrived.expect("it does not wait for the other one");
    // Nobody listens any more: the other post comes to its end as well.
    drop(silent);
    stop.cancel();
    timeout(SOON, running).await.expect("it stops").unwrap();
    assert_eq!(app.webhook().await.latest.unwrap().attempts, 1);
}

#[tokio::test]
async fn once_told_to_stop_no_other_post_is_sent() {
    let receiver = Receiver::start().await;
    let app = app().await;
    let set = app.set("webhook", &json!({ "url": receiver.url })).await;
    set.expect(StatusCode::OK);
    let mut tx = app.state.store.write_aside().await.unwrap();
    for number in 0..100 {
        let (id, now) = (format!("post-{number:02}"), app.clock.now());
        let queued = webhooks::queue(&mut tx, &id, &app.acme, "{}", now).await;
        queued.unwrap();
    }
    tx.commit().await.unwrap();
    let (courier, stop) = (Courier::new(&app.state).unwrap(), CancellationToken::new());
    let running = tokio::spawn(courier.run(app.state.clone(), stop.clone()));
    timeout(SOON, receiver.arrived()).await.expect("the first");
    stop.cancel();
    timeout(SOON, running).await.expect("it stops").unwrap();
    assert!(receiver.posts().len() < 100, "the others wait");
}

#[tokio::test]
async fn a_test_that_waits_is_tried_at_once_and_is_not_another_one() {
    let receiver = Receiver::start().await;
    let app = app().await;
    let courier = Courier::new(&app.state).unwrap();
    let set = app.set("webhook", &json!({ "url": receiver.url })).await;
    set.expect(StatusCode::OK);
    let events = app.events().await;
    for _ in 0..3 {
        test(&app).await.expect(StatusCode::ACCEPTED);
    }
    assert_eq!(app.events().await, events + 3, "each is in the log");
    let last = app.audit().await.pop().unwrap();
    assert_eq!(last.action, "webhook_tested");
    assert_eq!(last.actor_id.as_deref(), Some(app.admin.id.as_str()));
    receiver.will_answer(&[StatusCode::INTERNAL_SERVER_ERROR]);
    app.watch(&courier).await;
    app.watch(&courier).await;
    assert_eq!(receiver.posts().len(), 1, "one of three");
    // The receiver is mended, and the admin does not wait for the next try.
    test(&app).await.expect(StatusCode::ACCEPTED);
    app.watch(&courier).await;
    test(&app).await.expect(StatusCode::ACCEPTED);
    app.watch(&courier).await;
    let posts = receiver.posts();
    let ids: Vec<_> = posts.iter().map(|post| post.header("webhook-id")).collect();
    assert_eq!(ids.len(), 3);
    assert_eq!(ids[0], ids[1]);
    assert_ne!(ids[1], ids[2]);
}
