//! Somebody with the database's password tampers with the audit log at random, in five ways: `audit verify`
//! finds every one of them.
//!
//! Whoever writes the end of the chain anew as well is found by a hash that was noted elsewhere, and by
//! nothing in the database.

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use serde_json::json;
use tenure_domain::{
    id::{PlanId, UserId},
    time::Timestamp,
};
use tenure_server::{
    cli::audit::{unhex, verify},
    store::{
        Store,
        audit::{self, Action, Event},
        audit_chain::{self, Columns},
    },
};

use crate::{hand, kill::number};

/// Events in the log.
const EVENTS: i64 = 60;

/// A way to tamper with a log.
type Way = fn(&mut StdRng) -> String;

const WAYS: [(&str, Way); 5] = [
    ("flip", flip),
    ("delete", delete),
    ("insert", insert),
    ("reorder", reorder),
    ("truncate", truncate),
];

/// The log, and the hand that tampers with it.
struct Victim {
    store: Store,
    url: String,
    _folder: tempfile::TempDir,
}

impl Victim {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite://{}/tenure.db", folder.path().display());
        let store = Store::connect(&url).await.expect("connects");
        store.migrate().await.expect("migrates");
        let mut tx = store.write().await.expect("writes");
        for number in 1..=EVENTS {
            let action = Action::ALL[usize::try_from(number).unwrap_or(0) % Action::ALL.len()];
            let event = Event {
                at: Timestamp::from_millis(1_771_579_987_000 + number),
                plan: (number % 3 != 0).then(|| PlanId("acme".to_owned())),
                actor: (number % 4 != 0).then(|| UserId("ada".to_owned())),
                actor_address: (number % 5 != 0).then(|| "203.0.113.7".to_owned()),
                action,
                target: (number % 7 != 0).then(|| format!("target {number}")),
                details: json!({ "number": number }),
            };
            audit::append(&mut tx, &event).await.expect("logged");
        }
        tx.commit().await.expect("committed");
        let victim = Self {
            store,
            url,
            _folder: folder,
        };
        victim
            .run(
                "drop trigger audit_events_no_update; drop trigger audit_events_no_delete; \
                 create table kept as select * from audit_events; \
                 create table kept_head as select * from audit_head"
                    .to_owned(),
            )
            .await;
        victim
    }

    async fn run(&self, sql: String) {
        hand::run(&self.url, &sql).await;
    }

    async fn restore(&self) {
        let sql = "begin; delete from audit_events; insert into audit_events select * from kept; \
                   delete from audit_head; insert into audit_head select * from kept_head; commit";
        self.run(sql.to_owned()).await;
    }

    async fn is_whole(&self) -> bool {
        verify(&self.store, None).await.expect("it can be read").1
    }
}

fn chances(what: &str, rounds: u64) -> StdRng {
    let seed = number("TENURE_TRIAL_SEED").unwrap_or_else(|| rand::make_rng::<StdRng>().random());
    println!("{what}: {rounds} rounds with TENURE_TRIAL_SEED={seed}");
    StdRng::seed_from_u64(seed)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn trial_whatever_is_done_to_the_log_is_found() {
    let rounds = number("TENURE_TRIALS").unwrap_or(10);
    let mut chances = chances("tampering", rounds);
    let victim = Victim::new().await;
    for (name, way) in WAYS {
        for _ in 0..rounds {
            assert!(victim.is_whole().await, "it is restored before {name}");
            let sql = way(&mut chances);
            victim.run(format!("begin; {sql}; commit")).await;
            assert!(!victim.is_whole().await, "{name} is not found: {sql}");
            victim.restore().await;
        }
    }
    println!("tampering: {} of {} were found", rounds * 5, rounds * 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn trial_a_log_whose_end_was_written_anew_is_found_by_a_hash_that_was_noted() {
    let rounds = number("TENURE_TRIALS").unwrap_or(10);
    let mut chances = chances("rewriting the end", rounds);
    let victim = Victim::new().await;
    let (found, _) = verify(&victim.store, None).await.expect("read");
    let noted = unhex(found["hash"].as_str().expect("a hash"));
    assert!(noted.is_some());
    for _ in 0..rounds {
        let (_, whole) = verify(&victim.store, noted).await.expect("read");
        assert!(whole, "nobody has done anything to it");
        let last = chances.random_range(1..EVENTS);
        let sql = format!(
            "delete from audit_events where seq > {last}; update audit_head set seq = {last}, \
             hash = (select hash from audit_events where seq = {last})"
        );
        victim.run(sql).await;
        assert!(victim.is_whole().await, "the database alone cannot tell");
        let (found, whole) = verify(&victim.store, noted).await.expect("read");
        assert!(!whole, "{found}");
        victim.restore().await;
    }
}

/// Another value in one column of one event, or of the end of the chain.
fn flip(chances: &mut StdRng) -> String {
    let seq = chances.random_range(1..=EVENTS);
    let bit = |chances: &mut StdRng| 1_i64 << chances.random_range(8..40);
    let columns = [
        "seq",
        "at",
        "plan_id",
        "actor_id",
        "actor_address",
        "action",
        "target",
        "details",
        "prev_hash",
        "hash",
        "head.seq",
        "head.hash",
    ];
    let column = columns[chances.random_range(0..columns.len())];
    let new = match column {
        "head.seq" => {
            let seq = (seq + chances.random_range(0..EVENTS)) % (2 * EVENTS);
            let seq = if seq == EVENTS { 0 } else { seq };
            return format!("update audit_head set seq = {seq}");
        }
        "head.hash" => return format!("update audit_head set hash = {}", flipped("hash", chances)),
        "seq" | "at" => format!("{column} + {}", bit(chances)),
        "prev_hash" | "hash" => flipped(column, chances),
        "action" | "details" => other_text(column, chances),
        _ if chances.random_range(0..4) == 0 => {
            format!("case when {column} is null then '' else null end")
        }
        _ => format!("coalesce({}, 'x')", other_text(column, chances)),
    };
    format!("update audit_events set {column} = {new} where seq = {seq}")
}

/// The 32 bytes with one of them replaced by another one.
fn flipped(column: &str, chances: &mut StdRng) -> String {
    let byte = chances.random_range(0..32);
    let hex = format!("hex({column})");
    // One digit of the two is changed to another.
    let place = 2 * byte + chances.random_range(1..=2);
    let digit = format!("substr({hex}, {place}, 1)");
    format!(
        "unhex(substr({hex}, 1, {place} - 1) || case when {digit} = 'A' then 'B' else 'A' end \
         || substr({hex}, {place} + 1))"
    )
}

/// The text with one character replaced by another one; an empty text with one.
fn other_text(column: &str, chances: &mut StdRng) -> String {
    let place = format!(
        "(1 + {} % max(length({column}), 1))",
        chances.random_range(0..97)
    );
    let letter = format!("substr({column}, {place}, 1)");
    format!(
        "substr({column}, 1, {place} - 1) || case when {letter} = 'q' then 'r' else 'q' end \
         || substr({column}, {place} + 1)"
    )
}

fn delete(chances: &mut StdRng) -> String {
    let seq = chances.random_range(1..=EVENTS);
    match chances.random_range(0..2) {
        // The later ones close the gap, as a careful hand would do it.
        0 => format!(
            "delete from audit_events where seq = {seq}; \
             update audit_events set seq = seq + 1000 where seq > {seq}; \
             update audit_events set seq = seq - 1001 where seq > 1000"
        ),
        _ => format!("delete from audit_events where seq = {seq}"),
    }
}

/// An event that follows the one before it as it should; room is made for it.
fn insert(chances: &mut StdRng) -> String {
    let seq = chances.random_range(2..=EVENTS + 1);
    let details = json!({ "chance": chances.random_range(0..1_000_000) }).to_string();
    let columns = Columns {
        seq,
        at: 1_771_579_987_000,
        plan_id: None,
        actor_id: None,
        actor_address: None,
        action: Action::SignedIn.as_str(),
        target: None,
        details: &details,
    };
    // A hash that is right but for the one before it, which the hand takes as it is.
    let hash = audit_chain::hash(&[0; 32], &columns);
    let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    let relinked = match chances.random_range(0..2) {
        0 => format!("; update audit_events set prev_hash = x'{hash}' where seq = {seq} + 1"),
        _ => String::new(),
    };
    format!(
        "update audit_events set seq = seq + 1000 where seq >= {seq}; \
         update audit_events set seq = seq - 999 where seq > 1000; \
         insert into audit_events (seq, at, action, details, prev_hash, hash) \
         select {seq}, {}, '{}', '{details}', hash, x'{hash}' from audit_events where seq = {seq} - 1{relinked}",
        columns.at, columns.action
    )
}

fn reorder(chances: &mut StdRng) -> String {
    let one = chances.random_range(1..=EVENTS);
    let other = 1 + (one - 1 + chances.random_range(1..EVENTS)) % EVENTS;
    format!(
        "update audit_events set seq = 1000 where seq = {one}; \
         update audit_events set seq = {one} where seq = {other}; \
         update audit_events set seq = {other} where seq = 1000"
    )
}

fn truncate(chances: &mut StdRng) -> String {
    let last = chances.random_range(0..EVENTS);
    format!("delete from audit_events where seq > {last}")
}
