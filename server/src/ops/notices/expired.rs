//! Telling owners that tokens have expired, once that is recorded.
//!
//! What died in the moment in which somebody put a policy into force is not told here: the announcement of
//! that policy tells it.

use std::collections::BTreeMap;

use tenure_domain::{
    id::{PlanId, UserId},
    notice::{Due, NoticeKind, is_told_ahead},
    policy::{History, Watermarks},
    time::Timestamp,
    token::{Verdict, verdict},
};

use super::{announce::is_at_once, collecting};
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
    let bounds = bounds(&mut store.peek().await?, plan).await?;
    if bounds.is_reached() {
        return Ok(false);
    }
    let mut tx = store.write_aside().await?;
    let Some(policies) = policies::history(&mut tx, plan).await? else {
        return Ok(false);
    };
    let (told, before) = (&bounds.told, bounds.recorded.dead_before);
    let page = tokens::timed_page(&mut tx, plan, told, before, STRIDE).await?;
    let reached = page.last().map_or(Position::before(before), Position::of);
    queue(&mut tx, plan, &policies.history, &page, now).await?;
    plans::tell_expiries_before(&mut tx, plan, &reached).await?;

    let (told, before) = (&bounds.idle_told, bounds.recorded.idle_before);
    let idle = tokens::timed_idle_page(&mut tx, plan, told, before, STRIDE).await?;
    let reached = idle.last();
    let reached = reached.map_or(Position::before(before), Position::of_activity);
    queue(&mut tx, plan, &policies.history, &idle, now).await?;
    plans::tell_idle_before(&mut tx, plan, &reached).await?;
    tx.commit().await?;
    Ok(!page.is_empty() || !idle.is_empty())
}

/// How far owners have been told, and how far expiries are recorded.
struct Bounds {
    told: Position,
    idle_told: Position,
    recorded: Watermarks,
}

impl Bounds {
    fn is_reached(&self) -> bool {
        self.told >= Position::before(self.recorded.dead_before)
            && self.idle_told >= Position::before(self.recorded.idle_before)
    }
}

async fn bounds(tx: &mut Tx, plan: &PlanId) -> Result<Bounds, StoreError> {
    let (told, idle_told) = plans::told_before(tx, plan).await?;
    let recorded = plans::expiries_recorded_before(tx, plan).await?;
    Ok(Bounds {
        told,
        idle_told,
        recorded,
    })
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
    let Verdict::Dead(end) = verdict(&token.facts, history, now) else {
        return None;
    };
    let policy = end.policy()?;
    let was_announced = end.at() == policy.in_force_since && is_at_once(policy);
    (!was_announced).then(|| end.at())
}
