//! The schema, step by step, for both engines with the same numbers and names.

use sqlx::{
    Connection as _, PgConnection, SqlSafeStr as _,
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

const STEPS: &[Step] = &[
    step!(1, "first", "0001_first.sql"),
    step!(2, "audit_by_time", "0002_audit_by_time.sql"),
    step!(3, "oauth", "0003_oauth.sql"),
    step!(
        4,
        "inactivity_and_schedule",
        "0004_inactivity_and_schedule.sql"
    ),
    step!(5, "token_counts", "0005_token_counts.sql"),
    step!(6, "notices", "0006_notices.sql"),
    step!(7, "calendars", "0007_calendars.sql"),
    step!(8, "audit_by_what", "0008_audit_by_what.sql"),
    step!(9, "inventory", "0009_inventory.sql"),
    step!(10, "sightings", "0010_sightings.sql"),
    step!(11, "callers_by_plan", "0011_callers_by_plan.sql"),
    step!(12, "token_findings", "0012_token_findings.sql"),
    step!(14, "people", "0014_people.sql"),
    step!(15, "alerts", "0015_alerts.sql"),
    step!(16, "counts_by_day", "0016_counts_by_day.sql"),
    step!(17, "posts_by_plan", "0017_posts_by_plan.sql"),
];

/// Runs the steps that the database has not seen. One process does so at a time; the others wait.
pub(super) async fn run(db: &Db) -> Result<(), StoreError> {
    let result = match db {
        Db::Sqlite { write, .. } => {
            // The writer's lock is the only one that SQLite has: all steps are one transaction.
            let mut tx = write.begin_with("begin immediate").await?;
            let result = migrator(|step| step.sqlite)
                .run_direct(None, &mut *tx, false)
                .await;
            if result.is_ok() {
                tx.commit().await?;
            }
            result
        }
        Db::Postgres { write, .. } => {
            // Steps may take longer than anybody else may wait for a lock.
            let options = write.connect_options().as_ref().clone();
            let options = options.options([("lock_timeout", "0")]);
            let mut connection = PgConnection::connect_with(&options).await?;
            let result = migrator(|step| step.postgres)
                .run_direct(None, &mut connection, false)
                .await;
            connection.close().await?;
            result
        }
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
