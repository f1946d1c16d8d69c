//! Hearing of what other processes change: replicas, and commands at the command line.
//!
//! Every change is an event in the audit log, so the log's end tells whether there is news and its
//! new events tell what. Watermarks that rose are counted beside it.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use tenure_domain::id::{ClientId, GrantId, PlanId, TokenId};
use tokio::sync::Mutex;

use super::cache::Cache;
use crate::{
    clock::Clock,
    store::{
        Change, Store, StoreError, Tx,
        audit::{self, Action, Head, Logged},
        tokens,
    },
};

/// How long the memory is trusted without news of the log. The job asks four times as often.
pub(super) const TRUSTED_FOR: Duration = Duration::from_secs(1);
/// With more news than this, forgetting everything is cheaper than reading it.
const MOST_NEWS: i64 = 1_000;

/// What makes another client of one that is kept.
const CLIENT_CHANGES: [Action; 3] = [
    Action::ClientChanged,
    Action::ClientSecretRotated,
    Action::ClientDeleted,
];

/// What makes other policies of those that are kept.
const POLICY_CHANGES: [Action; 4] = [
    Action::PolicyChanged,
    Action::PolicyScheduled,
    Action::PolicyScheduleCancelled,
    Action::ExpiriesRecorded,
];

/// The place up to which the log is known.
#[derive(Default)]
pub(super) struct Feed {
    known: Mutex<Option<Head>>,
    /// The uptime at which the log was last known whole, in milliseconds and from 1; 0 is never.
    followed_at: AtomicU64,
}

impl Feed {
    /// Whether the memory may be trusted.
    pub(super) fn is_fresh(&self, clock: &Clock) -> bool {
        let followed_at = self.followed_at.load(Ordering::Acquire);
        let age = millis(clock.uptime()).saturating_sub(followed_at);
        followed_at != 0 && u128::from(age) <= TRUSTED_FOR.as_millis()
    }

    /// Learns the news, and forgets what they changed. Says whether a policy was among it.
    pub(super) async fn follow(
        &self,
        store: &Store,
        clock: &Clock,
        cache: &Cache,
    ) -> Result<bool, StoreError> {
        let mut known = self.known.lock().await;
        // Before asking: what is committed while the answer travels is not part of it.
        let asked_at = millis(clock.uptime());
        let mut tx = store.peek().await?;
        let head = audit::head(&mut tx).await?;
        let other_policy = match *known {
            Some(known) if known == head => false,
            Some(known) => catch_up(&mut tx, &known, &head, cache).await?,
            None => {
                cache.forget_everything();
                false
            }
        };
        *known = Some(head);
        self.followed_at.store(asked_at, Ordering::Release);
        Ok(other_policy)
    }
}

/// Milliseconds of uptime, from 1.
fn millis(uptime: Duration) -> u64 {
    u64::try_from(uptime.as_millis())
        .unwrap_or(u64::MAX)
        .saturating_add(1)
}

async fn catch_up(
    tx: &mut Tx,
    known: &Head,
    head: &Head,
    cache: &Cache,
) -> Result<bool, StoreError> {
    // A log that went back is another database, restored from a backup.
    if !(known.seq..=known.seq + MOST_NEWS).contains(&head.seq) {
        cache.forget_everything();
        return Ok(true);
    }
    if known.watermarks != head.watermarks {
        cache.forget_plans();
    }
    let mut changes = Vec::new();
    for event in audit::since(tx, known.seq, head.seq - known.seq).await? {
        changes.extend(news(tx, event).await?);
    }
    if !changes.is_empty() {
        cache.forget(&changes);
    }
    Ok(changes
        .iter()
        .any(|change| matches!(change, Change::Plan(_))))
}

/// What an event changed of that which is kept in memory.
async fn news(tx: &mut Tx, event: Logged) -> Result<Vec<Change>, StoreError> {
    let is = |actions: &[Action]| actions.iter().any(|action| event.action == action.as_str());
    if is(&[Action::TokenRevoked, Action::TokenRotated]) {
        let token = TokenId(event.target.unwrap_or_default());
        let hash = tokens::hash(tx, &token).await?;
        Ok(hash.map(Change::Token).into_iter().collect())
    } else if is(&[Action::GrantRefreshed, Action::GrantEnded]) {
        let grant = GrantId(event.target.unwrap_or_default());
        let hashes = tokens::hashes_of_grant(tx, &grant).await?;
        Ok(hashes.into_iter().map(Change::Token).collect())
    } else if is(&[Action::UserDeactivated]) {
        Ok(vec![Change::Tokens])
    } else if is(&POLICY_CHANGES) {
        let plan = event.plan_id.map(|plan| Change::Plan(PlanId(plan)));
        Ok(plan.into_iter().collect())
    } else if is(&CLIENT_CHANGES) {
        let client = event.target.map(|client| Change::Client(ClientId(client)));
        Ok(client.into_iter().collect())
    } else {
        Ok(Vec::new())
    }
}
