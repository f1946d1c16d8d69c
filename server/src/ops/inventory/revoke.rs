//! Revoking tokens that somebody chose of a list, all in one transaction.
//!
//! Each is revoked as it is one by one: with an event of its own, and its owner hears of it if somebody else
//! did it, of all of theirs in one notice. An OAuth access token is worth nothing revoked alone, because its
//! client would fetch the next one: the consent that it came of ends.

use serde_json::json;
use tenure_domain::{
    id::{PlanId, TokenId, UserId},
    policy::History,
    time::Timestamp,
    token::{End, Revocation, RevocationReason, Verdict, verdict},
};

use crate::{
    ops::{
        Actor, grants,
        notices::{self, Ended},
        observe, tokens as own,
    },
    store::{
        StoreError, Tx,
        audit::{self, Action, Event},
        oauth_grants::{self, Ending},
        tokens::{self, Token},
    },
};

/// What becomes of tokens that somebody wants revoked. The tokens are as they were before.
#[derive(Clone, Debug, Default)]
pub struct Sorted {
    /// Those that work.
    pub working: Vec<Token>,
    /// Those that have ended.
    pub ended: Vec<Token>,
    /// Those that the plan does not have.
    pub unknown: Vec<TokenId>,
}

/// Finds which of these a plan has, and which of them work at `now`. The ends of the others are kept, because
/// somebody will hear of them (R7).
///
/// # Errors
/// When the database does not answer.
pub async fn sort(
    tx: &mut Tx,
    plan: &PlanId,
    history: &History,
    now: Timestamp,
    ids: &[TokenId],
) -> Result<Sorted, StoreError> {
    let mut sorted = Sorted::default();
    let mut has_expired = false;
    for id in ids {
        let token = tokens::get(tx, id).await?;
        let Some(token) = token.filter(|token| token.plan == *plan) else {
            sorted.unknown.push(id.clone());
            continue;
        };
        match verdict(&token.facts, history, now) {
            Verdict::Works(_) | Verdict::NotYet => sorted.working.push(token),
            Verdict::Dead(end) => {
                match end {
                    End::Revoked(retired) => {
                        own::settle(tx, &token.id, &retired).await?;
                    }
                    _ => has_expired = true,
                }
                sorted.ended.push(token);
            }
        }
    }
    if has_expired {
        observe::keep(tx, plan, history, now).await?;
    }
    Ok(sorted)
}

/// Revokes tokens that work.
///
/// # Errors
/// When the database does not answer.
pub async fn revoke(
    tx: &mut Tx,
    now: Timestamp,
    actor: &Actor,
    working: &[Token],
) -> Result<(), StoreError> {
    let mut told: Vec<(&Token, i64)> = Vec::new();
    for token in working {
        let is_own = actor.user.as_ref() == Some(&token.owner);
        let reason = match is_own {
            true => RevocationReason::Owner,
            false => RevocationReason::Admin,
        };
        if end_consent(tx, now, actor, token, reason).await? {
            continue;
        }
        let revocation = Revocation {
            at: now,
            reason,
            by: actor.user.clone(),
        };
        if !tokens::revoke(tx, &token.id, &revocation).await? {
            continue;
        }
        audit::append(tx, &event(now, actor, token)).await?;
        match told
            .iter_mut()
            .find(|(first, _)| first.owner == token.owner)
        {
            Some((_, count)) => *count += 1,
            None => told.push((token, 1)),
        }
    }
    for (first, count) in told {
        tell(tx, now, actor.user.as_ref(), first, count).await?;
    }
    Ok(())
}

/// Ends the consent that a token came of, and tells of it. Says whether there was one that had not ended: then
/// the token has ended with it.
async fn end_consent(
    tx: &mut Tx,
    now: Timestamp,
    actor: &Actor,
    token: &Token,
    reason: RevocationReason,
) -> Result<bool, StoreError> {
    let Some(held) = &token.held else {
        return Ok(false);
    };
    match oauth_grants::get(tx, &held.grant).await? {
        Some(grant) => grants::end(tx, now, actor, &grant, Ending::Revoked(reason)).await,
        None => Ok(false),
    }
}

/// Has an owner hear of it once, however many of their tokens there are.
async fn tell(
    tx: &mut Tx,
    now: Timestamp,
    by: Option<&UserId>,
    first: &Token,
    tokens: i64,
) -> Result<(), StoreError> {
    let (plan, owner) = (&first.plan, &first.owner);
    let ended = Ended {
        plan: plan.clone(),
        reason: RevocationReason::Admin.as_str().to_owned(),
        by: by.cloned(),
        at: now,
        apps: Vec::new(),
        tokens,
    };
    let key = format!("revocation:{}:{owner}:{now}", first.id);
    notices::ended(tx, owner, &key, &ended).await
}

fn event(now: Timestamp, actor: &Actor, token: &Token) -> Event {
    Event {
        at: now,
        plan: Some(token.plan.clone()),
        actor: actor.user.clone(),
        actor_address: actor.address.clone(),
        action: Action::TokenRevoked,
        target: Some(token.id.0.clone()),
        details: json!({ "name": token.name, "last_four": token.last_four, "owner": token.owner }),
    }
}
