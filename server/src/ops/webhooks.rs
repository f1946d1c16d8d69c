//! The program that hears of a plan's alerts: where it is, and what is queued for it.

use serde_json::json;
use tenure_domain::{
    id::PlanId,
    time::{DAY, Timestamp},
    wire::alerts::{WebhookEvent, WebhookEventKind},
};

use super::Actor;
use crate::{
    random::Random,
    store::{
        Store, StoreError, Tx,
        audit::{self, Action, Event},
        webhooks,
    },
    webhook::{address::Target, signature::Key},
};

/// Sets where the alerts of a plan are posted, and with which key they are signed.
///
/// # Errors
/// When the database does not answer.
pub async fn set(
    tx: &mut Tx,
    now: Timestamp,
    actor: &Actor,
    plan: &PlanId,
    (target, key): (&Target, &Key),
) -> Result<(), StoreError> {
    webhooks::put(tx, plan, target.as_str(), key.bytes(), now).await?;
    let details = json!({ "host": target.host() });
    let event = event(now, actor, plan, Action::WebhookSet, details);
    audit::append(tx, &event).await
}

/// Has the alerts of a plan posted nowhere any more.
///
/// # Errors
/// When the database does not answer.
pub async fn remove(
    tx: &mut Tx,
    now: Timestamp,
    actor: &Actor,
    plan: &PlanId,
) -> Result<(), StoreError> {
    if webhooks::delete(tx, plan).await? {
        let event = event(now, actor, plan, Action::WebhookRemoved, json!({}));
        audit::append(tx, &event).await?;
    }
    Ok(())
}

/// Queues what the plan's program is to hear; says whether there is one.
///
/// # Errors
/// When the database does not answer.
pub async fn queue(
    tx: &mut Tx,
    plan: &PlanId,
    event: &WebhookEvent,
    random: &Random,
    now: Timestamp,
) -> Result<bool, StoreError> {
    if webhooks::get(tx, plan).await?.is_none() {
        return Ok(false);
    }
    let body = json!(event).to_string();
    webhooks::queue(tx, &random.id(now), plan, &body, now).await?;
    Ok(true)
}

/// Queues a post that says it is a test, or has the one that waits tried at once; says whether there is a program.
///
/// # Errors
/// When the database does not answer.
pub async fn test(
    tx: &mut Tx,
    random: &Random,
    now: Timestamp,
    actor: &Actor,
    plan: &PlanId,
) -> Result<bool, StoreError> {
    if webhooks::get(tx, plan).await?.is_none() {
        return Ok(false);
    }
    let test = WebhookEvent {
        kind: WebhookEventKind::Test,
        timestamp: now,
        plan: plan.0.clone(),
        data: None,
    };
    let body = json!(test).to_string();
    webhooks::queue_test(tx, &random.id(now), plan, &body, now).await?;
    let event = event(now, actor, plan, Action::WebhookTested, json!({}));
    audit::append(tx, &event).await?;
    Ok(true)
}

/// How long it is kept what became of a post.
const KEPT: i64 = 90 * DAY;

/// Forgets the posts that came to their end long ago.
///
/// # Errors
/// When the database does not answer.
pub async fn forget(store: &Store, now: Timestamp) -> Result<(), StoreError> {
    let mut tx = store.write_aside().await?;
    webhooks::forget(&mut tx, now.saturating_add(-KEPT)).await?;
    tx.commit().await
}

fn event(
    at: Timestamp,
    actor: &Actor,
    plan: &PlanId,
    action: Action,
    details: serde_json::Value,
) -> Event {
    Event {
        at,
        plan: Some(plan.clone()),
        actor: actor.user.clone(),
        actor_address: actor.address.clone(),
        action,
        target: Some(plan.0.clone()),
        details,
    }
}
