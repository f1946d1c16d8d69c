//! `/session`: signing in, who am I, signing out.
//!
//! Signing in says no more than "wrong" about an email or a password, in words and in time alike, and
//! is counted (`attempts`) and logged (audit).

use axum::{
    extract::{FromRequestParts as _, State},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use axum_extra::extract::CookieJar;
use serde_json::json;
use tenure_domain::{
    id::UserId,
    problem::Kind,
    time::Timestamp,
    wire::session::{Membership, Session, SignIn, User},
};

use super::tokens::{Around, view::revoker};
use crate::{
    address::ClientAddress,
    auth::{Caller, SignedIn},
    cookie,
    error::{ApiError, ApiResult},
    extract::Json,
    openapi::operation_problems,
    ops::people,
    secret::{self, Secret},
    state::AppState,
    store::{
        Tx,
        audit::{self, Action, Event},
        memberships, sessions, tokens, users,
    },
    verifier::Verified,
};

operation_problems! {
    SignInProblems: InvalidJson CredentialsWrong OwnerDeactivated OriginRefused BodyTooLarge UnsupportedMediaType
        ValidationFailed RateLimited;
    WhoProblems: TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired TokenRevoked;
    SignOutProblems: TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired
        TokenRevoked InsufficientScope OriginRefused;
}

/// Signs in
///
/// The answer sets the session's cookie. A session lives 12 hours.
#[utoipa::path(
    post, path = "/session", tag = "session", operation_id = "sign_in",
    request_body = SignIn,
    responses(
        (status = 200, description = "Signed in", body = Session,
            headers(("Set-Cookie" = String, description = "The session"))),
        SignInProblems,
    ),
    security(()),
)]
pub(crate) async fn sign_in(
    State(app): State<AppState>,
    address: ClientAddress,
    jar: CookieJar,
    Json(asked): Json<SignIn>,
) -> ApiResult<Response> {
    app.attempts
        .count(address, &asked.email)
        .map_err(ApiError::too_many)?;
    let user = users::by_email(&mut app.store.peek().await?, &asked.email).await?;
    let kept = user.as_ref().map(|user| user.password_hash.clone());
    let right = app.passwords.matches(asked.password, kept).await?;
    let Some(user) = user.filter(|_| right) else {
        refuse(&app, address, &asked.email).await?;
        return Err(Kind::CredentialsWrong.into());
    };
    app.attempts.clear(address, &asked.email);
    let mut tx = app.store.write().await?;
    let now = app.clock.now();
    if is_deactivated(&mut tx, &user).await? {
        if let Some(unwritten) = app.attempts.row() {
            let mut refused = refusal(now, address, Some(user.id), unwritten);
            refused.details["reason"] = "owner_deactivated".into();
            audit::append(&mut tx, &refused).await?;
            tx.commit().await?;
        }
        return Err(Kind::OwnerDeactivated.into());
    }
    end_old(&app, &mut tx, &jar).await?;
    let user = people::offer_locale(&mut tx, user, asked.locale).await?;
    let (jar, session) = begin(&app, &mut tx, &user, address, now).await?;
    tx.commit().await?;
    Ok((jar, Json(session)).into_response())
}

/// Whether somebody is deactivated in every plan that they are in (R10). Their password was right, so it
/// may be said.
async fn is_deactivated(tx: &mut Tx, user: &users::User) -> ApiResult<bool> {
    let active = memberships::of_user(tx, &user.id).await?;
    Ok(active.is_empty() && memberships::count_of_user(tx, &user.id).await? > 0)
}

/// Ends the session that the browser has, as another one takes its place.
pub(super) async fn end_old(app: &AppState, tx: &mut Tx, jar: &CookieJar) -> ApiResult<()> {
    if let Some(old) = jar.get(cookie::name(&app.settings)) {
        sessions::delete(tx, &secret::hash(old.value())).await?;
    }
    Ok(())
}

/// Begins a session for somebody who has proved who they are.
pub(super) async fn begin(
    app: &AppState,
    tx: &mut Tx,
    user: &users::User,
    address: ClientAddress,
    now: Timestamp,
) -> ApiResult<(CookieJar, Session)> {
    let secret = Secret::opaque(&app.random);
    sessions::insert(tx, &secret.hash(), &user.id, now).await?;
    users::seen(tx, &user.id, now).await?;
    audit::append(tx, &event(Action::SignedIn, user, address, now)).await?;
    let session = of_person(tx, user, now).await?;
    let jar = CookieJar::new().add(cookie::session(&app.settings, secret.reveal()));
    Ok((jar, session))
}

/// Logs a refused attempt, or counts it for the next one that is logged when there are very many. The
/// same for an email that nobody has: neither work nor words tell.
pub(super) async fn refuse(app: &AppState, address: ClientAddress, email: &str) -> ApiResult<()> {
    let Some(unwritten) = app.attempts.row() else {
        return Ok(());
    };
    let mut tx = app.store.write().await?;
    let user = users::by_email(&mut tx, email).await?;
    let user = user.map(|user| user.id);
    let refused = refusal(app.clock.now(), address, user, unwritten);
    audit::append(&mut tx, &refused).await?;
    Ok(tx.commit().await?)
}

/// A sign-in was refused, and so many before it of which there is no event.
fn refusal(now: Timestamp, address: ClientAddress, user: Option<UserId>, unwritten: u64) -> Event {
    Event {
        at: now,
        plan: None,
        actor: None,
        actor_address: address.to_text(),
        action: Action::SignInRefused,
        target: user.map(|user| user.0),
        details: match unwritten {
            0 => json!({}),
            count => json!({ "refused_before": count }),
        },
    }
}

/// Who am I
///
/// For people and programs alike: the user, their plans and roles, and the server's time. For a token
/// also the token itself, and its own plan alone.
#[utoipa::path(
    get, path = "/session", tag = "session", operation_id = "get_session",
    responses(
        (status = 200, description = "Who is calling", body = Session,
            headers(
                ("X-Token-Expires-At" = String, description = "To a token: when it ends, or `never`"),
                ("X-Token-Expires-In" = i64, description = "To a token: the seconds that it has left"),
            )),
        WhoProblems,
    ),
    security(("session" = []), ("token" = [])),
)]
pub(crate) async fn get(
    State(app): State<AppState>,
    caller: Caller,
    mut parts: Parts,
) -> ApiResult<Json<Session>> {
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let bearer = match &caller {
        Caller::Person(person) => return Ok(Json(of_person(&mut tx, person.user(), now).await?)),
        Caller::Program(bearer) => bearer,
    };
    let session = of_token(&mut tx, bearer.verified(), now).await?;
    drop(tx);
    if session
        .token
        .as_ref()
        .is_some_and(|token| token.status.is_alive())
    {
        bearer.record_use(&app).await?;
        return Ok(Json(session));
    }
    // It ended while it was being shown. The verifier says so, and makes it last, once it has heard.
    app.verifier.follow_changes().await?;
    Caller::from_request_parts(&mut parts, &app).await?;
    Err(Kind::Unavailable.into())
}

/// Signs out
///
/// The session ends at once, everywhere.
#[utoipa::path(
    delete, path = "/session", tag = "session", operation_id = "sign_out",
    responses((status = 204, description = "Signed out"), SignOutProblems),
    security(("session" = [])),
)]
pub(crate) async fn sign_out(
    State(app): State<AppState>,
    person: SignedIn,
    address: ClientAddress,
) -> ApiResult<Response> {
    let mut tx = app.store.write().await?;
    let now = app.clock.now();
    sessions::delete(&mut tx, person.session()).await?;
    audit::append(
        &mut tx,
        &event(Action::SignedOut, person.user(), address, now),
    )
    .await?;
    tx.commit().await?;
    let jar = CookieJar::new().add(cookie::removal(&app.settings));
    Ok((StatusCode::NO_CONTENT, jar).into_response())
}

fn event(action: Action, user: &users::User, address: ClientAddress, now: Timestamp) -> Event {
    Event {
        at: now,
        plan: None,
        actor: Some(user.id.clone()),
        actor_address: address.to_text(),
        action,
        target: Some(user.id.0.clone()),
        details: json!({}),
    }
}

async fn of_person(tx: &mut Tx, user: &users::User, now: Timestamp) -> ApiResult<Session> {
    let position = audit::head(tx).await?.seq;
    let plans = memberships::of_user(tx, &user.id).await?;
    Ok(session(user, plans, now, position))
}

async fn of_token(tx: &mut Tx, verified: &Verified, now: Timestamp) -> ApiResult<Session> {
    let (token, plan) = (verified.token_id(), verified.plan_id());
    let position = audit::head(tx).await?.seq;
    let user = users::get(tx, &verified.owner_id()).await?;
    let user = user.ok_or_else(|| ApiError::internal("a token without an owner"))?;
    let membership = memberships::get(tx, &user.id, &plan).await?;
    let token = tokens::get_of_owner(tx, &user.id, &token).await?;
    let token = token.ok_or_else(|| ApiError::internal("a token that works and is not there"))?;
    let around = Around::load(tx, &plan).await?;
    let mut session = session(&user, membership.into_iter().collect(), now, position);
    let by = revoker(tx, &token, &user.reference()).await?;
    session.token = Some(Box::new(around.view(&user, &token, verified.at, by)));
    Ok(session)
}

fn session(user: &users::User, plans: Vec<Membership>, now: Timestamp, position: i64) -> Session {
    Session {
        user: User {
            id: user.id.clone(),
            name: user.name.clone(),
            email: user.email.clone(),
        },
        plans,
        locale: user.locale.clone(),
        server_time: now,
        position,
        token: None,
    }
}
