//! A policy change at many tokens and at few, in turns: how long, and how many rows.

use std::time::{Duration, Instant};

use tenure_domain::{
    period::{Period, Unit},
    plan::{Role, Tier},
    policy::{Terms, Wanted},
};
use tenure_server::{
    clock::Clock,
    ops::policies::{self, Ask, Outcome},
    store::{self, Store},
};

use crate::{
    data::Data,
    numbers::{median, micros, report},
};

const ROUNDS: u32 = 60;

pub(crate) async fn measure(many: &Data, few: &Data) {
    let (at_many, at_few) = (Changing::new(many).await, Changing::new(few).await);
    let (mut ratios, mut rows) = (Vec::new(), Vec::new());
    let (mut long, mut short) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let (took_few, rows_few) = at_few.change(round).await;
        let (took_many, rows_many) = at_many.change(round).await;
        ratios.push(took_many.as_secs_f64() / took_few.as_secs_f64());
        rows.push((rows_many, rows_few));
        long.push(took_many);
        short.push(took_few);
    }
    let what = "policy change, 1 000 000 tokens against 1 000";
    report(what, &mut ratios, "at most 2.00", |ratio| ratio <= 2.0);
    println!(
        "  {} against {}",
        micros(median(&mut long)),
        micros(median(&mut short))
    );
    rows.sort_unstable();
    rows.dedup();
    let verdict = if rows.iter().all(|(many, few)| many == few) {
        "reached"
    } else {
        "MISSED"
    };
    println!("  rows written, many and few: {rows:?}, aim the same: {verdict}");
}

/// A plan whose policy is changed again and again.
struct Changing<'a> {
    data: &'a Data,
    store: Store,
    clock: Clock,
}

impl<'a> Changing<'a> {
    async fn new(data: &'a Data) -> Self {
        let store = Store::connect(&data.url()).await.expect("opens");
        Self {
            data,
            store,
            clock: Clock::system(),
        }
    }

    /// From beginning the transaction until it is committed. Every second change ends most tokens.
    async fn change(&self, round: u32) -> (Duration, u64) {
        let started = Instant::now();
        let mut tx = self.store.write().await.expect("writes");
        let plan = &self.data.plan;
        let known = store::policies::history(&mut tx, plan)
            .await
            .expect("read")
            .expect("a plan");
        let days = if round.is_multiple_of(2) { 30 } else { 3_000 };
        let ask = Ask {
            plan: plan.clone(),
            tier: Tier::Enterprise,
            by: self.data.owner.clone(),
            role: Role::SystemAdmin,
            address: None,
            seen: known.history.seen_at(self.clock.now()),
            wanted: Wanted::Now(Terms::of_period(Period::new(days, Unit::Days).ok())),
            ends_at_most: None,
        };
        let outcome = policies::change(&mut tx, self.clock.now(), &ask)
            .await
            .expect("decided");
        assert!(matches!(outcome, Some(Outcome::Done(_))), "{outcome:?}");
        let rows = tx.rows_written();
        tx.commit().await.expect("committed");
        (started.elapsed(), rows)
    }
}
