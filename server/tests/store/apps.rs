//! Hands to register clients, to let them act in people's names, and to take that back.

use tenure_domain::{
    refresh::{DEFAULT_IDLE, Decision},
    scope::Scopes,
    token::RevocationReason,
    wire::clients::{AuthMethod, ClientFacts},
};
use tenure_server::{
    ops::{
        Actor,
        clients::{self, NewClient},
        grants::{self, Mint},
        members, tokens as op_tokens,
    },
    secret,
    store::{
        Tx,
        oauth_clients::Client,
        oauth_grants::{self, Ending, Grant},
        oauth_refresh_tokens as refresh_tokens,
        plans::Plan,
        tokens::{self, Token},
        users::User,
    },
};

use crate::support::Database;

/// The texts of a pair, as its client holds them.
pub(crate) struct Pair {
    pub(crate) access: String,
    pub(crate) refresh: String,
}

impl From<grants::Pair> for Pair {
    fn from(pair: grants::Pair) -> Self {
        Self {
            access: pair.access.reveal(),
            refresh: pair.refresh.reveal(),
        }
    }
}

pub(crate) fn scopes(text: &str) -> Scopes {
    Scopes::parse(text).expect("scopes")
}

impl Database {
    /// A client with a secret.
    pub(crate) async fn client(&self, plan: &Plan, by: &User, name: &str) -> Client {
        let new = NewClient {
            facts: ClientFacts {
                name: name.to_owned(),
                redirect_uris: vec!["https://app.example/callback".to_owned()],
                scope: scopes("tokens:read tokens:write"),
            },
            auth_method: AuthMethod::ClientSecretBasic,
            resource_server: false,
        };
        let (now, actor) = (self.clock.now(), Actor::user(by.id.clone()));
        let mut tx = self.write().await;
        let made = clients::register(&mut tx, &self.random, now, &actor, &plan.id, new).await;
        tx.commit().await.expect("committed");
        made.expect("a client").0
    }

    /// What a person allows a client.
    pub(crate) async fn grant(&self, client: &Client, user: &User) -> Grant {
        let scope = client.facts.scope.clone();
        let grant = grants::new_grant(&self.random, self.clock.now(), client, &user.id, scope);
        let mut tx = self.write().await;
        oauth_grants::insert(&mut tx, &grant).await.expect("kept");
        tx.commit().await.expect("committed");
        grant
    }

    /// The first pair of a grant.
    pub(crate) async fn begin(&self, grant: &Grant) -> Pair {
        let (now, actor) = (self.clock.now(), Actor::default());
        let mut tx = self.write().await;
        let pair = self.mint(now, &actor).begin(&mut tx, grant).await;
        tx.commit().await.expect("committed");
        pair.expect("a pair").into()
    }

    /// A client, what somebody allows it, and its first pair.
    pub(crate) async fn connected(&self, plan: &Plan, user: &User) -> (Client, Grant, Pair) {
        let client = self.client(plan, user, "Board").await;
        let grant = self.grant(&client, user).await;
        let pair = self.begin(&grant).await;
        (client, grant, pair)
    }

    /// A client presents a refresh token, and gets what the token endpoint would give.
    pub(crate) async fn present(&self, refresh: &str) -> (Decision, Option<Pair>) {
        let mut tx = self.write().await;
        let answer = self.present_in(&mut tx, refresh).await;
        tx.commit().await.expect("committed");
        answer
    }

    /// The same without a commit.
    pub(crate) async fn present_in(&self, tx: &mut Tx, refresh: &str) -> (Decision, Option<Pair>) {
        let (now, actor) = (self.clock.now(), Actor::default());
        let presented = refresh_tokens::by_hash(tx, &secret::hash(refresh)).await;
        let presented = presented.expect("read").expect("issued");
        let grant = oauth_grants::get(tx, &presented.grant).await;
        let grant = grant.expect("read").expect("a grant");
        let judged = grants::judge(tx, &presented, &grant, DEFAULT_IDLE, now, |_| false).await;
        let decision = judged.expect("judged");
        let ending = match decision {
            Decision::Renew | Decision::Heal => {
                let mint = self.mint(now, &actor);
                let pair = mint.renew(tx, &grant, &presented, &grant.scope).await;
                return (decision, Some(pair.expect("a pair").into()));
            }
            Decision::Replay => {
                let mint = self.mint(now, &actor);
                let ended = mint.replay(tx, &grant, &presented).await;
                assert!(ended.expect("ended"), "it had not ended before");
                return (decision, None);
            }
            Decision::TooOld => Ending::Idle,
            Decision::Ended => return (decision, None),
        };
        let ended = grants::end(tx, now, &actor, &grant, ending).await;
        assert!(ended.expect("ended"), "it had not ended before");
        (decision, None)
    }

    /// Ends a grant for its owner; says whether it had not ended before.
    pub(crate) async fn disconnect(&self, grant: &Grant) -> bool {
        let (now, actor) = (self.clock.now(), Actor::user(grant.user.clone()));
        let ending = Ending::Revoked(RevocationReason::Owner);
        let mut tx = self.write().await;
        let ended = grants::end(&mut tx, now, &actor, grant, ending).await;
        tx.commit().await.expect("committed");
        ended.expect("ended")
    }

    /// Rotates a token, which works for so many milliseconds more.
    pub(crate) async fn rotate(&self, old: &Token, overlap: i64) -> Option<(Token, String)> {
        let (now, actor) = (self.clock.now(), Actor::user(old.owner.clone()));
        let until = now.saturating_add(overlap);
        let mut tx = self.write().await;
        let old = tokens::get(&mut tx, &old.id).await.expect("read");
        let old = old.expect("a token");
        let rotated = op_tokens::rotate(&mut tx, &self.random, now, &actor, &old, until).await;
        tx.commit().await.expect("committed");
        let (token, secret) = rotated.expect("answered")?;
        Some((token, secret.reveal()))
    }

    /// Deactivates somebody in a plan; says whether they were active before.
    pub(crate) async fn deactivate(&self, plan: &Plan, user: &User, by: &User) -> bool {
        let (now, actor) = (self.clock.now(), Actor::user(by.id.clone()));
        let mut tx = self.write().await;
        let done = members::deactivate(&mut tx, now, &actor, &plan.id, &user.id).await;
        tx.commit().await.expect("committed");
        done.expect("answered")
    }

    /// The token of this text, as it is kept.
    pub(crate) async fn kept(&self, text: &str) -> Token {
        let found = tokens::by_hash(&mut self.read().await, &secret::hash(text)).await;
        found.expect("read").expect("a token")
    }

    fn mint<'a>(&'a self, now: tenure_domain::time::Timestamp, actor: &'a Actor) -> Mint<'a> {
        Mint {
            random: &self.random,
            now,
            actor,
        }
    }
}
