//! Changing a plan's expiration policy: load, decide, apply, log.

use serde_json::json;
use tenure_domain::{
    id::{PlanId, UserId},
    period::Period,
    plan::{Role, Tier},
    policy::{self, Change, PolicyVersion, Refusal, Request},
    time::Timestamp,
};

use super::{
    Actor,
    notices::announce::{Announced, What, announce},
};
use crate::store::{
    StoreError, Tx,
    audit::{self, Action, Event},
    policies::{self, PlanPolicies},
};

/// Somebody asks for a policy.
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
    /// The version that they saw (R8).
    pub seen: u32,
    /// The period that is to be in force, or `None` to turn the policy off.
    pub period: Option<Period>,
}

/// What became of it. Each names the plan's policies as they are now.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It is in force, or was already.
    InForce(PlanPolicies),
    /// It was refused, and nothing changed.
    Refused(Refusal, PlanPolicies),
}

/// Changes a policy in the caller's transaction: at most two rows and an event, at any number of
/// tokens. `None` when there is no such plan.
///
/// # Errors
/// When the database does not answer.
pub async fn change(tx: &mut Tx, now: Timestamp, ask: &Ask) -> Result<Option<Outcome>, StoreError> {
    let Some(before) = policies::history(tx, &ask.plan).await? else {
        return Ok(None);
    };
    let current = before.history.current();
    let change = match policy::decide(current, &ask.request(), now) {
        Ok(Some(change)) => change,
        Ok(None) => return Ok(Some(Outcome::InForce(before))),
        Err(refusal) => return Ok(Some(Outcome::Refused(refusal, before))),
    };
    policies::apply(tx, &ask.plan, &change).await?;
    audit::append(tx, &ask.event(now, &change.closed, &change.opened)).await?;
    announce(tx, &ask.announced(now, &change)).await?;
    // Read again, for the changer's name.
    let after = policies::history(tx, &ask.plan).await?;
    Ok(after.map(Outcome::InForce))
}

impl Ask {
    fn request(&self) -> Request {
        Request {
            period: self.period,
            seen: self.seen,
            by: self.by.clone(),
            role: self.role,
            tier: self.tier,
        }
    }

    fn announced(&self, now: Timestamp, change: &Change) -> Announced {
        Announced {
            plan: self.plan.clone(),
            what: What::InForce,
            period: change.opened.period,
            inactivity: None,
            by: self.by.clone(),
            effective_at: change.opened.in_force_since,
            decided_at: now,
            alive_from: change.closed.dead_before,
        }
    }

    fn event(&self, now: Timestamp, from: &PolicyVersion, to: &PolicyVersion) -> Event {
        let actor = Actor {
            user: Some(self.by.clone()),
            address: self.address.clone(),
        };
        Event {
            at: now,
            plan: Some(self.plan.clone()),
            actor: actor.user,
            actor_address: actor.address,
            action: Action::PolicyChanged,
            target: Some(self.plan.0.clone()),
            details: json!({ "version": to.version, "from": from.period, "to": to.period }),
        }
    }
}
