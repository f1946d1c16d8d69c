//! One owner's own tokens in a plan: lists, counts, and ending what works.
//!
//! The lists take the instant below which every token of the plan is dead, which `domain` computed
//! from the policy: in SQL, too, a token is expired when and only when it was created before it.

use tenure_domain::{
    id::{PlanId, UserId},
    time::Timestamp,
    token::Revocation,
};

use super::{Position, Token, tokens};
use crate::store::{
    Change, Tx,
    error::StoreError,
    number,
    statement::{args, statements},
};

statements! {
    WORKING_PAGE = concat!(
        "select ", columns!(), " from tokens \
         where owner_id = $1 and plan_id = $2 and kind = 'user_access' \
           and revoked_at is null and (created_at, id) > ($3, $4) \
         order by created_at, id limit $5"
    );
    // Each half walks its own index from its position on, so neither looks at more than a page.
    ENDED_PAGE = concat!(
        "select * from (select ", columns!(), " from tokens \
           where owner_id = $1 and plan_id = $2 and kind = 'user_access' \
             and revoked_at is null and (created_at, id) < ($3, $4) \
           order by created_at desc, id desc limit $7) as expired \
         union all \
         select * from (select ", columns!(), " from tokens \
           where owner_id = $1 and plan_id = $2 and kind = 'user_access' \
             and revoked_at is not null and (created_at, id) < ($5, $6) \
           order by created_at desc, id desc limit $7) as revoked \
         order by created_at desc, id desc limit $7"
    );
    NAMES_OF_OWNER = "select name from tokens where owner_id = $1 and plan_id = $2 and revoked_at is null \
                        and kind = 'user_access' and created_at >= $3 and (retires_at is null or retires_at > $4) \
                      order by created_at, id limit $5";
    COUNT_OF_OWNER = "select count(*) as number from tokens where owner_id = $1 and plan_id = $2 \
                        and revoked_at is null and kind = 'user_access' and created_at >= $3 \
                        and (retires_at is null or retires_at > $4)";
    REVOKE_OF_OWNER = "update tokens set revoked_at = $3, revoked_by = $4, revoked_reason = $5 \
                       where owner_id = $1 and plan_id = $2 and revoked_at is null and kind = 'user_access' \
                         and created_at >= $6";
    REVOKED_AT = concat!(
        "select ", columns!(), " from tokens \
         where owner_id = $1 and plan_id = $2 and kind = 'user_access' and revoked_at is not null \
           and revoked_at = $3 \
         order by created_at, id limit $4"
    );
    SETTLE_OF_OWNER = "update tokens set revoked_at = retires_at, revoked_reason = 'rotation' \
                       where owner_id = $1 and plan_id = $2 and revoked_at is null and kind = 'user_access' \
                         and created_at >= $3 and retires_at <= $4";
}

/// A user's tokens in a plan that are not revoked, after this position, oldest (soonest expiry) first.
///
/// From [`Position::before`] the instant below which the plan's tokens are dead, these are the ones
/// that work.
///
/// # Errors
/// When the database does not answer.
pub async fn working_page(
    tx: &mut Tx,
    owner: &UserId,
    plan: &PlanId,
    after: &Position,
    limit: i64,
) -> Result<Vec<Token>, StoreError> {
    let args = args![
        owner.as_str(),
        plan.as_str(),
        after.created_at,
        &after.id,
        limit
    ];
    tokens(tx.all(&WORKING_PAGE, args).await?)
}

/// A user's tokens in a plan that were revoked, or created before `dead_before`; those below this
/// position, youngest first.
///
/// # Errors
/// When the database does not answer.
pub async fn ended_page(
    tx: &mut Tx,
    owner: &UserId,
    plan: &PlanId,
    dead_before: Timestamp,
    below: &Position,
    limit: i64,
) -> Result<Vec<Token>, StoreError> {
    // What was not revoked has ended if it lies below the watermark as well.
    let watermark = Position::before(dead_before);
    let expired = below.min(&watermark);
    let args = args![
        owner.as_str(),
        plan.as_str(),
        expired.created_at,
        &expired.id,
        below.created_at,
        &below.id,
        limit
    ];
    tokens(tx.all(&ENDED_PAGE, args).await?)
}

/// The names of a user's own tokens in a plan that work at `now`, soonest expiry first, where every
/// token created before `dead_before` is dead.
///
/// # Errors
/// When the database does not answer.
pub async fn names_of_owner(
    tx: &mut Tx,
    (plan, owner): (&PlanId, &UserId),
    dead_before: Timestamp,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<String>, StoreError> {
    let args = args![owner.as_str(), plan.as_str(), dead_before, now, limit];
    let rows: Vec<(String,)> = tx.all(&NAMES_OF_OWNER, args).await?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}

/// How many of a user's own tokens in a plan work at `now`, where every token created before
/// `dead_before` is dead.
///
/// # Errors
/// When the database does not answer.
pub async fn count_of_owner(
    tx: &mut Tx,
    (plan, owner): (&PlanId, &UserId),
    dead_before: Timestamp,
    now: Timestamp,
) -> Result<i64, StoreError> {
    let args = args![owner.as_str(), plan.as_str(), dead_before, now];
    number(tx, &COUNT_OF_OWNER, args).await
}

/// Revokes a user's own tokens in a plan, of those created from `alive_from` on; older ones have expired
/// and stay so. Says how many.
///
/// # Errors
/// When the database does not answer.
pub async fn revoke_of_owner(
    tx: &mut Tx,
    (plan, owner): (&PlanId, &UserId),
    revocation: &Revocation,
    alive_from: Timestamp,
) -> Result<u64, StoreError> {
    let args = args![
        owner.as_str(),
        plan.as_str(),
        revocation.at,
        revocation.by.as_ref().map(UserId::as_str),
        revocation.reason.as_str(),
        alive_from
    ];
    let revoked = tx.execute(&REVOKE_OF_OWNER, args).await?;
    tx.changes(Change::Tokens);
    Ok(revoked)
}

/// A user's own tokens in a plan that were revoked at this very instant, oldest first.
///
/// # Errors
/// When the database does not answer.
pub async fn revoked_at(
    tx: &mut Tx,
    owner: &UserId,
    plan: &PlanId,
    at: Timestamp,
    limit: i64,
) -> Result<Vec<Token>, StoreError> {
    let args = args![owner.as_str(), plan.as_str(), at, limit];
    tokens(tx.all(&REVOKED_AT, args).await?)
}

/// Makes the rotation of those of a user's own tokens in a plan last whose overlap has passed by `now`, of
/// those created from `alive_from` on; older ones have expired and stay so.
///
/// # Errors
/// When the database does not answer.
pub async fn settle_of_owner(
    tx: &mut Tx,
    (plan, owner): (&PlanId, &UserId),
    alive_from: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    let args = args![owner.as_str(), plan.as_str(), alive_from, now];
    if tx.execute(&SETTLE_OF_OWNER, args).await? > 0 {
        tx.changes(Change::Tokens);
    }
    Ok(())
}
