//! `/verify` while what it sees is counted, against the same while nothing is, in short turns of either, so that
//! what else the machine does meets both alike.
//!
//! In each round either is used for as long as lies between two writings of what was seen, and in that time what
//! was seen is written once, under load: so its price is in the ratio. No job writes it meanwhile, or it would
//! burden whoever's turn it is.

use std::{sync::Arc, time::Duration};

use tenure_server::AppState;

use crate::{
    data::{self, Data},
    load::{Load, Requests, Slice},
    numbers::{median, micros, report, spread},
    serving,
    verification::{SLICE, WARM, print, rounds},
};

/// Tokens in use. Memory is bounded below that, so that its edge is part of what is measured.
const TOKENS: usize = 10_000;
/// Resources that are called.
const RESOURCES: usize = 10;
const TURN: Duration = Duration::from_millis(250);
/// A turn in which what was seen is written, and the one that it is held against.
const WRITING: Duration = Duration::from_secs(1);
/// Four turns each (counted, not, not, counted), so often in a round: with those of writing 3 seconds of either.
const FOURS: usize = 4;

pub(crate) async fn measure(data: &Data) {
    let requests = requests();
    let ((seeing, state), (blind, blind_state)) =
        (serving::idle(data).await, serving::idle(data).await);
    blind_state.sightings.see_nothing();
    let mut turns = Turns {
        counted: Load::on(seeing.address, &requests).await,
        not: Load::on(blind.address, &requests).await,
        state,
        fours: Vec::new(),
        written: Vec::new(),
    };
    turns.warm().await;
    let (mut counted, mut not, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds() {
        let (slices, floors) = turns.round().await;
        ratios.push(rate(&slices) / rate(&floors));
        counted.extend(slices);
        not.extend(floors);
    }
    let what = "verify, counted and written against not, 10 000 of 1 000 000 tokens";
    report(what, &mut ratios, "at least 0.95", |ratio| ratio >= 0.95);
    spread("  counted alone, four turns at a time", &mut turns.fours);
    println!(
        "  what was seen in 3 s is written in {} under load",
        micros(median(&mut turns.written))
    );
    print("  counted      ", &counted);
    print("  not          ", &not);
}

struct Turns {
    counted: Load,
    not: Load,
    /// The counting server's.
    state: AppState,
    fours: Vec<f64>,
    written: Vec<Duration>,
}

impl Turns {
    /// Each token was seen, and both have run for a while.
    async fn warm(&mut self) {
        self.counted.run_each_once().await;
        self.not.run_each_once().await;
        for _ in 0..WARM / 2 {
            self.counted.run(SLICE).await;
            self.write().await;
            self.not.run(SLICE).await;
        }
    }

    /// The slices of a round, counted and not.
    async fn round(&mut self) -> (Vec<Slice>, Vec<Slice>) {
        let (mut counted, mut not) = (Vec::new(), Vec::new());
        for _ in 0..FOURS {
            let first = self.counted.run(TURN).await;
            let floors = [self.not.run(TURN).await, self.not.run(TURN).await];
            let slices = [first, self.counted.run(TURN).await];
            self.fours.push(rate(&slices) / rate(&floors));
            counted.extend(slices);
            not.extend(floors);
        }
        let state = self.state.clone();
        let (slice, written) = tokio::join!(self.counted.run(WRITING), write(&state));
        assert!(written < WRITING, "all of it is in the turn: {written:?}");
        self.written.push(written);
        counted.push(slice);
        not.push(self.not.run(WRITING).await);
        (counted, not)
    }

    async fn write(&self) {
        write(&self.state).await;
    }
}

/// Writes what was seen, as a job does; how long it took.
async fn write(state: &AppState) -> Duration {
    let started = std::time::Instant::now();
    let now = state.clock.now();
    let written = state.sightings.flush(&state.store, now).await;
    written.expect("written");
    started.elapsed()
}

/// Calls a second, over all of them.
fn rate(slices: &[Slice]) -> f64 {
    let calls = |slice: &Slice| f64::from(u32::try_from(slice.latencies.len()).expect("few"));
    let seconds: f64 = slices
        .iter()
        .map(|slice| calls(slice) / slice.per_second)
        .sum();
    slices.iter().map(calls).sum::<f64>() / seconds
}

/// As a proxy asks: with the program, the host and the path of the call that it guards.
fn requests() -> Requests {
    let request = |number| {
        let (text, resource) = (data::text(number), number % RESOURCES);
        format!(
            "GET /verify HTTP/1.1\r\nHost: localhost\r\nUser-Agent: curl/8.14.1\r\n\
             X-Forwarded-Host: api.example\r\nX-Forwarded-Uri: /resource-{resource}/{number}\r\n\
             Authorization: Bearer {text}\r\n\r\n"
        )
        .into_bytes()
        .into_boxed_slice()
    };
    Arc::new((0..TOKENS).map(request).collect())
}
