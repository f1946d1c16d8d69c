//! Keeping what rules find of tokens, and reviewing it. The rules are in `tenure_domain::suspicion`.

use serde_json::json;
use tenure_domain::{
    id::{FindingId, PlanId, TokenId},
    suspicion::{
        Finding,
        review::{Admission, Kept, admit},
    },
    time::{MINUTE, Timestamp},
};

use super::Actor;
use crate::{
    random::Random,
    store::{
        StoreError, Tx,
        audit::{self, Action, Event},
        token_findings,
        tokens::Token,
    },
};

/// How much later the same evidence is seen again that it is noted: whoever calls all the time from two
/// networks is not written down all the time.
const NOTED_AGAIN_AFTER: i64 = 10 * MINUTE;

/// What is to be written of something that was found of a token; nothing where it is known well enough.
///
/// # Errors
/// When the database does not answer.
pub async fn admission(
    tx: &mut Tx,
    token: &TokenId,
    found: &Finding,
) -> Result<Option<Admission>, StoreError> {
    let known = token_findings::of_token(tx, token).await?;
    let kept: Vec<Kept> = known.iter().map(|finding| finding.kept.clone()).collect();
    let key = found.evidence.key();
    let seen_lately = known.iter().any(|finding| {
        let same = finding.kept.rule == found.rule && finding.kept.key == key;
        same && found.at.millis_since(finding.last_at) < NOTED_AGAIN_AFTER
    });
    Ok(match admit(&kept, found) {
        Admission::Enough => None,
        Admission::Again if seen_lately => None,
        admission => Some(admission),
    })
}

/// Keeps what was found of a token of this plan: the token is suspicious from the same moment on, and the log
/// has it once. The decision is made under the writer's lock, so that two processes that find the same keep it once.
///
/// # Errors
/// When the database does not answer.
pub async fn keep(
    tx: &mut Tx,
    random: &Random,
    now: Timestamp,
    (plan, token): (&PlanId, &TokenId),
    found: &Finding,
) -> Result<(), StoreError> {
    let Some(admission) = admission(tx, token, found).await? else {
        return Ok(());
    };
    let id = FindingId(random.id(now));
    token_findings::keep(tx, token, (&id, found), admission).await?;
    if admission == Admission::New {
        let details = json!({ "rule": found.rule, "finding": id, "evidence": found.evidence });
        let actor = Actor::OPERATOR;
        let event = event(now, &actor, Action::TokenSuspected, (plan, token), details);
        audit::append(tx, &event).await?;
    }
    Ok(())
}

/// Reviews findings of a token; says whether any of them waited for it. What else waits keeps the token
/// suspicious.
///
/// # Errors
/// When the database does not answer.
pub async fn review(
    tx: &mut Tx,
    now: Timestamp,
    actor: &Actor,
    token: &Token,
    findings: &[FindingId],
) -> Result<bool, StoreError> {
    let Some(by) = &actor.user else {
        return Ok(false);
    };
    if !token_findings::review(tx, &token.id, findings, (by, now)).await? {
        return Ok(false);
    }
    let details = json!({ "name": token.name, "findings": findings });
    let whose = (&token.plan, &token.id);
    audit::append(
        tx,
        &event(now, actor, Action::TokenReviewed, whose, details),
    )
    .await?;
    Ok(true)
}

fn event(
    now: Timestamp,
    actor: &Actor,
    action: Action,
    (plan, token): (&PlanId, &TokenId),
    details: serde_json::Value,
) -> Event {
    Event {
        at: now,
        plan: Some(plan.clone()),
        actor: actor.user.clone(),
        actor_address: actor.address.clone(),
        action,
        target: Some(token.0.clone()),
        details,
    }
}
