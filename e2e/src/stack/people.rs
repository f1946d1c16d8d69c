//! Who is there: two plans and their people, the cast of every journey.

use anyhow::{Context, Result};
use tenure_domain::{
    id::PlanId,
    plan::{Role, Tier},
};
use tenure_server::ops::{Actor, people};
use tenure_server::store::{Tx, plans};
use tenure_server::{AppState, demo};

/// Somebody who can sign in.
#[derive(Clone, Debug)]
pub struct Person {
    /// What people call them.
    pub name: String,
    /// Where they sign in.
    pub email: String,
    /// What they sign in with.
    pub password: String,
}

impl Person {
    /// A person with a good password.
    #[must_use]
    pub fn new(name: &str, email: &str) -> Self {
        Self {
            name: name.to_owned(),
            email: email.to_owned(),
            password: PASSWORD.to_owned(),
        }
    }
}

const PASSWORD: &str = "a few words in a row";

/// The cast.
#[derive(Clone, Debug)]
pub struct People {
    /// A plan of the Enterprise tier.
    pub acme: PlanId,
    /// A plan of the Pro tier.
    pub basil: PlanId,
    /// A System Admin of Acme.
    pub ada: Person,
    /// Another System Admin of Acme.
    pub ben: Person,
    /// A member of Acme.
    pub mia: Person,
    /// The System Admin of Basil.
    pub bea: Person,
}

impl People {
    /// Lets the cast into an empty server.
    pub(super) async fn settle(state: &AppState) -> Result<Self> {
        // One hash for all: hashing is slow on purpose.
        let hash = state.passwords.hash(PASSWORD.to_owned()).await?;
        let mut tx = state.store.write().await?;
        let acme = plan(&mut tx, state, "Acme", Tier::Enterprise).await?;
        let basil = plan(&mut tx, state, "Basil", Tier::Pro).await?;
        let cast = Self {
            ada: Person::new("Ada Admin", "ada@acme.example"),
            ben: Person::new("Ben Builder", "ben@acme.example"),
            mia: Person::new("Mia Member", "mia@acme.example"),
            bea: Person::new("Bea Boss", "bea@basil.example"),
            acme,
            basil,
        };
        join(
            &mut tx,
            state,
            &cast.ada,
            &hash,
            &cast.acme,
            Role::SystemAdmin,
        )
        .await?;
        join(
            &mut tx,
            state,
            &cast.ben,
            &hash,
            &cast.acme,
            Role::SystemAdmin,
        )
        .await?;
        join(&mut tx, state, &cast.mia, &hash, &cast.acme, Role::Member).await?;
        join(
            &mut tx,
            state,
            &cast.bea,
            &hash,
            &cast.basil,
            Role::SystemAdmin,
        )
        .await?;
        tx.commit().await?;
        Ok(cast)
    }

    /// The people of the sample data, as `serve --demo` prints them.
    pub(super) async fn of_demo(state: &AppState) -> Result<Self> {
        let mut tx = state.store.peek().await?;
        let acme = plans::by_name(&mut tx, "Acme")
            .await?
            .context("the sample data has a plan Acme")?;
        let basil = plans::by_name(&mut tx, "Basil")
            .await?
            .context("the sample data has a plan Basil")?;
        let person = |name: &str, email: &str| Person {
            password: demo::PASSWORD.to_owned(),
            ..Person::new(name, email)
        };
        Ok(Self {
            acme: acme.id,
            basil: basil.id,
            ada: person("Ada Admin", "admin@acme.example"),
            ben: person("Olek Nowak", "olek@acme.example"),
            mia: person("Mira Member", "member@acme.example"),
            bea: person("Ben Basil", "admin@basil.example"),
        })
    }
}

async fn plan(tx: &mut Tx, state: &AppState, name: &str, tier: Tier) -> Result<PlanId> {
    let now = state.clock.now();
    Ok(
        people::create_plan(tx, &state.random, now, &Actor::OPERATOR, name, tier)
            .await?
            .id,
    )
}

async fn join(
    tx: &mut Tx,
    state: &AppState,
    person: &Person,
    password_hash: &str,
    plan: &PlanId,
    role: Role,
) -> Result<()> {
    let (now, actor) = (state.clock.now(), &Actor::OPERATOR);
    let new = people::NewUser {
        name: &person.name,
        email: &person.email,
        password_hash,
    };
    let user = people::create_user(tx, &state.random, now, actor, new).await?;
    Ok(people::join(tx, now, actor, &user.id, plan, role).await?)
}
