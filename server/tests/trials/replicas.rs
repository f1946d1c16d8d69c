//! Two servers on one database: what one decides the other obeys within a second, and without a database
//! nobody is let in.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use axum::http::StatusCode;
use tenure_domain::{
    period::{Period, Unit},
    time::MINUTE,
};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
    time::{interval, timeout},
};

use crate::{
    postgres,
    replica::{Server, World, post},
};

/// How soon a change is obeyed everywhere.
const HEARD_WITHIN: Duration = Duration::from_secs(1);
/// How soon a server serves again once its database is back.
const RECOVERED_WITHIN: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn trial_a_policy_change_stops_oauth_tokens_at_both_replicas_within_a_second() {
    let rounds = crate::kill::number("TENURE_TRIALS").unwrap_or(10);
    let url = postgres::create().await;
    let (one, other) = (
        Server::start_with_jobs(&url).await,
        Server::start_with_jobs(&url).await,
    );
    let mut slowest = Duration::ZERO;
    for round in 0..rounds {
        let world = World::settle(&one.app, &format!("Acme {round}")).await;
        let made = one.app.clock.now().saturating_add(-2 * MINUTE);
        let (_, access, _) = world.grant_made(&one.app, made).await;
        // Both have it in memory now.
        for server in [&one, &other] {
            assert_eq!(introspect(server, &world, &access).await, Some(true));
        }
        let minute = Period::new(1, Unit::Minutes).expect("a period");
        world.set_period(&one.app, minute).await;
        let changed = Instant::now();
        assert_eq!(introspect(&one, &world, &access).await, Some(false));
        until(HEARD_WITHIN, async || {
            introspect(&other, &world, &access).await == Some(false)
        })
        .await;
        slowest = slowest.max(changed.elapsed());
    }
    println!(
        "replicas: {rounds} policy changes, obeyed by the other server after at most {slowest:?}"
    );
    one.stop().await;
    other.stop().await;
    postgres::remove(&url).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn trial_without_a_database_nobody_is_let_in_and_it_recovers() {
    let url = postgres::create().await;
    let wire = Wire::to(&url).await;
    let server = Server::start_with_jobs(&wire.url).await;
    let world = World::settle(&server.app, "Acme").await;
    let (_, access, _) = world.grant(&server.app).await;
    assert_eq!(introspect(&server, &world, &access).await, Some(true));

    wire.cut();
    let cut = Instant::now();
    // What is in memory counts for a second without news; after that, nothing is answered but 503.
    until(Duration::from_secs(10), async || {
        introspect(&server, &world, &access).await.is_none()
    })
    .await;
    let closed = cut.elapsed();
    for _ in 0..20 {
        assert_eq!(
            introspect(&server, &world, &access).await,
            None,
            "it must stay closed"
        );
    }
    wire.mend();
    let mended = Instant::now();
    until(RECOVERED_WITHIN, async || {
        introspect(&server, &world, &access).await == Some(true)
    })
    .await;
    println!(
        "outage: closed after {closed:?}, open again {:?} after the database was back",
        mended.elapsed()
    );
    server.stop().await;
    postgres::remove(&url).await;
}

/// Whether a token is active by introspection; `None` when the server cannot say, which is a 503.
async fn introspect(server: &Server, world: &World, token: &str) -> Option<bool> {
    let form = world.introspection_form(token);
    let (status, body) = post(&server.router, "/oauth/introspect", form).await;
    match status {
        StatusCode::OK => body["active"].as_bool(),
        StatusCode::SERVICE_UNAVAILABLE => None,
        _ => panic!("{status}: {body}"),
    }
}

/// Asks again and again until it is so.
async fn until(within: Duration, is_so: impl AsyncFn() -> bool) {
    let mut ticks = interval(Duration::from_millis(20));
    let asking = async {
        while !is_so().await {
            ticks.tick().await;
        }
    };
    let so = timeout(within, asking).await;
    assert!(so.is_ok(), "not so within {within:?}");
}

/// The wire between a server and its database, which can be cut.
struct Wire {
    url: String,
    whole: Arc<AtomicBool>,
    cuts: watch::Sender<u64>,
}

impl Wire {
    async fn to(url: &str) -> Self {
        let (before, rest) = url.split_once("://").expect("an address");
        let (user, rest) = rest.split_once('@').expect("a user in it");
        let (database, path) = rest.split_once('/').expect("a database in it");
        let database = database.to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("listens");
        let address = listener.local_addr().expect("an address");
        let whole = Arc::new(AtomicBool::new(true));
        let (cuts, cut) = watch::channel(0);
        let is_whole = Arc::clone(&whole);
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                if !is_whole.load(Ordering::SeqCst) {
                    continue;
                }
                let (database, mut cut) = (database.clone(), cut.clone());
                tokio::spawn(async move {
                    cut.mark_unchanged();
                    let Ok(mut far) = TcpStream::connect(database).await else {
                        return;
                    };
                    tokio::select! {
                        _ = copy_bidirectional(&mut near, &mut far) => {}
                        _ = cut.changed() => {}
                    }
                });
            }
        });
        Self {
            url: format!("{before}://{user}@{address}/{path}"),
            whole,
            cuts,
        }
    }

    fn cut(&self) {
        self.whole.store(false, Ordering::SeqCst);
        self.cuts.send_modify(|count| *count += 1);
    }

    fn mend(&self) {
        self.whole.store(true, Ordering::SeqCst);
    }
}
