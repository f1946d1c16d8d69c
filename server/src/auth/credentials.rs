//! Who calls: a session cookie or a bearer token, and whose it is. What they may is decided beside it.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header::AUTHORIZATION, request::Parts},
};
use axum_extra::extract::CookieJar;
use tenure_domain::{
    problem::Kind,
    time::{MINUTE, Timestamp},
    token::Expiry,
};

use crate::{
    address::ClientAddress,
    answer::TokenNote,
    cookie,
    error::{ApiError, ApiResult},
    secret::{self, SecretHash},
    sightings::Arrival,
    state::AppState,
    store::{sessions, users},
    verifier::{Outcome, Refused, Used, Verified},
};

/// How long after it was noted that somebody was seen it is noted again: each time is a write.
const SEEN_EVERY: i64 = 5 * MINUTE;

/// Somebody who signed in, by their session cookie.
#[derive(Clone)]
pub struct SignedIn {
    pub(super) user: users::User,
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
    arrival: Arrival,
    /// What the answer says of the token's end.
    note: TokenNote,
}

impl Bearer {
    /// The token, as it was found to work.
    #[must_use]
    pub const fn verified(&self) -> &Verified {
        &self.verified
    }

    /// Counts the use. A call that was refused is none, so whoever accepts it says so, before doing what
    /// was asked for.
    ///
    /// # Errors
    /// When the token has ended meanwhile, or the database is needed and does not answer.
    pub async fn record_use(&self, app: &AppState) -> ApiResult<()> {
        let from = self.arrival.address;
        match app.verifier.record_use(&self.verified, from).await? {
            Used::Until(expiry) => {
                app.sightings.works(&self.arrival, &self.verified);
                self.note.set_used(expiry);
                Ok(())
            }
            Used::Refused(refused) => {
                let at = app.clock.now();
                app.sightings.refused(&self.arrival, &refused, at);
                let Refused { kind, end, .. } = refused;
                if let Some(end) = end {
                    self.note.set_used(Expiry::At(end.at()));
                }
                Err(kind.into())
            }
        }
    }

    /// The refusal of a call for which the token lacks these scopes.
    pub fn lacks(&self, app: &AppState, needed: &str) -> ApiError {
        app.sightings.lacks(&self.arrival, &self.verified, needed);
        ApiError::insufficient_scope(needed)
    }

    /// The refusal of a call that is for people.
    pub(super) fn is_no_person(&self, app: &AppState) -> ApiError {
        app.sightings.lacks(&self.arrival, &self.verified, "");
        for_people()
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

/// The hash of the bearer token that came, by which the verifier knows it.
///
/// # Errors
/// When more than one came.
pub(crate) fn token_hash(headers: &HeaderMap) -> ApiResult<Option<SecretHash>> {
    Ok(bearer(headers)?.map(|text| secret::hash(&text)))
}

/// Asks the verifier, and notes for the answer when the token ends or ended.
async fn verify(
    app: &AppState,
    parts: &mut Parts,
    arrival: Arrival,
    token: &str,
) -> ApiResult<Bearer> {
    let note = parts
        .extensions
        .get::<TokenNote>()
        .cloned()
        .unwrap_or_default();
    match app.verifier.verify(token).await? {
        Outcome::Works(verified) => {
            note.set(verified.expiry);
            Ok(Bearer {
                verified,
                arrival,
                note,
            })
        }
        Outcome::Refused(refused) => {
            app.sightings.refused(&arrival, &refused, app.clock.now());
            let Refused { kind, end, .. } = refused;
            if let Some(end) = end {
                note.set(Expiry::At(end.at()));
            }
            if kind == Kind::TokenUnknown {
                guess(app, ClientAddress(arrival.address))?;
            }
            Err(kind.into())
        }
    }
}

/// A call that a proxy asks about came without a token that can be read.
fn no_token(app: &AppState, arrival: &Arrival, error: ApiError) -> ApiError {
    let refused = Refused {
        kind: error.kind(),
        end: None,
        known: None,
    };
    app.sightings.refused(arrival, &refused, app.clock.now());
    error
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
    drop(tx);
    note(app, &user, now).await;
    Ok(SignedIn { user, session })
}

/// Notes that somebody was seen, unless that was noted a while ago. It decides nothing, so nobody is refused
/// because it cannot be noted.
async fn note(app: &AppState, user: &users::User, now: Timestamp) {
    let known = user.last_seen_at;
    if known.is_some_and(|at| now.millis_since(at) < SEEN_EVERY) {
        return;
    }
    if let Ok(mut tx) = app.store.write_aside().await
        && users::seen(&mut tx, &user.id, now).await.is_ok()
    {
        let _unless_the_database_is_away = tx.commit().await;
    }
}

pub(super) fn for_people() -> ApiError {
    ApiError::new(Kind::InsufficientScope).detail("no token may do this; sign in instead")
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> ApiResult<Self> {
        match credentials(&parts.headers, cookie::name(&app.settings))? {
            Credentials::Token(token) => {
                let Ok(arrival) = Arrival::from_request_parts(parts, app).await;
                verify(app, parts, arrival, &token).await.map(Self::Program)
            }
            Credentials::Cookie(cookie) => signed_in(app, &cookie).await.map(Self::Person),
            Credentials::None => Err(Kind::TokenMissing.into()),
        }
    }
}

/// A token that is to be verified: proxies ask for nothing else.
impl FromRequestParts<AppState> for Bearer {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> ApiResult<Self> {
        let Ok(arrival) = Arrival::from_request_parts(parts, app).await;
        let arrival = arrival.for_guarded(&parts.headers);
        match bearer(&parts.headers) {
            Ok(Some(token)) => verify(app, parts, arrival, &token).await,
            Ok(None) => Err(no_token(app, &arrival, Kind::TokenMissing.into())),
            Err(error) => Err(no_token(app, &arrival, error)),
        }
    }
}

impl FromRequestParts<AppState> for SignedIn {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> ApiResult<Self> {
        match Caller::from_request_parts(parts, app).await? {
            Caller::Person(person) => Ok(person),
            Caller::Program(bearer) => Err(bearer.is_no_person(app)),
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
