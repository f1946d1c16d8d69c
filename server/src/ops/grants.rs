//! Issuing, renewing and ending what clients hold in people's names (R9).

use serde_json::json;
use tenure_domain::{
    id::{GrantId, TokenId, UserId},
    period::Period,
    policy::{History, Watermarks},
    refresh::{self, Decision, Place, RefreshFacts},
    scope::Scopes,
    suspicion::refresh_reuse,
    time::Timestamp,
    token::{Expiry, Revocation, RevocationReason, TokenFacts, TokenKind, effective_expiry},
    token_text::TextKind,
};

use super::{
    Actor,
    notices::{self, Ended},
    observe, suspicion,
};
use crate::{
    random::Random,
    secret::Secret,
    store::{
        StoreError, Tx,
        audit::{self, Action, Event},
        oauth_clients,
        oauth_grants::{self, Ending, Grant},
        oauth_refresh_tokens::{self as refresh_tokens, RefreshToken},
        policies,
        tokens::{self, Held, Token},
    },
};

/// An access token and a refresh token, written together.
pub struct Pair {
    /// The access token's text.
    pub access: Secret,
    /// The refresh token's text.
    pub refresh: Secret,
    /// When the access token stops working.
    pub expiry: Expiry,
    /// The instant at which the access token counts as created.
    pub created_at: Timestamp,
    /// What the access token may be used for.
    pub scope: Scopes,
}

/// What a grant's pairs are made with.
pub struct Mint<'a> {
    /// Randomness for secrets and ids.
    pub random: &'a Random,
    /// The instant.
    pub now: Timestamp,
    /// Whose call it is.
    pub actor: &'a Actor,
}

impl Mint<'_> {
    /// The first pair of a grant.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn begin(&self, tx: &mut Tx, grant: &Grant) -> Result<Pair, StoreError> {
        let (pair, _) = self.pair(tx, grant, &grant.scope).await?;
        self.log(tx, grant, Action::GrantBegun).await?;
        Ok(pair)
    }

    /// A new pair in the place of `old` and of all that the grant's client held; the old access token
    /// stops at once. Where `old` was replaced before, that successor is void.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn renew(
        &self,
        tx: &mut Tx,
        grant: &Grant,
        old: &RefreshToken,
        scope: &Scopes,
    ) -> Result<Pair, StoreError> {
        let rotated =
            oauth_grants::revocation(Ending::Revoked(RevocationReason::Rotation), self.now, None);
        revoke(tx, grant, &rotated, self.now).await?;
        if let Some(lost) = &old.successor {
            refresh_tokens::void(tx, lost, self.now).await?;
        }
        let (pair, new) = self.pair(tx, grant, scope).await?;
        refresh_tokens::replace(tx, &old.id, &new).await?;
        self.log(tx, grant, Action::GrantRefreshed).await?;
        Ok(pair)
    }

    /// Ends a grant because a refresh token of it came again that had been replaced by one that was used. That is a
    /// finding of the access token that its client held.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn replay(
        &self,
        tx: &mut Tx,
        grant: &Grant,
        presented: &RefreshToken,
    ) -> Result<bool, StoreError> {
        let reuse = Ending::Revoked(RevocationReason::Reuse);
        let ended = end(tx, self.now, self.actor, grant, reuse).await?;
        let from = self.actor.address.as_ref();
        let from = from.and_then(|address| address.parse().ok());
        let found = refresh_reuse(&presented.id, from, self.now);
        let live = refresh_tokens::live_of_grant(tx, &grant.id).await?;
        let held = &live.as_ref().unwrap_or(presented).access_token;
        let whose = (&grant.plan, held);
        suspicion::keep(tx, self.random, self.now, whose, &found).await?;
        Ok(ended)
    }

    /// Writes a pair; returns it, and the refresh token's id.
    async fn pair(
        &self,
        tx: &mut Tx,
        grant: &Grant,
        scope: &Scopes,
    ) -> Result<(Pair, String), StoreError> {
        let history = history(tx, grant).await?;
        // Where the clock has stepped back, the watermarks lie ahead: a token is not born dead.
        let kept = history.kept();
        let born = kept
            .dead_before
            .max(kept.idle_before)
            .max(history.access_lifetime().dead_before)
            .max(self.now);
        let access = Secret::token(TokenKind::OauthAccess, self.random);
        let refresh = Secret::token(TextKind::Refresh, self.random);
        let name = oauth_clients::name(tx, &grant.client).await?;
        let token = Token {
            id: TokenId(self.random.id(self.now)),
            plan: grant.plan.clone(),
            owner: grant.user.clone(),
            name: name.unwrap_or_default(),
            scope: scope.clone(),
            held: Some(Held {
                client: grant.client.clone(),
                grant: grant.id.clone(),
            }),
            last_four: access.last_four().to_owned(),
            facts: TokenFacts::created(TokenKind::OauthAccess, born),
            last_used_from: None,
        };
        tokens::insert(tx, &token, &access.hash()).await?;
        let new = RefreshToken {
            id: self.random.id(self.now),
            grant: grant.id.clone(),
            access_token: token.id,
            issued_at: born,
            successor: None,
            voided_at: None,
        };
        refresh_tokens::insert(tx, &new, &refresh.hash()).await?;
        let pair = Pair {
            access,
            refresh,
            expiry: effective_expiry(&token.facts, &history, self.now),
            created_at: born,
            scope: scope.clone(),
        };
        Ok((pair, new.id))
    }

    async fn log(&self, tx: &mut Tx, grant: &Grant, action: Action) -> Result<(), StoreError> {
        audit::append(tx, &event(self.now, self.actor, action, grant)).await
    }
}

/// What becomes of a refresh token that its client presents (`domain::refresh`). `was_used` says whether
/// an access token was used in this process, which the database learns a little later.
///
/// # Errors
/// When the database does not answer.
pub async fn judge(
    tx: &mut Tx,
    presented: &RefreshToken,
    grant: &Grant,
    idle: Period,
    now: Timestamp,
    was_used: impl Fn(&TokenId) -> bool,
) -> Result<Decision, StoreError> {
    let facts = RefreshFacts {
        issued_at: presented.issued_at,
        place: place(tx, presented, was_used).await?,
        grant_ended: grant.ended_at.is_some(),
    };
    Ok(refresh::decide(&facts, idle, now))
}

async fn place(
    tx: &mut Tx,
    presented: &RefreshToken,
    was_used: impl Fn(&TokenId) -> bool,
) -> Result<Place, StoreError> {
    if presented.voided_at.is_some() {
        return Ok(Place::Voided);
    }
    let Some(successor) = &presented.successor else {
        return Ok(Place::Live);
    };
    let successor = refresh_tokens::get(tx, successor).await?;
    let successor = successor.ok_or(StoreError::Corrupt {
        place: "oauth_refresh_tokens.successor_id",
    })?;
    let access = tokens::get(tx, &successor.access_token).await?;
    let used = successor.successor.is_some()
        || was_used(&successor.access_token)
        || access.is_some_and(|token| token.facts.last_used_at.is_some());
    Ok(if used {
        Place::Outlived
    } else {
        Place::Replaced
    })
}

/// Ends a grant and revokes what its client holds; says whether it had not ended before.
///
/// # Errors
/// When the database does not answer.
pub async fn end(
    tx: &mut Tx,
    now: Timestamp,
    actor: &Actor,
    grant: &Grant,
    ending: Ending,
) -> Result<bool, StoreError> {
    let by = actor.user.as_ref();
    if !oauth_grants::end(tx, &grant.id, ending, now, by).await? {
        return Ok(false);
    }
    let revocation = oauth_grants::revocation(ending, now, by.cloned());
    revoke(tx, grant, &revocation, now).await?;
    tell(tx, grant, &revocation).await?;
    let mut event = event(now, actor, Action::GrantEnded, grant);
    event.details["reason"] = ending.as_str().into();
    audit::append(tx, &event).await?;
    Ok(true)
}

/// Has the grant's user hear of it where somebody else ended it. The end of a client or of a membership ends
/// many grants at once: whoever ends those tells of all of them together.
async fn tell(tx: &mut Tx, grant: &Grant, revocation: &Revocation) -> Result<(), StoreError> {
    match revocation.reason {
        RevocationReason::Admin | RevocationReason::Reuse => {}
        RevocationReason::Owner
        | RevocationReason::Client
        | RevocationReason::Deactivation
        | RevocationReason::Rotation => return Ok(()),
    }
    let app = oauth_clients::name(tx, &grant.client).await?;
    let ended = Ended {
        plan: grant.plan.clone(),
        reason: revocation.reason.as_str().to_owned(),
        by: revocation.by.clone(),
        at: revocation.at,
        apps: app.into_iter().collect(),
        tokens: 0,
    };
    notices::ended(tx, &grant.user, &format!("grant:{}", grant.id), &ended).await
}

/// Revokes the access token that a grant's client holds, unless it has expired by now: then that is kept,
/// because no other clock, policy or lifetime may bring back what was replaced or ended (R7).
async fn revoke(
    tx: &mut Tx,
    grant: &Grant,
    revocation: &Revocation,
    now: Timestamp,
) -> Result<(), StoreError> {
    let history = history(tx, grant).await?;
    let alive_from = alive_from(&history, now);
    let revoked = tokens::revoke_of_grant(tx, &grant.id, revocation, alive_from).await?;
    // All but the newest were revoked or kept when the next one took their place.
    if revoked == 0 {
        observe::keep(tx, &grant.plan, &history, now).await?;
    }
    Ok(())
}

/// The instants from which a plan's OAuth access tokens are not dead by time.
#[must_use]
pub fn alive_from(history: &History, now: Timestamp) -> Watermarks {
    history.watermarks_at(now).max(Watermarks {
        dead_before: history.access_lifetime().dead_before_at(now),
        ..Watermarks::NONE
    })
}

async fn history(tx: &mut Tx, grant: &Grant) -> Result<History, StoreError> {
    let policies = policies::history(tx, &grant.plan).await?;
    let policies = policies.ok_or(StoreError::Corrupt {
        place: "policy_versions",
    })?;
    Ok(policies.history)
}

/// An event about a grant.
#[must_use]
pub fn event(now: Timestamp, actor: &Actor, action: Action, grant: &Grant) -> Event {
    Event {
        at: now,
        plan: Some(grant.plan.clone()),
        actor: actor.user.clone(),
        actor_address: actor.address.clone(),
        action,
        target: Some(grant.id.0.clone()),
        details: json!({
            "client": grant.client,
            "user": grant.user,
            "scope": grant.scope,
        }),
    }
}

/// A new grant: what a person has just allowed.
#[must_use]
pub fn new_grant(
    random: &Random,
    now: Timestamp,
    client: &oauth_clients::Client,
    user: &UserId,
    scope: Scopes,
) -> Grant {
    Grant {
        id: GrantId(random.id(now)),
        plan: client.plan.clone(),
        client: client.id.clone(),
        user: user.clone(),
        scope,
        created_at: now,
        ended_at: None,
    }
}
