//! Who called with a token, as the API shows it.

use tenure_domain::{
    id::TokenId,
    time::Timestamp,
    wire::life::{CallDay, Caller},
};

use crate::store::{StoreError, Tx, token_calls};

/// Callers that are shown, the latest.
const CALLERS: i64 = 100;
/// Days that are shown, the latest.
const DAYS: i64 = 90;

/// Who called with a token.
pub(super) struct Callers {
    /// The latest first.
    pub(super) shown: Vec<Caller>,
    /// How many are kept, each by the day.
    pub(super) kept: u64,
}

/// Who called; `ended_at` is the token's end, if it has ended.
pub(super) async fn of_token(
    tx: &mut Tx,
    token: &TokenId,
    ended_at: Option<Timestamp>,
) -> Result<Callers, StoreError> {
    let known = token_calls::summed(tx, token, CALLERS).await?;
    let kept = known.iter().map(|caller| caller.days).sum();
    let is_after = |caller: &token_calls::Summed| {
        caller.refused > 0 && ended_at.is_some_and(|end| end <= caller.last_at)
    };
    let shown = known.into_iter().map(|caller| Caller {
        after_end: is_after(&caller),
        address: caller.call.address,
        network: caller.call.network,
        agent: caller.call.agent,
        resource: caller.call.resource,
        calls: caller.calls,
        refused: caller.refused,
        denied: caller.denied,
        first_at: caller.first_at,
        last_at: caller.last_at,
    });
    let shown = shown.collect();
    Ok(Callers { shown, kept })
}

/// Calls by day, oldest first.
pub(super) async fn days(tx: &mut Tx, token: &TokenId) -> Result<Vec<CallDay>, StoreError> {
    let mut days = token_calls::by_day(tx, token, DAYS).await?;
    days.reverse();
    Ok(days)
}
