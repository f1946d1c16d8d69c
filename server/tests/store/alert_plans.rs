//! How the databases find what alerts are raised by: every few seconds, of every plan. They read sums, by ranges of
//! indexes, and never what calls had in common.

use sqlx::{Connection as _, PgConnection, SqliteConnection};
use tenure_server::store::{self, Engine, Statement};

use crate::support::Database;

/// The statements, each with what it takes of `auth_totals` on SQLite, and with values.
const WATCHING: [(&str, &str, &str); 2] = [
    (
        "WATCHED",
        "SEARCH auth_totals USING COVERING INDEX auth_totals_by_start (width=? AND start>?)",
        "3600000, 0, 0",
    ),
    (
        "SEEN",
        "SEARCH auth_totals USING PRIMARY KEY (plan_id=? AND width=? AND start>?",
        "'p1', 60000, 80000000, 86400000, 3600000",
    ),
];

fn statement(name: &str) -> &'static Statement {
    let name = format!("::alerts::{name}");
    let mut statements = store::statements();
    let found = statements.find(|statement| statement.name().ends_with(&name));
    found.expect("a statement of this name")
}

#[tokio::test]
async fn sqlite_reads_sums_by_an_index() {
    let database = Database::new(Engine::Sqlite).await;
    let mut connection = SqliteConnection::connect(&database.url)
        .await
        .expect("connects");
    for (name, taken, _) in WATCHING {
        let sql = statement(name).sql(Engine::Sqlite);
        let sql = sqlx::AssertSqlSafe(format!("explain query plan {sql}"));
        let rows: Vec<(i64, i64, i64, String)> = sqlx::query_as(sql)
            .fetch_all(&mut connection)
            .await
            .expect("explained");
        let steps: Vec<_> = rows.into_iter().map(|(.., step)| step).collect();
        let plan = steps.join("\n");
        let read = |step: &String| step.contains("auth_totals") || step.contains("auth_counts");
        let mut of_counts = steps.iter().filter(|step| read(step));
        assert!(
            of_counts.all(|step| step.starts_with(taken)),
            "{name}\n{plan}"
        );
        assert!(plan.contains(taken), "{name}\n{plan}");
        assert!(!plan.contains("SCAN tokens"), "{name}\n{plan}");
    }
    drop(connection);
    database.finished().await;
}

/// A day of minutes and hours of a hundred plans.
const FILLED: &str = "
    insert into auth_totals (plan_id, width, start, outcome, calls)
    select 'p' || p, 60000, n * 60000::bigint, 'works', 1
    from generate_series(0, 1439) as n, generate_series(0, 99) as p;
    insert into auth_totals (plan_id, width, start, outcome, calls)
    select 'p' || p, 3600000, n * 3600000::bigint, 'works', 60
    from generate_series(0, 23) as n, generate_series(0, 99) as p;
    analyze auth_totals;
";

#[tokio::test]
async fn postgresql_reads_sums_by_an_index() {
    let database = Database::new(Engine::Postgres).await;
    database.raw_many(FILLED).await;
    let mut connection = PgConnection::connect(&database.url)
        .await
        .expect("connects");
    for (name, _, values) in WATCHING {
        let sql = statement(name).sql(Engine::Postgres);
        let prepared = format!("prepare {name} as {sql}");
        sqlx::raw_sql(sqlx::AssertSqlSafe(prepared))
            .execute(&mut connection)
            .await
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let explained = format!("explain (costs off) execute {name} ({values})");
        let rows: Vec<(String,)> = sqlx::query_as(sqlx::AssertSqlSafe(explained))
            .fetch_all(&mut connection)
            .await
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let plan: Vec<_> = rows.into_iter().map(|(step,)| step).collect();
        let plan = plan.join("\n");
        assert!(plan.contains("auth_totals"), "{name}\n{plan}");
        assert!(!plan.contains("Seq Scan on auth_totals"), "{name}\n{plan}");
        assert!(!plan.contains("auth_counts"), "{name}\n{plan}");
    }
    drop(connection);
    database.finished().await;
}
