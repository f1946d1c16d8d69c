//! Where a plan's alerts are posted, and the outbox of what is to be posted: worked by leases, as notices are.

use tenure_domain::{id::PlanId, time::Timestamp, wire::alerts::WebhookDelivery};

use super::{
    Happened, Posted, Tx,
    error::StoreError,
    statement::{args, statements},
};

/// The post that waits longest of those that are due by $1. While one of a plan is in flight, its others wait: a
/// receiver that is slow keeps nobody else's alerts waiting.
macro_rules! due {
    ($lock:literal) => {
        concat!(
            "select id from webhook_deliveries as due \
             where state in ('queued', 'leased') and due_at <= $1 and not exists ( \
               select 1 from webhook_deliveries as sent \
               where sent.plan_id = due.plan_id and sent.state = 'leased' and sent.due_at > $1) \
             order by due_at, id limit 1 ",
            $lock
        )
    };
}

macro_rules! lease {
    ($lock:literal) => {
        concat!(
            "with next as (", due!($lock), ") update webhook_deliveries \
             set state = 'leased', leased_by = $2, due_at = $3, attempts = attempts + 1 \
             where id in (select id from next) returning id, plan_id, body, attempts, created_at"
        )
    };
}

statements! {
    GET = "select url, secret, created_at from webhooks where plan_id = $1";
    PUT = "insert into webhooks (plan_id, url, secret, created_at) values ($1, $2, $3, $4) \
           on conflict (plan_id) do update set url = excluded.url, secret = excluded.secret, \
             created_at = excluded.created_at";
    DELETE = "delete from webhooks where plan_id = $1";
    QUEUE = "insert into webhook_deliveries (id, plan_id, body, state, attempts, created_at, due_at) \
             values ($1, $2, $3, 'queued', 0, $4, $4)";
    QUEUE_TEST = "insert into webhook_deliveries (id, plan_id, body, state, attempts, created_at, due_at, is_test) \
                  values ($1, $2, $3, 'queued', 0, $4, $4, 1) \
                  on conflict (plan_id) where is_test = 1 and state in ('queued', 'leased') \
                  do update set due_at = excluded.due_at where webhook_deliveries.state = 'queued'";
    LEASE = lease!(""), on_postgres lease!("for update of due skip locked");
    DUE = due!("");
    TAKEN = "update webhook_deliveries set state = 'taken', leased_by = null, reason = null \
             where id = $1 and leased_by = $2 and state = 'leased'";
    AGAIN = "update webhook_deliveries set state = 'queued', leased_by = null, reason = $3, due_at = $4 \
             where id = $1 and leased_by = $2 and state = 'leased'";
    FAILED = "update webhook_deliveries set state = 'failed', leased_by = null, reason = $3 \
              where id = $1 and leased_by = $2 and state = 'leased'";
    FORGET = "delete from webhook_deliveries where state in ('taken', 'failed') and created_at < $1 \
              and exists (select 1 from webhook_deliveries as later \
                          where later.plan_id = webhook_deliveries.plan_id and later.id > webhook_deliveries.id)";
    LATEST = "select state, reason, attempts, created_at from webhook_deliveries \
              where plan_id = $1 order by id desc limit 1";
}

/// Where a plan's alerts are posted. It has no `Debug`: the secret signs.
#[derive(Clone, PartialEq, Eq)]
pub struct Webhook {
    /// The address.
    pub url: String,
    /// The key of the signature.
    pub secret: Vec<u8>,
    /// Since when.
    pub since: Timestamp,
}

/// A post in the hands of whoever sends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leased {
    /// Its `webhook-id`.
    pub id: String,
    /// Whose.
    pub plan: PlanId,
    /// What is posted.
    pub body: String,
    /// How often it was tried, this time included.
    pub attempts: i64,
    /// When it was decided.
    pub created_at: Timestamp,
}

/// The plan's webhook, if it has one.
///
/// # Errors
/// When the database does not answer.
pub async fn get(tx: &mut Tx, plan: &PlanId) -> Result<Option<Webhook>, StoreError> {
    let row: Option<(String, Vec<u8>, i64)> = tx.optional(&GET, args![plan.as_str()]).await?;
    Ok(row.map(|(url, secret, since)| Webhook {
        url,
        secret,
        since: Timestamp::from_millis(since),
    }))
}

/// Sets the plan's webhook, in place of the one that it had.
///
/// # Errors
/// When the database does not answer.
pub async fn put(
    tx: &mut Tx,
    plan: &PlanId,
    url: &str,
    secret: &[u8; 32],
    now: Timestamp,
) -> Result<(), StoreError> {
    let args = args![plan.as_str(), url, secret, now];
    tx.execute(&PUT, args).await.map(drop)
}

/// Takes the plan's webhook away; says whether it had one.
///
/// # Errors
/// When the database does not answer.
pub async fn delete(tx: &mut Tx, plan: &PlanId) -> Result<bool, StoreError> {
    Ok(tx.execute(&DELETE, args![plan.as_str()]).await? > 0)
}

/// Queues a post.
///
/// # Errors
/// When the database does not answer.
pub async fn queue(
    tx: &mut Tx,
    id: &str,
    plan: &PlanId,
    body: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let args = args![id, plan.as_str(), body, now];
    tx.execute(&QUEUE, args).await.map(drop)
}

/// Queues a test. One that waits already is tried at once instead, and is not another one.
///
/// # Errors
/// When the database does not answer.
pub async fn queue_test(
    tx: &mut Tx,
    id: &str,
    plan: &PlanId,
    body: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let args = args![id, plan.as_str(), body, now];
    tx.execute(&QUEUE_TEST, args).await.map(drop)
}

/// Whether there is a post to take by `now`.
///
/// # Errors
/// When the database does not answer.
pub async fn is_due(tx: &mut Tx, now: Timestamp) -> Result<bool, StoreError> {
    let row: Option<(String,)> = tx.optional(&DUE, args![now]).await?;
    Ok(row.is_some())
}

/// Takes the post that waits longest of those that are due by `now`, until `until`. Of a plan one is taken at a time.
///
/// # Errors
/// When the database does not answer.
pub async fn lease(
    tx: &mut Tx,
    holder: &str,
    now: Timestamp,
    until: Timestamp,
) -> Result<Option<Leased>, StoreError> {
    let row: Option<(String, String, String, i64, i64)> =
        tx.optional(&LEASE, args![now, holder, until]).await?;
    Ok(row.map(|(id, plan, body, attempts, created_at)| Leased {
        id,
        plan: PlanId(plan),
        body,
        attempts,
        created_at: Timestamp::from_millis(created_at),
    }))
}

/// The receiver took it. `false` when this holder no longer has it.
///
/// # Errors
/// When the database does not answer.
pub async fn taken(tx: &mut Tx, (id, holder): (&str, &str)) -> Result<bool, StoreError> {
    let written = tx.execute(&TAKEN, args![id, holder]).await?;
    Ok(posted(tx, written, Posted::Taken))
}

/// It is to be tried again, not before `due_at`. `false` when this holder no longer has it.
///
/// # Errors
/// When the database does not answer.
pub async fn again(
    tx: &mut Tx,
    (id, holder): (&str, &str),
    reason: &str,
    due_at: Timestamp,
) -> Result<bool, StoreError> {
    let args = args![id, holder, reason, due_at];
    let written = tx.execute(&AGAIN, args).await?;
    Ok(posted(tx, written, Posted::Later))
}

/// It is not tried any more. `false` when this holder no longer has it.
///
/// # Errors
/// When the database does not answer.
pub async fn failed(
    tx: &mut Tx,
    (id, holder): (&str, &str),
    reason: &str,
) -> Result<bool, StoreError> {
    let written = tx.execute(&FAILED, args![id, holder, reason]).await?;
    Ok(posted(tx, written, Posted::Failed))
}

/// Whether what came of a post was written; then it is counted.
fn posted(tx: &mut Tx, written: u64, what: Posted) -> bool {
    if written > 0 {
        tx.happened(Happened::Posted(what));
    }
    written > 0
}

/// Forgets what was taken or failed and was decided before this instant, but for each plan's latest post. Says how
/// much that was.
///
/// # Errors
/// When the database does not answer.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    tx.execute(&FORGET, args![before]).await
}

/// What became of the plan's latest post.
///
/// # Errors
/// When the database does not answer.
pub async fn latest(tx: &mut Tx, plan: &PlanId) -> Result<Option<WebhookDelivery>, StoreError> {
    let row: Option<(String, Option<String>, i64, i64)> =
        tx.optional(&LATEST, args![plan.as_str()]).await?;
    Ok(
        row.map(|(state, reason, attempts, created_at)| WebhookDelivery {
            at: Timestamp::from_millis(created_at),
            taken: match state.as_str() {
                "taken" => Some(true),
                "failed" => Some(false),
                _ => None,
            },
            reason,
            attempts: u32::try_from(attempts).unwrap_or(u32::MAX),
        }),
    )
}
