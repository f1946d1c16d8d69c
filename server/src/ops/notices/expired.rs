//! Telling owners that tokens have expired, once that is recorded.
//!
//! What died in the moment in which somebody put a policy into force is not told here: the announcement of
//! that policy tells it.

use std::collections::BTreeMap;

use tenure_domain::{
    id::{PlanId, UserId},
    notice::{Due, NoticeKind, is_told_ahead},
    policy::History,
    time::Timestamp,
    token::{End, Verdict, verdict},
};

use super::collecting;
use crate::store::{
    Store, StoreError, Tx, notices, plans, policies,
    tokens::{self, Position, Token},
    users,
};

/// Tokens that are told of in one transaction.
const STRIDE: i64 = 200;

/// Queues notices of a plan's expiries that are recorded and that owners have not heard of; says whether
/// there may be more.
///
/// # Errors
/// When the database does not answer.
pub async fn tell(store: &Store, plan: &PlanId, now: Timestamp) -> Result<bool, StoreError> {
    let (told, recorded) = bounds(&mut store.peek().await?, plan).await?;
    if told >= Position::before(recorded) {
        return Ok(false);
    }
    let mut tx = store.write_aside().await?;
    let (told, recorded) = bounds(&mut tx, plan).await?;
    let Some(policies) = policies::history(&mut tx, plan).await? else {
        return Ok(false);
    };
    let page = tokens::ending_page(&mut tx, plan, &told, recorded, STRIDE).await?;
    let reached = page.last().map_or(Position::before(recorded), Position::of);
    queue(&mut tx, plan, &policies.history, &page, now).await?;
    plans::tell_expiries_before(&mut tx, plan, &reached).await?;
    tx.commit().await?;
    Ok(!page.is_empty())
}

async fn bounds(tx: &mut Tx, plan: &PlanId) -> Result<(Position, Timestamp), StoreError> {
    let told = plans::expiries_told_before(tx, plan).await?;
    let recorded = plans::expiries_recorded_before(tx, plan).await?;
    Ok((told, recorded))
}

async fn queue(
    tx: &mut Tx,
    plan: &PlanId,
    history: &History,
    page: &[Token],
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut by_owner: BTreeMap<&UserId, Vec<Due>> = BTreeMap::new();
    for token in page {
        if let Some(expiry) = to_tell(token, history, now) {
            let due = Due {
                expiry,
                token: token.id.clone(),
            };
            by_owner.entry(&token.owner).or_default().push(due);
        }
    }
    for (owner, tokens) in by_owner {
        let Some(owner) = users::get(tx, owner).await? else {
            continue;
        };
        let id = collecting(tx, &owner, NoticeKind::Expired, now).await?;
        let mut count = 0;
        for due in &tokens {
            let told = (&id, NoticeKind::Expired);
            count += i64::from(notices::tell(tx, told, plan, due).await?);
        }
        if count > 0 {
            notices::add_tokens(tx, &id, plan, count).await?;
        } else {
            notices::discard_empty(tx, &id).await?;
        }
    }
    Ok(())
}

/// When a token expired, if its owner is to hear of it.
fn to_tell(token: &Token, history: &History, now: Timestamp) -> Option<Timestamp> {
    if !is_told_ahead(token.facts.kind) {
        return None;
    }
    match verdict(&token.facts, history, now) {
        Verdict::Dead(End::ExpiredByPeriod { at, policy }) if at != policy.in_force_since => {
            Some(at)
        }
        _ => None,
    }
}
