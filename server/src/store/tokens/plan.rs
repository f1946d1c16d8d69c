//! The tokens of a plan, whosever they are.

use tenure_domain::{
    id::PlanId,
    policy::Watermarks,
    time::{HOUR, Timestamp},
};

use super::{Position, Token, tokens};
use crate::store::{
    Tx,
    error::StoreError,
    number,
    statement::{args, statements},
};

statements! {
    BY_LAST_FOUR = concat!(
        "select ", columns!(), " from tokens where plan_id = $1 and last_four = $2 \
         order by created_at desc, id desc limit $3"
    );
    COUNT_EXPIRED = "select count(*) as number from tokens \
                     where plan_id = $1 and revoked_at is null and created_at >= $2 and created_at < $3 \
                       and kind = 'user_access' and retires_at is null and last_active_at >= $4";
    COUNT_IDLE = "select count(*) as number from tokens \
                  where plan_id = $1 and revoked_at is null and last_active_hour >= $2 and last_active_hour <= $3 \
                    and last_active_at >= $4 and last_active_at < $5 \
                    and created_at >= $6 and kind = 'user_access' and retires_at is null";
    DOUBTFUL_PAGE = concat!(
        "select ", columns!(), " from tokens \
         where plan_id = $1 and revoked_at is null and (created_at, id) > ($2, $3) and created_at < $4 \
           and (kind = 'oauth_access' or retires_at is not null or last_active_at < $5) \
         order by created_at, id limit $6"
    );
    DOUBTFUL_IDLE_PAGE = concat!(
        "select ", columns!(), " from tokens \
         where plan_id = $1 and revoked_at is null and last_active_hour >= $2 and last_active_hour <= $3 \
           and (last_active_at, id) > ($4, $5) and last_active_at < $6 \
           and (kind = 'oauth_access' or retires_at is not null or created_at < $7) \
         order by last_active_hour, last_active_at, id limit $8"
    );
    WORKING_PAGE = concat!(
        "select ", columns!(), " from tokens \
         where plan_id = $1 and revoked_at is null and kind = 'user_access' \
           and (created_at, id) > ($2, $3) and last_active_at >= $4 \
         order by created_at, id limit $5"
    );
    TIMED_PAGE = concat!(
        "select ", columns!(), " from tokens \
         where plan_id = $1 and revoked_at is null and (created_at, id) > ($2, $3) and created_at < $4 \
           and kind = 'user_access' and retires_at is null \
         order by created_at, id limit $5"
    );
    TIMED_IDLE_PAGE = concat!(
        "select ", columns!(), " from tokens \
         where plan_id = $1 and revoked_at is null and last_active_hour >= $2 and last_active_hour <= $3 \
           and (last_active_at, id) > ($4, $5) and last_active_at < $6 \
           and kind = 'user_access' and retires_at is null \
         order by last_active_hour, last_active_at, id limit $7"
    );
    COUNT = "select count(*) as number from tokens where plan_id = $1";
}

/// The tokens of a plan whose texts end so, youngest first, at most `limit` of them.
///
/// # Errors
/// When the database does not answer.
pub async fn by_last_four(
    tx: &mut Tx,
    plan: &PlanId,
    last_four: &str,
    limit: i64,
) -> Result<Vec<Token>, StoreError> {
    let args = args![plan.as_str(), last_four, limit];
    tokens(tx.all(&BY_LAST_FOUR, args).await?)
}

/// Instants in a row: from the first on, and before the second.
pub type Span = (Timestamp, Timestamp);

/// How many tokens of a plan, created in this span, were not revoked, of those that only the policy's
/// period can have ended, `idle_before` being the watermark of inactivity. The others are on
/// [`doubtful_page`].
///
/// # Errors
/// When the database does not answer.
pub async fn count_expired(
    tx: &mut Tx,
    plan: &PlanId,
    (from, before): Span,
    idle_before: Timestamp,
) -> Result<i64, StoreError> {
    let args = args![plan.as_str(), from, before, idle_before];
    number(tx, &COUNT_EXPIRED, args).await
}

/// How many tokens of a plan, last active in this span, were not revoked, of those that only inactivity
/// can have ended, `dead_before` being the watermark of the period. The others are on
/// [`doubtful_idle_page`].
///
/// # Errors
/// When the database does not answer.
pub async fn count_idle(
    tx: &mut Tx,
    plan: &PlanId,
    (from, before): Span,
    dead_before: Timestamp,
) -> Result<i64, StoreError> {
    let (first, last) = (hour(from), hour(before));
    let args = args![plan.as_str(), first, last, from, before, dead_before];
    number(tx, &COUNT_IDLE, args).await
}

/// The place of an instant in the index by activity: the hour since the epoch, rounded towards it as
/// SQL divides.
#[must_use]
pub const fn hour(at: Timestamp) -> i64 {
    at.as_millis() / HOUR
}

/// Tokens of a plan, created before `before`, after this position, that were not revoked and that something
/// else than the period may have ended first: the server's lifetime, a rotation, or inactivity, whose
/// watermark is `idle_before`. Oldest first.
///
/// # Errors
/// When the database does not answer.
pub async fn doubtful_page(
    tx: &mut Tx,
    plan: &PlanId,
    after: &Position,
    (before, idle_before): (Timestamp, Timestamp),
    limit: i64,
) -> Result<Vec<Token>, StoreError> {
    let args = args![
        plan.as_str(),
        after.created_at,
        &after.id,
        before,
        idle_before,
        limit
    ];
    tokens(tx.all(&DOUBTFUL_PAGE, args).await?)
}

/// User access tokens of a plan after this position, created before `before`, that nobody has revoked or
/// rotated: those that only time ends. Oldest first.
///
/// # Errors
/// When the database does not answer.
pub async fn timed_page(
    tx: &mut Tx,
    plan: &PlanId,
    after: &Position,
    before: Timestamp,
    limit: i64,
) -> Result<Vec<Token>, StoreError> {
    let args = args![plan.as_str(), after.created_at, &after.id, before, limit];
    tokens(tx.all(&TIMED_PAGE, args).await?)
}

/// Tokens of a plan, last active before `before`, after that activity and id, that were not revoked and
/// that something else than inactivity may have ended first: the server's lifetime, a rotation, or the
/// period, whose watermark is `dead_before`. Longest unused first.
///
/// # Errors
/// When the database does not answer.
pub async fn doubtful_idle_page(
    tx: &mut Tx,
    plan: &PlanId,
    (active_at, id): (Timestamp, &str),
    (before, dead_before): (Timestamp, Timestamp),
    limit: i64,
) -> Result<Vec<Token>, StoreError> {
    let args = args![
        plan.as_str(),
        hour(active_at),
        hour(before),
        active_at,
        id,
        before,
        dead_before,
        limit
    ];
    tokens(tx.all(&DOUBTFUL_IDLE_PAGE, args).await?)
}

/// The same by last activity, longest unused first: `after` is a place in that order.
///
/// # Errors
/// When the database does not answer.
pub async fn timed_idle_page(
    tx: &mut Tx,
    plan: &PlanId,
    after: &Position,
    before: Timestamp,
    limit: i64,
) -> Result<Vec<Token>, StoreError> {
    let args = args![
        plan.as_str(),
        hour(after.created_at),
        hour(before),
        after.created_at,
        &after.id,
        before,
        limit
    ];
    tokens(tx.all(&TIMED_IDLE_PAGE, args).await?)
}

/// The tokens of a plan that people generated, that are not revoked and lie above these watermarks, after
/// this position, oldest first: those that work.
///
/// # Errors
/// When the database does not answer.
pub async fn working_of_plan(
    tx: &mut Tx,
    plan: &PlanId,
    marks: Watermarks,
    after: &Position,
    limit: i64,
) -> Result<Vec<Token>, StoreError> {
    let alive = Position::before(marks.dead_before);
    let after = after.max(&alive);
    let args = args![
        plan.as_str(),
        after.created_at,
        &after.id,
        marks.idle_before,
        limit
    ];
    tokens(tx.all(&WORKING_PAGE, args).await?)
}

/// How many tokens a plan has, dead or alive.
///
/// # Errors
/// When the database does not answer.
pub async fn count(tx: &mut Tx, plan: &PlanId) -> Result<i64, StoreError> {
    number(tx, &COUNT, args![plan.as_str()]).await
}
