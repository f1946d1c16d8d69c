//! Auth health at a plan that has counted for 90 days all that there may be counts of, on SQLite and on
//! PostgreSQL: each window, and the tokens behind it, the whole call as the console makes it.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use tenure_domain::{
    id::PlanId,
    time::{DAY, HOUR, MINUTE, Timestamp},
};
use tenure_server::{clock::Clock, random::Random, store::Store};

use crate::{
    data::{self, settle},
    engines::{self, Postgres, is_sqlite},
    http::Connection,
    numbers::{median, micros, percentile},
    serving,
};

const ROUNDS: usize = 10;
/// The longest that an answer may take.
const LIMIT: Duration = Duration::from_millis(200);
/// Combinations of outcome, resource and client in each hour: all that are told apart.
const KINDS: i64 = 200;
/// The same in each day.
const KINDS_OF_DAY: i64 = 500;
/// A span that has no aim.
const PROGRAMS: &str = "90 days of tokens";
const RESOURCES: i64 = 50;
const CLIENTS: i64 = 200;
/// Tokens that are in use, each with as many callers as are kept.
const TOKENS: i64 = 10_000;
const CALLERS: i64 = 50;
/// Refused calls within a day.
const REFUSALS: i64 = 100_000;

pub(crate) async fn measure() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/bench-data");
    fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("health.db");
    for ending in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(folder.join(format!("health.db{ending}")));
    }
    on("SQLite", &format!("sqlite://{}", file.display())).await;
    let postgres = Postgres::create("health").await;
    on("PostgreSQL", &postgres.url).await;
    postgres.drop().await;
}

async fn on(engine: &str, url: &str) {
    let now = Clock::system().now();
    fill(url, now).await;
    let (plan, session) = data::sign_in(url).await;
    let serving = serving::tenure_at(url.to_owned()).await;
    let mut connection = Connection::open(serving.address).await.expect("connects");
    println!("auth health, 90 days of {KINDS} kinds of calls an hour, {engine}:");
    let mut longest = Duration::ZERO;
    for (name, path) in questions(now) {
        let mut took = Vec::new();
        for _ in 0..ROUNDS {
            took.push(ask(&mut connection, &plan, &session, &path).await);
        }
        let most = percentile(&mut took, 0.9);
        if !name.contains(PROGRAMS) {
            longest = longest.max(most);
        }
        let middle = micros(median(&mut took));
        println!("  {name:<44} {middle}, at most {}", micros(most));
    }
    let verdict = if longest <= LIMIT {
        "reached"
    } else {
        "MISSED"
    };
    println!("  the longest {}, aim 200 ms: {verdict}", micros(longest));
    serving.end().await;
}

fn questions(now: Timestamp) -> Vec<(String, String)> {
    let mut questions = Vec::new();
    for window in ["hour", "day", "week", "90d"] {
        for (of, filter) in [
            ("", ""),
            (", an outcome", "&outcome=token_expired"),
            (", a resource", "&resource=api.example/r7"),
            (", a client", "&client=c7"),
        ] {
            let path = format!("auth-health?window={window}{filter}");
            questions.push((format!("{window}{of}"), path));
        }
    }
    // A bar of the console's chart is at most so wide; longer spans are for programs.
    for (span, days) in [("a day", 1), ("two days", 2), (PROGRAMS, 90)] {
        for (of, filter) in [
            ("", ""),
            (", an outcome", "&outcome=token_expired"),
            (", a resource", "&resource=api.example/r7"),
            (", a client", "&client=c7"),
        ] {
            let from = now.saturating_add(-days * DAY);
            let path = format!("auth-health/tokens?from={from}&to={now}{filter}");
            questions.push((format!("behind {span}{of}"), path));
        }
    }
    questions
}

async fn ask(connection: &mut Connection, plan: &PlanId, session: &str, path: &str) -> Duration {
    let request = format!(
        "GET /api/v1/plans/{plan}/{path} HTTP/1.1\r\nHost: localhost\r\nCookie: tenure_session={session}\r\n\r\n"
    );
    let started = Instant::now();
    let answer = connection.call(request.as_bytes()).await;
    let (took, answer) = (started.elapsed(), answer.expect("an answer"));
    let text = String::from_utf8_lossy(&answer.body);
    assert_eq!(answer.status, 200, "{path}: {text}");
    took
}

async fn fill(url: &str, now: Timestamp) {
    let started = Instant::now();
    let store = Store::connect(url).await.expect("opens");
    store.migrate().await.expect("migrates");
    let begin = now.saturating_add(-100 * DAY);
    let (plan, owner) = settle(&store, &Random::seeded(1), begin).await;
    store.close().await;
    let mut statements = tokens(plan.as_str(), owner.as_str(), now, is_sqlite(url));
    statements.extend(counts(plan.as_str(), now));
    statements.extend(seen(plan.as_str(), now));
    if !is_sqlite(url) {
        statements.push("vacuum analyze".to_owned());
    }
    engines::run(url, &statements).await;
    println!("made 90 days of counts in {:.0?}", started.elapsed());
}

/// The numbers from 0 to before this one.
fn numbers(name: &str, count: i64) -> String {
    format!(
        "{name}(n) as (select cast(0 as bigint) union all select n + 1 from {name} where n < {})",
        count - 1
    )
}

fn tokens(plan: &str, owner: &str, now: Timestamp, is_sqlite: bool) -> Vec<String> {
    let (now, numbers) = (now.as_millis(), |count| numbers("numbers", count));
    let hash = if is_sqlite {
        "randomblob(32)"
    } else {
        "sha256(cast(cast(n as text) as bytea))"
    };
    vec![
        format!(
            "insert into oauth_clients (id, plan_id, name, auth_method, redirect_uris, scope, resource_server, \
                                        created_at) with recursive {} \
             select 'c' || n, '{plan}', 'App ' || n, 'none', '[]', '', 0, 0 from numbers",
            numbers(CLIENTS)
        ),
        format!(
            "insert into oauth_grants (id, plan_id, client_id, user_id, scope, created_at) with recursive {} \
             select 'g' || n, '{plan}', 'c' || n, '{owner}', '', 0 from numbers",
            numbers(CLIENTS)
        ),
        format!(
            "insert into tokens (id, plan_id, owner_id, name, kind, scope, client_id, grant_id, secret_hash, \
                                 last_four, created_at) with recursive {} \
             select 't' || n, '{plan}', '{owner}', 'Token ' || n, \
               case when n % 2 = 0 then 'oauth_access' else 'user_access' end, '', \
               case when n % 2 = 0 then 'c' || (n / 2 % {CLIENTS}) end, \
               case when n % 2 = 0 then 'g' || (n / 2 % {CLIENTS}) end, \
               {hash}, 'last', {now} - 8000000000 + n from numbers",
            numbers(TOKENS)
        ),
    ]
}

/// Counts by day and hour for 90 days and by minute for one. In each hour other combinations are told apart.
fn counts(plan: &str, now: Timestamp) -> Vec<String> {
    let day = now.as_millis() - now.as_millis().rem_euclid(DAY);
    let hour = now.as_millis() - now.as_millis().rem_euclid(HOUR);
    let minute = now.as_millis() - now.as_millis().rem_euclid(MINUTE);
    let of = |width: i64, last: i64, steps: i64, per_hour: i64, kinds: i64| {
        format!(
            "insert into auth_counts (plan_id, width, start, outcome, resource, client_id, scope, calls) \
             with recursive {}, {} \
             select '{plan}', {width}, {last} - steps.n * {width}, \
               case when kinds.n % 20 = 3 then 'token_expired' when kinds.n % 20 = 7 then 'insufficient_scope' \
                    else 'works' end, \
               'api.example/r' || ((kinds.n * 7 + steps.n / {per_hour}) % {RESOURCES}), \
               'c' || ((kinds.n * 13 + steps.n / {per_hour} * 3) % {CLIENTS}), \
               case when kinds.n % 20 = 7 then 'orders:write' else '' end, 1 + kinds.n \
             from steps cross join kinds where true \
             on conflict do nothing",
            numbers("steps", steps),
            numbers("kinds", kinds)
        )
    };
    vec![
        of(DAY, day, 91, 1, KINDS_OF_DAY),
        of(HOUR, hour, 90 * 24, 1, KINDS),
        of(MINUTE, minute, 24 * 60, 60, KINDS),
        "insert into auth_totals (plan_id, width, start, outcome, calls) \
         select plan_id, width, start, outcome, sum(calls) from auth_counts where width < 86400000 \
         group by plan_id, width, start, outcome"
            .to_owned(),
        format!(
            "insert into auth_ages (plan_id, start, tenth, calls) with recursive {}, {} \
             select '{plan}', {hour} - steps.n * {HOUR}, kinds.n, 7 from steps cross join kinds",
            numbers("steps", 90 * 24),
            numbers("kinds", 11)
        ),
    ]
}

/// Callers of each token, those that are dead and were presented, and refused calls of the last day.
fn seen(plan: &str, now: Timestamp) -> Vec<String> {
    let now = now.as_millis();
    let today = now - now.rem_euclid(DAY);
    vec![
        format!(
            "insert into token_callers (token_id, plan_id, day, address, agent, resource, network, calls, refused, \
                                        denied, first_at, last_at) with recursive {}, {} \
             select 't' || tokens.n, '{plan}', {today} - callers.n * 7 / 4 * {DAY}, '192.0.2.' || callers.n, \
               'curl/8', 'api.example/r' || ((tokens.n + callers.n) % {RESOURCES}), '192.0.2.0/24', 9, \
               callers.n % 5, callers.n % 3, {today} - callers.n * 7 / 4 * {DAY} + 1000, \
               {today} - callers.n * 7 / 4 * {DAY} + 2000 \
             from tokens cross join callers",
            numbers("tokens", TOKENS),
            numbers("callers", CALLERS)
        ),
        format!(
            "insert into dead_token_calls (plan_id, token_id, outcome, calls, first_at, last_at) with recursive {} \
             select '{plan}', 't' || n, 'token_expired', 3, {now} - n * 1000000, {now} - n * 100000 from numbers",
            numbers("numbers", TOKENS / 10)
        ),
        format!(
            "insert into refusals (request_id, at, outcome, plan_id, token_id, client_id, scope, resource, since) \
             with recursive {} \
             select 'request-' || n, {now} - n * 800, 'token_expired', '{plan}', 't' || (n % {TOKENS}), \
               case when n % 2 = 0 then 'c' || (n / 2 % {CLIENTS}) end, '', 'api.example/r' || (n % {RESOURCES}), \
               {now} - n * 800 - 5000 \
             from numbers",
            numbers("numbers", REFUSALS)
        ),
    ]
}
