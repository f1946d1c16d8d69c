//! What is kept of what the verifier sees has an end, and is written whoever waits for it.

use std::time::Duration;

use axum::http::StatusCode;
use futures_util::FutureExt as _;
use tenure_domain::wire::auth_health::Outcome;

use super::app::TestApp;
use super::sightings::{counts, guarded};

/// A page that is left while it loads loses nothing.
#[tokio::test]
async fn what_was_seen_is_written_though_nobody_waits_for_it() {
    let app = TestApp::start().await;
    let (_, secret) = app.generate(&app.member, &app.acme, "ci").await;
    app.ask(&secret, "/orders").await.expect(StatusCode::OK);
    {
        let mut flush = Box::pin(app.flush());
        assert!(flush.as_mut().now_or_never().is_none(), "it is under way");
    }
    let wanted = counts([(Outcome::Works, "api.example/orders", "", 1)]);
    assert_eq!(app.counted(app.acme.as_str()).await, wanted);
}

/// Whoever has a token may call from anywhere and say anything: what is kept of it has an end.
#[tokio::test]
async fn callers_and_resources_have_an_end() {
    let app = TestApp::start().await;
    let (token, secret) = app.generate(&app.member, &app.acme, "ci").await;
    for number in 0_u8..=250 {
        let path = format!("/{number}/x");
        let request = guarded(&secret, &path, [198, 51, 100, number], "curl/8");
        app.send(request).await.expect(StatusCode::OK);
        app.pass(Duration::from_millis(1));
        // Of one token, memory has room for some.
        app.flush().await;
    }
    let callers = app.callers_of(&token.id).await;
    assert_eq!(callers.len(), 200);
    assert_eq!(callers[0].call.address, "198.51.100.250");
    let counted = app.counted(app.acme.as_str()).await;
    assert_eq!(counted.len(), 201);
    assert_eq!(counted.values().sum::<u64>(), 251);
    let other = (Outcome::Works, "other".to_owned(), String::new());
    assert_eq!(counted[&other], 51);
}
