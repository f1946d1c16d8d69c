//! Recording what the policy ended, for the audit log and whoever reads it.
//!
//! It records what has already happened and decides nothing: tokens end at their instant whether or
//! not anybody sweeps. One sweep of a plan writes a constant number of rows, at any number of tokens.

use serde_json::{Value, json};
use tenure_domain::{
    id::PlanId,
    policy::History,
    time::Timestamp,
    token::{End, Verdict, verdict},
};

use crate::store::{
    Store, StoreError, Tx,
    audit::{self, Action, Event},
    plans, policies,
    tokens::{self, Position},
};

/// Tokens that are read at a time where each is looked at.
const STRIDE: i64 = 500;

/// Records the expiries in a plan that have happened by `now` and are not in the audit log yet.
/// Says how many there were.
///
/// # Errors
/// When the database does not answer.
pub async fn sweep(store: &Store, plan: &PlanId, now: Timestamp) -> Result<i64, StoreError> {
    // Most sweeps find nothing, and then no writer waits for them.
    if unrecorded(&mut store.read().await?, plan, now).await?.total == 0 {
        return Ok(0);
    }
    let mut tx = store.write().await?;
    let found = unrecorded(&mut tx, plan, now).await?;
    if let (1.., Some(history)) = (found.total, &found.history) {
        policies::observe(&mut tx, plan, history).await?;
        let dead_before = history.current().dead_before;
        plans::record_expiries_before(&mut tx, plan, dead_before).await?;
        audit::append(&mut tx, &event(plan, now, &found)).await?;
    }
    tx.commit().await?;
    Ok(found.total)
}

/// Expiries that the audit log does not have yet.
#[derive(Default)]
struct Unrecorded {
    /// The plan's versions as of now.
    history: Option<History>,
    /// How many tokens each version ended, as it is written to the log.
    by_version: Vec<Value>,
    total: i64,
}

async fn unrecorded(tx: &mut Tx, plan: &PlanId, now: Timestamp) -> Result<Unrecorded, StoreError> {
    let Some(found) = policies::history(tx, plan).await? else {
        return Ok(Unrecorded::default());
    };
    let history = found.history.observed_at(now);
    let mut found = Unrecorded::default();
    // A version ended the tokens between the watermark before it and its own.
    let mut from = plans::expiries_recorded_before(tx, plan).await?;
    for version in history.versions() {
        if from < version.dead_before {
            let ended = ended(tx, plan, &history, (from, version.dead_before), now).await?;
            found.total += ended;
            if ended > 0 {
                let number = version.version;
                found
                    .by_version
                    .push(json!({ "policy_version": number, "tokens": ended }));
            }
            from = version.dead_before;
        }
    }
    found.history = Some(history);
    Ok(found)
}

/// How many of the tokens created from `from` on and before `before`, which are all dead, the policy ended.
async fn ended(
    tx: &mut Tx,
    plan: &PlanId,
    history: &History,
    (from, before): (Timestamp, Timestamp),
    now: Timestamp,
) -> Result<i64, StoreError> {
    let mut ended = tokens::count_expired(tx, plan, from, before).await?;
    let mut after = Position::before(from);
    loop {
        let doubtful = tokens::doubtful_page(tx, plan, &after, before, STRIDE).await?;
        let Some(last) = doubtful.last() else {
            return Ok(ended);
        };
        after = Position::of(last);
        for token in &doubtful {
            let verdict = verdict(&token.facts, history, now);
            let by_policy = matches!(verdict, Verdict::Dead(End::ExpiredByPeriod { .. }));
            ended += i64::from(by_policy);
        }
    }
}

fn event(plan: &PlanId, now: Timestamp, found: &Unrecorded) -> Event {
    Event {
        at: now,
        plan: Some(plan.clone()),
        actor: None,
        actor_address: None,
        action: Action::ExpiriesRecorded,
        target: Some(plan.0.clone()),
        details: json!({ "expired": found.by_version }),
    }
}
