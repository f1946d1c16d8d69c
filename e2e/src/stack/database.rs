//! A database of one's own: a SQLite file in a folder that goes away, or a fresh PostgreSQL database.
//!
//! PostgreSQL databases are left behind: the cluster itself is thrown away after the tests.

use anyhow::{Context, Result};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use tempfile::TempDir;

use crate::needs;

/// Which engine a stack stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Embedded.
    Sqlite,
    /// On a server.
    Postgres,
}

/// A database that nobody else uses.
pub(super) struct Database {
    /// Where the server finds it.
    pub(super) url: String,
    // The file's folder, which goes away with it.
    _folder: Option<TempDir>,
}

impl Database {
    /// Makes an empty one.
    ///
    /// # Errors
    /// When the machine or the PostgreSQL server does not allow it.
    pub(super) async fn create(engine: Engine) -> Result<Self> {
        match engine {
            Engine::Sqlite => sqlite(),
            Engine::Postgres => postgres().await,
        }
    }
}

fn sqlite() -> Result<Database> {
    let folder = TempDir::with_prefix("tenure-journey-")?;
    let url = format!("sqlite://{}", folder.path().join("tenure.db").display());
    Ok(Database {
        url,
        _folder: Some(folder),
    })
}

async fn postgres() -> Result<Database> {
    let url = needs::postgres()?;
    let name = name_from(&TempDir::with_prefix("journey")?)?;
    let mut connection = PgConnection::connect(&url)
        .await
        .context("PostgreSQL does not answer")?;
    // The name is made of letters and digits alone.
    connection
        .execute(AssertSqlSafe(format!("create database {name}")))
        .await?;
    let (server, _) = url
        .rsplit_once('/')
        .context("TENURE_TEST_POSTGRES_URL names no database")?;
    Ok(Database {
        url: format!("{server}/{name}"),
        _folder: None,
    })
}

/// A name that is unique on this machine, as a fresh temporary folder's is.
fn name_from(folder: &TempDir) -> Result<String> {
    let name = folder
        .path()
        .file_name()
        .context("a folder has a name")?
        .to_string_lossy()
        .to_lowercase();
    let process = std::process::id();
    Ok(format!(
        "{}_{process}",
        name.replace(|c: char| !c.is_ascii_alphanumeric(), "_")
    ))
}
