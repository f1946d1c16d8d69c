//! The tokens of a plan, whosever they are.

use tenure_domain::{id::PlanId, time::Timestamp};

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
                       and kind = 'user_access' and retires_at is null";
    DOUBTFUL_PAGE = concat!(
        "select ", columns!(), " from tokens \
         where plan_id = $1 and revoked_at is null and (created_at, id) > ($2, $3) and created_at < $4 \
           and (kind = 'oauth_access' or retires_at is not null) \
         order by created_at, id limit $5"
    );
    ENDING_PAGE = concat!(
        "select ", columns!(), " from tokens \
         where plan_id = $1 and revoked_at is null and (created_at, id) > ($2, $3) and created_at < $4 \
           and kind = 'user_access' and retires_at is null \
         order by created_at, id limit $5"
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

/// How many tokens of a plan, created from `from` on and before `before`, were not revoked, of those that
/// only the policy ends. The others are on [`doubtful_page`].
///
/// # Errors
/// When the database does not answer.
pub async fn count_expired(
    tx: &mut Tx,
    plan: &PlanId,
    from: Timestamp,
    before: Timestamp,
) -> Result<i64, StoreError> {
    number(tx, &COUNT_EXPIRED, args![plan.as_str(), from, before]).await
}

/// Tokens of a plan, created before `before`, after this position, that were not revoked and that something
/// else than the policy may have ended first: the server's lifetime, or a rotation. Oldest first.
///
/// # Errors
/// When the database does not answer.
pub async fn doubtful_page(
    tx: &mut Tx,
    plan: &PlanId,
    after: &Position,
    before: Timestamp,
    limit: i64,
) -> Result<Vec<Token>, StoreError> {
    let args = args![plan.as_str(), after.created_at, &after.id, before, limit];
    tokens(tx.all(&DOUBTFUL_PAGE, args).await?)
}

/// User access tokens of a plan after this position, created before `before`, that nobody has revoked or
/// rotated: those that only time ends. Oldest first.
///
/// # Errors
/// When the database does not answer.
pub async fn ending_page(
    tx: &mut Tx,
    plan: &PlanId,
    after: &Position,
    before: Timestamp,
    limit: i64,
) -> Result<Vec<Token>, StoreError> {
    let args = args![plan.as_str(), after.created_at, &after.id, before, limit];
    tokens(tx.all(&ENDING_PAGE, args).await?)
}

/// How many tokens a plan has, dead or alive.
///
/// # Errors
/// When the database does not answer.
pub async fn count(tx: &mut Tx, plan: &PlanId) -> Result<i64, StoreError> {
    number(tx, &COUNT, args![plan.as_str()]).await
}
