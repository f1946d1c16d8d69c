//! Changing a plan's expiration policy: load, decide, apply, log.

use serde_json::{Value, json};
use tenure_domain::{
    id::{PlanId, UserId},
    impact::Outlook,
    plan::{Role, Tier},
    policy::{self, Change, History, PolicyVersion, Refusal, Request, Seen, Terms, Wanted},
    time::Timestamp,
};

use super::{
    impact,
    notices::announce::{Announced, Before, What, announce},
};
use crate::store::{
    StoreError, Tx,
    audit::{self, Action, Event},
    policies::{self, PlanPolicies},
};

/// Somebody asks for a change.
#[derive(Clone, Debug)]
pub struct Ask {
    /// The plan whose policy it is.
    pub plan: PlanId,
    /// The plan's tier.
    pub tier: Tier,
    /// Who asks.
    pub by: UserId,
    /// What they are in the plan.
    pub role: Role,
    /// From which address.
    pub address: Option<String>,
    /// What they saw (R8).
    pub seen: Seen,
    /// What they want.
    pub wanted: Wanted,
    /// The most tokens that they allow to stop working the moment it comes into force.
    pub ends_at_most: Option<u64>,
}

/// What became of it. Each names the plan's policies as they are now.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It is as they want it, or was already.
    Done(PlanPolicies),
    /// It was refused, and nothing changed.
    Refused(Refusal, PlanPolicies),
    /// So many tokens would stop working at once, which is more than they allowed. Nothing changed.
    Exceeded(u64),
}

/// Changes a policy in the caller's transaction: at most four rows and two events, at any number of
/// tokens. `None` when there is no such plan.
///
/// # Errors
/// When the database does not answer.
pub async fn change(tx: &mut Tx, now: Timestamp, ask: &Ask) -> Result<Option<Outcome>, StoreError> {
    let Some(before) = policies::history(tx, &ask.plan).await? else {
        return Ok(None);
    };
    let change = match policy::decide(&before.history, &ask.request(), now) {
        Ok(Some(change)) => change,
        Ok(None) => return Ok(Some(Outcome::Done(before))),
        Err(refusal) => return Ok(Some(Outcome::Refused(refusal, before))),
    };
    let ended = match &change.opened {
        Some(_) => {
            let change = Some(change.clone());
            let outlook = Outlook::of_change(&before.history, ask.wanted, change, now);
            impact::ended_at_once(tx, &ask.plan, &outlook).await?
        }
        None => 0,
    };
    if ask.ends_at_most.is_some_and(|most| ended > most) {
        return Ok(Some(Outcome::Exceeded(ended)));
    }
    // What a version ends that is still to come is counted when it has.
    let has_come = change.opened.as_ref().is_some_and(|it| !it.was_scheduled());
    let ended = has_come.then_some(ended);
    policies::apply(tx, &ask.plan, &change, (now, &ask.by), ended).await?;
    for event in ask.events(now, &change) {
        audit::append(tx, &event).await?;
    }
    announce(tx, &ask.announced(now, &before.history, &change)).await?;
    // Read again, for the changer's name.
    let after = policies::history(tx, &ask.plan).await?;
    Ok(after.map(Outcome::Done))
}

impl Ask {
    fn request(&self) -> Request {
        Request {
            wanted: self.wanted,
            seen: self.seen,
            by: self.by.clone(),
            role: self.role,
            tier: self.tier,
        }
    }

    /// What owners are told of a change.
    fn announced(&self, now: Timestamp, before: &History, change: &Change) -> Announced {
        let scheduled = before.scheduled_at(now);
        let (what, version) = match &change.opened {
            Some(opened) if matches!(self.wanted, Wanted::From(..)) => (What::Scheduled, opened),
            Some(opened) => (What::InForce, opened),
            None => (What::Cancelled, scheduled.unwrap_or(&change.closed)),
        };
        let terms = match what {
            What::Cancelled => change.closed.terms(),
            What::InForce | What::Scheduled => version.terms(),
        };
        let decided = (&self.by, now);
        let dead = change.closed.watermarks();
        let instead_of = Before::of(before, now);
        Announced::new(
            &self.plan,
            (what, version),
            terms,
            decided,
            instead_of,
            dead,
        )
    }

    /// What is logged of a change: that something scheduled does not come, and what does.
    fn events(&self, now: Timestamp, change: &Change) -> Vec<Event> {
        let cancelled = change.cancelled.map(|version| {
            let details = json!({ "version": version });
            self.event(now, Action::PolicyScheduleCancelled, details)
        });
        let opened = change.opened.as_ref().map(|opened| {
            let details = details(&change.closed, opened);
            if matches!(self.wanted, Wanted::From(..)) {
                self.event(now, Action::PolicyScheduled, details)
            } else {
                self.event(now, Action::PolicyChanged, details)
            }
        });
        cancelled.into_iter().chain(opened).collect()
    }

    fn event(&self, now: Timestamp, action: Action, details: Value) -> Event {
        Event {
            at: now,
            plan: Some(self.plan.clone()),
            actor: Some(self.by.clone()),
            actor_address: self.address.clone(),
            action,
            target: Some(self.plan.0.clone()),
            details,
        }
    }
}

/// The periods of both versions; the rule for inactivity and the instant only where they say something.
fn details(from: &PolicyVersion, to: &PolicyVersion) -> Value {
    let mut details = json!({ "version": to.version, "from": from.period, "to": to.period });
    let idle = |terms: Terms| terms.inactivity;
    if idle(from.terms()).is_some() || idle(to.terms()).is_some() {
        details["inactivity_from"] = json!(from.inactivity);
        details["inactivity_to"] = json!(to.inactivity);
    }
    if to.was_scheduled() {
        details["effective_at"] = json!(to.in_force_since);
    }
    details
}
