//! `kill -9` while calls are counted: at most the last seconds of counts are lost, and none is made up.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use tenure_domain::{
    id::PlanId,
    plan::{Role, Tier},
    scope::Scopes,
    time::{MINUTE, Timestamp},
};
use tenure_server::{
    clock::Clock,
    ops::{
        Actor,
        people::{self, NewUser},
        tokens,
    },
    random::Random,
    store::{
        Store,
        auth_counts::{self, Asked, Filter},
    },
};

use crate::{http::Connection, kill::number, server::Server, witness};

/// What was answered so long before the kill is counted.
const LOST_AT_MOST: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn trial_kill_nine_loses_at_most_five_seconds_of_counts() {
    let rounds = number("TENURE_TRIALS").unwrap_or(10).div_ceil(5);
    let seed = number("TENURE_TRIAL_SEED").unwrap_or_else(|| rand::make_rng::<StdRng>().random());
    println!("counted: {rounds} rounds with TENURE_TRIAL_SEED={seed}");
    let mut chances = StdRng::seed_from_u64(seed);
    for round in 1..=rounds {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite://{}/tenure.db", folder.path().display());
        let (plan, secret) = settle(&url).await;
        let server = Server::start(folder.path()).await;
        let life = Duration::from_millis(chances.random_range(6_000..10_000));
        let answered = ask(server.address, &secret, life).await;
        let killed = Instant::now();
        server.kill();
        let due = answered
            .iter()
            .filter(|at| killed.duration_since(**at) > LOST_AT_MOST)
            .count();
        let counted = usize::try_from(counted(&url, &plan).await).expect("few");
        println!(
            "counted: round {round}: killed after {life:?}, {} calls, {counted} counted, {due} of them due",
            answered.len()
        );
        assert!(due > 0, "the load was no load");
        assert!((due..=answered.len()).contains(&counted));
    }
}

/// A plan with a token.
async fn settle(url: &str) -> (PlanId, String) {
    let store = Store::connect(url).await.expect("opens");
    store.migrate().await.expect("migrates");
    let (random, now) = (Random::system(), Clock::system().now());
    let mut tx = store.write().await.expect("writes");
    let operator = &Actor::OPERATOR;
    let plan = people::create_plan(&mut tx, &random, now, operator, "Acme", Tier::Business);
    let plan = plan.await.expect("a plan").id;
    let new = NewUser {
        name: "Ada",
        email: "ada@acme.example",
        password_hash: "-",
    };
    let user = people::create_user(&mut tx, &random, now, operator, new).await;
    let user = user.expect("a user").id;
    people::join(&mut tx, now, operator, &user, &plan, Role::Member)
        .await
        .expect("joined");
    let (of, as_what) = ((&plan, &user), ("ci", &Scopes::default()));
    let actor = Actor::user(user.clone());
    let made = tokens::generate(&mut tx, &random, now, &actor, of, as_what).await;
    let (_, secret) = made.expect("a token");
    tx.commit().await.expect("committed");
    store.close().await;
    (plan, secret.reveal())
}

/// Calls with the token, one after the other, for so long; says when each was answered.
async fn ask(address: SocketAddr, secret: &str, life: Duration) -> Vec<Instant> {
    let bearer = format!("Bearer {secret}");
    let request = witness::request("GET", "/verify", &[("Authorization", &bearer)], None);
    let mut connection = Connection::open(address).await.expect("connects");
    let began = Instant::now();
    let mut answered = Vec::new();
    while began.elapsed() < life {
        let status = connection.status(&request).await.expect("an answer");
        assert_eq!(status, 200);
        answered.push(Instant::now());
    }
    answered
}

async fn counted(url: &str, plan: &PlanId) -> u64 {
    let store = Store::connect(url).await.expect("opens");
    let mut tx = store.read().await.expect("reads");
    let asked = Asked {
        plan: plan.as_str(),
        and_nobodys: false,
        width: MINUTE,
        span: [Timestamp::from_millis(0), Timestamp::MAX],
        filter: &Filter::default(),
    };
    let kinds = auth_counts::kinds(&mut tx, asked, 100).await.expect("read");
    drop(tx);
    store.close().await;
    kinds.iter().map(|kind| kind.calls).sum()
}
