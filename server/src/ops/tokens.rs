//! Generating, rotating and revoking a user's tokens.

use serde_json::json;
use tenure_domain::{
    id::{PlanId, TokenId, UserId},
    scope::Scopes,
    time::Timestamp,
    token::{Revocation, RevocationReason, TokenFacts, TokenKind},
};

use super::Actor;
use crate::{
    random::Random,
    secret::Secret,
    store::{
        StoreError, Tx,
        audit::{self, Action, Event},
        policies,
        tokens::{self, Token},
    },
};

/// Generates a user access token. The secret is for its owner, once; only its hash is kept.
///
/// Where the clock has stepped back, the plan's watermark lies ahead of `now`: the token counts as
/// created there, or it would be born dead.
///
/// # Errors
/// When the database does not answer.
pub async fn generate(
    tx: &mut Tx,
    random: &Random,
    now: Timestamp,
    actor: &Actor,
    (plan, owner): (&PlanId, &UserId),
    (name, scope): (&str, &Scopes),
) -> Result<(Token, Secret), StoreError> {
    let (token, secret) = new(tx, random, now, (plan, owner), (name, scope)).await?;
    audit::append(tx, &event(now, actor, Action::TokenGenerated, &token)).await?;
    Ok((token, secret))
}

/// Generates a token in the place of `old`, with its name and scopes, and lets `old` work until
/// `retires_at`. `None` when `old` was revoked or rotated before.
///
/// # Errors
/// When the database does not answer.
pub async fn rotate(
    tx: &mut Tx,
    random: &Random,
    now: Timestamp,
    actor: &Actor,
    old: &Token,
    retires_at: Timestamp,
) -> Result<Option<(Token, Secret)>, StoreError> {
    // Also while its overlap lasts: a token has one successor.
    if old.facts.retires_at.is_some() {
        return Ok(None);
    }
    let was_alive = if retires_at > now {
        tokens::retire(tx, &old.id, retires_at).await?
    } else {
        let rotated = Revocation {
            at: now,
            reason: RevocationReason::Rotation,
            by: Some(old.owner.clone()),
        };
        tokens::revoke(tx, &old.id, &rotated).await?
    };
    if !was_alive {
        return Ok(None);
    }
    let whose = (&old.plan, &old.owner);
    let (token, secret) = new(tx, random, now, whose, (&old.name, &old.scope)).await?;
    let mut event = event(now, actor, Action::TokenRotated, old);
    event.details["successor"] = token.id.as_str().into();
    event.details["old_works_until"] = json!(retires_at);
    audit::append(tx, &event).await?;
    Ok(Some((token, secret)))
}

/// Makes the rotation of tokens last whose overlap has passed: a clock that steps back revives none (R7).
/// The verifier and the lists call it before they tell anybody.
///
/// # Errors
/// When the database does not answer.
pub async fn settle(tx: &mut Tx, token: &TokenId, retired: &Revocation) -> Result<(), StoreError> {
    tokens::revoke(tx, token, retired).await.map(drop)
}

async fn new(
    tx: &mut Tx,
    random: &Random,
    now: Timestamp,
    (plan, owner): (&PlanId, &UserId),
    (name, scope): (&str, &Scopes),
) -> Result<(Token, Secret), StoreError> {
    let policies = policies::history(tx, plan).await?;
    let alive_from = policies.map_or(now, |known| {
        let kept = known.history.kept();
        kept.dead_before.max(kept.idle_before)
    });
    let secret = Secret::token(TokenKind::UserAccess, random);
    let token = Token {
        id: TokenId(random.id(now)),
        plan: plan.clone(),
        owner: owner.clone(),
        name: name.to_owned(),
        scope: scope.clone(),
        held: None,
        last_four: secret.last_four().to_owned(),
        facts: TokenFacts::created(TokenKind::UserAccess, now.max(alive_from)),
        last_used_from: None,
    };
    tokens::insert(tx, &token, &secret.hash()).await?;
    Ok((token, secret))
}

/// Revokes a token for its owner, and returns it as it is then. One that was revoked before stays as
/// it is, and nothing is logged. Whether an expired one may be revoked is for the caller to decide.
///
/// # Errors
/// When the database does not answer.
pub async fn revoke_by_owner(
    tx: &mut Tx,
    now: Timestamp,
    actor: &Actor,
    mut token: Token,
) -> Result<Token, StoreError> {
    let revocation = Revocation {
        at: now,
        reason: RevocationReason::Owner,
        by: Some(token.owner.clone()),
    };
    if tokens::revoke(tx, &token.id, &revocation).await? {
        audit::append(tx, &event(now, actor, Action::TokenRevoked, &token)).await?;
        token.facts.revoked = Some(revocation);
    }
    Ok(token)
}

fn event(now: Timestamp, actor: &Actor, action: Action, token: &Token) -> Event {
    Event {
        at: now,
        plan: Some(token.plan.clone()),
        actor: actor.user.clone(),
        actor_address: actor.address.clone(),
        action,
        target: Some(token.id.0.clone()),
        details: json!({ "name": token.name, "last_four": token.last_four }),
    }
}
