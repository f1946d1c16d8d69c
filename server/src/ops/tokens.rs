//! Generating and revoking a user's tokens.

use serde_json::json;
use tenure_domain::{
    id::{PlanId, TokenId, UserId},
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
    name: &str,
) -> Result<(Token, Secret), StoreError> {
    let policies = policies::history(tx, plan).await?;
    let alive_from = policies.map_or(now, |known| known.history.current().dead_before);
    let secret = Secret::token(TokenKind::UserAccess, random);
    let token = Token {
        id: TokenId(random.id(now)),
        plan: plan.clone(),
        owner: owner.clone(),
        name: name.to_owned(),
        kind: TokenKind::UserAccess,
        last_four: secret.last_four().to_owned(),
        facts: TokenFacts {
            created_at: now.max(alive_from),
            last_used_at: None,
            revoked: None,
            suspicious_since: None,
        },
        last_used_from: None,
    };
    tokens::insert(tx, &token, &secret.hash()).await?;
    audit::append(tx, &event(now, actor, Action::TokenGenerated, &token)).await?;
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
        by: token.owner.clone(),
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
