//! `/verify` against a handler that does nothing, in turns.

use std::{env, time::Duration};

use crate::{
    MANY,
    data::Data,
    load::{self, Load, Requests, Slice},
    numbers::{median, micros, percentile, report},
    serving,
};

pub(crate) const SLICE: Duration = Duration::from_secs(1);
/// How many slices Tenure is used, once it has seen every token, before anything counts: a server that
/// has run for a while is the usual case.
pub(crate) const WARM: u64 = 20;

pub(crate) async fn measure(data: &Data) {
    let pairs = rounds();
    let all = load::requests(data.size);
    let hot = Requests::new(all[..10_000].to_vec());
    assert_eq!(all.len(), MANY);
    against_bare("verify, any of 1 000 000 tokens", data, &all, pairs).await;
    against_bare("verify, 10 000 of 1 000 000 tokens", data, &hot, pairs).await;
}

/// How many slices of Tenure are measured, and as many of what it is measured against.
pub(crate) fn rounds() -> usize {
    let seconds = env::var("TENURE_BENCH_SECONDS")
        .ok()
        .and_then(|text| text.parse().ok());
    seconds.unwrap_or(20_usize).div_ceil(2).max(1)
}

/// Tenure against the bare handler, once it has verified each of the tokens.
async fn against_bare(what: &str, data: &Data, requests: &Requests, pairs: usize) {
    let (bare, tenure) = (serving::bare().await, serving::tenure(data).await);
    let mut tenure = Load::on(tenure.address, requests).await;
    let first_time = tenure.run_each_once().await;
    let mut bare = Load::on(bare.address, requests).await;
    for _ in 0..WARM {
        tenure.run(SLICE).await;
        // Or its connections would be closed as idle ones.
        bare.run(Duration::from_millis(20)).await;
    }
    let (mut slices, mut floors, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..pairs {
        let floor = bare.run(SLICE).await;
        let slice = tenure.run(SLICE).await;
        ratios.push(slice.per_second / floor.per_second);
        floors.push(floor);
        slices.push(slice);
    }
    report(what, &mut ratios, "at least 0.50", |ratio| ratio >= 0.5);
    print("  tenure       ", &slices);
    print("  bare         ", &floors);
    print("  not in memory", &[first_time]);
}

/// Rate, latencies and processor time of some slices.
pub(crate) fn print(who: &str, slices: &[Slice]) {
    let mut rates: Vec<f64> = slices.iter().map(|slice| slice.per_second).collect();
    let mut processor: Vec<f64> = slices.iter().map(|slice| slice.micros).collect();
    let mut latencies: Vec<Duration> = slices
        .iter()
        .flat_map(|slice| &slice.latencies)
        .copied()
        .collect();
    println!(
        "{who}: {:.0}/s, p50 {}, p99 {}, {:.1} microseconds of processor time a call",
        median(&mut rates),
        micros(median(&mut latencies)),
        micros(percentile(&mut latencies, 0.99)),
        median(&mut processor),
    );
}
