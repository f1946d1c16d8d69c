//! A PostgreSQL database of its own for a test: of this suite, and of the API's.
//!
//! The server is where `TENURE_TEST_POSTGRES_URL` says; without it whoever asks fails.

use std::env;

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use tenure_domain::time::Timestamp;
use tenure_server::random::Random;

/// Makes an empty database and gives its URL.
pub(crate) async fn create() -> String {
    let server = server();
    let id = Random::system().id(Timestamp::from_millis(0));
    let name = format!("tenure_test_{}", id.replace('-', ""));
    run(format!("create database {name}")).await;
    let (before, after) = server.split_at(server.rfind('/').expect("a URL with a database"));
    let parameters = after.find('?').map_or("", |at| &after[at..]);
    format!("{before}/{name}{parameters}")
}

/// Takes a database away that [`create`] made.
pub(crate) async fn remove(url: &str) {
    let name = url.rsplit('/').next().unwrap_or_default();
    let name = name.split('?').next().unwrap_or_default();
    run(format!("drop database {name} with (force)")).await;
}

fn server() -> String {
    env::var("TENURE_TEST_POSTGRES_URL").unwrap_or_else(|_| {
        panic!(
            "TENURE_TEST_POSTGRES_URL is not set: run `cargo xtask test`, which starts a PostgreSQL \
             for the tests, or set it to the URL of a superuser on one that you have"
        )
    })
}

async fn run(sql: String) {
    let mut connection = PgConnection::connect(&server())
        .await
        .expect("PostgreSQL answers");
    connection.execute(AssertSqlSafe(sql)).await.expect("done");
}
