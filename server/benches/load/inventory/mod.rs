//! The list of a plan's tokens at 1 000 000 of them, on SQLite and on PostgreSQL: each filter in each order, the
//! first page and later ones, the whole call as the console makes it.

mod fill;
mod questions;

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use tenure_domain::id::PlanId;

use crate::{
    data,
    engines::{self, Postgres},
    http::Connection,
    numbers::{median, micros, percentile},
    serving,
};

/// How often each first page is asked for.
const FIRST: usize = 20;
/// Later pages: so many behind the first one, and so many further down.
const LATER: usize = 10;
/// How many whole pages lie between those.
const SKIPPED: usize = 5;
/// Tokens on a page that is skipped: as many as there may be.
const WHOLE: usize = 200;
/// The longest that a page may take.
const LIMIT: Duration = Duration::from_millis(100);

pub(crate) async fn measure() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/bench-data");
    fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join(format!("inventory-{}.db", fill::VERSION));
    let made = folder.join("inventory.making");
    let url = |file: &Path| format!("sqlite://{}", file.display());
    if !file.exists() {
        let _ = fs::remove_file(&made);
        fill::fill(&url(&made)).await;
        fs::rename(&made, &file).expect("renamed");
    }
    on("SQLite", &url(&file)).await;
    let postgres = Postgres::create("inventory").await;
    fill::fill(&postgres.url).await;
    on("PostgreSQL", &postgres.url).await;
    postgres.drop().await;
}

async fn on(engine: &str, url: &str) {
    for (inactivity, rules) in [
        (None, "200 days"),
        (Some(90), "200 days, or 90 days unused"),
    ] {
        let mut caller = Caller::enter(url, inactivity).await;
        println!("tokens of a plan, 1 000 000 of them, {engine}, {rules}:");
        println!(
            "  first pages and later ones, each by its median and its longest 95th percentile"
        );
        let mut longest = Duration::ZERO;
        for (name, filter) in questions::filters() {
            let mut times = Vec::new();
            for order in questions::ORDERS {
                let took = caller.ask(&filter, order).await;
                if filter.is_empty() {
                    let name = format!("  by {order}");
                    longest = longest.max(print(&name, &[(order, took.clone())]));
                }
                times.push((order, took));
            }
            longest = longest.max(print(name, &times));
        }
        let verdict = if longest <= LIMIT {
            "reached"
        } else {
            "MISSED"
        };
        println!("  the longest {}, aim 100 ms: {verdict}", micros(longest));
        caller.serving.end().await;
    }
}

/// How long the pages of one list took.
#[derive(Clone, Default)]
struct Times {
    first: Vec<Duration>,
    later: Vec<Duration>,
    /// Tokens on the first page.
    found: usize,
}

/// One line for lists of the same filter, each with its order; the longest of them.
fn print(name: &str, lists: &[(&str, Times)]) -> Duration {
    let (first, by_first) = sum_up(lists, |times| &times.first);
    let (later, by_later) = sum_up(lists, |times| &times.later);
    let found = lists.iter().map(|(_, times)| times.found);
    let (least, most) = (found.clone().min(), found.max());
    println!(
        "  {name:<26} | {} | {} | {} to {} on the first page",
        told(first),
        told(later),
        least.unwrap_or_default(),
        most.unwrap_or_default(),
    );
    by_first.max(by_later)
}

/// A median, the longest 95th percentile of the lists, and whose that is.
type Sum<'a> = Option<(Duration, Duration, &'a str)>;

fn sum_up<'a>(
    lists: &[(&'a str, Times)],
    of: impl Fn(&Times) -> &Vec<Duration>,
) -> (Sum<'a>, Duration) {
    let mut all: Vec<Duration> = lists
        .iter()
        .flat_map(|(_, times)| of(times).iter().copied())
        .collect();
    let each = lists.iter().filter(|(_, times)| !of(times).is_empty());
    let slowest = each
        .map(|(order, times)| (percentile(&mut of(times).clone(), 0.95), *order))
        .max();
    match slowest {
        Some((longest, order)) => (Some((median(&mut all), longest, order)), longest),
        None => (None, Duration::ZERO),
    }
}

fn told(sum: Sum<'_>) -> String {
    let told = sum.map(|(middle, longest, order)| {
        format!("{}, {} ({order})", micros(middle), micros(longest))
    });
    format!("{:<36}", told.unwrap_or_else(|| "none".to_owned()))
}

/// The plan's admin, signed in.
struct Caller {
    connection: Connection,
    plan: PlanId,
    session: String,
    serving: serving::Serving,
}

/// A page: how long it took, how many tokens it had, and where the next one begins.
struct Page {
    took: Duration,
    found: usize,
    next: Option<String>,
}

impl Caller {
    /// Sets the rule about unused tokens, and signs the admin in.
    async fn enter(url: &str, inactivity: Option<i64>) -> Self {
        let rule = inactivity.map_or_else(
            || {
                "inactivity_amount = null, inactivity_unit = null, idle_before = -9223372036854775808"
                    .to_owned()
            },
            |days| format!("inactivity_amount = {days}, inactivity_unit = 'days'"),
        );
        let sql = format!("update policy_versions set {rule} where version = 1");
        engines::run(url, &[sql]).await;
        let (plan, session) = data::sign_in(url).await;
        let serving = serving::tenure_at(url.to_owned()).await;
        Self {
            connection: Connection::open(serving.address).await.expect("connects"),
            plan,
            session,
            serving,
        }
    }

    /// Reads a list: its first page often, then on.
    async fn ask(&mut self, filter: &str, order: &str) -> Times {
        let query = format!("{filter}&sort={order}");
        let mut times = Times::default();
        let mut next = None;
        for _ in 0..FIRST {
            let page = self.page(&query).await;
            times.first.push(page.took);
            (times.found, next) = (page.found, page.next);
        }
        for number in 0..2 * LATER {
            if number == LATER {
                next = self.skip(&query, next).await;
            }
            let Some(at) = next else { break };
            let page = self.page(&format!("{query}&cursor={at}")).await;
            times.later.push(page.took);
            next = page.next;
        }
        times
    }

    async fn skip(&mut self, query: &str, mut next: Option<String>) -> Option<String> {
        for _ in 0..SKIPPED {
            let at = next?;
            let query = format!("{query}&limit={WHOLE}&cursor={at}");
            next = self.page(&query).await.next;
        }
        next
    }

    async fn page(&mut self, query: &str) -> Page {
        let (plan, session) = (&self.plan, &self.session);
        let request = format!(
            "GET /api/v1/plans/{plan}/tokens?{query} HTTP/1.1\r\nHost: localhost\r\nCookie: tenure_session={session}\r\n\r\n"
        );
        let started = Instant::now();
        let answer = self.connection.call(request.as_bytes()).await;
        let (took, answer) = (started.elapsed(), answer.expect("an answer"));
        let text = String::from_utf8_lossy(&answer.body);
        assert_eq!(answer.status, 200, "{query}: {text}");
        let body: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        Page {
            took,
            found: body["items"].as_array().map_or(0, Vec::len),
            next: body["next_cursor"].as_str().map(str::to_owned),
        }
    }
}
