//! The load generator: kept connections that ask again as soon as they are answered.

use std::{
    net::SocketAddr,
    sync::Arc,
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
    connections: Vec<(Connection, StdRng)>,
    requests: Requests,
}

impl Load {
    pub(crate) async fn on(address: SocketAddr, requests: &Requests) -> Self {
        let mut connections = Vec::new();
        for seed in 0..CONNECTIONS {
            let connection = Connection::open(address).await.expect("connects");
            connections.push((connection, StdRng::seed_from_u64(seed)));
        }
        Self {
            connections,
            requests: Arc::clone(requests),
        }
    }

    /// Asks for so long. Every answer must be 200.
    pub(crate) async fn run(&mut self, length: Duration) -> Slice {
        let (started, processor) = (Instant::now(), processor_time());
        let mut asking = JoinSet::new();
        for (connection, chances) in self.connections.drain(..) {
            asking.spawn(ask(
                connection,
                chances,
                Arc::clone(&self.requests),
                started + length,
            ));
        }
        let mut latencies = Vec::new();
        for (connection, chances, took) in asking.join_all().await {
            self.connections.push((connection, chances));
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
    mut chances: StdRng,
    requests: Requests,
    until: Instant,
) -> (Connection, StdRng, Vec<Duration>) {
    let mut took = Vec::with_capacity(4_096);
    let mut now = Instant::now();
    while now < until {
        let request = &requests[chances.random_range(0..requests.len())];
        let status = connection.status(request).await.expect("an answer");
        assert_eq!(status, 200, "every token here works");
        let answered = Instant::now();
        took.push(answered - now);
        now = answered;
    }
    (connection, chances, took)
}
