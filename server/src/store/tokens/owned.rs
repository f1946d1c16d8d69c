//! One owner's own tokens in a plan: lists, counts, and ending what works.
//!
//! The lists take the watermarks below which every token of the plan is dead, which `domain` computed
//! from the policy: in SQL, too, a token is expired when and only when it was created, or last active,
//! below them.

use tenure_domain::{
    id::{PlanId, UserId},
    policy::Watermarks,
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
           and revoked_at is null and (created_at, id) > ($3, $4) and last_active_at >= $5 \
         order by created_at, id limit $6"
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
    // Above the watermark of the period, and nobody used them for too long.
    IDLE_PAGE = concat!(
        "select ", columns!(), " from tokens \
         where owner_id = $1 and plan_id = $2 and kind = 'user_access' \
           and revoked_at is null and (created_at, id) < ($3, $4) and created_at >= $5 and last_active_at < $6 \
         order by created_at desc, id desc limit $7"
    );
    NAMES_OF_OWNER = "select name from tokens where owner_id = $1 and plan_id = $2 and revoked_at is null \
                        and kind = 'user_access' and created_at >= $3 and last_active_at >= $4 \
                        and (retires_at is null or retires_at > $5) \
                      order by created_at, id limit $6";
    COUNT_OF_OWNER = "select count(*) as number from tokens where owner_id = $1 and plan_id = $2 \
                        and revoked_at is null and kind = 'user_access' and created_at >= $3 and last_active_at >= $4 \
                        and (retires_at is null or retires_at > $5)";
    REVOKE_OF_OWNER = "update tokens set revoked_at = $3, revoked_by = $4, revoked_reason = $5 \
                       where owner_id = $1 and plan_id = $2 and revoked_at is null and kind = 'user_access' \
                         and created_at >= $6 and last_active_at >= $7";
    REVOKED_AT = concat!(
        "select ", columns!(), " from tokens \
         where owner_id = $1 and plan_id = $2 and kind = 'user_access' and revoked_at is not null \
           and revoked_at = $3 \
         order by created_at, id limit $4"
    );
    LAST_ACTIVE_OF_OWNER = "select last_active_at as instant from tokens where plan_id = $1 and owner_id = $2 \
                            order by last_active_hour desc, last_active_at desc limit 1";
    SETTLE_OF_OWNER = "update tokens set revoked_at = retires_at, revoked_reason = 'rotation' \
                       where owner_id = $1 and plan_id = $2 and revoked_at is null and kind = 'user_access' \
                         and created_at >= $3 and last_active_at >= $4 and retires_at <= $5";
}

/// A user's tokens in a plan that are not revoked and lie above these watermarks, after this position,
/// oldest first: those that work.
///
/// # Errors
/// When the database does not answer.
pub async fn working_page(
    tx: &mut Tx,
    owner: &UserId,
    plan: &PlanId,
    marks: Watermarks,
    after: &Position,
    limit: i64,
) -> Result<Vec<Token>, StoreError> {
    let alive = Position::before(marks.dead_before);
    let after = after.max(&alive);
    let args = args![
        owner.as_str(),
        plan.as_str(),
        after.created_at,
        &after.id,
        marks.idle_before,
        limit
    ];
    tokens(tx.all(&WORKING_PAGE, args).await?)
}

/// A user's tokens in a plan that were revoked, or lie below one of these watermarks; those below this
/// position, youngest first.
///
/// # Errors
/// When the database does not answer.
pub async fn ended_page(
    tx: &mut Tx,
    owner: &UserId,
    plan: &PlanId,
    marks: Watermarks,
    below: &Position,
    limit: i64,
) -> Result<Vec<Token>, StoreError> {
    // What was not revoked has ended if it lies below the watermark as well.
    let watermark = Position::before(marks.dead_before);
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
    let mut ended = tokens(tx.all(&ENDED_PAGE, args).await?)?;
    if marks.idle_before > Timestamp::MIN {
        ended.extend(idle_page(tx, (plan, owner), marks, below, limit).await?);
        ended.sort_unstable_by_key(|token| std::cmp::Reverse(Position::of(token)));
        ended.truncate(usize::try_from(limit).unwrap_or_default());
    }
    Ok(ended)
}

/// Those that only inactivity has ended. There is no index for them: it looks at what works as well, and
/// is asked only in plans where inactivity ever ended anything.
async fn idle_page(
    tx: &mut Tx,
    (plan, owner): (&PlanId, &UserId),
    marks: Watermarks,
    below: &Position,
    limit: i64,
) -> Result<Vec<Token>, StoreError> {
    let args = args![
        owner.as_str(),
        plan.as_str(),
        below.created_at,
        &below.id,
        marks.dead_before,
        marks.idle_before,
        limit
    ];
    tokens(tx.all(&IDLE_PAGE, args).await?)
}

/// The names of a user's own tokens in a plan that work at `now`, oldest first, where every
/// token below one of these watermarks is dead.
///
/// # Errors
/// When the database does not answer.
pub async fn names_of_owner(
    tx: &mut Tx,
    (plan, owner): (&PlanId, &UserId),
    marks: Watermarks,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<String>, StoreError> {
    let args = args![
        owner.as_str(),
        plan.as_str(),
        marks.dead_before,
        marks.idle_before,
        now,
        limit
    ];
    let rows: Vec<(String,)> = tx.all(&NAMES_OF_OWNER, args).await?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}

/// How many of a user's own tokens in a plan work at `now`, where every token below one
/// of these watermarks is dead.
///
/// # Errors
/// When the database does not answer.
pub async fn count_of_owner(
    tx: &mut Tx,
    (plan, owner): (&PlanId, &UserId),
    marks: Watermarks,
    now: Timestamp,
) -> Result<i64, StoreError> {
    let args = args![
        owner.as_str(),
        plan.as_str(),
        marks.dead_before,
        marks.idle_before,
        now
    ];
    number(tx, &COUNT_OF_OWNER, args).await
}

/// Revokes a user's own tokens in a plan, of those that lie above `alive_from`; the others have expired
/// and stay so. Says how many.
///
/// # Errors
/// When the database does not answer.
pub async fn revoke_of_owner(
    tx: &mut Tx,
    (plan, owner): (&PlanId, &UserId),
    revocation: &Revocation,
    alive_from: Watermarks,
) -> Result<u64, StoreError> {
    let args = args![
        owner.as_str(),
        plan.as_str(),
        revocation.at,
        revocation.by.as_ref().map(UserId::as_str),
        revocation.reason.as_str(),
        alive_from.dead_before,
        alive_from.idle_before
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
/// those that lie above `alive_from`; the others have expired and stay so.
///
/// # Errors
/// When the database does not answer.
pub async fn settle_of_owner(
    tx: &mut Tx,
    (plan, owner): (&PlanId, &UserId),
    alive_from: Watermarks,
    now: Timestamp,
) -> Result<(), StoreError> {
    let args = args![
        owner.as_str(),
        plan.as_str(),
        alive_from.dead_before,
        alive_from.idle_before,
        now
    ];
    if tx.execute(&SETTLE_OF_OWNER, args).await? > 0 {
        tx.changes(Change::Tokens);
    }
    Ok(())
}

/// When a token of this owner in this plan was last made or used, dead ones among them.
///
/// # Errors
/// When the database does not answer.
pub async fn last_active_of_owner(
    tx: &mut Tx,
    (plan, owner): (&PlanId, &UserId),
) -> Result<Option<Timestamp>, StoreError> {
    let args = args![plan.as_str(), owner.as_str()];
    let row: Option<(i64,)> = tx.optional(&LAST_ACTIVE_OF_OWNER, args).await?;
    Ok(row.map(|(instant,)| Timestamp::from_millis(instant)))
}
