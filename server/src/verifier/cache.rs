//! What the verifier keeps in memory: tokens by the hash of their text, plans' policies, the resource
//! servers that ask about tokens, and last activities where policies count them.
//!
//! All are bounded. A reader that was slow cannot put back what was forgotten meanwhile: it notes
//! the generation before it reads, and what it read is kept only if nothing was forgotten since.

use std::sync::{Arc, PoisonError, RwLock};

use tenure_domain::{id::ClientId, time::Timestamp};
use uuid::Uuid;

use super::{
    bounded::Bounded,
    kept::{Kept, Standings},
};
use crate::{
    secret::SecretHash,
    store::{Change, StoreError, oauth_clients::Client, policies::PlanPolicies, tokens::Decisive},
};

/// Tokens that are kept: a million, and some more because they spread over the map's shards by chance
/// (a shard has room for 65 536 and gets 62 500 of them, give or take a few hundred). Each takes about
/// 76 bytes, so that all of them leave the process within 150 MB.
const TOKENS: usize = 1 << 20;
/// How many more of those are kept that share their standing with no other, and take up to 300 bytes.
const UNCOMMON_TOKENS: usize = TOKENS / 64;
/// Plans whose policies are kept.
const PLANS: usize = 10_000;
/// Resource servers that are kept. Each takes some 400 bytes: they have no addresses.
const CLIENTS: usize = 10_000;

/// The first half of a token's hash. To find another text with the same half, among a million of
/// them, takes 2^108 attempts.
type Key = [u8; 16];

fn key(hash: &SecretHash) -> Key {
    std::array::from_fn(|place| hash[place])
}

/// A token's activity, as it is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Activity {
    /// When, or earlier than the latest one.
    pub(super) at: Timestamp,
    /// Whether none can follow: the token was told to be dead for it.
    pub(super) is_last: bool,
}

/// How often something was forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Generation(u64);

/// The memory.
pub(super) struct Cache {
    tokens: Bounded<Key, Kept>,
    uncommon: Bounded<Key, Kept>,
    standings: Standings,
    plans: Bounded<Uuid, Arc<PlanPolicies>>,
    clients: Bounded<Uuid, Arc<Client>>,
    /// The latest activity that is known to be recorded of tokens for which it counts. It only rises, so
    /// what another process records meanwhile makes nothing here wrong, but old.
    activities: Bounded<Uuid, Activity>,
    /// Held to read while something is put in, and to write while something is forgotten.
    generation: RwLock<u64>,
}

impl Default for Cache {
    fn default() -> Self {
        Self::of(TOKENS)
    }
}

impl Cache {
    /// With room for so many tokens.
    fn of(tokens: usize) -> Self {
        Self {
            tokens: Bounded::new(tokens),
            uncommon: Bounded::new(UNCOMMON_TOKENS),
            standings: Standings::default(),
            plans: Bounded::new(PLANS),
            clients: Bounded::new(CLIENTS),
            activities: Bounded::new(tokens),
            generation: RwLock::new(0),
        }
    }

    /// The form in which a token is kept.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when an id is none.
    pub(super) fn kept(&self, token: Decisive) -> Result<Kept, StoreError> {
        Kept::new(token, &self.standings)
    }

    /// To be noted before reading what [`keep_token`](Self::keep_token),
    /// [`keep_policies`](Self::keep_policies) and [`keep_client`](Self::keep_client) are given.
    pub(super) fn generation(&self) -> Generation {
        Generation(
            *self
                .generation
                .read()
                .unwrap_or_else(PoisonError::into_inner),
        )
    }

    pub(super) fn token(&self, hash: &SecretHash) -> Option<Kept> {
        let key = key(hash);
        self.tokens.get(&key).or_else(|| self.uncommon.get(&key))
    }

    pub(super) fn policies(&self, plan: &Uuid) -> Option<Arc<PlanPolicies>> {
        self.plans.get(plan)
    }

    pub(super) fn client(&self, id: &ClientId) -> Option<Arc<Client>> {
        let found = self.clients.get(&Uuid::try_parse(id.as_str()).ok()?);
        // A UUID has more spellings than the one that is the client's id.
        found.filter(|client| client.id == *id)
    }

    /// The latest activity that is known to be recorded of a token, if that is kept.
    pub(super) fn activity(&self, token: &Uuid) -> Option<Activity> {
        self.activities.get(token)
    }

    /// Keeps the activity of a token for which it counts.
    pub(super) fn keep_activity(&self, token: Uuid, activity: Activity) {
        self.activities.insert(token, activity);
    }

    /// Notes an activity that was recorded, of a token whose earlier one is kept.
    pub(super) fn raise_activity(&self, token: Uuid, at: Timestamp) {
        if self
            .activities
            .get(&token)
            .is_some_and(|known| known.at < at)
        {
            let is_last = false;
            self.activities.insert(token, Activity { at, is_last });
        }
    }

    /// Keeps a token that was read after `seen` was noted.
    pub(super) fn keep_token(&self, seen: Generation, hash: &SecretHash, token: &Kept) {
        let tokens = if token.is_common() {
            &self.tokens
        } else {
            &self.uncommon
        };
        self.unless_forgotten_since(seen, || tokens.insert(key(hash), token.clone()));
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

    /// Keeps a client that was read after `seen` was noted. Only resource servers are worth it, and
    /// only they are sure to be small.
    pub(super) fn keep_client(&self, seen: Generation, client: &Arc<Client>) {
        let id = Uuid::try_parse(client.id.as_str());
        if let (true, Ok(id)) = (client.resource_server, id) {
            self.unless_forgotten_since(seen, || self.clients.insert(id, Arc::clone(client)));
        }
    }

    /// Forgets what these commits changed.
    pub(super) fn forget(&self, changes: &[Change]) {
        self.forgetting(|| {
            for change in changes {
                match change {
                    Change::Token(hash) => {
                        self.tokens.remove(&key(hash));
                        self.uncommon.remove(&key(hash));
                    }
                    Change::Tokens => {
                        self.tokens.clear();
                        self.uncommon.clear();
                    }
                    Change::Plan(plan) => forget_id(&self.plans, plan.as_str()),
                    Change::Client(client) => forget_id(&self.clients, client.as_str()),
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
            self.uncommon.clear();
            self.plans.clear();
            self.clients.clear();
            self.activities.clear();
        });
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

fn forget_id<V: Clone>(kept: &Bounded<Uuid, V>, id: &str) {
    // What is no UUID was never kept.
    if let Ok(id) = Uuid::try_parse(id) {
        kept.remove(&id);
    }
}

#[cfg(test)]
mod tests {
    use tenure_domain::{
        id::{PlanId, TokenId, UserId},
        scope::Scopes,
        time::Timestamp,
        token::{Revocation, RevocationReason, TokenKind},
        wire::clients::{AuthMethod, ClientFacts},
    };

    use super::*;

    /// The hash, the id and the plan of this number.
    fn decisive(number: u64, revoked: Option<Revocation>) -> Decisive {
        let id = |number: u64| Uuid::from_u128(number.into()).to_string();
        let mut hash = [0; 32];
        hash[..8].copy_from_slice(&number.to_be_bytes());
        Decisive {
            hash,
            id: TokenId(id(number)),
            plan: PlanId(id(number)),
            owner: UserId(id(3)),
            kind: TokenKind::UserAccess,
            scope: Scopes::default(),
            client: None,
            created_at: Timestamp::from_millis(4),
            retires_at: None,
            revoked,
        }
    }

    fn revocation() -> Revocation {
        Revocation {
            at: Timestamp::from_millis(5),
            reason: RevocationReason::Owner,
            by: Some(UserId("ada".to_owned())),
        }
    }

    /// Keeps the token of this number; returns its hash and what is kept.
    fn keep(cache: &Cache, number: u64, revoked: Option<Revocation>) -> (SecretHash, Kept) {
        let token = decisive(number, revoked);
        let hash = token.hash;
        let kept = cache.kept(token).unwrap();
        cache.keep_token(cache.generation(), &hash, &kept);
        (hash, kept)
    }

    #[test]
    fn what_was_read_before_something_was_forgotten_is_not_kept() {
        let cache = Cache::default();
        let seen = cache.generation();
        let token = decisive(1, None);
        let (hash, kept) = (token.hash, cache.kept(token).unwrap());
        // The slow reader has read; now the token is revoked, and only then does the reader return.
        cache.forget(&[Change::Token(hash)]);
        cache.keep_token(seen, &hash, &kept);
        assert_eq!(cache.token(&hash), None);
        // A reader that began later is welcome.
        cache.keep_token(cache.generation(), &hash, &kept);
        assert_eq!(cache.token(&hash), Some(kept));
    }

    fn client(number: u128, resource_server: bool) -> Arc<Client> {
        Arc::new(Client {
            id: ClientId(Uuid::from_u128(number).to_string()),
            plan: PlanId("acme".to_owned()),
            facts: ClientFacts {
                name: "API".to_owned(),
                redirect_uris: Vec::new(),
                scope: Scopes::default(),
            },
            auth_method: AuthMethod::ClientSecretBasic,
            secret_hash: Some([1; 32]),
            old_secret: None,
            resource_server,
            created_at: Timestamp::from_millis(4),
            created_by: None,
        })
    }

    #[test]
    fn a_client_that_was_read_before_something_was_forgotten_is_not_kept() {
        let (cache, api) = (Cache::default(), client(1, true));
        let seen = cache.generation();
        cache.forget(&[Change::Client(api.id.clone())]);
        cache.keep_client(seen, &api);
        assert!(cache.client(&api.id).is_none());
        cache.keep_client(cache.generation(), &api);
        assert!(cache.client(&api.id).as_ref() == Some(&api));
    }

    #[test]
    fn forgetting_one_client_leaves_the_others() {
        let cache = Cache::default();
        let (first, second) = (client(1, true), client(2, true));
        for client in [&first, &second] {
            cache.keep_client(cache.generation(), client);
        }
        cache.forget(&[Change::Client(first.id.clone())]);
        assert!(cache.client(&first.id).is_none());
        assert!(cache.client(&second.id).as_ref() == Some(&second));
        cache.forget_everything();
        assert!(cache.client(&second.id).is_none());
    }

    #[test]
    fn a_client_is_known_by_its_id_alone_and_only_as_a_resource_server() {
        let cache = Cache::default();
        let (api, app) = (client(0xa, true), client(0xb, false));
        for client in [&api, &app] {
            cache.keep_client(cache.generation(), client);
        }
        assert!(cache.client(&api.id).is_some());
        let spelt = ClientId(api.id.as_str().to_uppercase());
        assert!(
            cache.client(&spelt).is_none(),
            "the database has no such id"
        );
        assert!(cache.client(&app.id).is_none(), "it may be large");
    }

    #[test]
    fn forgetting_one_token_leaves_the_others() {
        let cache = Cache::default();
        let (first, _) = keep(&cache, 1, None);
        let (second, kept) = keep(&cache, 2, None);
        cache.forget(&[Change::Token(first)]);
        assert_eq!(cache.token(&first), None);
        assert_eq!(cache.token(&second), Some(kept));
        cache.forget_everything();
        assert_eq!(cache.token(&second), None);
    }

    #[test]
    fn tokens_that_come_and_go_leave_nothing_behind() {
        let cache = Cache::of(2_000);
        for number in 0..100_000 {
            keep(&cache, number, None);
        }
        assert!(cache.tokens.len() <= 2_000, "{}", cache.tokens.len());
        // Each was of another plan.
        assert!(cache.standings.len() <= 4_000, "{}", cache.standings.len());
    }

    #[test]
    fn revoked_tokens_take_no_room_from_others() {
        let cache = Cache::of(1_000);
        let (working, kept) = keep(&cache, 0, None);
        let (revoked, ended) = keep(&cache, 1, Some(revocation()));
        assert_eq!(cache.token(&revoked), Some(ended));
        for number in 2..30_000 {
            keep(&cache, number, Some(revocation()));
        }
        assert_eq!(cache.token(&working), Some(kept));
        assert!(cache.uncommon.len() <= UNCOMMON_TOKENS);
        cache.forget(&[Change::Token(revoked)]);
        assert_eq!(cache.token(&revoked), None);
    }
}
