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
    tokens::{self, Position, Span, Token},
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
        policies::observe(&mut tx, plan, history, now).await?;
        plans::record_expiries_before(&mut tx, plan, history.watermarks_at(now)).await?;
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
    // A version ended the tokens between the watermarks before it and its own.
    let mut from = plans::expiries_recorded_before(tx, plan).await?;
    for (version, marks) in history.endings_at(now) {
        let count = Count {
            plan,
            history: &history,
            now,
        };
        let by_period = (from.dead_before, marks.dead_before);
        let by_period = count.by_period(tx, by_period).await?;
        let by_inactivity = (from.idle_before, marks.idle_before);
        let by_inactivity = count.by_inactivity(tx, by_inactivity).await?;
        found.total += by_period + by_inactivity;
        let number = version.version;
        if by_period > 0 {
            let ended = json!({ "policy_version": number, "tokens": by_period });
            found.by_version.push(ended);
        }
        if by_inactivity > 0 {
            let ended =
                json!({ "policy_version": number, "tokens": by_inactivity, "by": "inactivity" });
            found.by_version.push(ended);
        }
        from = from.max(marks);
    }
    found.history = Some(history);
    Ok(found)
}

/// Counts what has ended in a plan. What only one rule can have ended is counted by the database; where
/// something else may have come first, each token is looked at.
struct Count<'a> {
    plan: &'a PlanId,
    history: &'a History,
    now: Timestamp,
}

impl Count<'_> {
    /// How many of the tokens created in this span, which are all dead, the period ended.
    async fn by_period(&self, tx: &mut Tx, (from, before): Span) -> Result<i64, StoreError> {
        if from >= before {
            return Ok(0);
        }
        let idle_before = self.history.watermarks_at(self.now).idle_before;
        let mut ended = tokens::count_expired(tx, self.plan, (from, before), idle_before).await?;
        let mut after = Position::before(from);
        loop {
            let doubtful =
                tokens::doubtful_page(tx, self.plan, &after, (before, idle_before), STRIDE).await?;
            let Some(last) = doubtful.last() else {
                return Ok(ended);
            };
            after = Position::of(last);
            ended += self.ended(&doubtful, |end| matches!(end, End::ExpiredByPeriod { .. }));
        }
    }

    /// How many of the tokens last active in this span, which are all dead, inactivity ended.
    async fn by_inactivity(&self, tx: &mut Tx, (from, before): Span) -> Result<i64, StoreError> {
        if from >= before {
            return Ok(0);
        }
        let dead_before = self.history.watermarks_at(self.now).dead_before;
        let mut ended = tokens::count_idle(tx, self.plan, (from, before), dead_before).await?;
        let mut after = (from, String::new());
        loop {
            let (limits, at) = ((before, dead_before), (after.0, after.1.as_str()));
            let doubtful = tokens::doubtful_idle_page(tx, self.plan, at, limits, STRIDE).await?;
            let Some(last) = doubtful.last() else {
                return Ok(ended);
            };
            after = (last.facts.last_active_at(), last.id.0.clone());
            ended += self.ended(&doubtful, |end| {
                matches!(end, End::ExpiredByInactivity { .. })
            });
        }
    }

    fn ended(&self, tokens: &[Token], by: impl Fn(&End) -> bool) -> i64 {
        let ended = tokens.iter().filter(|token| {
            let verdict = verdict(&token.facts, self.history, self.now);
            matches!(verdict, Verdict::Dead(end) if by(&end))
        });
        i64::try_from(ended.count()).unwrap_or(i64::MAX)
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
