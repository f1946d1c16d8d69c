//! Until when somebody hears: their session, their token, their place in a plan, and the server's own end.

use std::time::{Duration, Instant};

use axum::http::StatusCode;
use serde_json::json;
use tenure_domain::{
    live::Topic::{self, Audit, Notices, OwnTokens, Session, Tokens, Users},
    problem::Kind,
};
use tenure_server::{
    App,
    ops::{Actor, people},
    store::sessions,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::oneshot,
};

use super::{EVENTS, Listening, heard, listen, position};
use crate::{app::TestApp, callers::Anonymous};

#[tokio::test]
async fn a_stream_ends_with_its_session() {
    let app = TestApp::start().await;
    let other = app.again(&app.member).await;
    let mut stays = listen(&app, &other).await;
    let mut ends = listen(&app, &app.member).await;
    let out = app.delete(&app.member, "/api/v1/session").await;
    out.expect(StatusCode::NO_CONTENT);
    app.state.live.follow().await.unwrap();
    let (_, change) = ends.change().await;
    assert_eq!(change.topics, [Session]);
    assert_eq!(ends.next().await, None);
    // Another session of the same person goes on, until it ends by the clock.
    assert_eq!(stays.change().await.1.topics, [Session]);
    app.pass(Duration::from_millis(sessions::LIFETIME.unsigned_abs()));
    let days = json!({ "amount": 30, "unit": "days" });
    let admin = app.again(&app.admin).await;
    app.set_policy(&admin, &app.acme, days).await;
    app.state.live.follow().await.unwrap();
    assert_eq!(stays.next().await, None);
    drop((stays, ends));
    assert_eq!(app.state.live.streams(), 0);
}

#[tokio::test]
async fn a_new_password_ends_the_streams_of_the_old_one() {
    let app = TestApp::start().await;
    let mut stream = listen(&app, &app.member).await;
    let mut tx = app.state.store.write().await.unwrap();
    people::reset_password(
        &mut tx,
        app.clock.now(),
        &Actor::OPERATOR,
        &app.member.id,
        "no hash",
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    app.state.live.follow().await.unwrap();
    assert_eq!(stream.change().await.1.topics, [Session]);
    assert_eq!(stream.next().await, None);
}

#[tokio::test]
async fn who_is_deactivated_hears_of_the_plan_no_more() {
    let app = TestApp::start().await;
    let mut of_two = listen(&app, &app.member).await;
    let mut of_one = listen(&app, &app.second_admin).await;
    app.deactivate(&app.admin, &app.acme, &app.member).await;
    app.deactivate(&app.admin, &app.acme, &app.second_admin)
        .await;
    let days = json!({ "amount": 30, "unit": "days" });
    app.set_policy(&app.admin, &app.acme, days).await;
    let own = vec![Session, OwnTokens, Topic::OwnApps];
    assert_eq!(
        heard(&app, &mut of_two, &app.member).await,
        [(Some(app.acme.clone()), own.clone())]
    );
    // A System Admin until it comes to them: then they hear what concerns them, and the stream ends.
    let told = of_one.change().await;
    assert_eq!(
        told.1.topics,
        [Tokens, Users, Notices, Topic::Clients, Audit]
    );
    assert_eq!(of_one.change().await.1.topics, own);
    assert_eq!(of_one.next().await, None);
    let again = app.get(&app.second_admin, EVENTS).await;
    again.problem(Kind::SessionExpired);
}

#[tokio::test]
async fn a_stream_ends_with_its_token() {
    let app = TestApp::start().await;
    let (token, bearer) = app
        .generate_with(&app.member, &app.acme, &["tokens:read"])
        .await;
    let after = position(&app, &app.member).await;
    let mut stream = Listening::open(app.router(), &bearer, Some(after)).await;
    app.revoke(&app.member, &token).await;
    app.state.live.follow().await.unwrap();
    assert_eq!(stream.next().await, None);
    let (_, bearer) = app
        .generate_with(&app.member, &app.acme, &["tokens:read"])
        .await;
    let after = position(&app, &app.member).await;
    let mut stream = Listening::open(app.router(), &bearer, Some(after)).await;
    app.deactivate(&app.admin, &app.acme, &app.member).await;
    app.state.live.follow().await.unwrap();
    assert_eq!(stream.next().await, None);
}

#[tokio::test]
async fn nobody_has_more_streams_than_is_good() {
    let app = TestApp::start().await;
    let mut streams = Vec::new();
    for _ in 0..20 {
        streams.push(listen(&app, &app.member).await);
    }
    let refused = app.get(&app.member, EVENTS).await;
    refused.problem(Kind::RateLimited);
    assert_eq!(refused.headers["retry-after"], "30");
    // Others are not hindered by it, and a place that is given up can be taken.
    streams.push(listen(&app, &app.admin).await);
    streams.remove(0);
    streams.push(listen(&app, &app.member).await);
    app.get(&Anonymous, EVENTS)
        .await
        .problem(Kind::TokenMissing);
}

/// A stream does not keep a server from stopping.
#[tokio::test]
async fn streams_end_when_the_server_stops() {
    let app = TestApp::start().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let state = app.state.clone();
    let server = tokio::spawn(App { state }.serve(listener, async { drop(stopped.await) }));
    let mut socket = TcpStream::connect(address).await.unwrap();
    let cookie = &app.member.cookie;
    let request =
        format!("GET {EVENTS} HTTP/1.1\r\nHost: a\r\nCookie: tenure_session={cookie}\r\n\r\n");
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    while !answer.contains("event: reset") {
        let mut some = [0; 1_024];
        let read = socket.read(&mut some).await.unwrap();
        assert!(read > 0, "{answer}");
        answer.push_str(std::str::from_utf8(&some[..read]).unwrap());
    }
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    let begun = Instant::now();
    stop.send(()).unwrap();
    socket.read_to_string(&mut answer).await.unwrap();
    assert!(answer.ends_with("0\r\n\r\n"), "{answer}");
    server.await.unwrap().unwrap();
    assert!(begun.elapsed() < Duration::from_secs(10));
}
