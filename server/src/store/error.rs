//! What can go wrong in the store.

use std::{fmt, sync::Arc};

use sqlx::error::ErrorKind;

/// Why the store did not do what it was asked to.
#[derive(Debug)]
pub enum StoreError {
    /// The database does not answer, or not in time.
    Unavailable(sqlx::Error),
    /// A row of that key is there already.
    Conflict,
    /// A row holds what no version of this server writes.
    Corrupt {
        /// Where: table and column.
        place: &'static str,
    },
    /// The database refused a statement.
    Database(sqlx::Error),
    /// The schema could not be brought up to date.
    Migration(sqlx::migrate::MigrateError),
    /// What several callers asked for together failed, for this reason.
    Shared(Arc<StoreError>),
    /// The address of the database is neither `sqlite://…` nor `postgres://…`.
    Address,
}

impl StoreError {
    /// Whether a later attempt may succeed without anybody changing anything.
    #[must_use]
    pub fn is_unavailable(&self) -> bool {
        match self {
            Self::Unavailable(_) => true,
            Self::Shared(error) => error.is_unavailable(),
            _ => false,
        }
    }

    /// The task that should have asked the database is gone.
    pub(crate) const fn interrupted() -> Self {
        Self::Unavailable(sqlx::Error::WorkerCrashed)
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            // A connection that is cut in the middle of a message ends it by a breach of the protocol.
            sqlx::Error::Io(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::BeginFailed => Self::Unavailable(error),
            sqlx::Error::Database(refused) if is_temporary(refused.code().as_deref()) => {
                Self::Unavailable(error)
            }
            sqlx::Error::Database(refused) if refused.kind() == ErrorKind::UniqueViolation => {
                Self::Conflict
            }
            _ => Self::Database(error),
        }
    }
}

/// SQLite's result codes (busy, locked, I/O, full, cannot open), in their low byte, and PostgreSQL's
/// classes: connection (08), resources (53), intervention (57), locks not had in time (55P03), and
/// transactions that idled too long (25P03).
fn is_temporary(code: Option<&str>) -> bool {
    let Some(code) = code else { return false };
    if code.len() == 5 {
        return ["55P03", "25P03"].contains(&code)
            || ["08", "53", "57"]
                .iter()
                .any(|class| code.starts_with(class));
    }
    code.parse::<u32>()
        .is_ok_and(|code| matches!(code & 0xff, 5 | 6 | 10 | 13 | 14))
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unavailable(error) => write!(f, "the database does not answer: {error}"),
            Self::Shared(error) => error.fmt(f),
            Self::Conflict => f.write_str("this is in the database already"),
            Self::Corrupt { place } => {
                write!(f, "the database holds an impossible value in {place}")
            }
            Self::Database(error) => write!(f, "the database refused: {error}"),
            Self::Migration(error) => write!(f, "the database cannot be brought up to date: {error}"),
            Self::Address => f.write_str(
                "the database's address must begin with sqlite:// or postgres://, as in sqlite://data/tenure.db",
            ),
        }
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unavailable(error) | Self::Database(error) => Some(error),
            Self::Migration(error) => Some(error),
            Self::Shared(error) => Some(error.as_ref()),
            Self::Conflict | Self::Corrupt { .. } | Self::Address => None,
        }
    }
}
