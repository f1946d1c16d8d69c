//! The schema, step by step, for both engines with the same numbers and names.

use sqlx::{
    SqlSafeStr as _,
    migrate::{Migration, MigrationType, Migrator},
};

use super::{db::Db, error::StoreError};

/// One step: its number, its name, and its text for each engine.
struct Step {
    number: i64,
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! step {
    ($number:literal, $name:literal, $file:literal) => {
        Step {
            number: $number,
            name: $name,
            sqlite: include_str!(concat!("../../migrations/sqlite/", $file)),
            postgres: include_str!(concat!("../../migrations/postgres/", $file)),
        }
    };
}

const STEPS: &[Step] = &[step!(1, "first", "0001_first.sql")];

/// Runs the steps that the database has not seen, each in a transaction of its own.
pub(super) async fn run(db: &Db) -> Result<(), StoreError> {
    let result = match db {
        Db::Sqlite { write, .. } => migrator(|step| step.sqlite).run(write).await,
        Db::Postgres(pool) => migrator(|step| step.postgres).run(pool).await,
    };
    result.map_err(StoreError::Migration)
}

fn migrator(text: impl Fn(&Step) -> &'static str) -> Migrator {
    let migration = |step: &Step| {
        Migration::new(
            step.number,
            step.name.into(),
            MigrationType::Simple,
            text(step).into_sql_str(),
            false,
        )
    };
    Migrator::with_migrations(STEPS.iter().map(migration).collect())
}
