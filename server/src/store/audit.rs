//! The audit log: everything that a person or the policy did (R19), each event chained to the one before.
//!
//! It is also how processes learn of each other's changes: whatever changes is an event here.

use serde_json::Value;
pub use tenure_domain::audit::Action;
use tenure_domain::{
    id::{PlanId, UserId},
    time::Timestamp,
};

use super::{
    Tx,
    audit_chain::{self, Columns, Hash},
    error::StoreError,
    number,
    statement::{args, statements},
};

statements! {
    LOCK_HEAD = "update audit_head set seq = seq where id = 1 returning seq, hash, watermarks";
    HEAD = "select seq, hash, watermarks from audit_head where id = 1";
    MOVE_HEAD = "update audit_head set seq = $1, hash = $2 where id = 1";
    INSERT = "insert into audit_events \
              (seq, at, plan_id, actor_id, actor_address, action, target, details, prev_hash, hash) \
              values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    SINCE = "select seq, at, plan_id, actor_id, actor_address, action, target, details, prev_hash, hash \
             from audit_events where seq > $1 order by seq limit $2";
    UP_TO = "select seq, at, plan_id, actor_id, actor_address, action, target, details, prev_hash, hash \
             from audit_events where seq > $1 and seq <= $2 order by seq limit $3";
    LAST = "select coalesce(max(seq), 0) as number from audit_events";
    NEWEST = "select max(at) as instant from audit_events";
}

/// An event that is to be logged.
#[derive(Clone, Debug)]
pub struct Event {
    /// When it happened.
    pub at: Timestamp,
    /// The plan that it concerns.
    pub plan: Option<PlanId>,
    /// Who did it; nobody when the policy or an operator did.
    pub actor: Option<UserId>,
    /// From which address.
    pub actor_address: Option<String>,
    /// What was done.
    pub action: Action,
    /// The id of what it was done to.
    pub target: Option<String>,
    /// More of it: a JSON object, without secrets.
    pub details: Value,
}

/// An event in the log.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Logged {
    /// Counts the events, from 1 and without a gap.
    pub seq: i64,
    /// When it happened, in UTC milliseconds.
    pub at: i64,
    /// The plan that it concerns.
    pub plan_id: Option<String>,
    /// Who did it.
    pub actor_id: Option<String>,
    /// From which address.
    pub actor_address: Option<String>,
    /// The [`Action`]'s name.
    pub action: String,
    /// The id of what it was done to.
    pub target: Option<String>,
    /// More of it, as JSON.
    pub details: String,
    pub(super) prev_hash: Vec<u8>,
    pub(super) hash: Vec<u8>,
}

impl Logged {
    pub(super) fn columns(&self) -> Columns<'_> {
        Columns {
            seq: self.seq,
            at: self.at,
            plan_id: self.plan_id.as_deref(),
            actor_id: self.actor_id.as_deref(),
            actor_address: self.actor_address.as_deref(),
            action: &self.action,
            target: self.target.as_deref(),
            details: &self.details,
        }
    }
}

/// The end of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The newest event's number; 0 when there is none.
    pub seq: i64,
    /// The newest event's hash.
    pub hash: Hash,
    /// How often a plan's watermark was raised other than by an event.
    pub watermarks: i64,
}

#[derive(sqlx::FromRow)]
struct HeadRow {
    seq: i64,
    hash: Vec<u8>,
    watermarks: i64,
}

const HEADLESS: StoreError = StoreError::Corrupt {
    place: "audit_head",
};

impl TryFrom<Option<HeadRow>> for Head {
    type Error = StoreError;

    fn try_from(row: Option<HeadRow>) -> Result<Self, StoreError> {
        let row = row.ok_or(HEADLESS)?;
        Ok(Self {
            seq: row.seq,
            hash: row.hash.try_into().map_err(|_| HEADLESS)?,
            watermarks: row.watermarks,
        })
    }
}

/// Takes the end of the chain for this writer alone, until it commits.
pub(super) async fn lock_head(tx: &mut Tx) -> Result<Head, StoreError> {
    tx.optional::<HeadRow>(&LOCK_HEAD, args![])
        .await?
        .try_into()
}

/// The end of the chain.
///
/// # Errors
/// When the database does not answer.
pub async fn head(tx: &mut Tx) -> Result<Head, StoreError> {
    tx.optional::<HeadRow>(&HEAD, args![]).await?.try_into()
}

/// Adds an event to the end of the chain.
///
/// # Errors
/// When the database does not answer, or `tx` was begun to read.
pub async fn append(tx: &mut Tx, event: &Event) -> Result<(), StoreError> {
    let head = *tx.head().ok_or(HEADLESS)?;
    let details = event.details.to_string();
    let columns = Columns {
        seq: head.seq + 1,
        at: event.at.as_millis(),
        plan_id: event.plan.as_ref().map(PlanId::as_str),
        actor_id: event.actor.as_ref().map(UserId::as_str),
        actor_address: event.actor_address.as_deref(),
        action: event.action.as_str(),
        target: event.target.as_deref(),
        details: &details,
    };
    let hash = audit_chain::hash(&head.hash, &columns);
    let args = args![
        columns.seq,
        columns.at,
        columns.plan_id,
        columns.actor_id,
        columns.actor_address,
        columns.action,
        columns.target,
        columns.details,
        &head.hash,
        &hash
    ];
    tx.execute(&INSERT, args).await?;
    tx.execute(&MOVE_HEAD, args![columns.seq, &hash]).await?;
    tx.set_head(Head {
        seq: columns.seq,
        hash,
        ..head
    });
    Ok(())
}

/// The events after `seq`, oldest first, at most `limit` of them.
///
/// # Errors
/// When the database does not answer.
pub async fn since(tx: &mut Tx, seq: i64, limit: i64) -> Result<Vec<Logged>, StoreError> {
    tx.all(&SINCE, args![seq, limit]).await
}

/// The events after `seq` and up to `end`, oldest first, at most `limit` of them.
pub(super) async fn up_to(
    tx: &mut Tx,
    seq: i64,
    end: i64,
    limit: i64,
) -> Result<Vec<Logged>, StoreError> {
    tx.all(&UP_TO, args![seq, end, limit]).await
}

/// The number of the last event that is there, whatever the head says.
pub(super) async fn last(tx: &mut Tx) -> Result<i64, StoreError> {
    number(tx, &LAST, args![]).await
}

/// The latest instant in the log: nothing that was acknowledged happened later.
///
/// # Errors
/// When the database does not answer.
pub async fn newest(tx: &mut Tx) -> Result<Option<Timestamp>, StoreError> {
    let row: Option<(Option<i64>,)> = tx.optional(&NEWEST, args![]).await?;
    Ok(row
        .and_then(|(instant,)| instant)
        .map(Timestamp::from_millis))
}
