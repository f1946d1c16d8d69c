//! Changes of a policy that owners are to hear of: one row in the transaction that decides, handed on to
//! the owners later, some at a time.

use tenure_domain::{
    id::{PlanId, UserId},
    policy::Watermarks,
    time::Timestamp,
};

use super::Tx;
use crate::store::{
    error::StoreError,
    number,
    statement::{args, statements},
};

macro_rules! take {
    ($lock:literal) => {
        concat!(
            "with next as (select id from policy_announcements where finished_at is null \
               order by plan_id, id limit 1 ",
            $lock,
            ") update policy_announcements set told_until = told_until where id in (select id from next) \
             returning id, plan_id, details, decided_at, dead_before, idle_before, told_until"
        )
    };
}

statements! {
    INSERT = "insert into policy_announcements \
              (id, plan_id, details, decided_at, dead_before, idle_before, told_until) \
              values ($1, $2, $3, $4, $5, $6, '')";
    TAKE = take!(""), on_postgres take!("for update skip locked");
    // The index of an owner's own tokens answers each member.
    OWNERS = "select owner_id, tokens from (\
                select m.user_id as owner_id, (select count(*) from tokens t \
                    where t.owner_id = m.user_id and t.plan_id = m.plan_id and t.kind = 'user_access' \
                      and t.revoked_at is null and t.created_at >= $3 and t.last_active_at >= $4 and t.created_at <= $5) as tokens \
                from memberships m where m.plan_id = $1 and m.user_id > $2) as owners \
              where tokens > 0 order by owner_id limit $6";
    TOLD_UNTIL = "update policy_announcements set told_until = $2 where id = $1";
    FINISH = "update policy_announcements set finished_at = $2 where id = $1";
    COUNT_OPEN = "select count(*) as number from policy_announcements where finished_at is null";
    COUNT_OPEN_OF_PLAN = "select count(*) as number from policy_announcements \
                          where plan_id = $1 and finished_at is null";
}

/// A change that owners are to hear of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announcement {
    /// Names it.
    pub id: String,
    /// Whose policy was changed.
    pub plan: PlanId,
    /// What was decided, as JSON.
    pub details: String,
    /// When.
    pub decided_at: Timestamp,
    /// Tokens below were dead by then, so they are not concerned.
    pub dead: Watermarks,
    /// The last owner that has got their notice.
    pub told_until: String,
}

#[derive(sqlx::FromRow)]
struct AnnouncementRow {
    id: String,
    plan_id: String,
    details: String,
    decided_at: i64,
    dead_before: i64,
    idle_before: i64,
    told_until: String,
}

impl From<AnnouncementRow> for Announcement {
    fn from(row: AnnouncementRow) -> Self {
        Self {
            id: row.id,
            plan: PlanId(row.plan_id),
            details: row.details,
            decided_at: Timestamp::from_millis(row.decided_at),
            dead: Watermarks {
                dead_before: Timestamp::from_millis(row.dead_before),
                idle_before: Timestamp::from_millis(row.idle_before),
            },
            told_until: row.told_until,
        }
    }
}

/// Adds a change that owners are to hear of.
///
/// # Errors
/// When the database does not answer.
pub async fn insert(tx: &mut Tx, new: &Announcement) -> Result<(), StoreError> {
    let args = args![
        &new.id,
        new.plan.as_str(),
        &new.details,
        new.decided_at,
        new.dead.dead_before,
        new.dead.idle_before
    ];
    tx.execute(&INSERT, args).await.map(drop)
}

/// A change that not every owner has heard of, for this transaction alone: other processes pass it over
/// until the commit.
///
/// # Errors
/// When the database does not answer.
pub async fn take(tx: &mut Tx) -> Result<Option<Announcement>, StoreError> {
    let row: Option<AnnouncementRow> = tx.optional(&TAKE, args![]).await?;
    Ok(row.map(Announcement::from))
}

/// The next owners with tokens that the change concerns, and how many each has.
///
/// # Errors
/// When the database does not answer.
pub async fn owners(
    tx: &mut Tx,
    of: &Announcement,
    limit: i64,
) -> Result<Vec<(UserId, i64)>, StoreError> {
    let args = args![
        of.plan.as_str(),
        &of.told_until,
        of.dead.dead_before,
        of.dead.idle_before,
        of.decided_at,
        limit
    ];
    let rows: Vec<(String, i64)> = tx.all(&OWNERS, args).await?;
    Ok(rows
        .into_iter()
        .map(|(owner, tokens)| (UserId(owner), tokens))
        .collect())
}

/// Every owner up to this one has got their notice.
///
/// # Errors
/// When the database does not answer.
pub async fn told_until(tx: &mut Tx, id: &str, owner: &UserId) -> Result<(), StoreError> {
    tx.execute(&TOLD_UNTIL, args![id, owner.as_str()])
        .await
        .map(drop)
}

/// Every owner has got their notice.
///
/// # Errors
/// When the database does not answer.
pub async fn finish(tx: &mut Tx, id: &str, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(&FINISH, args![id, now]).await.map(drop)
}

/// How many changes not every owner has heard of.
///
/// # Errors
/// When the database does not answer.
pub async fn count_open(tx: &mut Tx) -> Result<i64, StoreError> {
    number(tx, &COUNT_OPEN, args![]).await
}

/// The same, of a plan's policy.
///
/// # Errors
/// When the database does not answer.
pub async fn count_open_of_plan(tx: &mut Tx, plan: &PlanId) -> Result<i64, StoreError> {
    number(tx, &COUNT_OPEN_OF_PLAN, args![plan.as_str()]).await
}
