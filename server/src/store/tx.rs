//! A unit of work on the store: a snapshot to read, or a transaction to write.

use std::sync::Arc;

use tenure_domain::{
    id::{ClientId, PlanId},
    period::Period,
};

use super::{
    Listener,
    audit::Head,
    db::{Link, Row},
    error::StoreError,
    statement::{Arg, Statement},
    tally::Happened,
};

/// Something that others keep in memory and must now forget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The token of this hash was revoked, or is to retire.
    Token([u8; 32]),
    /// Many tokens were revoked at once.
    Tokens,
    /// The plan's policy changed, or its watermark rose.
    Plan(PlanId),
    /// The client was changed or deleted, or got another secret.
    Client(ClientId),
}

/// A unit of work. Without [`commit`](Self::commit), nothing that it wrote remains.
pub struct Tx {
    link: Link,
    /// The end of the audit chain; only writers hold it.
    head: Option<Head>,
    changes: Vec<Change>,
    happened: Vec<Happened>,
    rows_written: u64,
    listener: Arc<Listener>,
    access_lifetime: Period,
}

impl Tx {
    pub(super) fn new(link: Link, listener: Arc<Listener>, access_lifetime: Period) -> Self {
        Self {
            link,
            access_lifetime,
            head: None,
            changes: Vec::new(),
            happened: Vec::new(),
            rows_written: 0,
            listener,
        }
    }

    /// Makes everything that was written last, and then tells the store's listener what changed.
    ///
    /// The commit finishes even if the caller goes away meanwhile, so nothing is ever committed
    /// that the listener does not hear of.
    ///
    /// # Errors
    /// When the database does not confirm it. It may have been committed nevertheless, so the
    /// listener hears of it in this case too.
    pub async fn commit(self) -> Result<(), StoreError> {
        let commit = async move {
            let result = self.link.commit().await;
            self.listener.tell(&self.changes);
            if result.is_ok() {
                self.listener.tally.add(&self.happened);
            }
            if let Some(head) = self.head {
                self.listener.log_ends_at(head.seq);
            }
            result
        };
        match tokio::spawn(commit).await {
            Ok(result) => result,
            Err(_panicked) => Err(StoreError::interrupted()),
        }
    }

    pub(super) async fn optional<R: Row>(
        &mut self,
        statement: &'static Statement,
        args: &[Arg<'_>],
    ) -> Result<Option<R>, StoreError> {
        self.link.optional(statement, args).await
    }

    pub(super) async fn all<R: Row>(
        &mut self,
        statement: &'static Statement,
        args: &[Arg<'_>],
    ) -> Result<Vec<R>, StoreError> {
        self.link.all(statement, args).await
    }

    pub(super) async fn execute(
        &mut self,
        statement: &'static Statement,
        args: &[Arg<'_>],
    ) -> Result<u64, StoreError> {
        let written = self.link.execute(statement, args).await?;
        self.rows_written += written;
        Ok(written)
    }

    /// How many rows were added, changed or removed so far, the end of the audit chain among them.
    #[must_use]
    pub const fn rows_written(&self) -> u64 {
        self.rows_written
    }

    /// How long the server lets OAuth access tokens live.
    pub(super) const fn access_lifetime(&self) -> Period {
        self.access_lifetime
    }

    pub(super) fn changes(&mut self, change: Change) {
        self.changes.push(change);
    }

    pub(super) fn happened(&mut self, what: Happened) {
        self.happened.push(what);
    }

    pub(super) const fn head(&self) -> Option<&Head> {
        self.head.as_ref()
    }

    pub(super) fn set_head(&mut self, head: Head) {
        self.head = Some(head);
    }
}
