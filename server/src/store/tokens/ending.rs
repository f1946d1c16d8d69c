//! The tokens that a policy change would end: lists of those between two edges, with their owners, and the few
//! that were rotated and still work, which no range describes.
//!
//! Which edges, `tenure_domain::impact` says.

use tenure_domain::{
    id::{PlanId, TokenId, UserId},
    impact::Edge,
    time::Timestamp,
    token::TokenKind,
    wire::session::User,
};

use super::{Position, Token, row::TokenRow};
use crate::store::{
    Tx,
    error::StoreError,
    statement::{args, statements},
    token_counts::hour_of,
};

macro_rules! ending {
    () => {
        "select t.id, t.plan_id, t.owner_id, t.name, t.kind, t.scope, t.client_id, t.grant_id, t.last_four, \
           t.created_at, t.retires_at, t.last_used_at, t.last_used_from, t.revoked_at, t.revoked_by, \
           t.revoked_reason, t.suspicious_since, u.name as user_name, u.email as user_email \
         from tokens t join users u on u.id = t.owner_id "
    };
}

/// Of one kind ($2), between two edges: created from $3 and last active from $4 on, and then created before $5 or
/// last active before $6. Those lie in the hours $8 and $9: where an hour decides, no row is read.
macro_rules! between {
    () => {
        "where t.plan_id = $1 and t.kind = $2 and t.revoked_at is null and t.retires_at is null \
           and t.last_active_hour >= $8 and (t.last_active_hour > $8 or t.last_active_at >= $4) \
           and (t.created_at < $5 or t.last_active_hour <= $9 \
             and (t.last_active_hour < $9 or t.last_active_at < $6)) "
    };
}

// Nothing is last active before it was created: so all of them were created before $7, the higher of $5 and $6.
// A plus before a column keeps it from choosing the index: where there are many, their order is what costs.
statements! {
    BY_CREATION = concat!(
        ending!(),
        between!(),
        "and t.created_at >= $3 and t.created_at < $7 and (t.created_at, t.id) > ($10, $11) \
         order by t.created_at, t.id limit $12"
    );
    LATEST_OF_FEW = concat!(
        ending!(),
        between!(),
        "and t.created_at >= $3 and t.created_at < $7 \
         order by t.last_active_hour desc, t.created_at desc limit $10"
    );
    LATEST_OF_MANY = concat!(
        ending!(),
        between!(),
        "and +t.created_at >= $3 and +t.created_at < $7 \
         order by t.last_active_hour desc, t.created_at desc limit $10"
    );
    RETIRING = concat!(
        ending!(),
        "where t.plan_id = $1 and t.revoked_at is null and t.retires_at is not null \
           and (t.retires_at, t.id) > ($2, $3) \
         order by t.retires_at, t.id limit $4"
    );
}

/// So many are sorted rather than looked for in the order of their last activity.
const FEW: u64 = 5_000;

/// A token and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// The token.
    pub token: Token,
    /// Its owner.
    pub owner: User,
}

#[derive(sqlx::FromRow)]
struct EndingRow {
    #[sqlx(flatten)]
    token: TokenRow,
    user_name: String,
    user_email: String,
}

/// Tokens of one kind between two edges, after this position, oldest first: neither revoked nor rotated.
///
/// # Errors
/// When the database does not answer.
pub async fn ending_page(
    tx: &mut Tx,
    (plan, kind): (&PlanId, TokenKind),
    [from, to]: [Edge; 2],
    after: &Position,
    limit: i64,
) -> Result<Vec<Ending>, StoreError> {
    let args = args![
        plan.as_str(),
        kind.as_str(),
        from.created,
        from.active,
        to.created,
        to.active,
        to.created.max(to.active),
        hour_of(from.active),
        hour_of(to.active),
        after.created_at,
        &after.id,
        limit
    ];
    endings(tx.all(&BY_CREATION, args).await?)
}

/// Tokens of one kind between two edges, of which there are `number`: those of the latest hour of activity
/// first, neither revoked nor rotated.
///
/// # Errors
/// When the database does not answer.
pub async fn latest_ending(
    tx: &mut Tx,
    (plan, kind): (&PlanId, TokenKind),
    [from, to]: [Edge; 2],
    number: u64,
    limit: i64,
) -> Result<Vec<Ending>, StoreError> {
    let statement = match number {
        ..=FEW => &LATEST_OF_FEW,
        _ => &LATEST_OF_MANY,
    };
    let args = args![
        plan.as_str(),
        kind.as_str(),
        from.created,
        from.active,
        to.created,
        to.active,
        to.created.max(to.active),
        hour_of(from.active),
        hour_of(to.active),
        limit
    ];
    endings(tx.all(statement, args).await?)
}

/// Tokens of a plan that were rotated and work beside their successors until later than this instant and id,
/// soonest end first.
///
/// # Errors
/// When the database does not answer.
pub async fn retiring_page(
    tx: &mut Tx,
    plan: &PlanId,
    (after, id): (Timestamp, &TokenId),
    limit: i64,
) -> Result<Vec<Ending>, StoreError> {
    let args = args![plan.as_str(), after, id.as_str(), limit];
    endings(tx.all(&RETIRING, args).await?)
}

fn endings(rows: Vec<EndingRow>) -> Result<Vec<Ending>, StoreError> {
    let ending = |row: EndingRow| {
        let token = Token::try_from(row.token)?;
        let owner = User {
            id: UserId(token.owner.0.clone()),
            name: row.user_name,
            email: row.user_email,
        };
        Ok(Ending { token, owner })
    };
    rows.into_iter().map(ending).collect()
}
