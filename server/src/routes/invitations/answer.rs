//! `/invitations`: what a link of an invitation opens, and accepting it. The secret travels in bodies alone.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::extract::CookieJar;
use tenure_domain::{
    account::check_password,
    invitation::{Unusable, usable},
    problem::{FieldError, Kind},
    time::Timestamp,
    wire::{
        invitations::{Acceptance, InvitationCode, InvitationOffer},
        session::Session,
        tokens::parse_name,
    },
};

use crate::{
    address::ClientAddress,
    error::{ApiError, ApiResult},
    extract::Json,
    openapi::operation_problems,
    ops::{
        Actor, invitations as op,
        people::{self, NewUser},
    },
    routes::session,
    secret::{self, SecretHash},
    state::AppState,
    store::{
        StoreError, Tx,
        invitations::{self, Invitation},
        users::{self, User},
    },
};

operation_problems! {
    LookUpProblems: InvalidJson OriginRefused InvitationInvalid BodyTooLarge UnsupportedMediaType ValidationFailed
        RateLimited;
    AcceptProblems: InvalidJson CredentialsWrong OriginRefused Conflict InvitationInvalid BodyTooLarge
        UnsupportedMediaType ValidationFailed RateLimited;
}

/// Says what an invitation's link opens
///
/// It changes nothing. Where the link opens nothing, `errors` has `/code` and why: `unknown`, `used`, `withdrawn`,
/// `replaced` or `expired`.
#[utoipa::path(
    post, path = "/invitations/look-up", tag = "users", operation_id = "look_up_invitation",
    request_body = InvitationCode,
    responses(
        (status = 200, description = "The invitation", body = InvitationOffer),
        LookUpProblems,
    ),
    security(()),
)]
pub(crate) async fn look_up(
    State(app): State<AppState>,
    address: ClientAddress,
    Json(asked): Json<InvitationCode>,
) -> ApiResult<Json<InvitationOffer>> {
    let mut tx = app.store.read().await?;
    let now = app.clock.now();
    let found = open(&app, &mut tx, address, &secret::hash(&asked.code), now).await?;
    let account = users::by_email(&mut tx, &found.email).await?;
    Ok(Json(InvitationOffer {
        plan: found.plan_name,
        email: found.email,
        name: found.name,
        role: found.role,
        invited_by: found.invited_by.name,
        expires_at: found.expires_at,
        has_account: account.is_some(),
    }))
}

/// Accepts an invitation
///
/// Whoever has an account under the address that the mail went to gives its password; else name and password make a
/// new one. They are in the plan and signed in. The link works once.
#[utoipa::path(
    post, path = "/invitations/accept", tag = "users", operation_id = "accept_invitation",
    request_body = Acceptance,
    responses(
        (status = 201, description = "In the plan and signed in", body = Session,
            headers(("Set-Cookie" = String, description = "The session"))),
        AcceptProblems,
    ),
    security(()),
)]
pub(crate) async fn accept(
    State(app): State<AppState>,
    address: ClientAddress,
    jar: CookieJar,
    Json(asked): Json<Acceptance>,
) -> ApiResult<Response> {
    let code = secret::hash(&asked.code);
    let mut tx = app.store.read().await?;
    let found = open(&app, &mut tx, address, &code, app.clock.now()).await?;
    let account = users::by_email(&mut tx, &found.email).await?;
    drop(tx);
    let proved = match account {
        Some(user) => Proved::Known(prove(&app, address, user, asked.password).await?),
        None => make(&app, asked.name.as_deref(), asked.password).await?,
    };
    let mut tx = app.store.write().await?;
    let now = app.clock.now();
    // Somebody may have been faster.
    let found = open(&app, &mut tx, address, &code, now).await?;
    let user = proved.user(&app, &mut tx, &found, now).await?;
    let actor = Actor {
        user: Some(user.id.clone()),
        address: address.to_text(),
    };
    op::accept(&mut tx, now, &actor, &found, &user)
        .await
        .map_err(is_member)?;
    let user = people::offer_locale(&mut tx, user, asked.locale).await?;
    session::end_old(&app, &mut tx, &jar).await?;
    let (jar, session) = session::begin(&app, &mut tx, &user, address, now).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, jar, Json(session)).into_response())
}

/// The invitation of the link with this secret, if the link still opens it. Secrets that were never sent are
/// guesses, and counted.
async fn open(
    app: &AppState,
    tx: &mut Tx,
    address: ClientAddress,
    code: &SecretHash,
    now: Timestamp,
) -> ApiResult<Invitation> {
    let Some((invitation, round)) = invitations::by_link(tx, code).await? else {
        app.guesses.count(address).map_err(ApiError::too_many)?;
        return Err(opens_nothing(Unusable::Unknown));
    };
    usable(invitation.facts(round), now).map_err(opens_nothing)?;
    Ok(invitation)
}

fn opens_nothing(why: Unusable) -> ApiError {
    ApiError::new(Kind::InvitationInvalid)
        .detail(why.to_string())
        .errors(vec![why.at("/code")])
}

/// Who accepts, as far as can be said before the transaction: hashing takes long.
enum Proved {
    /// Somebody who knew the account's password.
    Known(Box<User>),
    /// Somebody new.
    New { name: String, password_hash: String },
}

impl Proved {
    /// The account, made if it is new.
    async fn user(
        self,
        app: &AppState,
        tx: &mut Tx,
        invitation: &Invitation,
        now: Timestamp,
    ) -> ApiResult<User> {
        let (name, password_hash) = match self {
            Self::Known(user) => return Ok(*user),
            Self::New {
                name,
                password_hash,
            } => (name, password_hash),
        };
        let new = NewUser {
            name: &name,
            email: &invitation.email,
            password_hash: &password_hash,
        };
        // It is the invitation that made the account.
        let by = Actor::user(invitation.invited_by.id.clone());
        let made = people::create_user(tx, &app.random, now, &by, new).await;
        made.map_err(|error| match error {
            StoreError::Conflict => ApiError::new(Kind::Conflict)
                .detail("there is an account under this address by now; open the link again"),
            other => other.into(),
        })
    }
}

/// Checks the password of an account as signing in does.
async fn prove(
    app: &AppState,
    address: ClientAddress,
    user: User,
    password: String,
) -> ApiResult<Box<User>> {
    app.attempts
        .count(address, &user.email)
        .map_err(ApiError::too_many)?;
    let kept = Some(user.password_hash.clone());
    if !app.passwords.matches(password, kept).await? {
        session::refuse(app, address, &user.email).await?;
        return Err(Kind::CredentialsWrong.into());
    }
    app.attempts.clear(address, &user.email);
    Ok(Box::new(user))
}

/// Checks what a new account is to have.
async fn make(app: &AppState, name: Option<&str>, password: String) -> ApiResult<Proved> {
    let name = parse_name(name.unwrap_or_default()).map_err(|error| error.at("/name"));
    let checked = check_password(&password).map_err(|error| error.at("/password"));
    let name = match (name, checked) {
        (Ok(name), Ok(())) => name,
        (name, checked) => {
            let errors: Vec<FieldError> =
                [name.err(), checked.err()].into_iter().flatten().collect();
            return Err(errors.into());
        }
    };
    Ok(Proved::New {
        name,
        password_hash: app.passwords.hash(password).await?,
    })
}

/// They came into the plan in another way, and may be deactivated there.
fn is_member(error: StoreError) -> ApiError {
    match error {
        StoreError::Conflict => {
            ApiError::new(Kind::Conflict).detail("you are in this plan already; sign in")
        }
        other => other.into(),
    }
}
