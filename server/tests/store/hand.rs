//! Somebody who has the database's password, and goes around the server: for tests that tamper, that count, or that
//! need more rows than a server would make in time.

use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};

/// Runs these statements, each behind a semicolon, on the database of this URL.
pub(crate) async fn run(url: &str, sql: &str) {
    let sql_text = AssertSqlSafe(sql.to_owned());
    let done = if url.starts_with("sqlite:") {
        let mut hand = SqliteConnection::connect(url).await.expect("it opens");
        let done = sqlx::raw_sql(sql_text).execute(&mut hand).await.map(|_| ());
        hand.close().await.expect("it closes");
        done
    } else {
        let mut hand = PgConnection::connect(url).await.expect("it answers");
        sqlx::raw_sql(sql_text).execute(&mut hand).await.map(|_| ())
    };
    done.unwrap_or_else(|error| panic!("{error}: {sql}"));
}

/// The number that this statement selects on PostgreSQL.
pub(crate) async fn number(url: &str, sql: &'static str) -> i64 {
    let mut hand = PgConnection::connect(url).await.expect("it answers");
    let number = sqlx::query_scalar(sql).fetch_one(&mut hand).await;
    number.expect("a number")
}
