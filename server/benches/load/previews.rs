//! The preview of a policy at many tokens and at few, in turns: the whole call, as the console makes it.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::{
    data::Data,
    http::Connection,
    numbers::{median, micros, percentile, report, spread},
    serving::{self, Serving},
};

const ROUNDS: usize = 40;
/// The longest that a preview may take, however many tokens there are.
const LIMIT: Duration = Duration::from_millis(500);

pub(crate) async fn measure(many: &Data, few: &Data) {
    let (mut at_many, mut at_few) = (Asker::of(many).await, Asker::of(few).await);
    let days = |amount: u16| json!({ "amount": amount, "unit": "days" });
    let hours = json!({ "amount": 1_001, "unit": "hours" });
    let none = || Value::Null;
    for (name, period, inactivity, has_aim) in [
        ("90 days, which end two thirds", days(90), none(), true),
        ("1 000 days, which end none", days(1_000), none(), true),
        ("turned off", none(), none(), true),
        ("1 001 hours, which cut through days", hours, none(), false),
        ("30 days unused", none(), days(30), false),
        ("200 days, or 90 days unused", days(200), days(90), false),
    ] {
        let body = json!({ "period": period, "inactivity": inactivity });
        let (mut ratios, mut long, mut short) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let (took_few, took_many) = (at_few.ask(&body).await, at_many.ask(&body).await);
            ratios.push(took_many.as_secs_f64() / took_few.as_secs_f64());
            long.push(took_many);
            short.push(took_few);
        }
        let what = format!("preview of {name}, 1 000 000 tokens against 1 000");
        match has_aim {
            true => report(&what, &mut ratios, "at most 3.00", |ratio| ratio <= 3.0),
            false => spread(&what, &mut ratios),
        }
        let longest = percentile(&mut long, 1.0);
        let verdict = if longest <= LIMIT {
            "reached"
        } else {
            "MISSED"
        };
        println!(
            "  {} against {}; at most {}, aim 500 ms: {verdict}",
            micros(median(&mut long)),
            micros(median(&mut short)),
            micros(longest)
        );
    }
}

/// A System Admin who is signed in.
struct Asker {
    connection: Connection,
    head: String,
    _serving: Serving,
}

impl Asker {
    async fn of(data: &Data) -> Self {
        let serving = serving::tenure(data).await;
        let (plan, session) = (&data.plan, &data.session);
        let head = format!(
            "POST /api/v1/plans/{plan}/expiration-policy/preview HTTP/1.1\r\nHost: localhost\r\n\
             Cookie: tenure_session={session}\r\nContent-Type: application/json\r\n"
        );
        Self {
            connection: Connection::open(serving.address).await.expect("connects"),
            head,
            _serving: serving,
        }
    }

    async fn ask(&mut self, body: &Value) -> Duration {
        let (head, body) = (&self.head, body.to_string());
        let request = format!("{head}Content-Length: {}\r\n\r\n{body}", body.len());
        let started = Instant::now();
        let answer = self.connection.call(request.as_bytes()).await;
        let took = started.elapsed();
        let answer = answer.expect("an answer");
        let text = String::from_utf8_lossy(&answer.body);
        assert_eq!(answer.status, 200, "{text}");
        took
    }
}
