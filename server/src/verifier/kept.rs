//! What is kept of a token: small, because there may be a million of them.
//!
//! Most of what decides over a token it has in common with its neighbours. That is its
//! [`Standing`], which they share; only what differs from token to token is in [`Kept`] itself.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use tenure_domain::{
    id::{PlanId, TokenId},
    scope::Scopes,
    time::Timestamp,
    token::{Revocation, TokenFacts, TokenKind},
};
use uuid::Uuid;

use crate::store::{StoreError, tokens::Decisive};

/// With fewer standings than this, nobody looks for those that are no longer used.
const FEW: usize = 1_000;

/// What decides over a token.
///
/// Ids and instants are inline: they differ from token to token, and the owner's would cost more
/// in a table of its own wherever people have a token or two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Kept {
    pub(super) id: Uuid,
    pub(super) owner: Uuid,
    pub(super) created_at: Timestamp,
    pub(super) standing: Arc<Standing>,
}

/// What a token has in common with others: of one plan, kind, client and set of scopes, and neither revoked
/// nor about to retire.
///
/// A token that was revoked or rotated shares it with nobody, so what few tokens have costs only those few.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Standing {
    pub(super) plan: Uuid,
    pub(super) kind: TokenKind,
    pub(super) scope: Arc<Scopes>,
    pub(super) client: Option<Uuid>,
    retires_at: Option<Timestamp>,
    revoked: Option<Revocation>,
}

impl Kept {
    /// From what the store knows. Tokens that share their standing share it by way of `standings`.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when an id is no UUID.
    pub(super) fn new(token: Decisive, standings: &Standings) -> Result<Self, StoreError> {
        let standing = Standing {
            plan: uuid(token.plan.as_str(), "tokens.plan_id")?,
            kind: token.kind,
            scope: Arc::new(token.scope),
            client: token
                .client
                .map(|client| uuid(client.as_str(), "tokens.client_id"))
                .transpose()?,
            retires_at: token.retires_at,
            revoked: token.revoked,
        };
        Ok(Self {
            id: uuid(token.id.as_str(), "tokens.id")?,
            owner: uuid(token.owner.as_str(), "tokens.owner_id")?,
            created_at: token.created_at,
            standing: standings.share(standing),
        })
    }

    pub(super) fn token(&self) -> TokenId {
        TokenId(self.id.to_string())
    }

    pub(super) fn plan(&self) -> PlanId {
        PlanId(self.standing.plan.to_string())
    }

    /// Whether it shares its standing, as nearly all do.
    pub(super) fn is_common(&self) -> bool {
        self.standing.is_common()
    }

    /// The facts that a verdict depends on; uses and suspicions are not among them.
    pub(super) fn facts(&self) -> TokenFacts {
        TokenFacts {
            retires_at: self.standing.retires_at,
            revoked: self.standing.revoked.clone(),
            ..TokenFacts::created(self.standing.kind, self.created_at)
        }
    }
}

fn uuid(text: &str, place: &'static str) -> Result<Uuid, StoreError> {
    Uuid::try_parse(text).map_err(|_| StoreError::Corrupt { place })
}

impl Standing {
    const fn is_common(&self) -> bool {
        self.revoked.is_none() && self.retires_at.is_none()
    }
}

/// The standings that tokens share, each once.
///
/// A standing that no token has any more goes away when the table would otherwise grow, so the
/// table never has more than twice as many as are in use, or [`FEW`].
#[derive(Default)]
pub(super) struct Standings(Mutex<Table>);

#[derive(Default)]
struct Table {
    standings: HashSet<Arc<Standing>>,
    /// With how many of them the unused ones are looked for.
    full: usize,
}

impl Standings {
    /// This standing, shared with all who have the same.
    fn share(&self, standing: Standing) -> Arc<Standing> {
        if !standing.is_common() {
            return Arc::new(standing);
        }
        let mut table = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = table.standings.get(&standing) {
            return Arc::clone(known);
        }
        table.make_room();
        let standing = Arc::new(standing);
        table.standings.insert(Arc::clone(&standing));
        standing
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.0.lock().unwrap().standings.len()
    }
}

impl Table {
    fn make_room(&mut self) {
        if self.standings.len() >= self.full.max(FEW) {
            // Whoever shares one got it from this table, which is locked: what only the table has
            // stays unused.
            self.standings
                .retain(|standing| Arc::strong_count(standing) > 1);
            self.full = self.standings.len().saturating_mul(2);
        }
    }
}

#[cfg(test)]
mod tests {
    use tenure_domain::{id::UserId, token::RevocationReason};

    use super::*;

    fn decisive(plan: usize, revoked: Option<Revocation>) -> Decisive {
        let id = |number| Uuid::from_u128(number).to_string();
        Decisive {
            hash: [0; 32],
            id: TokenId(id(1)),
            plan: PlanId(id(plan as u128)),
            owner: UserId(id(3)),
            kind: TokenKind::UserAccess,
            scope: Scopes::default(),
            client: None,
            created_at: Timestamp::from_millis(4),
            retires_at: None,
            revoked,
        }
    }

    fn kept(standings: &Standings, plan: usize) -> Kept {
        Kept::new(decisive(plan, None), standings).unwrap()
    }

    #[test]
    fn a_token_is_small() {
        assert!(size_of::<Kept>() <= 48, "{}", size_of::<Kept>());
    }

    #[test]
    fn tokens_of_a_plan_share_their_standing() {
        let standings = Standings::default();
        let (first, second) = (kept(&standings, 1), kept(&standings, 1));
        assert!(Arc::ptr_eq(&first.standing, &second.standing));
        assert_ne!(first.standing, kept(&standings, 2).standing);
    }

    #[test]
    fn a_revoked_token_shares_nothing() {
        let standings = Standings::default();
        let revocation = Revocation {
            at: Timestamp::from_millis(5),
            reason: RevocationReason::Owner,
            by: Some(UserId("ada".to_owned())),
        };
        let revoked = Kept::new(decisive(1, Some(revocation.clone())), &standings).unwrap();
        assert_eq!(revoked.facts().revoked, Some(revocation));
        assert_eq!(kept(&standings, 1).facts().revoked, None);
        assert_eq!(standings.len(), 1);
    }

    #[test]
    fn standings_that_nobody_has_any_more_do_not_pile_up() {
        let standings = Standings::default();
        let used: Vec<Kept> = (0..3 * FEW).map(|plan| kept(&standings, plan)).collect();
        for plan in 0..100 * FEW {
            drop(kept(&standings, 3 * FEW + plan));
            assert!(standings.len() <= 2 * used.len());
        }
        // Those in use were never taken away.
        for (plan, token) in used.iter().enumerate() {
            let again = kept(&standings, plan);
            assert!(Arc::ptr_eq(&again.standing, &token.standing));
        }
        drop(used);
        for plan in 0..10 * FEW {
            drop(kept(&standings, plan));
        }
        assert!(standings.len() <= FEW, "{}", standings.len());
    }
}
