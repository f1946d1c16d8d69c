//! Keeping what has died (R7): before anybody is told that a token has expired, the plan's watermark
//! covers it, so that no later clock, policy or restart brings it back.

use tenure_domain::{
    id::PlanId,
    policy::History,
    time::Timestamp,
    token::{TokenFacts, TokenKind},
};

use crate::store::{Store, StoreError, Tx, policies, policies::PlanPolicies};

/// Whether the kept watermarks already say that this token is dead.
///
/// If not, and the token is dead all the same, [`observe`] comes before the answer.
#[must_use]
pub fn is_kept(policies: &PlanPolicies, token: &TokenFacts) -> bool {
    let history = &policies.history;
    let by_lifetime = token.kind == TokenKind::OauthAccess
        && token.created_at < history.access_lifetime().dead_before;
    by_lifetime || history.kept().cover(token)
}

/// Keeps everything that has died in the plan by `now`, and returns its policies as they are then.
/// It is committed when this returns. `None` when there is no such plan.
///
/// # Errors
/// When the database does not answer: then nobody may be told that the token has expired, because
/// it could live again.
pub async fn observe(
    store: &Store,
    plan: &PlanId,
    now: Timestamp,
) -> Result<Option<PlanPolicies>, StoreError> {
    let mut tx = store.write().await?;
    // Read again under the writer's lock: the version in force may be another one by now.
    let Some(mut current) = policies::history(&mut tx, plan).await? else {
        return Ok(None);
    };
    current.history = current.history.observed_at(now);
    policies::observe(&mut tx, plan, &current.history, now).await?;
    tx.commit().await?;
    Ok(Some(current))
}

/// Keeps everything that has died in the plan by `now`, in this transaction. Whoever ends what somebody
/// holds leaves what has expired as it is, and calls this so that it stays so.
///
/// # Errors
/// When the database does not answer.
pub async fn keep(
    tx: &mut Tx,
    plan: &PlanId,
    history: &History,
    now: Timestamp,
) -> Result<(), StoreError> {
    let lasting = history.clone().observed_at(now);
    policies::observe(tx, plan, &lasting, now).await.map(drop)
}
