//! `admin`: making plans and users without a browser. Everything goes into the audit log, without an
//! actor: whoever has the database has it all.

use std::io::Read;

use anyhow::{Context as _, anyhow, bail};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};
use tenure_domain::{
    account::{check_password, parse_email},
    plan::{Role, Tier},
    wire::tokens::parse_name,
};

use crate::{
    ops::{
        Actor,
        people::{self, NewUser},
    },
    state::Tools,
    store::{
        StoreError, Tx, memberships,
        plans::{self, Plan},
        users::{self, User},
    },
};

/// What an operator can do.
#[derive(Clone, Debug, Subcommand)]
pub enum Admin {
    /// Makes a plan
    CreatePlan(CreatePlan),
    /// Adds a user to a plan; a new user needs a password
    CreateUser(CreateUser),
    /// Gives a user another password and signs them out everywhere
    ResetPassword(ResetPassword),
}

/// `create-plan`.
#[derive(Args, Clone, Debug)]
pub struct CreatePlan {
    /// The plan's name; no two plans have the same
    #[arg(long)]
    name: String,
    /// What it has bought; Pro has no expiration policy
    #[arg(long, value_enum)]
    tier: TierName,
}

/// `create-user`.
#[derive(Args, Clone, Debug)]
pub struct CreateUser {
    /// Where the user signs in
    #[arg(long)]
    email: String,
    /// The name that people know them by [default: the part of the address before the @]
    #[arg(long)]
    name: Option<String>,
    /// The plan's name
    #[arg(long)]
    plan: String,
    /// What they are in it
    #[arg(long, value_enum)]
    role: RoleName,
    /// Read the new user's password from standard input, up to the end of the line. Leave it out
    /// for somebody who has an account already
    #[arg(long)]
    password_stdin: bool,
}

/// `reset-password`.
#[derive(Args, Clone, Debug)]
pub struct ResetPassword {
    /// Where the user signs in
    #[arg(long)]
    email: String,
    /// Read the new password from standard input, up to the end of the line
    #[arg(long, required = true)]
    password_stdin: bool,
}

/// A tier as it is typed.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum TierName {
    Pro,
    Business,
    Enterprise,
}

impl From<TierName> for Tier {
    fn from(name: TierName) -> Self {
        match name {
            TierName::Pro => Self::Pro,
            TierName::Business => Self::Business,
            TierName::Enterprise => Self::Enterprise,
        }
    }
}

/// A role as it is typed, which is as the API says it.
#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "snake_case")]
enum RoleName {
    SystemAdmin,
    Member,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::SystemAdmin => Self::SystemAdmin,
            RoleName::Member => Self::Member,
        }
    }
}

/// Does what the operator asks, and returns the JSON to print. Passwords are read from `input`.
///
/// # Errors
/// A sentence for the operator; nothing was changed then.
pub async fn run(command: Admin, tools: &Tools, input: impl Read) -> anyhow::Result<Value> {
    match command {
        Admin::CreatePlan(asked) => create_plan(tools, asked).await,
        Admin::CreateUser(asked) => create_user(tools, asked, input).await,
        Admin::ResetPassword(asked) => reset_password(tools, asked, input).await,
    }
}

async fn create_plan(tools: &Tools, asked: CreatePlan) -> anyhow::Result<Value> {
    let name = parse_name(&asked.name).context("--name")?;
    let mut tx = tools.store.write().await?;
    let (random, now, actor) = (&tools.random, tools.clock.now(), &Actor::OPERATOR);
    let made = people::create_plan(&mut tx, random, now, actor, &name, asked.tier.into()).await;
    let plan = made.map_err(|error| taken(error, &format!("there is a plan named {name:?}")))?;
    tx.commit().await?;
    Ok(json!({
        "plan": { "id": plan.id, "name": plan.name, "tier": plan.tier, "created_at": plan.created_at },
    }))
}

async fn create_user(tools: &Tools, asked: CreateUser, input: impl Read) -> anyhow::Result<Value> {
    let email = parse_email(&asked.email).context("--email")?;
    let password_hash = if asked.password_stdin {
        Some(new_hash(tools, input).await?)
    } else {
        None
    };
    let mut tx = tools.store.write().await?;
    let plan = plans::by_name(&mut tx, asked.plan.trim()).await?;
    let plan = plan.ok_or_else(|| {
        let name = &asked.plan;
        anyhow!("there is no plan named {name:?}; make it with: admin create-plan --name {name:?} --tier enterprise")
    })?;
    let user = match (users::by_email(&mut tx, &email).await?, password_hash) {
        (None, Some(hash)) => add_user(&mut tx, tools, &asked, &email, &hash).await?,
        (Some(user), None) => user,
        (None, None) => bail!("{email} has no account yet: give --password-stdin"),
        (Some(_), Some(_)) => bail!(
            "{email} has an account already: leave --password-stdin out to add it to the plan, \
             or use reset-password"
        ),
    };
    let role = Role::from(asked.role);
    let (now, actor) = (tools.clock.now(), &Actor::OPERATOR);
    let joined = people::join(&mut tx, now, actor, &user.id, &plan.id, role).await;
    joined.map_err(|error| taken(error, &format!("{email} is in {:?} already", plan.name)))?;
    tx.commit().await?;
    Ok(user_json(&user, &plan, role))
}

async fn add_user(
    tx: &mut Tx,
    tools: &Tools,
    asked: &CreateUser,
    email: &str,
    password_hash: &str,
) -> anyhow::Result<User> {
    let before_the_at = email.split('@').next().unwrap_or(email);
    let name = parse_name(asked.name.as_deref().unwrap_or(before_the_at)).context("--name")?;
    let new = NewUser {
        name: &name,
        email,
        password_hash,
    };
    let (now, actor) = (tools.clock.now(), &Actor::OPERATOR);
    Ok(people::create_user(tx, &tools.random, now, actor, new).await?)
}

fn user_json(user: &User, plan: &Plan, role: Role) -> Value {
    json!({
        "user": { "id": user.id, "name": user.name, "email": user.email },
        "plan": { "id": plan.id, "name": plan.name },
        "role": role,
    })
}

async fn reset_password(
    tools: &Tools,
    asked: ResetPassword,
    input: impl Read,
) -> anyhow::Result<Value> {
    let hash = new_hash(tools, input).await?;
    let mut tx = tools.store.write().await?;
    let user = users::by_email(&mut tx, &asked.email).await?;
    let user = user.ok_or_else(|| anyhow!("nobody signs in as {}", asked.email))?;
    let (now, actor) = (tools.clock.now(), &Actor::OPERATOR);
    let ended = people::reset_password(&mut tx, now, actor, &user.id, &hash).await?;
    let plans = memberships::of_user(&mut tx, &user.id).await?;
    tx.commit().await?;
    Ok(json!({
        "user": { "id": user.id, "name": user.name, "email": user.email },
        "plans": plans,
        "sessions_ended": ended,
    }))
}

/// The hash of the password that stands on the first line of `input`.
async fn new_hash(tools: &Tools, input: impl Read) -> anyhow::Result<String> {
    // More than any password that is taken, and no more than that is read.
    const MOST: u64 = 4_096;
    let mut text = String::new();
    input
        .take(MOST)
        .read_to_string(&mut text)
        .context("the password cannot be read from standard input")?;
    let password = text.lines().next().unwrap_or_default();
    check_password(password).context("the password")?;
    Ok(tools.passwords.hash(password.to_owned()).await?)
}

fn taken(error: StoreError, sentence: &str) -> anyhow::Error {
    match error {
        StoreError::Conflict => anyhow!("{sentence}"),
        other => other.into(),
    }
}
