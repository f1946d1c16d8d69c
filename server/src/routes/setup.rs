//! `/setup`: the first System Admin of an empty server, by the one-time link that the server printed.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;
use tenure_domain::{
    account::{check_password, parse_email},
    plan::{Role, Tier},
    problem::{FieldError, Kind},
    wire::{session::Session, setup::Setup, tokens::parse_name},
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
        StoreError,
        audit::{self, Action, Event},
        setup_links, users,
    },
};

operation_problems! {
    SetupProblems: InvalidJson SetupLinkInvalid OriginRefused BodyTooLarge UnsupportedMediaType
        ValidationFailed;
}

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
    let hash = app.passwords.hash(asked.password).await?;
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
    let user = people::offer_locale(&mut tx, user, asked.locale).await?;
    let tier = Tier::Enterprise;
    let plan = people::create_plan(&mut tx, &app.random, now, &actor, &asked.plan, tier).await;
    let plan = plan.map_err(name_taken)?;
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

/// An operator may have made a plan at the command line before anybody set the server up.
fn name_taken(error: StoreError) -> ApiError {
    match error {
        StoreError::Conflict => ApiError::invalid(vec![FieldError {
            pointer: "/plan".to_owned(),
            code: "name_taken".to_owned(),
            detail: "there is a plan of this name already".to_owned(),
        }]),
        other => other.into(),
    }
}

/// The request with its names trimmed, or every value that is not valid.
fn parse(asked: Setup) -> Result<Setup, Vec<FieldError>> {
    let Setup {
        code,
        plan,
        name,
        email,
        password,
        locale,
    } = asked;
    let mut errors = Vec::new();
    let mut valid = |value: Result<String, FieldError>| {
        value.unwrap_or_else(|error| {
            errors.push(error);
            String::new()
        })
    };
    let asked = Setup {
        code,
        plan: valid(parse_name(&plan).map_err(|error| error.at("/plan"))),
        name: valid(parse_name(&name).map_err(|error| error.at("/name"))),
        email: valid(parse_email(&email).map_err(|error| error.at("/email"))),
        password: valid(
            check_password(&password)
                .map(|()| password)
                .map_err(|error| error.at("/password")),
        ),
        locale,
    };
    if errors.is_empty() {
        Ok(asked)
    } else {
        Err(errors)
    }
}
