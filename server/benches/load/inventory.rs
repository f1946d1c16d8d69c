//! The list of a plan's tokens at 1 000 000 of them, on SQLite and on PostgreSQL: the first page, each filter
//! and each order, the whole call as the console makes it.

use std::{
    env, fs,
    path::Path,
    time::{Duration, Instant},
};

use sqlx::{Connection as _, PgConnection, SqliteConnection};
use tenure_domain::{id::PlanId, time::DAY};
use tenure_server::{
    clock::Clock,
    random::Random,
    secret,
    store::{Store, sessions},
};

use crate::{
    MANY,
    data::settle,
    http::Connection,
    numbers::{median, micros, percentile},
    serving,
};

const ROUNDS: usize = 20;
/// The longest that a page may take.
const LIMIT: Duration = Duration::from_millis(100);
/// Raised when the data change, so that an old file is not taken for them.
const VERSION: u32 = 1;
/// The tokens were generated over this time, in milliseconds.
const AGES: i64 = 300 * DAY;

pub(crate) async fn measure() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/bench-data");
    fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join(format!("inventory-{VERSION}.db"));
    let made = folder.join("inventory.making");
    let url = |file: &Path| format!("sqlite://{}", file.display());
    if !file.exists() {
        let _ = fs::remove_file(&made);
        fill(&url(&made)).await;
        fs::rename(&made, &file).expect("renamed");
    }
    on("SQLite", &url(&file)).await;
    let cluster = env::var("TENURE_TEST_POSTGRES_URL");
    let cluster =
        cluster.expect("`cargo xtask bench inventory` starts a PostgreSQL and says where it is");
    let name = format!("tenure_bench_{}", std::process::id());
    let mut admin = PgConnection::connect(&cluster).await.expect("connects");
    run(&mut admin, format!("create database {name}")).await;
    let base = cluster
        .rsplit_once('/')
        .map_or(cluster.as_str(), |(base, _)| base);
    let url = format!("{base}/{name}");
    fill(&url).await;
    on("PostgreSQL", &url).await;
    run(&mut admin, format!("drop database {name} with (force)")).await;
}

async fn run<'c>(connection: impl sqlx::Executor<'c>, sql: String) {
    let done = connection.execute(sqlx::AssertSqlSafe(sql)).await;
    done.expect("done");
}

/// A plan with a million tokens of a thousand owners and twenty clients: a third has expired after 200 days, a
/// tenth was revoked, two thirds were used at any time since their creation.
async fn fill(url: &str) {
    let started = Instant::now();
    let now = Clock::system().now();
    let store = Store::connect(url).await.expect("opens");
    store.migrate().await.expect("migrates");
    let begin = now.saturating_add(-AGES - DAY);
    let (plan, _) = settle(&store, &Random::seeded(1), begin).await;
    store.close().await;
    let (now, plan) = (now.as_millis(), plan.as_str());
    let is_sqlite = url.starts_with("sqlite");
    let hash = if is_sqlite {
        "randomblob(32)"
    } else {
        "sha256(cast(cast(n as text) as bytea))"
    };
    let step = AGES / i64::try_from(MANY).expect("small");
    let numbers = |last: usize| {
        format!(
            "with recursive numbers(n) as (select 0 union all select n + 1 from numbers where n < {last})"
        )
    };
    let mut statements = vec![
        "update policy_versions set period_amount = 200, period_unit = 'days' where version = 1"
            .to_owned(),
        format!(
            "insert into users (id, name, email, password_hash, created_at) {} \
             select 'u' || n, 'User ' || n, 'u' || n || '@acme.example', '-', 0 from numbers",
            numbers(999)
        ),
        format!(
            "insert into oauth_clients (id, plan_id, name, auth_method, redirect_uris, scope, resource_server, \
                                        created_at) {} \
             select 'c' || n, '{plan}', 'App ' || n, 'none', '[]', '', 0, 0 from numbers",
            numbers(19)
        ),
        format!(
            "insert into oauth_grants (id, plan_id, client_id, user_id, scope, created_at) {} \
             select 'g' || n, '{plan}', 'c' || n, 'u' || n, '', 0 from numbers",
            numbers(19)
        ),
        format!(
            "insert into tokens (id, plan_id, owner_id, name, kind, scope, client_id, grant_id, secret_hash, \
                                 last_four, created_at, retires_at, last_used_at, revoked_at, revoked_reason, \
                                 suspicious_since) {} \
             select 't' || (9000000 - n), '{plan}', 'u' || n % 1000, 'Token ' || (n * 7919) % 1000003, \
               case when n % 5 = 0 then 'oauth_access' else 'user_access' end, '', \
               case when n % 5 = 0 then 'c' || n / 5 % 20 end, case when n % 5 = 0 then 'g' || n / 5 % 20 end, \
               {hash}, 'f' || (n % 900 + 100), {now} - {step} * n, \
               case when n % 50000 = 11 then {now} - {step} * n + 86400000 end, \
               case when n % 3 > 0 then {now} - {step} * n + {step} * n / 100 * (n * 37 % 100) end, \
               case when n % 10 = 3 then {now} - {step} * n / 2 end, case when n % 10 = 3 then 'admin' end, \
               case when n % 100000 = 7 then {now} - {step} * n end \
             from numbers",
            numbers(MANY - 1)
        ),
    ];
    if is_sqlite {
        let mut connection = SqliteConnection::connect(url).await.expect("connects");
        for statement in statements {
            run(&mut connection, statement).await;
        }
    } else {
        statements.insert(0, "alter table tokens disable trigger user".to_owned());
        statements.push("alter table tokens enable trigger user".to_owned());
        statements.push("vacuum analyze tokens".to_owned());
        let mut connection = PgConnection::connect(url).await.expect("connects");
        for statement in statements {
            run(&mut connection, statement).await;
        }
    }
    println!("made {MANY} tokens in {:.0?}", started.elapsed());
}

async fn on(engine: &str, url: &str) {
    for inactivity in [None, Some(90)] {
        let (plan, session) = enter(url, inactivity).await;
        let serving = serving::tenure_at(url.to_owned()).await;
        let mut connection = Connection::open(serving.address).await.expect("connects");
        let rules = match inactivity {
            None => "200 days",
            Some(_) => "200 days or 90 days unused",
        };
        println!("tokens of a plan, 1 000 000 of them, {engine}, {rules}:");
        let mut longest = Duration::ZERO;
        for (name, query) in questions() {
            let mut took = Vec::new();
            let mut found = 0;
            for _ in 0..ROUNDS {
                let (length, items) = ask(&mut connection, &plan, &session, &query).await;
                took.push(length);
                found = items;
            }
            let most = percentile(&mut took, 1.0);
            longest = longest.max(percentile(&mut took, 0.95));
            println!(
                "  {name}: {}, at most {}; {found} on the page",
                micros(median(&mut took)),
                micros(most)
            );
        }
        let verdict = if longest <= LIMIT {
            "reached"
        } else {
            "MISSED"
        };
        println!(
            "  the longest 95th percentile {}, aim 100 ms: {verdict}",
            micros(longest)
        );
    }
}

/// Sets the rule about unused tokens, and signs the plan's admin in.
async fn enter(url: &str, inactivity: Option<i64>) -> (PlanId, String) {
    let rule = inactivity.map_or_else(
        || {
            "inactivity_amount = null, inactivity_unit = null, idle_before = -9223372036854775808"
                .to_owned()
        },
        |days| format!("inactivity_amount = {days}, inactivity_unit = 'days'"),
    );
    let sql = format!("update policy_versions set {rule} where version = 1");
    if url.starts_with("sqlite") {
        run(
            &mut SqliteConnection::connect(url).await.expect("connects"),
            sql,
        )
        .await;
    } else {
        run(
            &mut PgConnection::connect(url).await.expect("connects"),
            sql,
        )
        .await;
    }
    let store = Store::connect(url).await.expect("opens");
    let mut tx = store.write().await.expect("writes");
    let plan = tenure_server::store::plans::by_name(&mut tx, "Acme").await;
    let user = tenure_server::store::users::by_email(&mut tx, "ada@acme.example").await;
    let user = user.expect("read").expect("a user");
    let session = secret::Secret::opaque(&Random::system());
    let (hash, now) = (session.hash(), Clock::system().now());
    let begun = sessions::insert(&mut tx, &hash, &user.id, now).await;
    begun.expect("a session");
    tx.commit().await.expect("committed");
    store.close().await;
    (plan.expect("read").expect("a plan").id, session.reveal())
}

fn questions() -> Vec<(String, String)> {
    let now = Clock::system().now();
    let day = |days: i64| now.saturating_add(days * DAY);
    let mut questions = vec![("first page".to_owned(), String::new())];
    let mut add = |name: &str, query: String| questions.push((name.to_owned(), query));
    for sort in ["created", "last_used", "name", "expires"] {
        add(&format!("sort={sort}"), format!("sort={sort}"));
        add(&format!("sort=-{sort}"), format!("sort=-{sort}"));
    }
    for status in [
        "revoked",
        "expired",
        "suspicious",
        "expiring",
        "in_use",
        "idle",
    ] {
        add(status, format!("status={status}"));
        for sort in ["name", "-last_used", "expires"] {
            let query = format!("status={status}&sort={sort}");
            add(&format!("{status} by {sort}"), query);
        }
    }
    for kind in ["user_access", "oauth_access"] {
        add(kind, format!("kind={kind}"));
    }
    add("an owner", "owner=u77".to_owned());
    add("an owner by name", "owner=u77&sort=name".to_owned());
    add("a client", "client=c7".to_owned());
    add(
        "a client by -last_used",
        "client=c7&sort=-last_used".to_owned(),
    );
    add(
        "created in a week of long ago",
        format!("created_after={}&created_before={}", day(-150), day(-143)),
    );
    add(
        "expires within a month",
        format!("expires_after={}&expires_before={}", day(0), day(30)),
    );
    add(
        "expires within a month, soonest first",
        format!(
            "expires_after={}&expires_before={}&sort=expires",
            day(0),
            day(30)
        ),
    );
    add(
        "used in a week of long ago",
        format!(
            "last_used_after={}&last_used_before={}",
            day(-150),
            day(-143)
        ),
    );
    add(
        "used in a week of long ago, latest first",
        format!(
            "last_used_after={}&last_used_before={}&sort=-last_used",
            day(-150),
            day(-143)
        ),
    );
    add("a text of many names", "text=token+12".to_owned());
    add("a text of one name", "text=token+777777".to_owned());
    add("a text of no name", "text=nowhere".to_owned());
    add("an id", "text=t8500000".to_owned());
    add("last four characters", "text=f123".to_owned());
    questions
}

async fn ask(
    connection: &mut Connection,
    plan: &PlanId,
    session: &str,
    query: &str,
) -> (Duration, usize) {
    let request = format!(
        "GET /api/v1/plans/{plan}/tokens?{query} HTTP/1.1\r\nHost: localhost\r\nCookie: tenure_session={session}\r\n\r\n"
    );
    let started = Instant::now();
    let answer = connection
        .call(request.as_bytes())
        .await
        .expect("an answer");
    let took = started.elapsed();
    assert_eq!(
        answer.status,
        200,
        "{query}: {}",
        String::from_utf8_lossy(&answer.body)
    );
    let body: serde_json::Value = serde_json::from_slice(&answer.body).expect("JSON");
    (took, body["items"].as_array().map_or(0, Vec::len))
}
