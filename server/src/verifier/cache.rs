//! What the verifier keeps in memory: tokens by the hash of their text, and plans' policies.
//!
//! Both are bounded. A reader that was slow cannot put back what was forgotten meanwhile: it notes
//! the generation before it reads, and what it read is kept only if nothing was forgotten since.

use std::sync::{Arc, PoisonError, RwLock};

use quick_cache::sync::Cache as Bounded;
use tenure_domain::{
    id::{ClientId, PlanId, TokenId, UserId},
    scope::Scopes,
    time::Timestamp,
    token::{Revocation, TokenFacts, TokenKind},
};
use uuid::Uuid;

use crate::{
    secret::SecretHash,
    store::{Change, StoreError, policies::PlanPolicies, tokens::Decisive},
};

/// Tokens that are kept; each that is used takes about 200 bytes, so that all of them leave the process
/// within 150 MB.
const TOKENS: usize = 400_000;
/// Plans whose policies are kept.
const PLANS: usize = 10_000;

/// What decides over a token, small enough to keep many of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Kept {
    pub(super) id: Uuid,
    pub(super) plan: Uuid,
    owner: Uuid,
    pub(super) created_at: Timestamp,
    /// Few are revoked; those that are pay for a box.
    revoked: Option<Box<Revocation>>,
    pub(super) kind: TokenKind,
    pub(super) scope: Arc<Scopes>,
    pub(super) client: Option<ClientId>,
    retires_at: Option<Timestamp>,
}

impl Kept {
    pub(super) fn token(&self) -> TokenId {
        TokenId(self.id.to_string())
    }

    pub(super) fn plan(&self) -> PlanId {
        PlanId(self.plan.to_string())
    }

    pub(super) fn owner(&self) -> UserId {
        UserId(self.owner.to_string())
    }

    /// The facts that a verdict depends on; uses and suspicions are not among them.
    pub(super) fn facts(&self) -> TokenFacts {
        TokenFacts {
            retires_at: self.retires_at,
            revoked: self.revoked.as_deref().cloned(),
            ..TokenFacts::created(self.kind, self.created_at)
        }
    }
}

impl TryFrom<Decisive> for Kept {
    type Error = StoreError;

    fn try_from(token: Decisive) -> Result<Self, StoreError> {
        let uuid =
            |text: &str, place| Uuid::try_parse(text).map_err(|_| StoreError::Corrupt { place });
        Ok(Self {
            id: uuid(token.id.as_str(), "tokens.id")?,
            plan: uuid(token.plan.as_str(), "tokens.plan_id")?,
            owner: uuid(token.owner.as_str(), "tokens.owner_id")?,
            created_at: token.created_at,
            revoked: token.revoked.map(Box::new),
            kind: token.kind,
            scope: Arc::new(token.scope),
            client: token.client,
            retires_at: token.retires_at,
        })
    }
}

/// How often something was forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Generation(u64);

/// The memory.
pub(super) struct Cache {
    tokens: Bounded<SecretHash, Kept>,
    plans: Bounded<Uuid, Arc<PlanPolicies>>,
    /// Held to read while something is put in, and to write while something is forgotten.
    generation: RwLock<u64>,
}

impl Default for Cache {
    fn default() -> Self {
        Self {
            tokens: Bounded::new(TOKENS),
            plans: Bounded::new(PLANS),
            generation: RwLock::new(0),
        }
    }
}

impl Cache {
    /// To be noted before reading what [`keep_token`](Self::keep_token) and
    /// [`keep_policies`](Self::keep_policies) are given.
    pub(super) fn generation(&self) -> Generation {
        Generation(
            *self
                .generation
                .read()
                .unwrap_or_else(PoisonError::into_inner),
        )
    }

    pub(super) fn token(&self, hash: &SecretHash) -> Option<Kept> {
        self.tokens.get(hash)
    }

    pub(super) fn policies(&self, plan: &Uuid) -> Option<Arc<PlanPolicies>> {
        self.plans.get(plan)
    }

    /// Keeps a token that was read after `seen` was noted.
    pub(super) fn keep_token(&self, seen: Generation, hash: &SecretHash, token: &Kept) {
        self.unless_forgotten_since(seen, || self.tokens.insert(*hash, token.clone()));
    }

    /// Keeps policies that were read after `seen` was noted.
    pub(super) fn keep_policies(
        &self,
        seen: Generation,
        plan: &Uuid,
        policies: &Arc<PlanPolicies>,
    ) {
        self.unless_forgotten_since(seen, || self.plans.insert(*plan, Arc::clone(policies)));
    }

    /// Forgets what these commits changed.
    pub(super) fn forget(&self, changes: &[Change]) {
        self.forgetting(|| {
            for change in changes {
                match change {
                    Change::Token(hash) => {
                        self.tokens.remove(hash);
                    }
                    Change::Tokens => self.tokens.clear(),
                    Change::Plan(plan) => self.forget_plan(plan),
                }
            }
        });
    }

    /// Forgets every plan's policies.
    pub(super) fn forget_plans(&self) {
        self.forgetting(|| self.plans.clear());
    }

    /// Forgets everything.
    pub(super) fn forget_everything(&self) {
        self.forgetting(|| {
            self.tokens.clear();
            self.plans.clear();
        });
    }

    fn forget_plan(&self, plan: &PlanId) {
        // What is no UUID was never kept.
        if let Ok(plan) = Uuid::try_parse(plan.as_str()) {
            self.plans.remove(&plan);
        }
    }

    fn forgetting(&self, forget: impl FnOnce()) {
        let mut generation = self
            .generation
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        *generation = generation.wrapping_add(1);
        forget();
    }

    fn unless_forgotten_since(&self, seen: Generation, keep: impl FnOnce()) {
        let generation = self
            .generation
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        if *generation == seen.0 {
            keep();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept() -> Kept {
        Kept {
            id: Uuid::from_u128(1),
            plan: Uuid::from_u128(2),
            owner: Uuid::from_u128(3),
            created_at: Timestamp::from_millis(4),
            revoked: None,
            kind: TokenKind::UserAccess,
            scope: Arc::default(),
            client: None,
            retires_at: None,
        }
    }

    #[test]
    fn what_was_read_before_something_was_forgotten_is_not_kept() {
        let (cache, hash) = (Cache::default(), [7; 32]);
        let seen = cache.generation();
        // The slow reader has read; now the token is revoked, and only then does the reader return.
        cache.forget(&[Change::Token(hash)]);
        cache.keep_token(seen, &hash, &kept());
        assert_eq!(cache.token(&hash), None);
        // A reader that began later is welcome.
        cache.keep_token(cache.generation(), &hash, &kept());
        assert_eq!(cache.token(&hash), Some(kept()));
    }

    #[test]
    fn forgetting_one_token_leaves_the_others() {
        let cache = Cache::default();
        for hash in [[1; 32], [2; 32]] {
            cache.keep_token(cache.generation(), &hash, &kept());
        }
        cache.forget(&[Change::Token([1; 32])]);
        assert_eq!(cache.token(&[1; 32]), None);
        assert_eq!(cache.token(&[2; 32]), Some(kept()));
        cache.forget_everything();
        assert_eq!(cache.token(&[2; 32]), None);
    }

    #[test]
    fn a_token_is_small() {
        assert!(size_of::<Kept>() <= 80, "{}", size_of::<Kept>());
    }
}
