//! `/verify` while what it sees is counted, against the same while nothing is, in turns.

use std::sync::Arc;

use crate::{
    data::{self, Data},
    load::{Load, Requests},
    numbers::report,
    serving,
    verification::{SLICE, WARM, print, rounds},
};

/// Tokens in use. Memory is bounded below that, so that its edge is part of what is measured.
const TOKENS: usize = 10_000;
/// Resources that are called.
const RESOURCES: usize = 10;

pub(crate) async fn measure(data: &Data) {
    let requests = requests();
    let (seeing, blind) = (serving::tenure(data).await, serving::blind(data).await);
    let mut seeing = Load::on(seeing.address, &requests).await;
    let mut blind = Load::on(blind.address, &requests).await;
    seeing.run_each_once().await;
    blind.run_each_once().await;
    for _ in 0..WARM / 2 {
        seeing.run(SLICE).await;
        blind.run(SLICE).await;
    }
    let (mut slices, mut floors, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for turn in 0..rounds() {
        // Neither always comes first.
        let (floor, slice) = if turn % 2 == 0 {
            let floor = blind.run(SLICE).await;
            (floor, seeing.run(SLICE).await)
        } else {
            let slice = seeing.run(SLICE).await;
            (blind.run(SLICE).await, slice)
        };
        ratios.push(slice.per_second / floor.per_second);
        floors.push(floor);
        slices.push(slice);
    }
    let what = "verify, counted against not, 10 000 of 1 000 000 tokens";
    report(what, &mut ratios, "at least 0.95", |ratio| ratio >= 0.95);
    print("  counted      ", &slices);
    print("  not          ", &floors);
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
