//! `backup FILE`: a copy of the database while it is in use.

use std::path::Path;

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

use crate::store::{Engine, Store};

/// Writes a copy of an SQLite database to a new file, readable by its owner alone. The JSON to print.
///
/// # Errors
/// When the file exists already or cannot be written, and on PostgreSQL, which has `pg_dump`.
pub async fn run(store: &Store, file: &Path) -> anyhow::Result<Value> {
    if store.engine() == Engine::Postgres {
        bail!(
            "PostgreSQL is backed up by its own tools: pg_dump --format=custom --file={} \"$TENURE_DATABASE_URL\"",
            file.display()
        );
    }
    store
        .backup(file)
        .await
        .with_context(|| format!("no backup was written to {}", file.display()))?;
    let bytes = std::fs::metadata(file)?.len();
    Ok(json!({ "file": file.display().to_string(), "bytes": bytes }))
}
