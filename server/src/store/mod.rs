//! Everything that is kept: the only place that names the database.
//!
//! One module a noun, one SQL text for both engines. Rows become domain values here, and what no
//! version of this server writes is an error with a name. No rule is decided here: filters that
//! follow one (which tokens still work) take the instant that `domain` computed.

pub mod alerts;
pub mod audit;
pub mod audit_chain;
pub mod audit_log;
pub mod audit_walk;
pub mod auth_counts;
mod backup;
mod batch;
pub mod calendars;
mod db;
pub mod dead_token_calls;
mod error;
mod file;
pub mod invitations;
pub mod memberships;
mod migrations;
pub mod news;
pub mod notices;
pub mod oauth_clients;
pub mod oauth_codes;
pub mod oauth_grants;
pub mod oauth_refresh_tokens;
pub mod plans;
pub mod policies;
pub mod refusals;
pub mod scopes;
pub mod sessions;
pub mod setup_links;
mod statement;
mod tally;
pub mod token_callers;
pub mod token_calls;
pub mod token_counts;
pub mod token_findings;
pub mod tokens;
mod tx;
pub mod users;
pub mod webhooks;

use std::sync::{Arc, OnceLock};

use db::{Db, Durability};
pub use error::StoreError;
pub use statement::{Engine, Statement};
pub use tally::{Happened, Posted};
use tenure_domain::{period::Period, policy::DEFAULT_ACCESS_LIFETIME};
use tokio::sync::watch;
pub use tx::{Change, Tx};

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    db: Db,
    listener: Arc<Listener>,
    access_lifetime: Period,
}

/// Who hears of changes once they are committed.
#[derive(Default)]
struct Listener {
    callback: OnceLock<Callback>,
    /// The newest event of the audit log that this process has seen.
    log_end: watch::Sender<i64>,
    tally: tally::Tally,
}

type Callback = Box<dyn Fn(&[Change]) + Send + Sync>;

impl Listener {
    fn tell(&self, changes: &[Change]) {
        if let (false, Some(listener)) = (changes.is_empty(), self.callback.get()) {
            listener(changes);
        }
    }

    fn log_ends_at(&self, seq: i64) {
        self.log_end.send_if_modified(|end| {
            let moved = seq > *end;
            *end = seq.max(*end);
            moved
        });
    }
}

impl Store {
    /// Opens the database at `sqlite://…` (the file is made when missing) or `postgres://…`.
    ///
    /// # Errors
    /// [`StoreError::Address`] for any other address, else when it cannot be reached.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        Ok(Self::on(Db::open(url, true).await?))
    }

    /// Opens a database that is there: for commands that look and must not leave an empty file
    /// behind where the address has a typo.
    ///
    /// # Errors
    /// As [`connect`](Self::connect), and when there is no such file.
    pub async fn connect_existing(url: &str) -> Result<Self, StoreError> {
        Ok(Self::on(Db::open(url, false).await?))
    }

    fn on(db: Db) -> Self {
        Self {
            db,
            listener: Arc::default(),
            access_lifetime: DEFAULT_ACCESS_LIFETIME,
        }
    }

    /// This store on a server that lets OAuth access tokens live so long. It is no row, and yet every
    /// history that is read has it, because every verdict depends on it (R2).
    #[must_use]
    pub fn with_access_lifetime(mut self, lifetime: Period) -> Self {
        self.access_lifetime = lifetime;
        self
    }

    /// Brings the schema up to date. Several processes may do so at once: one does, the others wait.
    ///
    /// # Errors
    /// When a step fails, or the database has seen a step that this version does not know.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        migrations::run(&self.db).await
    }

    /// Which engine this is.
    #[must_use]
    pub const fn engine(&self) -> Engine {
        self.db.engine()
    }

    /// Whether the database answers, and has its schema.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        audit::head(&mut self.peek().await?).await.map(drop)
    }

    /// A snapshot to read: nothing that others commit meanwhile is seen.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn read(&self) -> Result<Tx, StoreError> {
        Ok(self.tx(self.db.begin_read().await?))
    }

    /// A connection for single statements that read, each with a snapshot of its own.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn peek(&self) -> Result<Tx, StoreError> {
        Ok(self.tx(self.db.plain().await?))
    }

    /// A transaction that writes. Writers queue: each holds the end of the audit chain.
    ///
    /// # Errors
    /// When the database does not answer, or the queue takes too long.
    pub async fn write(&self) -> Result<Tx, StoreError> {
        let mut tx = self.tx(self.db.begin_write(Durability::Disk).await?);
        let head = audit::lock_head(&mut tx).await?;
        tx.set_head(head);
        Ok(tx)
    }

    /// A transaction that writes what is no event (last uses, ended sessions), beside the queue of
    /// writers: it does not hold the end of the audit chain, so it cannot append to it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn write_aside(&self) -> Result<Tx, StoreError> {
        Ok(self.tx(self.db.begin_write(Durability::Disk).await?))
    }

    /// As [`write_aside`](Self::write_aside), for what was noted in memory until now and would be lost with it: its
    /// commit does not wait for the disk, so the last moments may be lost in a power cut, though in no process' death.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn write_lightly(&self) -> Result<Tx, StoreError> {
        Ok(self.tx(self.db.begin_write(Durability::Process).await?))
    }

    /// Calls `listener` after every commit that changed what others may keep in memory. The first
    /// listener stays; there is one process, and it has one.
    pub fn on_commit(&self, listener: impl Fn(&[Change]) + Send + Sync + 'static) {
        let _only_the_first = self.listener.callback.set(Box::new(listener));
    }

    /// Changes after every commit of this process that added to the audit log.
    #[must_use]
    pub fn log_end(&self) -> watch::Receiver<i64> {
        self.listener.log_end.subscribe()
    }

    /// What operators want to know how often this process wrote it, with how often it did since its start.
    #[must_use]
    pub fn happened(&self) -> Vec<(Happened, u64)> {
        self.listener.tally.counts()
    }

    /// Closes every connection, once what runs on it is done. SQLite's log is then folded into its file.
    pub async fn close(&self) {
        self.db.close().await;
    }

    fn tx(&self, link: db::Link) -> Tx {
        Tx::new(link, Arc::clone(&self.listener), self.access_lifetime)
    }
}

/// Every statement of the store.
pub fn statements() -> impl Iterator<Item = &'static Statement> {
    [
        alerts::STATEMENTS,
        audit::STATEMENTS,
        audit_log::STATEMENTS,
        auth_counts::STATEMENTS,
        calendars::STATEMENTS,
        dead_token_calls::STATEMENTS,
        invitations::STATEMENTS,
        memberships::STATEMENTS,
        news::STATEMENTS,
        notices::STATEMENTS,
        notices::announcements::STATEMENTS,
        notices::ledger::STATEMENTS,
        notices::outbox::STATEMENTS,
        oauth_clients::STATEMENTS,
        oauth_codes::STATEMENTS,
        oauth_grants::STATEMENTS,
        oauth_refresh_tokens::STATEMENTS,
        plans::STATEMENTS,
        policies::STATEMENTS,
        refusals::STATEMENTS,
        scopes::STATEMENTS,
        sessions::STATEMENTS,
        setup_links::STATEMENTS,
        token_callers::STATEMENTS,
        token_calls::STATEMENTS,
        token_counts::STATEMENTS,
        token_findings::STATEMENTS,
        tokens::STATEMENTS,
        tokens::ending::STATEMENTS,
        tokens::held::STATEMENTS,
        tokens::owned::STATEMENTS,
        tokens::plan::STATEMENTS,
        tokens::strands::STATEMENTS,
        users::STATEMENTS,
        webhooks::STATEMENTS,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// The number that a counting statement gives.
async fn number(
    tx: &mut Tx,
    statement: &'static Statement,
    args: &[statement::Arg<'_>],
) -> Result<i64, StoreError> {
    let row: Option<(i64,)> = tx.optional(statement, args).await?;
    Ok(row.map_or(0, |(number,)| number))
}
