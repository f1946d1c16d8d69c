//! The first page of API Access for somebody with many tokens and for somebody with few, in turns.

use std::time::{Duration, Instant};

use crate::{
    data::Data,
    http::Connection,
    numbers::{median, micros, report},
    serving::{self, Serving},
};

const ROUNDS: usize = 400;

pub(crate) async fn measure(many: &Data, few: &Data) {
    let (mut at_many, mut at_few) = (Reader::of(many).await, Reader::of(few).await);
    let (mut ratios, mut long, mut short) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (took_few, took_many) = (at_few.read().await, at_many.read().await);
        ratios.push(took_many.as_secs_f64() / took_few.as_secs_f64());
        long.push(took_many);
        short.push(took_few);
    }
    let what = "API Access, first page, 1 000 000 tokens against 1 000";
    report(what, &mut ratios, "at most 2.00", |ratio| ratio <= 2.0);
    println!(
        "  {} against {}",
        micros(median(&mut long)),
        micros(median(&mut short))
    );
}

/// Somebody who is signed in.
struct Reader {
    connection: Connection,
    request: Vec<u8>,
    _serving: Serving,
}

impl Reader {
    async fn of(data: &Data) -> Self {
        let serving = serving::tenure(data).await;
        let session = &data.session;
        let request = format!(
            "GET /api/v1/me/tokens HTTP/1.1\r\nHost: localhost\r\nCookie: tenure_session={session}\r\n\r\n"
        );
        Self {
            connection: Connection::open(serving.address).await.expect("connects"),
            request: request.into_bytes(),
            _serving: serving,
        }
    }

    async fn read(&mut self) -> Duration {
        let started = Instant::now();
        let answer = self
            .connection
            .call(&self.request)
            .await
            .expect("an answer");
        let took = started.elapsed();
        assert_eq!(
            answer.status,
            200,
            "{}",
            String::from_utf8_lossy(&answer.body)
        );
        let body: serde_json::Value = serde_json::from_slice(&answer.body).expect("JSON");
        assert_eq!(
            body["items"].as_array().map(Vec::len),
            Some(50),
            "a whole page"
        );
        took
    }
}
