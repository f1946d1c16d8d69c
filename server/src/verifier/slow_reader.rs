//! A test: whoever is slow to return from the database puts nothing back that was revoked meanwhile,
//! wherever it was held up.

use tenure_domain::{plan::Tier, problem::Kind, scope::Scopes, time::Timestamp};

use super::{Outcome, Refused, Verifier, steps::go_on};
use crate::{
    clock::Clock,
    ops::{
        Actor,
        people::{self, NewUser},
        tokens,
    },
    random::Random,
    secret,
    store::{Store, plans::Plan, tokens::Token, users::User},
};

const NOW: Timestamp = Timestamp::from_millis(1_771_579_987_000);

struct Tenant {
    store: Store,
    random: Random,
    plan: Plan,
    owner: User,
}

impl Tenant {
    async fn of(store: Store) -> Self {
        store.migrate().await.unwrap();
        let (random, actor) = (Random::seeded(1), &Actor::OPERATOR);
        let mut tx = store.write().await.unwrap();
        let tier = Tier::Business;
        let plan = people::create_plan(&mut tx, &random, NOW, actor, "Acme", tier).await;
        let new = NewUser {
            name: "Ada",
            email: "ada@acme.example",
            password_hash: "-",
        };
        let owner = people::create_user(&mut tx, &random, NOW, actor, new).await;
        tx.commit().await.unwrap();
        let (plan, owner) = (plan.unwrap(), owner.unwrap());
        Self {
            store,
            random,
            plan,
            owner,
        }
    }

    async fn generate(&self) -> (Token, String) {
        let mut tx = self.store.write().await.unwrap();
        let of = (&self.plan.id, &self.owner.id);
        let made = tokens::generate(
            &mut tx,
            &self.random,
            NOW,
            &Actor::OPERATOR,
            of,
            ("t", &Scopes::default()),
        )
        .await;
        tx.commit().await.unwrap();
        let (token, secret) = made.unwrap();
        (token, secret.reveal())
    }

    async fn revoke(&self, token: Token) {
        let mut tx = self.store.write().await.unwrap();
        let revoked = tokens::revoke_by_owner(&mut tx, NOW, &Actor::OPERATOR, token).await;
        revoked.unwrap();
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_slow_reader_does_not_put_back_a_token_that_was_revoked_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/tenure.db", folder.path().display());
    let tenant = Tenant::of(Store::connect(&url).await.unwrap()).await;
    let verifier = Verifier::new(tenant.store.clone(), Clock::mock(NOW));
    verifier.follow_changes().await.unwrap();
    // What a reader has in its hands where it is held up depends on the database's own thread, so
    // they are held up again and again until one was with what is out of date by then.
    for _ in 0..1_000 {
        if held_up_everywhere(&tenant, &verifier).await {
            return;
        }
    }
    panic!("no reader was held up with what it had read in its hands");
}

/// Holds readers up at each place where they wait, while what they read is revoked. Says whether one
/// of them had read it before.
async fn held_up_everywhere(tenant: &Tenant, verifier: &Verifier) -> bool {
    let mut outdated = false;
    for times in 1.. {
        let (token, text) = tenant.generate().await;
        let hashes = [secret::hash(&text)];
        let mut reading = Box::pin(verifier.0.lookups.look_up(&hashes));
        let done = go_on(reading.as_mut(), times).await;
        tenant.revoke(token).await;
        let whole = done.is_some();
        let read = match done {
            Some(read) => read,
            None => reading.await,
        };
        let worked = read.unwrap()[&hashes[0]].facts().revoked.is_none();
        outdated |= worked && !whole;
        let outcome = verifier.verify(&text).await.unwrap();
        let Outcome::Refused(Refused { kind, .. }) = outcome else {
            panic!("held up after {times} steps, a reader put a revoked token back");
        };
        assert_eq!(kind, Kind::TokenRevoked);
        if whole {
            break;
        }
    }
    outdated
}
