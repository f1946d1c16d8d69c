//! Recording what versions of a policy ended the moment they came into force, for their history.
//!
//! A version that comes into force at once is counted in the transaction that decides on it. One that was
//! scheduled comes by the clock, so it is counted here once it has. The number does not depend on when.

use tenure_domain::{id::PlanId, time::Timestamp};

use super::impact;
use crate::store::{Store, StoreError, policies};

/// Counts what versions of a plan's policy ended that are in force by `now` and were not counted yet. Says how
/// many versions those were.
///
/// # Errors
/// When the database does not answer.
pub async fn record(store: &Store, plan: &PlanId, now: Timestamp) -> Result<usize, StoreError> {
    // Mostly there is none, and then no writer waits.
    let found = policies::history(&mut store.peek().await?, plan).await?;
    if found.is_none_or(|found| found.uncounted_at(now).next().is_none()) {
        return Ok(0);
    }
    let mut tx = store.write().await?;
    let Some(found) = policies::history(&mut tx, plan).await? else {
        return Ok(0);
    };
    let mut counted = 0;
    for version in found.uncounted_at(now) {
        let ended = impact::ended_by(&mut tx, plan, &found.history, version, now).await?;
        if let Some(ended) = ended {
            policies::record_ended(&mut tx, plan, version, ended).await?;
            counted += 1;
        }
    }
    tx.commit().await?;
    Ok(counted)
}
