//! Databases of either engine that are filled by statements of their own: the only place here that names sqlx.

use std::{env, process};

use sqlx::{Connection as _, Executor, PgConnection, SqliteConnection};

/// Whether the database at this address is SQLite's.
pub(crate) fn is_sqlite(url: &str) -> bool {
    url.starts_with("sqlite")
}

/// Runs these statements one by one over one connection.
pub(crate) async fn run(url: &str, statements: &[String]) {
    if is_sqlite(url) {
        let mut connection = SqliteConnection::connect(url).await.expect("connects");
        for statement in statements {
            execute(&mut connection, statement.clone()).await;
        }
        // All is in the file then, and nothing in its log any more.
        connection.close().await.expect("closes");
    } else {
        let mut connection = PgConnection::connect(url).await.expect("connects");
        for statement in statements {
            execute(&mut connection, statement.clone()).await;
        }
    }
}

async fn execute<'c>(connection: impl Executor<'c>, sql: String) {
    let done = connection.execute(sqlx::AssertSqlSafe(sql)).await;
    done.expect("done");
}

/// A database of its own in the PostgreSQL that `TENURE_TEST_POSTGRES_URL` names.
pub(crate) struct Postgres {
    admin: PgConnection,
    name: String,
    pub(crate) url: String,
}

impl Postgres {
    pub(crate) async fn create(purpose: &str) -> Self {
        let cluster = env::var("TENURE_TEST_POSTGRES_URL");
        let cluster =
            cluster.expect("`cargo xtask bench` starts a PostgreSQL and says where it is");
        let name = format!("tenure_bench_{purpose}_{}", process::id());
        let mut admin = PgConnection::connect(&cluster).await.expect("connects");
        execute(&mut admin, format!("create database {name}")).await;
        let base = cluster
            .rsplit_once('/')
            .map_or(cluster.as_str(), |(base, _)| base);
        let url = format!("{base}/{name}");
        Self { admin, name, url }
    }

    pub(crate) async fn drop(mut self) {
        let sql = format!("drop database {} with (force)", self.name);
        execute(&mut self.admin, sql).await;
    }
}
