//! The secret addresses of calendars: who subscribed to what. Of an address only its hash is kept.

use tenure_domain::{
    id::{PlanId, UserId},
    time::Timestamp,
};

use super::{
    Tx,
    error::StoreError,
    statement::{args, statements},
};

statements! {
    INSERT = "insert into calendars (secret_hash, user_id, plan_id, created_at) values ($1, $2, $3, $4)";
    DELETE = "delete from calendars where user_id = $1 and coalesce(plan_id, '') = $2";
    FIND = "select user_id, plan_id from calendars where secret_hash = $1";
    SINCE = "select created_at as instant from calendars where user_id = $1 and coalesce(plan_id, '') = $2";
}

/// Whose calendar it is, and of which tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Who made the address.
    pub user: UserId,
    /// The plan whose tokens are in it; without one, they are the person's own.
    pub plan: Option<PlanId>,
}

impl Subscription {
    fn plan(&self) -> Option<&str> {
        self.plan.as_ref().map(PlanId::as_str)
    }
}

/// Makes an address. There must be none of this subscription.
///
/// # Errors
/// [`StoreError::Conflict`] when there is one.
pub async fn insert(
    tx: &mut Tx,
    hash: &[u8; 32],
    of: &Subscription,
    now: Timestamp,
) -> Result<(), StoreError> {
    let args = args![hash, of.user.as_str(), of.plan(), now];
    tx.execute(&INSERT, args).await.map(drop)
}

/// Takes the subscription's address away; says whether there was one.
///
/// # Errors
/// When the database does not answer.
pub async fn delete(tx: &mut Tx, of: &Subscription) -> Result<bool, StoreError> {
    let args = args![of.user.as_str(), of.plan().unwrap_or_default()];
    Ok(tx.execute(&DELETE, args).await? > 0)
}

/// The subscription at the address of this hash.
///
/// # Errors
/// When the database does not answer.
pub async fn find(tx: &mut Tx, hash: &[u8; 32]) -> Result<Option<Subscription>, StoreError> {
    let row: Option<(String, Option<String>)> = tx.optional(&FIND, args![hash]).await?;
    Ok(row.map(|(user, plan)| Subscription {
        user: UserId(user),
        plan: plan.map(PlanId),
    }))
}

/// Since when the subscription has its address.
///
/// # Errors
/// When the database does not answer.
pub async fn since(tx: &mut Tx, of: &Subscription) -> Result<Option<Timestamp>, StoreError> {
    let args = args![of.user.as_str(), of.plan().unwrap_or_default()];
    let row: Option<(i64,)> = tx.optional(&SINCE, args).await?;
    Ok(row.map(|(since,)| Timestamp::from_millis(since)))
}
