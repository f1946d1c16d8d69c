//! Deactivating and reactivating somebody in a plan (R10), and changing what they are in it.
//!
//! Plans are separate (R1): what a System Admin of one plan decides ends nothing in another. Sessions end
//! when no plan is left.

use serde_json::json;
use tenure_domain::{
    id::{PlanId, UserId},
    plan::Role,
    time::Timestamp,
    token::{Revocation, RevocationReason},
};

use super::{
    Actor, grants, invitations,
    notices::{self, Ended},
    observe,
};
use crate::store::{
    StoreError, Tx,
    audit::{self, Action, Event},
    memberships, oauth_clients,
    oauth_grants::{self, Ending},
    policies, sessions, tokens,
};

/// Deactivates somebody, revokes every token and every grant of theirs in the plan, and withdraws whom they invited,
/// all at once. Says whether they were active before.
///
/// # Errors
/// When the database does not answer.
pub async fn deactivate(
    tx: &mut Tx,
    now: Timestamp,
    actor: &Actor,
    plan: &PlanId,
    user: &UserId,
) -> Result<bool, StoreError> {
    if !memberships::deactivate(tx, plan, user, now, actor.user.as_ref()).await? {
        return Ok(false);
    }
    let policies = policies::history(tx, plan).await?;
    let policies = policies.ok_or(StoreError::Corrupt {
        place: "policy_versions",
    })?;
    let revocation = Revocation {
        at: now,
        reason: RevocationReason::Deactivation,
        by: actor.user.clone(),
    };
    // What has ended by now is not revoked: it stays dead, for the reason that it died of.
    observe::keep(tx, plan, &policies.history, now).await?;
    let alive_from = policies.history.watermarks_at(now);
    tokens::settle_of_owner(tx, (plan, user), alive_from, now).await?;
    let revoked = tokens::revoke_of_owner(tx, (plan, user), &revocation, alive_from).await?;
    let held = oauth_grants::live_of_member(tx, user, plan).await?;
    let mut apps = Vec::new();
    for grant in &held {
        apps.extend(oauth_clients::name(tx, &grant.client).await?);
        let ending = Ending::Revoked(RevocationReason::Deactivation);
        grants::end(tx, now, actor, grant, ending).await?;
    }
    if revoked > 0 || !apps.is_empty() {
        let ended = Ended {
            plan: plan.clone(),
            reason: revocation.reason.as_str().to_owned(),
            by: revocation.by,
            at: now,
            apps,
            tokens: i64::try_from(revoked).unwrap_or(i64::MAX),
        };
        let key = format!("deactivation:{plan}:{user}:{now}");
        notices::ended(tx, user, &key, &ended).await?;
    }
    if memberships::of_user(tx, user).await?.is_empty() {
        sessions::delete_of_user(tx, user).await?;
    }
    invitations::withdraw_of(tx, now, actor, plan, user).await?;
    let mut event = event(now, actor, Action::UserDeactivated, plan, user);
    event.details = json!({ "tokens_revoked": revoked, "grants_ended": held.len() });
    audit::append(tx, &event).await?;
    Ok(true)
}

/// Makes somebody something else in the plan; one who administers it no more invites nobody into it any longer. Says
/// whether they were not that before.
///
/// # Errors
/// When the database does not answer.
pub async fn set_role(
    tx: &mut Tx,
    now: Timestamp,
    actor: &Actor,
    plan: &PlanId,
    user: &UserId,
    role: Role,
) -> Result<bool, StoreError> {
    if !memberships::set_role(tx, plan, user, role).await? {
        return Ok(false);
    }
    if !role.administers() {
        invitations::withdraw_of(tx, now, actor, plan, user).await?;
    }
    let mut event = event(now, actor, Action::RoleChanged, plan, user);
    event.details = json!({ "role": role });
    audit::append(tx, &event).await?;
    Ok(true)
}

/// Lets somebody act in the plan again. Nothing that was revoked comes back. Says whether they were
/// deactivated before.
///
/// # Errors
/// When the database does not answer.
pub async fn reactivate(
    tx: &mut Tx,
    now: Timestamp,
    actor: &Actor,
    plan: &PlanId,
    user: &UserId,
) -> Result<bool, StoreError> {
    if !memberships::reactivate(tx, plan, user).await? {
        return Ok(false);
    }
    audit::append(tx, &event(now, actor, Action::UserReactivated, plan, user)).await?;
    Ok(true)
}

fn event(now: Timestamp, actor: &Actor, action: Action, plan: &PlanId, user: &UserId) -> Event {
    Event {
        at: now,
        plan: Some(plan.clone()),
        actor: actor.user.clone(),
        actor_address: actor.address.clone(),
        action,
        target: Some(user.0.clone()),
        details: json!({}),
    }
}
