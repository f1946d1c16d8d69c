//! The load generator: kept connections that ask again as soon as they are answered.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use tokio::task::JoinSet;

use crate::{data, http::Connection, numbers::processor_time};

/// Connections that ask at the same time.
pub(crate) const CONNECTIONS: u64 = 64;

/// Whole requests to choose from.
pub(crate) type Requests = Arc<Vec<Box<[u8]>>>;

/// `GET /verify` with each of the first `count` tokens.
pub(crate) fn requests(count: usize) -> Requests {
    let request = |number| {
        let text = data::text(number);
        format!("GET /verify HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {text}\r\n\r\n")
            .into_bytes()
            .into_boxed_slice()
    };
    Arc::new((0..count).map(request).collect())
}

/// What one slice of load came to.
pub(crate) struct Slice {
    pub(crate) per_second: f64,
    pub(crate) latencies: Vec<Duration>,
    /// Microseconds of processor time a call, of the server and of this generator together. Unlike
    /// the rate it hardly depends on what else the machine does.
    pub(crate) micros: f64,
}

/// Connections to one server.
pub(crate) struct Load {
    connections: Vec<Connection>,
    requests: Requests,
    /// Slices so far, so that each has other chances.
    slices: u64,
}

impl Load {
    pub(crate) async fn on(address: SocketAddr, requests: &Requests) -> Self {
        let mut connections = Vec::new();
        for _ in 0..CONNECTIONS {
            let connection = Connection::open(address).await.expect("connects");
            connections.push(connection);
        }
        Self {
            connections,
            requests: Arc::clone(requests),
            slices: 0,
        }
    }

    /// Sends any of the requests, each as likely as the others, for so long.
    pub(crate) async fn run(&mut self, length: Duration) -> Slice {
        let (until, count) = (Instant::now() + length, self.requests.len());
        let slice = self.slices;
        self.slices += 1;
        self.ask(|connection| {
            let mut chances = StdRng::seed_from_u64(slice * CONNECTIONS + connection);
            move |now| (now < until).then(|| chances.random_range(0..count))
        })
        .await
    }

    /// Sends each of the requests once.
    pub(crate) async fn run_each_once(&mut self) -> Slice {
        let count = self.requests.len();
        let asked = Arc::new(AtomicUsize::new(0));
        self.ask(|_| {
            let asked = Arc::clone(&asked);
            move |_| {
                let next = asked.fetch_add(1, Ordering::Relaxed);
                (next < count).then_some(next)
            }
        })
        .await
    }

    /// On each connection, sends the request that `choose` names until it names none. Every answer
    /// must be 200.
    async fn ask<C>(&mut self, choose: impl Fn(u64) -> C) -> Slice
    where
        C: FnMut(Instant) -> Option<usize> + Send + 'static,
    {
        let (started, processor) = (Instant::now(), processor_time());
        let mut asking = JoinSet::new();
        for (connection, number) in self.connections.drain(..).zip(0..) {
            let requests = Arc::clone(&self.requests);
            asking.spawn(ask(connection, requests, choose(number)));
        }
        let mut latencies = Vec::new();
        for (connection, took) in asking.join_all().await {
            self.connections.push(connection);
            latencies.extend(took);
        }
        #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52")]
        let calls = latencies.len() as f64;
        let processor = processor_time() - processor;
        Slice {
            per_second: calls / started.elapsed().as_secs_f64(),
            latencies,
            micros: processor.as_secs_f64() * 1e6 / calls,
        }
    }
}

async fn ask(
    mut connection: Connection,
    requests: Requests,
    mut choose: impl FnMut(Instant) -> Option<usize>,
) -> (Connection, Vec<Duration>) {
    let mut took = Vec::with_capacity(4_096);
    let mut now = Instant::now();
    while let Some(chosen) = choose(now) {
        let status = connection.status(&requests[chosen]).await;
        assert_eq!(status.expect("an answer"), 200, "every token here works");
        let answered = Instant::now();
        took.push(answered - now);
        now = answered;
    }
    (connection, took)
}
