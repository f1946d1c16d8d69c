//! `/setup`: the first System Admin of an empty server, by the one-time link that the server printed.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;
use tenure_domain::{
    plan::{Role, Tier},
    problem::{FieldError, Kind},
    wire::{
        session::Session,
        setup::{MIN_PASSWORD, Setup},
        tokens::parse_name,
    },
};

use super::session;
use crate::{
    address::ClientAddress,
    error::{ApiError, ApiResult},
    extract::Json,
    openapi::operation_problems,
    ops::{
        Actor,
        people::{self, NewUser},
    },
    secret,
    state::AppState,
    store::{
        audit::{self, Action, Event},
        setup_links, users,
    },
};

operation_problems! {
    SetupProblems: InvalidJson SetupLinkInvalid OriginRefused BodyTooLarge UnsupportedMediaType
        ValidationFailed;
}

/// The most characters of an email address (RFC 5321, section 4.5.3.1.3).
const MAX_EMAIL: usize = 254;
/// The most bytes of a password: no secret needs more, and hashing must stay bounded.
const MAX_PASSWORD: usize = 1_024;

/// Sets the server up
///
/// Makes the first plan (Enterprise) and its System Admin, and signs them in. The link works once.
#[utoipa::path(
    post, path = "/setup", tag = "operation", operation_id = "set_up",
    request_body = Setup,
    responses(
        (status = 201, description = "Set up and signed in", body = Session,
            headers(("Set-Cookie" = String, description = "The session"))),
        SetupProblems,
    ),
    security(()),
)]
pub(crate) async fn create(
    State(app): State<AppState>,
    address: ClientAddress,
    Json(asked): Json<Setup>,
) -> ApiResult<Response> {
    let asked = parse(asked)?;
    let code = secret::hash(&asked.code);
    if !setup_links::is_valid(&mut app.store.peek().await?, &code).await? {
        return Err(Kind::SetupLinkInvalid.into());
    }
    let hash = app.passwords.hash(asked.password).await;
    let hash = hash.map_err(|error| ApiError::internal(error.to_string()))?;
    let mut tx = app.store.write().await?;
    let now = app.clock.now();
    if !setup_links::take(&mut tx, &code).await? || users::count(&mut tx).await? > 0 {
        return Err(Kind::SetupLinkInvalid.into());
    }
    let mut actor = Actor {
        user: None,
        address: address.to_text(),
    };
    let new = NewUser {
        name: &asked.name,
        email: &asked.email,
        password_hash: &hash,
    };
    let user = people::create_user(&mut tx, &app.random, now, &actor, new).await?;
    actor.user = Some(user.id.clone());
    let tier = Tier::Enterprise;
    let plan = people::create_plan(&mut tx, &app.random, now, &actor, &asked.plan, tier).await?;
    people::join(&mut tx, now, &actor, &user.id, &plan.id, Role::SystemAdmin).await?;
    let event = Event {
        at: now,
        plan: Some(plan.id),
        actor: actor.user,
        actor_address: actor.address,
        action: Action::ServerSetUp,
        target: Some(user.id.0.clone()),
        details: json!({}),
    };
    audit::append(&mut tx, &event).await?;
    let (jar, session) = session::begin(&app, &mut tx, &user, address, now).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, jar, Json(session)).into_response())
}

/// The request with its names trimmed, or every value that is not valid.
fn parse(asked: Setup) -> Result<Setup, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut name = |text: &str, pointer: &str| {
        parse_name(text).unwrap_or_else(|error| {
            errors.push(error.at(pointer));
            String::new()
        })
    };
    let (plan, person) = (name(&asked.plan, "/plan"), name(&asked.name, "/name"));
    let email = asked.email.trim().to_owned();
    if !is_email(&email) {
        errors.push(invalid(
            "/email",
            "email_invalid",
            "this is not an email address",
        ));
    }
    if asked.password.chars().count() < MIN_PASSWORD {
        let detail = format!("a password has at least {MIN_PASSWORD} characters");
        errors.push(invalid("/password", "password_too_short", &detail));
    }
    if asked.password.len() > MAX_PASSWORD {
        let detail = format!("a password has at most {MAX_PASSWORD} bytes");
        errors.push(invalid("/password", "password_too_long", &detail));
    }
    if errors.is_empty() {
        Ok(Setup {
            plan,
            name: person,
            email,
            ..asked
        })
    } else {
        Err(errors)
    }
}

/// Something on both sides of one `@`, and no space: only a mail that arrives proves more.
fn is_email(text: &str) -> bool {
    let plain =
        |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || c == '@');
    text.len() <= MAX_EMAIL
        && !text.contains(char::is_control)
        && text
            .split_once('@')
            .is_some_and(|(local, domain)| plain(local) && plain(domain))
}

fn invalid(pointer: &str, code: &str, detail: &str) -> FieldError {
    FieldError {
        pointer: pointer.to_owned(),
        code: code.to_owned(),
        detail: detail.to_owned(),
    }
}
