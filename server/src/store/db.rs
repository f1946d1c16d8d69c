//! The two database engines behind one face: opening them, and running a [`Statement`] on either.
//!
//! This is the only file that knows which engine it talks to. No statement's text is here.

use std::{io, str::FromStr as _, time::Duration};

use sqlx::{
    FromRow, PgPool, Postgres, Sqlite, SqlitePool, Transaction,
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgPoolOptions, PgRow},
    sqlite::{
        SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
    },
};
use tokio::time::timeout;

use super::{
    error::StoreError,
    file,
    statement::{Arg, Engine, Statement},
};

/// How long a caller waits for a connection, a lock or a statement before the store counts as
/// unavailable. The drivers have no such limit: a network that swallows packets would hold them for good.
const PATIENCE: Duration = Duration::from_secs(5);
/// Connections that read from SQLite at once; each keeps a page cache of at most 2 MB.
const SQLITE_READERS: u32 = 4;
/// Writers queue on the end of the audit log, so more of them would only wait there.
const POSTGRES_WRITERS: u32 = 4;
const POSTGRES_READERS: u32 = 12;

/// The pools of one engine.
#[derive(Clone, Debug)]
pub(super) enum Db {
    /// One writer, because SQLite has one, and readers that never wait for it (WAL).
    Sqlite { write: SqlitePool, read: SqlitePool },
    /// Writers have connections of their own, so that however many queue, nobody waits to read.
    Postgres { write: PgPool, read: PgPool },
}

/// A connection, with a transaction around what it does or without.
pub(super) enum Link {
    Sqlite(Transaction<'static, Sqlite>),
    SqlitePlain(PoolConnection<Sqlite>),
    Postgres(Transaction<'static, Postgres>),
    PostgresPlain(PoolConnection<Postgres>),
}

/// What a commit waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Durability {
    /// The disk: whatever was acknowledged survives a power cut.
    Disk,
    /// Nothing: it survives the death of every process, and its last moments are lost with the machine's power.
    Process,
}

/// A row type that both engines can fill.
pub(super) trait Row:
    for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{
}

impl<T> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{}

impl Db {
    /// Opens the pools. A missing SQLite file is made, with its folder, if `create` says so.
    pub(super) async fn open(url: &str, create: bool) -> Result<Self, StoreError> {
        if url.starts_with("sqlite:") {
            Self::open_sqlite(url, create).await
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            Self::open_postgres(url).await
        } else {
            Err(StoreError::Address)
        }
    }

    async fn open_sqlite(url: &str, create: bool) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::from_str(url)?;
        if create {
            file::make_missing(options.get_filename()).map_err(sqlx::Error::Io)?;
        }
        let options = options
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(PATIENCE);
        let pool = SqlitePoolOptions::new()
            .acquire_timeout(PATIENCE)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false);
        // The writer comes first: it switches the file to WAL.
        let write = pool
            .clone()
            .max_connections(1)
            .connect_with(options.clone())
            .await?;
        let read = pool
            .max_connections(SQLITE_READERS)
            .connect_with(options.pragma("query_only", "on"))
            .await?;
        Ok(Self::Sqlite { write, read })
    }

    async fn open_postgres(url: &str) -> Result<Self, StoreError> {
        let patience = format!("{}ms", PATIENCE.as_millis());
        let options = PgConnectOptions::from_str(url)?
            .application_name("tenure-server")
            .options([
                ("lock_timeout", patience.as_str()),
                ("idle_in_transaction_session_timeout", patience.as_str()),
            ]);
        let pool = |connections| {
            PgPoolOptions::new()
                .acquire_timeout(PATIENCE)
                .max_connections(connections)
        };
        let write = pool(POSTGRES_WRITERS).connect_with(options.clone()).await?;
        // A list is read in the order of an index and stopped early. With a call's values at hand, conditions on the same
        // thing count as independent of each other, few rows seem to pass, and all of them are read and sorted.
        let read = options.options([("plan_cache_mode", "force_generic_plan")]);
        let read = pool(POSTGRES_READERS).connect_with(read).await?;
        Ok(Self::Postgres { write, read })
    }

    pub(super) const fn engine(&self) -> Engine {
        match self {
            Self::Sqlite { .. } => Engine::Sqlite,
            Self::Postgres { .. } => Engine::Postgres,
        }
    }

    /// A transaction that reads one snapshot.
    pub(super) async fn begin_read(&self) -> Result<Link, StoreError> {
        let snapshot = "begin isolation level repeatable read read only";
        Ok(match self {
            Self::Sqlite { read, .. } => Link::Sqlite(in_time(read.begin()).await?),
            Self::Postgres { read, .. } => {
                Link::Postgres(in_time(read.begin_with(snapshot)).await?)
            }
        })
    }

    /// A transaction that writes.
    pub(super) async fn begin_write(&self, durability: Durability) -> Result<Link, StoreError> {
        let (sqlite, postgres) = match durability {
            // Each says it, because SQLite's connection keeps what the last one said.
            Durability::Disk => ("pragma synchronous = full; begin immediate", "begin"),
            Durability::Process => (
                "pragma synchronous = normal; begin immediate",
                "begin; set local synchronous_commit to off",
            ),
        };
        Ok(match self {
            Self::Sqlite { write, .. } => Link::Sqlite(in_time(write.begin_with(sqlite)).await?),
            Self::Postgres { write, .. } => {
                Link::Postgres(in_time(write.begin_with(postgres)).await?)
            }
        })
    }

    /// A connection without a transaction, for a single statement that reads.
    pub(super) async fn plain(&self) -> Result<Link, StoreError> {
        Ok(match self {
            Self::Sqlite { read, .. } => Link::SqlitePlain(in_time(read.acquire()).await?),
            Self::Postgres { read, .. } => Link::PostgresPlain(in_time(read.acquire()).await?),
        })
    }

    /// Closes every connection, once what runs on it is done.
    pub(super) async fn close(&self) {
        match self {
            Self::Sqlite { write, read } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres { write, read } => {
                read.close().await;
                write.close().await;
            }
        }
    }
}

/// What the driver does, or that it took too long.
async fn in_time<T>(work: impl Future<Output = sqlx::Result<T>>) -> Result<T, StoreError> {
    match timeout(PATIENCE, work).await {
        Ok(done) => Ok(done?),
        Err(_late) => Err(sqlx::Error::Io(io::ErrorKind::TimedOut.into()).into()),
    }
}

/// Whether a text holds a NUL, which PostgreSQL can neither store nor compare. Nothing that is kept
/// holds one, so whoever looks for such a text finds nothing, on either engine.
fn has_nul(args: &[Arg<'_>]) -> bool {
    args.iter().any(|arg| match arg {
        Arg::Text(text) | Arg::MaybeText(Some(text)) => text.contains('\0'),
        _ => false,
    })
}

/// Runs the same code on the connection of either engine, with `$query` bound to the statement.
macro_rules! dispatch {
    ($link:expr, $statement:expr, $args:expr, $make:path, |$query:ident, $connection:ident| $run:expr) => {
        match $link {
            Link::Sqlite(transaction) => {
                let ($connection, $query) = (&mut **transaction, $make($statement.sql(Engine::Sqlite)));
                dispatch!(@run $statement, Engine::Sqlite, $args, $query, $run)
            }
            Link::SqlitePlain(connection) => {
                let ($connection, $query) = (&mut **connection, $make($statement.sql(Engine::Sqlite)));
                dispatch!(@run $statement, Engine::Sqlite, $args, $query, $run)
            }
            Link::Postgres(transaction) => {
                let ($connection, $query) = (&mut **transaction, $make($statement.sql(Engine::Postgres)));
                dispatch!(@run $statement, Engine::Postgres, $args, $query, $run)
            }
            Link::PostgresPlain(connection) => {
                let ($connection, $query) = (&mut **connection, $make($statement.sql(Engine::Postgres)));
                dispatch!(@run $statement, Engine::Postgres, $args, $query, $run)
            }
        }
    };
    (@run $statement:expr, $engine:expr, $args:expr, $query:ident, $run:expr) => {{
        $statement.runs_on($engine);
        let mut $query = $query;
        for arg in $args {
            $query = match *arg {
                Arg::Text(value) => $query.bind(value),
                Arg::MaybeText(value) => $query.bind(value),
                Arg::Int(value) => $query.bind(value),
                Arg::MaybeInt(value) => $query.bind(value),
                Arg::Bytes(value) => $query.bind(value),
                Arg::MaybeBytes(value) => $query.bind(value),
            };
        }
        $run
    }};
}

impl Link {
    /// The row that the statement finds or returns, if there is one.
    pub(super) async fn optional<R: Row>(
        &mut self,
        statement: &'static Statement,
        args: &[Arg<'_>],
    ) -> Result<Option<R>, StoreError> {
        if has_nul(args) {
            return Ok(None);
        }
        let row = dispatch!(
            self,
            statement,
            args,
            sqlx::query_as::<_, R>,
            |query, connection| in_time(query.fetch_optional(connection)).await?
        );
        Ok(row)
    }

    /// Every row that the statement finds.
    pub(super) async fn all<R: Row>(
        &mut self,
        statement: &'static Statement,
        args: &[Arg<'_>],
    ) -> Result<Vec<R>, StoreError> {
        if has_nul(args) {
            return Ok(Vec::new());
        }
        let rows = dispatch!(
            self,
            statement,
            args,
            sqlx::query_as::<_, R>,
            |query, connection| in_time(query.fetch_all(connection)).await?
        );
        Ok(rows)
    }

    /// Runs the statement; says how many rows it wrote.
    pub(super) async fn execute(
        &mut self,
        statement: &'static Statement,
        args: &[Arg<'_>],
    ) -> Result<u64, StoreError> {
        let written = dispatch!(self, statement, args, sqlx::query, |query, connection| {
            in_time(query.execute(connection)).await?.rows_affected()
        });
        Ok(written)
    }

    pub(super) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(transaction) => in_time(transaction.commit()).await?,
            Self::Postgres(transaction) => in_time(transaction.commit()).await?,
            Self::SqlitePlain(_) | Self::PostgresPlain(_) => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static SYNCHRONOUS: Statement = Statement::new("SYNCHRONOUS", "pragma synchronous");

    #[tokio::test]
    async fn each_transaction_says_whether_it_waits_for_the_disk() {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}/tenure.db", folder.path().display());
        let db = Db::open(&url, true).await.expect("opens");
        for (durability, synchronous) in [
            (Durability::Disk, 2_i64),
            (Durability::Process, 1),
            (Durability::Disk, 2),
        ] {
            let mut link = db.begin_write(durability).await.expect("begins");
            let row: Option<(i64,)> = link.optional(&SYNCHRONOUS, &[]).await.expect("says");
            assert_eq!(row, Some((synchronous,)), "{durability:?}");
            link.commit().await.expect("commits");
        }
    }
}
