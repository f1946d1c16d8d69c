//! Making plans and users, and giving users other passwords.
//!
//! Passwords arrive hashed: hashing takes long and happens before the transaction begins.

use serde_json::json;
use tenure_domain::{
    id::{PlanId, UserId},
    locale::Locale,
    plan::{Role, Tier},
    time::Timestamp,
};

use super::Actor;
use crate::{
    random::Random,
    store::{
        StoreError, Tx,
        audit::{self, Action, Event},
        memberships,
        plans::{self, Plan},
        policies, sessions,
        users::{self, User},
    },
    zone::Zone,
};

/// Makes a plan, with its policy off.
///
/// # Errors
/// [`StoreError::Conflict`] when there is one of that name.
pub async fn create_plan(
    tx: &mut Tx,
    random: &Random,
    now: Timestamp,
    actor: &Actor,
    name: &str,
    tier: Tier,
) -> Result<Plan, StoreError> {
    let plan = Plan {
        id: PlanId(random.id(now)),
        name: name.to_owned(),
        tier,
        created_at: now,
    };
    plans::insert(tx, &plan).await?;
    policies::insert_first(tx, &plan.id, now).await?;
    let details = json!({ "name": plan.name, "tier": tier.as_str() });
    let event = Event {
        at: now,
        plan: Some(plan.id.clone()),
        actor: actor.user.clone(),
        actor_address: actor.address.clone(),
        action: Action::PlanCreated,
        target: Some(plan.id.0.clone()),
        details,
    };
    audit::append(tx, &event).await?;
    Ok(plan)
}

/// What is known of somebody who is to become a user.
#[derive(Clone, Copy)]
pub struct NewUser<'a> {
    /// What people call them.
    pub name: &'a str,
    /// Where they sign in; case does not matter.
    pub email: &'a str,
    /// The PHC string of their password.
    pub password_hash: &'a str,
}

/// Adds a user, who is in no plan yet.
///
/// # Errors
/// [`StoreError::Conflict`] when there is one of that address.
pub async fn create_user(
    tx: &mut Tx,
    random: &Random,
    now: Timestamp,
    actor: &Actor,
    new: NewUser<'_>,
) -> Result<User, StoreError> {
    let user = User {
        id: UserId(random.id(now)),
        name: new.name.to_owned(),
        email: users::normal_email(new.email),
        password_hash: new.password_hash.to_owned(),
        created_at: now,
        locale: None,
        last_seen_at: None,
    };
    users::insert(tx, &user).await?;
    let event = Event {
        at: now,
        plan: None,
        actor: actor.user.clone(),
        actor_address: actor.address.clone(),
        action: Action::UserCreated,
        target: Some(user.id.0.clone()),
        details: json!({ "name": user.name, "email": user.email }),
    };
    audit::append(tx, &event).await?;
    Ok(user)
}

/// Keeps what somebody's browser says of its language and zone, if nothing is known of them yet. A zone that
/// this server does not know is no reason to keep anybody out; nothing is kept then.
///
/// # Errors
/// When the database does not answer.
pub async fn offer_locale(
    tx: &mut Tx,
    user: User,
    offered: Option<Locale>,
) -> Result<User, StoreError> {
    let known = offered.filter(|locale| Zone::named(&locale.time_zone).is_some());
    let Some(locale) = known.filter(|_| user.locale.is_none()) else {
        return Ok(user);
    };
    users::offer_locale(tx, &user.id, &locale).await?;
    Ok(User {
        locale: Some(locale),
        ..user
    })
}

/// Sets the language and the zone of somebody's mails, as they chose.
///
/// # Errors
/// When the database does not answer.
pub async fn set_locale(
    tx: &mut Tx,
    now: Timestamp,
    actor: &Actor,
    user: &UserId,
    locale: &Locale,
) -> Result<(), StoreError> {
    users::set_locale(tx, user, locale).await?;
    let event = Event {
        at: now,
        plan: None,
        actor: actor.user.clone(),
        actor_address: actor.address.clone(),
        action: Action::ProfileChanged,
        target: Some(user.0.clone()),
        details: json!({ "language": locale.language, "time_zone": locale.time_zone }),
    };
    audit::append(tx, &event).await
}

/// Puts a user into a plan.
///
/// # Errors
/// [`StoreError::Conflict`] when they are in it already.
pub async fn join(
    tx: &mut Tx,
    now: Timestamp,
    actor: &Actor,
    user: &UserId,
    plan: &PlanId,
    role: Role,
) -> Result<(), StoreError> {
    memberships::insert(tx, user, plan, role, now).await?;
    let event = Event {
        at: now,
        plan: Some(plan.clone()),
        actor: actor.user.clone(),
        actor_address: actor.address.clone(),
        action: Action::MembershipCreated,
        target: Some(user.0.clone()),
        details: json!({ "role": role.as_str() }),
    };
    audit::append(tx, &event).await
}

/// Gives a user another password and ends all their sessions, as whoever knew the old one may have
/// some. Says how many sessions ended.
///
/// # Errors
/// When the database does not answer.
pub async fn reset_password(
    tx: &mut Tx,
    now: Timestamp,
    actor: &Actor,
    user: &UserId,
    password_hash: &str,
) -> Result<u64, StoreError> {
    users::set_password_hash(tx, user, password_hash).await?;
    let ended = sessions::delete_of_user(tx, user).await?;
    let event = Event {
        at: now,
        plan: None,
        actor: actor.user.clone(),
        actor_address: actor.address.clone(),
        action: Action::PasswordReset,
        target: Some(user.0.clone()),
        details: json!({ "sessions_ended": ended }),
    };
    audit::append(tx, &event).await?;
    Ok(ended)
}
