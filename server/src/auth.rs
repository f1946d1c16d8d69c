//! Who calls, and what they may: extractor values that cannot be made without the right.
//!
//! A handler that takes a [`SystemAdmin`] needs no check of its own, and one that forgets to take any
//! of these shows it in its signature. Credentials come as a session cookie (people) or as a bearer
//! token (programs). What a token opens stands in the type as well: `SystemAdmin<PolicyWrite>` takes a
//! person, or a program whose token has that scope and whose owner is System Admin.

use std::{marker::PhantomData, net::IpAddr, sync::Arc};

use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::{HeaderMap, header::AUTHORIZATION, request::Parts},
};
use axum_extra::extract::CookieJar;
use tenure_domain::{
    id::{PlanId, UserId},
    problem::Kind,
    scope::{OwnScope, Scopes},
    token::Expiry,
    wire::session::Membership,
};

use crate::{
    address::ClientAddress,
    answer::TokenNote,
    cookie,
    error::{ApiError, ApiResult},
    secret,
    state::AppState,
    store::{Tx, memberships, sessions, users},
    verifier::{Outcome, Refused, Verified},
};

/// Somebody who signed in, by their session cookie.
#[derive(Clone)]
pub struct SignedIn {
    user: users::User,
    session: [u8; 32],
}

impl SignedIn {
    /// Who.
    #[must_use]
    pub const fn user(&self) -> &users::User {
        &self.user
    }

    /// The hash by which the store knows the session.
    #[must_use]
    pub const fn session(&self) -> &[u8; 32] {
        &self.session
    }
}

/// A program, by a token that works.
#[derive(Clone, Debug)]
pub struct Bearer {
    verified: Verified,
    from: Option<IpAddr>,
}

impl Bearer {
    /// The token, as it was found to work.
    #[must_use]
    pub const fn verified(&self) -> &Verified {
        &self.verified
    }

    /// Notes the use. A call that was refused is none, so whoever accepts it says so.
    pub fn note_use(&self, app: &AppState) {
        app.verifier.note_use(&self.verified, self.from);
    }
}

/// Anybody who is known: a person or a program.
#[derive(Clone)]
pub enum Caller {
    /// Somebody who signed in.
    Person(SignedIn),
    /// A program.
    Program(Bearer),
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
    /// Programs with `users:write`.
    UsersWrite = Some(OwnScope::UsersWrite);
}

/// Somebody who acts as themselves, or a program that acts for them by its token's scope.
#[derive(Clone)]
pub struct Acting<A: Access> {
    user: users::User,
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

/// What a call brings to say who it is from.
enum Credentials {
    Token(String),
    Cookie(String),
    None,
}

/// Reads the credentials. A bearer token rules over a cookie; other schemes are not ours (a proxy may
/// ask for basic authentication in front of the console) and count as nothing.
fn credentials(headers: &HeaderMap, cookie: &str) -> ApiResult<Credentials> {
    if let Some(token) = bearer(headers)? {
        return Ok(Credentials::Token(token));
    }
    let jar = CookieJar::from_headers(headers);
    Ok(jar.get(cookie).map_or(Credentials::None, |cookie| {
        Credentials::Cookie(cookie.value().to_owned())
    }))
}

/// The text after `Bearer` (RFC 6750, section 2.1), if there is exactly one.
fn bearer(headers: &HeaderMap) -> ApiResult<Option<String>> {
    let mut tokens = headers.get_all(AUTHORIZATION).iter().filter_map(|value| {
        let (scheme, text) = value.as_bytes().split_at_checked(6)?;
        let separated = text.first().is_none_or(|byte| *byte == b' ');
        (scheme.eq_ignore_ascii_case(b"bearer") && separated).then_some(text.trim_ascii())
    });
    let first = tokens.next();
    if tokens.next().is_some() {
        return Err(ApiError::new(Kind::TokenMalformed).detail("more than one token came"));
    }
    first
        .map(|text| String::from_utf8(text.to_vec()).map_err(|_| Kind::TokenMalformed.into()))
        .transpose()
}

/// Asks the verifier, and notes for the answer when the token ends or ended.
async fn verify(app: &AppState, parts: &mut Parts, token: &str) -> ApiResult<Bearer> {
    let Ok(address) = ClientAddress::from_request_parts(parts, app).await;
    let note = parts
        .extensions
        .get::<TokenNote>()
        .cloned()
        .unwrap_or_default();
    match app.verifier.verify(token).await? {
        Outcome::Works(verified) => {
            note.set(verified.expiry);
            let from = address.0;
            Ok(Bearer { verified, from })
        }
        Outcome::Refused(Refused { kind, end }) => {
            if let Some(end) = end {
                note.set(Expiry::At(end.at()));
            }
            if kind == Kind::TokenUnknown {
                guess(app, address)?;
            }
            Err(kind.into())
        }
    }
}

/// Counts a token that nobody ever got. Known tokens, dead ones among them, are never counted, so that no
/// caller is refused for its neighbours or for being late.
fn guess(app: &AppState, address: ClientAddress) -> ApiResult<()> {
    app.guesses.count(address).map_err(ApiError::too_many)
}

async fn signed_in(app: &AppState, cookie: &str) -> ApiResult<SignedIn> {
    let session = secret::hash(cookie);
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let found = sessions::by_hash(&mut tx, &session, now).await?;
    let found = found.ok_or(Kind::SessionExpired)?;
    let user = users::get(&mut tx, &found.user).await?;
    let user = user.ok_or(Kind::SessionExpired)?;
    Ok(SignedIn { user, session })
}

fn for_people() -> ApiError {
    ApiError::new(Kind::InsufficientScope).detail("no token may do this; sign in instead")
}

async fn membership(tx: &mut Tx, user: &UserId, plan: &PlanId) -> ApiResult<Membership> {
    // The same answer for a plan that does not exist, so that nobody learns which ones do.
    let found = memberships::get(tx, user, plan).await?;
    found.ok_or_else(|| Kind::RoleRequired.into())
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> ApiResult<Self> {
        match credentials(&parts.headers, cookie::name(&app.settings))? {
            Credentials::Token(token) => verify(app, parts, &token).await.map(Self::Program),
            Credentials::Cookie(cookie) => signed_in(app, &cookie).await.map(Self::Person),
            Credentials::None => Err(Kind::TokenMissing.into()),
        }
    }
}

impl FromRequestParts<AppState> for Bearer {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> ApiResult<Self> {
        match bearer(&parts.headers)? {
            Some(token) => verify(app, parts, &token).await,
            None => Err(Kind::TokenMissing.into()),
        }
    }
}

impl FromRequestParts<AppState> for SignedIn {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> ApiResult<Self> {
        match Caller::from_request_parts(parts, app).await? {
            Caller::Person(person) => Ok(person),
            Caller::Program(_) => Err(for_people()),
        }
    }
}

impl<A: Access> FromRequestParts<AppState> for Acting<A> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> ApiResult<Self> {
        let bearer = match Caller::from_request_parts(parts, app).await? {
            Caller::Person(person) => {
                return Ok(Self {
                    user: person.user,
                    bounds: None,
                    access: PhantomData,
                });
            }
            Caller::Program(bearer) => bearer,
        };
        let verified = bearer.verified();
        let Some(scope) = A::SCOPE else {
            return Err(for_people());
        };
        if !verified.scope.has(scope.as_str()) {
            return Err(ApiError::insufficient_scope(scope.as_str()));
        }
        let user = users::get(&mut app.store.peek().await?, &verified.owner_id()).await?;
        let user = user.ok_or_else(|| ApiError::internal("a token without an owner"))?;
        bearer.note_use(app);
        Ok(Self {
            user,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn read(values: &[&'static str]) -> Result<Option<String>, Kind> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, value.parse().unwrap());
        }
        match bearer(&headers) {
            Ok(token) => Ok(token),
            Err(error) => Err(error.kind()),
        }
    }

    #[test]
    fn the_scheme_is_read_in_any_case_and_other_schemes_are_not_ours() {
        assert_eq!(read(&["Bearer abc"]), Ok(Some("abc".to_owned())));
        assert_eq!(read(&["bEARER   abc "]), Ok(Some("abc".to_owned())));
        assert_eq!(read(&["Bearer"]), Ok(Some(String::new())));
        assert_eq!(read(&["Bearerabc"]), Ok(None));
        assert_eq!(read(&["Basic dXNlcjpwYXNz"]), Ok(None));
        assert_eq!(read(&[]), Ok(None));
    }

    #[test]
    fn two_tokens_are_none() {
        assert_eq!(read(&["Bearer a", "Bearer b"]), Err(Kind::TokenMalformed));
    }
}
