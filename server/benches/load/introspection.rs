//! `/oauth/introspect` against a handler that does nothing and against npm `oidc-provider`, in turns.

use std::{sync::Arc, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{
    MANY,
    data::{self, Data},
    http::Connection,
    load::{Load, Requests, Slice},
    numbers::{report, spread},
    oidc::Oidc,
    serving::{self, Serving},
    verification::{SLICE, WARM, print, rounds},
};

pub(crate) const PATH: &str = "/oauth/introspect";

/// Answers that are looked at as a whole: load alone sees only that they are 200.
const LOOKED_AT: usize = 500;

/// How long the others are called while Tenure warms up, or their connections would be closed as idle.
const KEEP: Duration = Duration::from_millis(20);

pub(crate) async fn measure(data: &Data) {
    let oidc = Oidc::start(&data.api).await;
    let all = requests(PATH, &data.api, (0..data.size).map(data::text));
    assert_eq!(all.len(), MANY);
    let hot = Requests::new(all[..10_000].to_vec());
    compare("introspect, any of 1 000 000 tokens", data, &all, &oidc).await;
    compare("introspect, 10 000 of 1 000 000 tokens", data, &hot, &oidc).await;
}

/// Introspection of each of these tokens, by a client with HTTP basic authentication.
fn requests(
    path: &str,
    (id, secret): &(String, String),
    tokens: impl Iterator<Item = String>,
) -> Requests {
    let credentials = STANDARD.encode(format!("{id}:{secret}"));
    let request = |token: String| {
        // Neither server's tokens have characters that a form escapes.
        let body = format!("token={token}");
        let length = body.len();
        format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {credentials}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .into_bytes()
        .into_boxed_slice()
    };
    Arc::new(tokens.map(request).collect())
}

/// Tenure, the bare handler and `oidc-provider` in turns, once each of Tenure's tokens was asked for.
async fn compare(what: &str, data: &Data, asked: &Requests, oidc: &Oidc) {
    let of_oidc = requests(&oidc.path, &data.api, oidc.tokens.iter().cloned());
    let (bare, serving) = (serving::bare().await, serving::tenure(data).await);
    let mut tenure = Load::on(serving.address, asked).await;
    let first_time = tenure.run_each_once().await;
    let mut floor = Load::on(bare.address, asked).await;
    let mut other = Load::on(oidc.address, &of_oidc).await;
    for _ in 0..WARM {
        tenure.run(SLICE).await;
        floor.run(KEEP).await;
        // Its compiler wants to warm up too.
        other.run(SLICE / 4).await;
    }
    let (mut slices, mut floors, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds() {
        floors.push(floor.run(SLICE).await);
        slices.push(tenure.run(SLICE).await);
        others.push(other.run(SLICE).await);
    }
    all_active(&serving, asked, oidc, &of_oidc).await;
    spread(
        &format!("{what}, beside bare"),
        &mut ratios(&slices, &floors),
    );
    print("  tenure       ", &slices);
    print("  bare         ", &floors);
    print("  not in memory", &[first_time]);
    let times = format!("{what}, times oidc-provider");
    report(
        &times,
        &mut ratios(&slices, &others),
        "at least 3.00",
        |ratio| ratio >= 3.0,
    );
    print("  oidc-provider", &others);
}

fn ratios(slices: &[Slice], others: &[Slice]) -> Vec<f64> {
    let pairs = slices.iter().zip(others);
    pairs
        .map(|(slice, other)| slice.per_second / other.per_second)
        .collect()
}

/// Both servers say of tokens from the whole of the load that they work.
async fn all_active(tenure: &Serving, asked: &Requests, oidc: &Oidc, of_oidc: &Requests) {
    for (address, requests) in [(tenure.address, asked), (oidc.address, of_oidc)] {
        let mut connection = Connection::open(address).await.expect("connects");
        for request in requests.iter().step_by(requests.len().div_ceil(LOOKED_AT)) {
            let answer = connection.call(request).await.expect("an answer");
            let body: serde_json::Value = serde_json::from_slice(&answer.body).expect("JSON");
            assert_eq!(body["active"], true, "{body}");
        }
    }
}
