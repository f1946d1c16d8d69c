//! Who calls, and what they may: extractor values that cannot be made without the right.
//!
//! A handler that takes a [`SystemAdmin`] needs no check of its own, and one that forgets to take any
//! of these shows it in its signature. Credentials come as a session cookie (people) or as a bearer
//! token (programs). What a token opens stands in the type as well: `SystemAdmin<PolicyWrite>` takes a
//! person, or a program whose token has that scope and whose owner is System Admin.

mod credentials;
mod long;

use std::{marker::PhantomData, sync::Arc};

use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::request::Parts,
};
use tenure_domain::{
    id::{PlanId, UserId},
    problem::Kind,
    scope::{OwnScope, Scopes},
    wire::session::Membership,
};

pub(crate) use self::credentials::token_hash;
pub use self::credentials::{Bearer, Caller, SignedIn};
pub(crate) use self::long::while_allowed;
use crate::{
    error::{ApiError, ApiResult},
    secret::SecretHash,
    state::AppState,
    store::{Tx, memberships, users},
};

/// By what somebody acts. Their secret is not kept, only its hash.
#[derive(Clone, Debug)]
pub(crate) enum Credential {
    /// A person's session.
    Session(SecretHash),
    /// A program's token.
    Token(SecretHash),
}

/// Which programs a route is open to, besides people.
pub trait Access: Send + Sync + 'static {
    /// The scope that a program's token needs; `None` where only people may call.
    const SCOPE: Option<OwnScope>;
}

macro_rules! access {
    ($($(#[$doc:meta])* $name:ident = $scope:expr;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name;

        impl Access for $name {
            const SCOPE: Option<OwnScope> = $scope;
        }
    )+};
}

access! {
    /// People alone.
    People = None;
    /// Programs with `tokens:read`.
    TokensRead = Some(OwnScope::TokensRead);
    /// Programs with `tokens:write`.
    TokensWrite = Some(OwnScope::TokensWrite);
    /// Programs with `policy:read`.
    PolicyRead = Some(OwnScope::PolicyRead);
    /// Programs with `policy:write`.
    PolicyWrite = Some(OwnScope::PolicyWrite);
    /// Programs with `audit:read`.
    AuditRead = Some(OwnScope::AuditRead);
    /// Programs with `users:write`.
    UsersWrite = Some(OwnScope::UsersWrite);
}

/// Somebody who acts as themselves, or a program that acts for them by its token's scope.
#[derive(Clone)]
pub struct Acting<A: Access> {
    user: users::User,
    credential: Credential,
    /// A program's plan and scopes: it acts in that plan alone, and hands on no more than it has.
    bounds: Option<(PlanId, Arc<Scopes>)>,
    access: PhantomData<A>,
}

impl<A: Access> Acting<A> {
    /// Who acts, or whom the program acts for.
    #[must_use]
    pub const fn user(&self) -> &users::User {
        &self.user
    }

    /// Whether this plan is within the caller's reach: a program's token belongs to one.
    #[must_use]
    pub fn reaches(&self, plan: &PlanId) -> bool {
        self.bounds.as_ref().is_none_or(|(own, _)| own == plan)
    }

    /// Whether the caller may hand these scopes on.
    #[must_use]
    pub fn may_give(&self, scopes: &Scopes) -> bool {
        self.bounds
            .as_ref()
            .is_none_or(|(_, own)| scopes.within(own))
    }
}

/// Somebody who acts and is in the plan that the path names as `{plan}`.
#[derive(Clone)]
pub struct Member<A: Access = People> {
    user: users::User,
    membership: Membership,
    credential: Credential,
    access: PhantomData<A>,
}

impl<A: Access> Member<A> {
    /// Who.
    #[must_use]
    pub const fn user(&self) -> &users::User {
        &self.user
    }

    /// The plan, its tier, and what they are in it.
    #[must_use]
    pub const fn membership(&self) -> &Membership {
        &self.membership
    }

    /// The plan.
    #[must_use]
    pub const fn plan(&self) -> &PlanId {
        &self.membership.id
    }

    /// Refuses a program, where what is asked for is for people alone.
    ///
    /// # Errors
    /// `insufficient_scope` for a program.
    pub fn in_person(&self) -> ApiResult<()> {
        match self.credential {
            Credential::Token(_) => Err(credentials::for_people()),
            Credential::Session(_) => Ok(()),
        }
    }
}

/// A member who is a System Admin of that plan.
#[derive(Clone)]
pub struct SystemAdmin<A: Access = People>(Member<A>);

impl<A: Access> SystemAdmin<A> {
    /// The member that they are.
    #[must_use]
    pub const fn member(&self) -> &Member<A> {
        &self.0
    }

    /// What they are in the plan by the time of `tx`, which may be less than when the call arrived.
    ///
    /// # Errors
    /// `role_required` when they are no longer in the plan, or no longer its System Admin.
    pub async fn membership_now(&self, tx: &mut Tx) -> ApiResult<Membership> {
        let now = membership(tx, &self.0.user.id, self.0.plan()).await?;
        if now.role.administers() {
            Ok(now)
        } else {
            Err(Kind::RoleRequired.into())
        }
    }
}

async fn membership(tx: &mut Tx, user: &UserId, plan: &PlanId) -> ApiResult<Membership> {
    // The same answer for a plan that does not exist, so that nobody learns which ones do.
    let found = memberships::get(tx, user, plan).await?;
    found.ok_or_else(|| Kind::RoleRequired.into())
}

impl<A: Access> FromRequestParts<AppState> for Acting<A> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> ApiResult<Self> {
        let bearer = match Caller::from_request_parts(parts, app).await? {
            Caller::Person(person) => {
                return Ok(Self {
                    credential: Credential::Session(*person.session()),
                    user: person.user,
                    bounds: None,
                    access: PhantomData,
                });
            }
            Caller::Program(bearer) => bearer,
        };
        let verified = bearer.verified();
        let Some(scope) = A::SCOPE else {
            return Err(bearer.is_no_person(app));
        };
        if !verified.scope.has(scope.as_str()) {
            return Err(bearer.lacks(app, scope.as_str()));
        }
        let user = users::get(&mut app.store.peek().await?, &verified.owner_id()).await?;
        let user = user.ok_or_else(|| ApiError::internal("a token without an owner"))?;
        bearer.record_use(app).await?;
        let hash = token_hash(&parts.headers)?.ok_or(Kind::TokenMissing)?;
        Ok(Self {
            user,
            credential: Credential::Token(hash),
            bounds: Some((verified.plan_id(), Arc::clone(&verified.scope))),
            access: PhantomData,
        })
    }
}

impl<A: Access> FromRequestParts<AppState> for Member<A> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> ApiResult<Self> {
        let acting = Acting::<A>::from_request_parts(parts, app).await?;
        let params = RawPathParams::from_request_parts(parts, app)
            .await
            .map_err(|_| Kind::NotFound)?;
        let plan = params.iter().find(|(name, _)| *name == "plan");
        let plan = plan.map(|(_, plan)| PlanId(plan.to_owned()));
        let plan = plan.ok_or_else(|| ApiError::internal("the route has no {plan}"))?;
        if !acting.reaches(&plan) {
            return Err(Kind::RoleRequired.into());
        }
        let membership = membership(&mut app.store.peek().await?, &acting.user.id, &plan).await?;
        Ok(Self {
            user: acting.user,
            credential: acting.credential,
            membership,
            access: PhantomData,
        })
    }
}

impl<A: Access> FromRequestParts<AppState> for SystemAdmin<A> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> ApiResult<Self> {
        let member = Member::<A>::from_request_parts(parts, app).await?;
        if member.membership.role.administers() {
            Ok(Self(member))
        } else {
            Err(Kind::RoleRequired.into())
        }
    }
}
