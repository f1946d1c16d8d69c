//! Over a real socket: what only the transport can get wrong.

use std::time::Duration;

use tenure_domain::wire::{page::Page, tokens::Token};
use tenure_server::{
    App,
    clock::Clock,
    random::Random,
    router::router,
    serve::{self, Patience},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
};

use super::app::{START, TestApp, settings};
use super::callers::Bearer;

struct Running {
    listener: std::net::SocketAddr,
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
    _folder: tempfile::TempDir,
}

impl Running {
    async fn start(patience: Patience) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::mock(START.parse().unwrap());
        let app = App::build(settings(&folder), clock, Random::seeded(1))
            .await
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let address = listener.local_addr().unwrap();
        let router = router(app.state).unwrap();
        let server = tokio::spawn(async move {
            serve::serve(listener, router, patience, async { drop(stopped.await) }).await;
        });
        Self {
            listener: address,
            stop,
            server,
            _folder: folder,
        }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.listener).await.unwrap()
    }

    async fn stop(self) {
        self.stop.send(()).unwrap();
        self.server.await.unwrap();
    }
}

/// Sends text and reads until the server closes.
async fn exchange(stream: &mut TcpStream, text: &str) -> String {
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn a_call_over_a_socket_is_answered() {
    let server = Running::start(Patience::default()).await;
    let mut stream = server.connect().await;
    let request = "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    let answer = exchange(&mut stream, request).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(answer.contains("x-request-id: "), "{answer}");
    server.stop().await;
}

#[tokio::test]
async fn a_head_request_has_no_body_even_when_it_fails() {
    let server = Running::start(Patience::default()).await;
    let mut stream = server.connect().await;
    let request = "HEAD /api/v1/session HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    let answer = exchange(&mut stream, request).await;
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    assert!(answer.ends_with("\r\n\r\n"), "{answer}");
    server.stop().await;
}

/// A client that never finishes its request, and one that says nothing, are let go.
#[tokio::test]
async fn slow_and_idle_clients_are_let_go() {
    let patience = Patience {
        client: Duration::from_millis(50),
        ..Patience::default()
    };
    let server = Running::start(patience).await;
    let mut slow = server.connect().await;
    exchange(&mut slow, "GET /healthz HTT").await;
    let mut silent = server.connect().await;
    exchange(&mut silent, "").await;
    // One that was served once and then idles.
    let mut idle = server.connect().await;
    let answer = exchange(&mut idle, "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    server.stop().await;
}

/// A client that asks on and on and never reads: the server stops waiting for it.
#[tokio::test]
async fn a_client_that_does_not_read_is_let_go() {
    let patience = Patience {
        client: Duration::from_millis(50),
        ..Patience::default()
    };
    let server = Running::start(patience).await;
    let mut stream = server.connect().await;
    let request = "GET /api/v1/openapi.json HTTP/1.1\r\nHost: a\r\n\r\n".repeat(100);
    // Both ends' buffers fill up, and then writing fails: the server has closed the connection.
    while stream.write_all(request.as_bytes()).await.is_ok() {}
    server.stop().await;
}

#[tokio::test]
async fn stopping_does_not_wait_for_idle_connections() {
    let server = Running::start(Patience::default()).await;
    let mut stream = server.connect().await;
    stream
        .write_all(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
        .await
        .unwrap();
    let mut first = [0; 15];
    stream.read_exact(&mut first).await.unwrap();
    assert_eq!(&first, b"HTTP/1.1 200 OK");
    server.stop().await;
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await.unwrap();
}

/// Calls under way when the server is told to stop are answered; new connections are not taken.
#[tokio::test]
async fn stopping_lets_calls_under_way_finish() {
    let server = Running::start(Patience::default()).await;
    let (address, mut stream) = (server.listener, server.connect().await);
    let head = "POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n\
                Content-Length: 2\r\nExpect: 100-continue\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut go_on = [0; 25];
    stream.read_exact(&mut go_on).await.unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    server.stop.send(()).unwrap();
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    let answer = exchange(&mut stream, "{}").await;
    assert!(answer.starts_with("HTTP/1.1 422"), "{answer}");
    server.server.await.unwrap();
}

/// What is only in memory when the server is told to stop is written before it is gone.
#[tokio::test]
async fn stopping_writes_the_last_uses() {
    let app = TestApp::start().await;
    let (_, Bearer(secret)) = app.generate(&app.member, &app.acme, "a").await;
    let settings = app.state.settings.clone();
    let second = App::build(settings, Clock::mock(app.clock.now()), Random::seeded(2)).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let server = second
        .unwrap()
        .serve(listener, async { drop(stopped.await) });
    let calls = async {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head = "GET /verify HTTP/1.1\r\nHost: a\r\nConnection: close\r\n";
        let request = format!("{head}Authorization: Bearer {secret}\r\n\r\n");
        let answer = exchange(&mut stream, &request).await;
        assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
        stop.send(()).unwrap();
    };
    let (served, ()) = tokio::join!(server, calls);
    served.unwrap();
    let page: Page<Token> = app.get(&app.member, "/api/v1/me/tokens").await.read();
    assert_eq!(page.items[0].last_used_at, Some(app.clock.now()));
    assert_eq!(page.items[0].last_used_from.as_deref(), Some("127.0.0.1"));
}
