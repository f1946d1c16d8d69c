//! A plan whose tokens live one minute: whoever was once told that a token has expired is told so
//! for ever after, and nobody is told too early or too late.

use std::{
    io,
    net::SocketAddr,
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde_json::{Value, json};
use tenure_domain::{
    id::{PlanId, UserId},
    period::{Period, Unit},
    plan::{Role, Tier},
    policy::{Terms, Wanted},
    time::{HOUR, MINUTE, SECOND, Timestamp},
};
use tenure_server::{
    clock::Clock,
    ops::{
        Actor, people,
        policies::{self, Ask},
        tokens,
    },
    random::Random,
    store::{Store, Tx, users},
};

use crate::{
    http::Connection,
    witness::{Verdict, verify},
};

/// Tokens that are there from the beginning. They die one by one while the trial goes on.
const DYING: i64 = 40;
/// How long after one of them the next one dies, in milliseconds.
const APART: i64 = 500;
/// No more tokens than this, so that each can be asked for after every kill.
const MOST: usize = 200;
/// By how much two processes may read the clock differently, in milliseconds.
const TOLERANCE: i64 = SECOND;

/// The plan and what is known of its tokens.
pub(crate) struct Brief {
    pub(crate) plan: PlanId,
    clock: Clock,
    tokens: Mutex<Vec<Token>>,
}

/// A token that was acknowledged.
#[derive(Clone)]
struct Token {
    secret: String,
    expiry: Timestamp,
    /// Whether somebody was told so.
    expired: bool,
}

impl Brief {
    /// Makes the plan beside the running server, with tokens that are nearly a minute old.
    pub(crate) async fn settle(folder: &Path, email: &str) -> Self {
        let url = format!("sqlite://{}/tenure.db", folder.display());
        let store = Store::connect(&url).await.expect("opens");
        let (clock, random) = (Clock::system(), Random::system());
        let now = clock.now();
        let mut tx = store.write().await.expect("writes");
        let owner = users::by_email(&mut tx, email).await.expect("read");
        let owner = owner.expect("a user").id;
        let plan = plan(&mut tx, &random, now.saturating_add(-HOUR), &owner).await;
        let mut dying = Vec::new();
        for number in 0..DYING {
            let created_at = now.saturating_add(number * APART - MINUTE);
            let actor = Actor::user(owner.clone());
            let of = (&plan, &owner);
            let made = tokens::generate(
                &mut tx,
                &random,
                created_at,
                &actor,
                of,
                ("brief", &tenure_domain::scope::Scopes::default()),
            )
            .await;
            let (token, secret) = made.expect("a token");
            dying.push(Token::new(secret.reveal(), token.facts.created_at));
        }
        tx.commit().await.expect("committed");
        store.close().await;
        Self {
            plan,
            clock,
            tokens: Mutex::new(dying),
        }
    }

    /// What is asked for to generate one more token, if there is room for it.
    pub(crate) fn wanted(&self) -> Option<Value> {
        let room = self.tokens().len() < MOST;
        room.then(|| json!({ "plan": self.plan.as_str(), "name": "brief" }))
    }

    /// A token was acknowledged.
    pub(crate) fn generated(&self, secret: String, created_at: Timestamp) {
        self.tokens().push(Token::new(secret, created_at));
    }

    /// How many tokens there are.
    pub(crate) fn len(&self) -> usize {
        self.tokens().len()
    }

    /// Of how many somebody was told that they have expired.
    pub(crate) fn expired(&self) -> usize {
        self.tokens().iter().filter(|token| token.expired).count()
    }

    /// Asks for one of the tokens. `None` when the server cannot say at the moment.
    pub(crate) async fn verify(
        &self,
        connection: &mut Connection,
        number: usize,
    ) -> io::Result<Option<()>> {
        let token = self.tokens()[number].clone();
        let before = self.clock.now();
        let verdict = verify(connection, &token.secret).await?;
        let after = self.clock.now();
        match verdict {
            Verdict::Unavailable => return Ok(None),
            Verdict::Works => {
                assert!(!token.expired, "token {number} came back from the dead");
                let late = before.millis_since(token.expiry);
                assert!(late < TOLERANCE, "token {number} works {late} ms too long");
            }
            Verdict::Expired => {
                let early = token.expiry.millis_since(after);
                assert!(
                    early < TOLERANCE,
                    "token {number} died {early} ms too early"
                );
                self.tokens()[number].expired = true;
            }
            Verdict::Revoked => panic!("nobody revoked token {number}"),
        }
        Ok(Some(()))
    }

    /// Asks for every token after a kill.
    pub(crate) async fn check(&self, address: SocketAddr) {
        let mut connection = Connection::open(address).await.expect("connects");
        for number in 0..self.len() {
            self.verify(&mut connection, number)
                .await
                .expect("an answer")
                .expect("a server that nobody else uses can say");
        }
    }

    fn tokens(&self) -> MutexGuard<'_, Vec<Token>> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Token {
    fn new(secret: String, created_at: Timestamp) -> Self {
        Self {
            secret,
            expiry: created_at.saturating_add(MINUTE),
            expired: false,
        }
    }
}

/// A plan whose tokens live one minute, and whose System Admin is `owner`.
async fn plan(tx: &mut Tx, random: &Random, now: Timestamp, owner: &UserId) -> PlanId {
    let (actor, tier, role) = (&Actor::OPERATOR, Tier::Enterprise, Role::SystemAdmin);
    let plan = people::create_plan(tx, random, now, actor, "Brief", tier).await;
    let plan = plan.expect("a plan").id;
    people::join(tx, now, actor, owner, &plan, role)
        .await
        .expect("joined");
    let ask = Ask {
        plan: plan.clone(),
        tier,
        by: owner.clone(),
        role,
        address: None,
        seen: 0.into(),
        wanted: Wanted::Now(Terms::of_period(Period::new(1, Unit::Minutes).ok())),
        ends_at_most: None,
    };
    policies::change(tx, now, &ask)
        .await
        .expect("changed")
        .expect("a plan");
    plan
}
