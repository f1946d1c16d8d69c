//! `kill -9` at any instant, under mixed load: whatever was acknowledged is there afterwards, nothing
//! is there by half, the audit log is whole, and the server is ready again at once.

use std::{collections::BTreeMap, env, path::Path, time::Duration};

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use serde_json::Value;
use tenure_domain::id::{PlanId, TokenId};
use tenure_server::store::{Store, audit, policies, tokens};
use tokio::{task::JoinSet, time::sleep};

use crate::{
    brief::Brief,
    http::Connection,
    server::{self, READY_WITHIN, Server},
    witness::{Life, Witness, json, sign_in, verify},
};

const WITNESSES: u64 = 4;
const EMAIL: &str = "admin@acme.example";
const PASSWORD: &str = "tenure-trial";

pub(crate) fn number(name: &str) -> Option<u64> {
    let text = env::var(name).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{name} is no number: {text}")),
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn trial_what_was_acknowledged_survives_kill_nine() {
    let rounds = number("TENURE_TRIALS").unwrap_or(10);
    let seed = number("TENURE_TRIAL_SEED").unwrap_or_else(|| rand::make_rng::<StdRng>().random());
    println!("kill -9: {rounds} rounds with TENURE_TRIAL_SEED={seed}");
    let mut chances = StdRng::seed_from_u64(seed);
    let folder = tempfile::tempdir().expect("a temporary folder");

    let mut server = Server::start(folder.path()).await;
    let mut witness = settle(folder.path(), &server).await;
    let mut slowest = Duration::ZERO;
    for round in 1..=rounds {
        let mut living = JoinSet::new();
        for _ in 0..WITNESSES {
            living.spawn(witness.clone().live(chances.random()));
        }
        // The instant of the kill is a chance; it waits for nothing.
        sleep(Duration::from_micros(chances.random_range(1_000..700_000))).await;
        server.kill();
        while let Some(witness) = living.join_next().await {
            witness.expect("no witness saw a wrong answer");
        }
        server = Server::start(folder.path()).await;
        if server.ready_after > READY_WITHIN {
            busy_machine(round, server.ready_after).await;
        }
        slowest = slowest.max(server.ready_after);
        witness.address = server.address;
        let all = round == rounds;
        check_answers(&witness, all).await;
        witness.brief.check(witness.address).await;
        check_database(folder.path(), &witness).await;
    }
    let testimony = witness.testimony();
    let revoked = testimony
        .tokens
        .iter()
        .filter(|token| token.life == Life::Revoked)
        .count();
    println!(
        "kill -9: after {rounds} rounds {} tokens, {revoked} revocations and {} policy changes were all \
         there; {} verifications; {} of {} brief tokens expired for good; {} answers of 503; ready after \
         at most {slowest:?}",
        testimony.tokens.len(),
        testimony.policies.len(),
        testimony.verified,
        witness.brief.expired(),
        witness.brief.len(),
        testimony.unavailable,
    );
    assert!(
        !testimony.tokens.is_empty()
            && !testimony.policies.is_empty()
            && witness.brief.expired() > 0,
        "the load was no load"
    );
}

/// A start that took too long is excused only by a machine on which any start does at that moment.
async fn busy_machine(round: u64, ready_after: Duration) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let empty = Server::start(folder.path()).await.ready_after;
    println!(
        "round {round}: ready after {ready_after:?}; on an empty folder it takes {empty:?} now"
    );
    assert!(
        ready_after <= 2 * empty,
        "the data that the killed server left made the start slow"
    );
}

/// Makes the plans and their admin beside the running server, and signs in.
async fn settle(folder: &Path, server: &Server) -> Witness {
    let (made, plan) = server::run(
        folder,
        &[
            "admin",
            "create-plan",
            "--name",
            "Acme",
            "--tier",
            "enterprise",
        ],
        "",
    );
    assert!(made, "{plan}");
    let plan: Value = serde_json::from_str(&plan).expect("JSON");
    let plan = plan["plan"]["id"].as_str().expect("an id").to_owned();
    let user = ["admin", "create-user", "--email", EMAIL, "--plan", "Acme"];
    let rest = ["--role", "system_admin", "--password-stdin"];
    let (made, user) = server::run(folder, &[&user[..], &rest[..]].concat(), PASSWORD);
    assert!(made, "{user}");
    let cookie = sign_in(server.address, EMAIL, PASSWORD).await;
    let brief = Brief::settle(folder, EMAIL).await;
    Witness::new(server.address, cookie, plan, brief)
}

/// Nothing is there by half: what the log says and what the tables hold is the same.
async fn check_database(folder: &Path, witness: &Witness) {
    let (whole, found) = server::run(folder, &["audit", "verify"], "");
    assert!(whole, "{found}");
    let url = format!("sqlite://{}/tenure.db", folder.display());
    let store = Store::connect(&url).await.expect("opens");
    let mut tx = store.read().await.expect("reads");
    let mut logged: BTreeMap<String, Vec<Option<String>>> = BTreeMap::new();
    let mut last = 0;
    loop {
        let events = audit::since(&mut tx, last, 1_000).await.expect("read");
        let Some(newest) = events.last() else { break };
        last = newest.seq;
        for event in events {
            logged.entry(event.action).or_default().push(event.target);
        }
    }
    let count = |action: &str| logged.get(action).map_or(0, Vec::len);
    let (mut kept, mut changes) = (0, 0);
    for plan in [&PlanId(witness.plan.clone()), &witness.brief.plan] {
        kept += tokens::count(&mut tx, plan).await.expect("counted");
        let known = policies::history(&mut tx, plan).await.expect("read");
        changes += known.expect("a plan").history.versions().count() - 1;
    }
    assert_eq!(usize::try_from(kept), Ok(count("token_generated")));
    assert_eq!(changes, count("policy_changed"));
    for id in logged.get("token_revoked").into_iter().flatten().flatten() {
        let hash = tokens::hash(&mut tx, &TokenId(id.clone()))
            .await
            .expect("read");
        let token = tokens::by_hash(&mut tx, &hash.expect("a token"))
            .await
            .expect("read");
        assert!(
            token.is_some_and(|token| token.facts.revoked.is_some()),
            "{id} by half"
        );
    }
    drop(tx);
    store.close().await;
}

/// Everything that was acknowledged is there, as the server itself answers. Tokens that were there
/// after an earlier kill are asked for again at the end.
async fn check_answers(witness: &Witness, all: bool) {
    let mut connection = Connection::open(witness.address).await.expect("connects");
    let known = witness.testimony().tokens.clone();
    let unchecked = if all {
        0
    } else {
        witness.testimony().unchanged
    };
    let mut found = known[..unchecked].to_vec();
    for mut token in known.into_iter().skip(unchecked) {
        let works = verify(&mut connection, &token.secret)
            .await
            .expect("an answer")
            .works()
            .expect("a server that nobody else uses can say");
        match token.life {
            Life::Uncertain => token.life = if works { Life::Works } else { Life::Revoked },
            life => assert_eq!(works, life == Life::Works, "{token:?}"),
        }
        found.push(token);
    }
    witness.testimony().were_found(found);

    let path = format!("/api/v1/plans/{}/expiration-policy/history", witness.plan);
    let mut versions = BTreeMap::new();
    let mut query = String::new();
    loop {
        let request = witness.request("GET", &format!("{path}?limit=100{query}"), &[], None);
        let page = json(&connection.call(&request).await.expect("an answer"));
        for version in page["items"].as_array().expect("items") {
            versions.insert(version["version"].as_u64(), version["period"].clone());
        }
        match page["next_cursor"].as_str() {
            Some(cursor) => query = format!("&cursor={cursor}"),
            None => break,
        }
    }
    for (version, period) in &witness.testimony().policies {
        assert_eq!(
            versions.get(&Some(*version)),
            Some(period),
            "the acknowledged policy version {version}"
        );
    }
}
