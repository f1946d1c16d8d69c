//! Says whether a token works, at the speed of memory.
//!
//! The rule is `tenure_domain::token::verdict`; here is what it is fed with, and how it stays true:
//!
//! - a typo is refused by its checksum, without looking anything up;
//! - tokens, policies and the resource servers that ask ([`callers`]) are kept in memory ([`cache`]) and forgotten in the same breath in which
//!   this process changes them, or a moment after another one did ([`feed`]); whoever cannot hear of
//!   changes does not trust its memory, and without a database nobody is let in;
//! - before somebody is first told that a token has expired, that is made to last (R7);
//! - what must be looked up is looked up together ([`lookups`]);
//! - uses are noted in memory and written together ([`uses`]); where a token's life depends on them, before
//!   they are answered ([`recorder`]), and its death is told by the newest ([`idle`]).
//!
//! Deliberately not here: HTTP, and whether somebody may do what the token is shown for.

mod bounded;
mod cache;
mod callers;
mod feed;
mod idle;
mod kept;
mod lookups;
mod recorder;
#[cfg(test)]
mod slow_reader;
#[cfg(test)]
#[path = "../../tests/store/steps.rs"]
mod steps;
mod together;
mod uses;

use std::sync::Arc;

use tenure_domain::{
    id::{PlanId, TokenId, UserId},
    problem::Kind,
    scope::Scopes,
    time::Timestamp,
    token::{self, End, Expiry, Revocation, RevocationReason, TokenFacts, TokenKind, Verdict},
    token_text::{self, TextKind},
};
use uuid::Uuid;

pub use self::idle::{Renewal, Used};
use self::{
    cache::Cache, feed::Feed, kept::Kept, lookups::Lookups, recorder::Recorder, uses::Uses,
};
use crate::{
    clock::Clock,
    ops::{observe, tokens},
    secret::{self, SecretHash},
    store::{Store, StoreError, policies, policies::PlanPolicies},
};

/// What a token was found to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It works.
    Works(Verified),
    /// It does not.
    Refused(Refused),
}

/// A token that works. Its ids are numbers, as they are kept; whoever wants them as text pays for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Names it.
    pub token: Uuid,
    /// Whose it is.
    pub owner: Uuid,
    /// The plan whose policy it obeys.
    pub plan: Uuid,
    /// What it is for.
    pub kind: TokenKind,
    /// What it may be used for.
    pub scope: Arc<Scopes>,
    /// The client that holds it, if one does.
    pub client: Option<Uuid>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it stops working, under the policy in force and what is scheduled, if nobody uses it again: no
    /// later than is recorded, so that whoever relies on it until then is right.
    pub expiry: Expiry,
    /// What a use means for its life.
    pub renewal: Renewal,
    /// The instant for which this was decided.
    pub at: Timestamp,
}

impl Verified {
    /// Which token it is.
    #[must_use]
    pub const fn known(&self) -> Known {
        Known {
            token: self.token,
            plan: self.plan,
            client: self.client,
        }
    }

    /// The token's id, as the store knows it.
    #[must_use]
    pub fn token_id(&self) -> TokenId {
        TokenId(self.token.to_string())
    }

    /// The owner's id, as the store knows it.
    #[must_use]
    pub fn owner_id(&self) -> UserId {
        UserId(self.owner.to_string())
    }

    /// The plan's id, as the store knows it.
    #[must_use]
    pub fn plan_id(&self) -> PlanId {
        PlanId(self.plan.to_string())
    }
}

/// A token that does not work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Why: malformed, unknown, expired or revoked.
    pub kind: Kind,
    /// How it ended, if it ever worked.
    pub end: Option<End>,
    /// Which token it is, if it is known.
    pub known: Option<Known>,
}

/// Which token was shown. Its ids are numbers, as they are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Names it.
    pub token: Uuid,
    /// The plan whose policy it obeys.
    pub plan: Uuid,
    /// The client that holds it, if one does.
    pub client: Option<Uuid>,
}

/// Says whether a token works. Cheap to clone; clones share what they keep.
#[derive(Clone)]
pub struct Verifier(Arc<Inner>);

struct Inner {
    store: Store,
    clock: Clock,
    cache: Arc<Cache>,
    feed: Feed,
    uses: Uses,
    recorder: Arc<Recorder>,
    lookups: Arc<Lookups>,
}

impl Verifier {
    /// With an empty memory. It hears of every commit of this `store` and its clones.
    pub(crate) fn new(store: Store, clock: Clock) -> Self {
        let cache = Arc::new(Cache::default());
        let forgetting = Arc::clone(&cache);
        store.on_commit(move |changes| forgetting.forget(changes));
        Self(Arc::new(Inner {
            lookups: Lookups::new(store.clone(), Arc::clone(&cache)),
            recorder: Recorder::new(store.clone()),
            store,
            clock,
            cache,
            feed: Feed::default(),
            uses: Uses::default(),
        }))
    }

    /// Says whether the token of this text works now.
    ///
    /// # Errors
    /// When the database is needed and does not answer. Nobody may be let in then.
    pub async fn verify(&self, text: &str) -> Result<Outcome, StoreError> {
        match token_text::recognise(text) {
            Err(_) => return Ok(refused(Kind::TokenMalformed)),
            // No API is called with a refresh token, so it is none here.
            Ok(TextKind::Refresh) => return Ok(refused(Kind::TokenUnknown)),
            Ok(TextKind::Access(_)) => {}
        }
        self.verify_hash(&secret::hash(text)).await
    }

    /// Says whether the access token with this hash works now: for whoever keeps the hash of a text that was
    /// shown before.
    ///
    /// # Errors
    /// As [`verify`](Self::verify).
    pub(crate) async fn verify_hash(&self, hash: &SecretHash) -> Result<Outcome, StoreError> {
        let Some(kept) = self.token(hash).await? else {
            return Ok(refused(Kind::TokenUnknown));
        };
        self.decide(&kept).await
    }

    /// Whether a token was used in this process and the database has not learnt of it yet.
    #[must_use]
    pub fn has_noted_use(&self, token: Uuid) -> bool {
        self.0.uses.has(token)
    }

    /// Learns what other processes have changed. A job calls it several times a second; without it
    /// the memory counts for nothing after [`feed::TRUSTED_FOR`].
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn follow_changes(&self) -> Result<(), StoreError> {
        let Inner {
            store,
            clock,
            cache,
            feed,
            ..
        } = &*self.0;
        if feed.follow(store, clock, cache).await? {
            // A policy may count from a moment on what was noted before.
            self.flush_uses().await?;
        }
        Ok(())
    }

    /// Writes the uses that were noted since the last time. A job calls it every second.
    ///
    /// # Errors
    /// When the database does not answer; the uses are kept for the next time.
    pub async fn flush_uses(&self) -> Result<(), StoreError> {
        self.0.uses.flush(&self.0.store, &self.0.cache).await
    }

    /// How often a token's text was looked up in the database. A typo never is.
    #[must_use]
    pub fn lookups(&self) -> u64 {
        self.0.lookups.asked()
    }

    /// Decides over a token. An expiry that is not yet made to last is, before anybody hears of it.
    async fn decide(&self, kept: &Kept) -> Result<Outcome, StoreError> {
        let Some(policies) = self.policies(kept).await? else {
            return Err(ORPHAN);
        };
        // That the token is there proves that it is at least this late, whatever this machine's
        // clock says: it may have been generated on another machine.
        let now = self.0.clock.now().max(kept.created_at);
        let mut facts = kept.facts();
        let mut is_last = false;
        if idle::counts(&policies.history, &facts, now) {
            let activity = self.activity(kept).await?;
            facts = idle::used_at(kept, activity.at);
            is_last = activity.is_last;
        }
        let outcome = outcome(kept, &facts, &policies, now);
        let Outcome::Refused(Refused { end: Some(end), .. }) = &outcome else {
            return Ok(outcome);
        };
        match end {
            End::Revoked(retired) if facts.revoked.is_none() => {
                self.settle(&kept.token(), retired).await?;
                Ok(outcome)
            }
            End::Revoked(_) => Ok(outcome),
            End::ExpiredByInactivity { .. } if !is_last => {
                self.confirm_idle(kept, &policies, now).await
            }
            _ if observe::is_kept(&policies, &facts) => Ok(outcome),
            _ => {
                let lasting = observe::observe(&self.0.store, &kept.plan(), now).await?;
                // The policy may be another one meanwhile; what is answered is what was made to last.
                Ok(self::outcome(kept, &facts, &lasting.ok_or(ORPHAN)?, now))
            }
        }
    }

    /// Makes it last that a rotated token has retired.
    async fn settle(&self, token: &TokenId, retired: &Revocation) -> Result<(), StoreError> {
        let mut tx = self.0.store.write().await?;
        tokens::settle(&mut tx, token, retired).await?;
        tx.commit().await
    }

    async fn token(&self, hash: &SecretHash) -> Result<Option<Kept>, StoreError> {
        if self.remembers()
            && let Some(kept) = self.0.cache.token(hash)
        {
            return Ok(Some(kept));
        }
        self.0.lookups.ask(hash).await
    }

    async fn policies(&self, kept: &Kept) -> Result<Option<Arc<PlanPolicies>>, StoreError> {
        let Inner { store, cache, .. } = &*self.0;
        if self.remembers()
            && let Some(policies) = cache.policies(&kept.standing.plan)
        {
            return Ok(Some(policies));
        }
        let seen = cache.generation();
        let found = policies::history(&mut store.peek().await?, &kept.plan()).await?;
        let found = found.map(Arc::new);
        if let Some(policies) = &found {
            cache.keep_policies(seen, &kept.standing.plan, policies);
        }
        Ok(found)
    }

    fn remembers(&self) -> bool {
        self.0.feed.is_fresh(&self.0.clock)
    }
}

/// A token whose plan has no policy versions, not even the one that every plan starts with.
const ORPHAN: StoreError = StoreError::Corrupt {
    place: "policy_versions",
};

/// What was shown is no token that is known.
fn refused(kind: Kind) -> Outcome {
    Outcome::Refused(Refused {
        kind,
        end: None,
        known: None,
    })
}

fn kind_of(end: &End) -> Kind {
    match end {
        End::ExpiredByPeriod { .. }
        | End::ExpiredByInactivity { .. }
        | End::ExpiredByLifetime { .. } => Kind::TokenExpired,
        End::Revoked(Revocation {
            reason: RevocationReason::Deactivation,
            ..
        }) => Kind::OwnerDeactivated,
        End::Revoked(_) => Kind::TokenRevoked,
    }
}

fn outcome(kept: &Kept, facts: &TokenFacts, policies: &PlanPolicies, now: Timestamp) -> Outcome {
    match token::verdict(facts, &policies.history, now) {
        Verdict::Works(expiry) => Outcome::Works(Verified {
            token: kept.id,
            owner: kept.owner,
            plan: kept.standing.plan,
            kind: kept.standing.kind,
            scope: Arc::clone(&kept.standing.scope),
            client: kept.standing.client,
            created_at: kept.created_at,
            expiry,
            renewal: idle::renewal(&policies.history, facts, now),
            at: now,
        }),
        Verdict::Dead(end) => Outcome::Refused(Refused {
            kind: kind_of(&end),
            end: Some(end),
            known: Some(Known {
                token: kept.id,
                plan: kept.standing.plan,
                client: kept.standing.client,
            }),
        }),
        // `now` is never before its creation, see `decide`.
        Verdict::NotYet => refused(Kind::TokenUnknown),
    }
}
