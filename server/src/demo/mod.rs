//! Sample data: two plans that have been in use for more than a year.
//!
//! It comes about as real data does: a clock is walked through the past, and at each instant the
//! same operations run that a request, a job or a verification runs. Nothing writes rows by itself.

mod apps;
mod happening;
mod health;
mod mails;
mod sample;

use std::{collections::BTreeMap, fmt, net::IpAddr};

use tenure_domain::{
    id::{PlanId, UserId},
    plan::Tier,
    policy::{Terms, Wanted},
    scope::Scopes,
    time::Timestamp,
};

use self::{
    happening::Happening,
    sample::{Person, PlanName, Sample},
};
use crate::{
    clock::Clock,
    ops::{
        Actor,
        people::{self, NewUser},
        policies::{self, Ask, Outcome},
        sweep, tokens,
    },
    password::{PasswordFailure, Passwords},
    random::Random,
    sightings::Sightings,
    store::{self, Store, StoreError, memberships, oauth_clients::Client, users},
    verifier::{self, Verifier},
};

/// The password of every sample account.
pub const PASSWORD: &str = "tenure-demo";

/// The sample accounts to sign in with, each with what it is for.
pub const ACCOUNTS: [(&str, &str); 3] = [
    (
        "admin@acme.example",
        "System Admin of Acme, an Enterprise plan",
    ),
    (
        "member@acme.example",
        "member of Acme and of Basil, with tokens of every status",
    ),
    ("admin@basil.example", "System Admin of Basil, a Pro plan"),
];

/// Why there is no sample data.
#[derive(Debug)]
pub enum DemoError {
    /// The database does not play along.
    Store(StoreError),
    /// A password could not be hashed.
    Password(PasswordFailure),
    /// The sample contradicts the rules, for example by a policy change that is refused.
    Sample(&'static str),
}

impl fmt::Display for DemoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Password(error) => error.fmt(f),
            Self::Sample(what) => write!(f, "the sample data contradicts the rules: {what}"),
        }
    }
}

impl std::error::Error for DemoError {}

impl From<StoreError> for DemoError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<PasswordFailure> for DemoError {
    fn from(error: PasswordFailure) -> Self {
        Self::Password(error)
    }
}

/// After so many happenings, what the verifier saw is written: memory has room for more sightings of one token.
const SEEN_TOGETHER: usize = 16;

/// Fills an empty database with what happened up to `until`; one with a user or a plan in it stays as
/// it is. Says whether the sample accounts are in it now.
///
/// It keeps a connection of its own and closes it, so it goes before [`crate::App::build`].
///
/// # Errors
/// When the database cannot be reached or written.
pub async fn fill(
    database_url: &str,
    until: Timestamp,
    random: &Random,
) -> Result<bool, DemoError> {
    let store = Store::connect(database_url).await?;
    store.migrate().await?;
    if is_empty(&store).await? {
        let mut past = Past::new(&store, until, random);
        past.settle().await?;
        for (number, (ago, happening)) in happening::happenings().into_iter().enumerate() {
            past.clock.set(until.saturating_add(-ago));
            past.live(happening).await?;
            if number.is_multiple_of(SEEN_TOGETHER) {
                past.sightings.flush(&store, past.clock.now()).await?;
            }
        }
    }
    let filled = is_filled(&store).await?;
    store.close().await;
    Ok(filled)
}

async fn is_empty(store: &Store) -> Result<bool, StoreError> {
    let mut tx = store.read().await?;
    Ok(users::count(&mut tx).await? == 0 && store::plans::count(&mut tx).await? == 0)
}

async fn is_filled(store: &Store) -> Result<bool, StoreError> {
    let mut tx = store.read().await?;
    for (email, _) in ACCOUNTS {
        if users::by_email(&mut tx, email).await?.is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The past, while it is being lived.
struct Past<'a> {
    store: &'a Store,
    random: &'a Random,
    clock: Clock,
    /// When the past ends.
    until: Timestamp,
    verifier: Verifier,
    /// What the verifier saw, which is written and judged when it is looked at.
    sightings: Sightings,
    plans: BTreeMap<PlanName, (PlanId, Tier)>,
    users: BTreeMap<&'static str, UserId>,
    /// The texts of the tokens: their users have them, and so does this.
    secrets: BTreeMap<&'static str, String>,
    apps: BTreeMap<&'static str, Client>,
    /// What each app holds in whose name.
    held: BTreeMap<(&'static str, &'static str), apps::Held>,
}

impl<'a> Past<'a> {
    fn new(store: &'a Store, until: Timestamp, random: &'a Random) -> Self {
        let clock = Clock::mock(until.saturating_add(-sample::SETTLED));
        Self {
            store,
            random,
            verifier: Verifier::new(store.clone(), clock.clone()),
            sightings: Sightings::new(random.clone()),
            clock,
            until,
            plans: BTreeMap::new(),
            users: BTreeMap::new(),
            secrets: BTreeMap::new(),
            apps: BTreeMap::new(),
            held: BTreeMap::new(),
        }
    }

    /// Makes the plans and the people in them.
    async fn settle(&mut self) -> Result<(), DemoError> {
        for (plan, tier) in sample::PLANS {
            let now = self.clock.now();
            let mut tx = self.store.write().await?;
            let actor = &Actor::OPERATOR;
            let made =
                people::create_plan(&mut tx, self.random, now, actor, plan.as_str(), tier).await?;
            tx.commit().await?;
            self.plans.insert(plan, (made.id, tier));
        }
        for person in sample::PEOPLE {
            self.move_in(person).await?;
        }
        Ok(())
    }

    async fn move_in(&mut self, person: &Person) -> Result<(), DemoError> {
        let passwords = Passwords::new(self.random.clone());
        let hash = passwords.hash(PASSWORD.to_owned()).await?;
        let new = NewUser {
            name: person.name,
            email: person.email,
            password_hash: &hash,
        };
        let (now, actor) = (self.clock.now(), &Actor::OPERATOR);
        let mut tx = self.store.write().await?;
        let user = people::create_user(&mut tx, self.random, now, actor, new).await?;
        for (plan, role) in person.plans {
            let (plan, _) = self.plan(*plan)?;
            people::join(&mut tx, now, actor, &user.id, plan, *role).await?;
        }
        tx.commit().await?;
        self.users.insert(person.email, user.id);
        Ok(())
    }

    async fn live(&mut self, happening: Happening) -> Result<(), DemoError> {
        match happening {
            Happening::AppsSettled => self.settle_apps().await,
            Happening::Allowed(allowed) => self.allow(allowed).await,
            Happening::Renewed(allowed, from) => self.renew(allowed, from).await,
            Happening::RenewalFailed(allowed, from) => self.fail_to_renew(allowed, from).await,
            Happening::AppUsed(allowed, from) => self.call(allowed, from).await,
            Happening::Replayed(allowed) => self.replay(allowed).await,
            Happening::Deactivated(who, by) => self.deactivate(who, by).await,
            Happening::Policy(by, period) => {
                let wanted = Wanted::Now(Terms::of_period(period));
                self.change_policy(by, wanted).await
            }
            Happening::Scheduled(by, terms, ahead) => {
                let at = self.clock.now().saturating_add(ahead);
                self.change_policy(by, Wanted::From(at, terms)).await
            }
            Happening::Generated(token) => self.generate(token).await,
            Happening::Used(token, from) => self.use_token(token, from).await,
            Happening::Called(token, calls) => self.call_api(token, calls).await,
            Happening::Lacked(token, calls, scope) => self.lack(token, calls, scope).await,
            Happening::Revoked(token) => self.revoke(token).await,
            Happening::Invited(invited) => self.invite(invited).await,
            Happening::Swept => self.sweep().await,
            Happening::Told => self.tell().await,
            Happening::Watched => self.watch().await,
        }
    }

    async fn change_policy(&mut self, by: &'static str, wanted: Wanted) -> Result<(), DemoError> {
        let (plan, by) = (self.plan(PlanName::Acme)?.0.clone(), self.user(by)?.clone());
        let mut tx = self.store.write().await?;
        let membership = memberships::get(&mut tx, &by, &plan).await?;
        let membership = membership.ok_or(DemoError::Sample("a stranger changed a policy"))?;
        let known = store::policies::history(&mut tx, &plan).await?;
        let known = known.ok_or(DemoError::Sample("a plan without a policy"))?;
        let now = self.clock.now();
        let ask = Ask {
            plan,
            tier: membership.tier,
            by,
            role: membership.role,
            address: None,
            seen: known.history.seen_at(now),
            wanted,
            ends_at_most: None,
        };
        match policies::change(&mut tx, now, &ask).await? {
            Some(Outcome::Done(_)) => Ok(tx.commit().await?),
            _ => Err(DemoError::Sample("a change of a policy was refused")),
        }
    }

    async fn generate(&mut self, sample: &'static Sample) -> Result<(), DemoError> {
        let (plan, owner) = (&self.plan(sample.plan)?.0, self.user(sample.owner)?);
        let actor = Actor::user(owner.clone());
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        let (_, secret) = tokens::generate(
            &mut tx,
            self.random,
            now,
            &actor,
            (plan, owner),
            (sample.name, &Scopes::default()),
        )
        .await?;
        tx.commit().await?;
        self.secrets.insert(sample.name, secret.reveal());
        Ok(())
    }

    async fn use_token(&mut self, sample: &'static Sample, from: IpAddr) -> Result<(), DemoError> {
        let secret = self.secret(sample)?;
        if let verifier::Outcome::Works(verified) = self.verifier.verify(secret).await? {
            self.verifier.record_use(&verified, Some(from)).await?;
            let arrival = self.arrival((from, happening::PROGRAM), sample.path);
            self.sightings.works(&arrival, &verified);
        }
        Ok(self.verifier.flush_uses().await?)
    }

    async fn revoke(&mut self, sample: &'static Sample) -> Result<(), DemoError> {
        let hash = crate::secret::hash(self.secret(sample)?);
        let mut tx = self.store.write().await?;
        let token = store::tokens::by_hash(&mut tx, &hash).await?;
        let token = token.ok_or(DemoError::Sample("an unknown token was revoked"))?;
        let actor = Actor::user(token.owner.clone());
        tokens::revoke_by_owner(&mut tx, self.clock.now(), &actor, token).await?;
        Ok(tx.commit().await?)
    }

    async fn sweep(&mut self) -> Result<(), DemoError> {
        for (plan, _) in self.plans.values() {
            sweep::sweep(self.store, plan, self.clock.now()).await?;
        }
        Ok(())
    }

    fn plan(&self, plan: PlanName) -> Result<&(PlanId, Tier), DemoError> {
        let missing = DemoError::Sample("a plan that was never made");
        self.plans.get(&plan).ok_or(missing)
    }

    fn user(&self, email: &str) -> Result<&UserId, DemoError> {
        let missing = DemoError::Sample("a user who never moved in");
        self.users.get(email).ok_or(missing)
    }

    fn secret(&self, sample: &Sample) -> Result<&str, DemoError> {
        let missing = DemoError::Sample("a token that was never generated");
        self.secrets
            .get(sample.name)
            .map(String::as_str)
            .ok_or(missing)
    }
}
