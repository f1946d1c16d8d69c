//! `/plans/{plan}/scopes`: what tokens of a plan may be used for.

use axum::{extract::State, http::StatusCode};
use serde_json::json;
use tenure_domain::{
    id::PlanId,
    problem::Kind,
    scope::{MAX_SCOPES, OwnScope, ScopeError, Scopes, is_own, parse_name},
    time::Timestamp,
    wire::scopes::{PutScope, Scope, ScopeList},
};

use crate::{
    address::ClientAddress,
    auth::{Member, SystemAdmin},
    error::{ApiError, ApiResult},
    extract::{Json, Path},
    openapi::operation_problems,
    state::AppState,
    store::{
        Tx,
        audit::{self, Action, Event},
        scopes,
    },
};

operation_problems! {
    ListProblems: TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired TokenRevoked
        InsufficientScope RoleRequired;
    PutProblems: InvalidJson TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired
        TokenRevoked InsufficientScope RoleRequired OriginRefused BodyTooLarge UnsupportedMediaType
        ValidationFailed;
    DeleteProblems: TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired TokenRevoked
        InsufficientScope RoleRequired OriginRefused NotFound;
}

/// What tokens may be used for
///
/// Tenure's own scopes, then the plan's by name. For every member: they choose among them when they
/// generate a token.
#[utoipa::path(
    get, path = "/plans/{plan}/scopes", tag = "scopes", operation_id = "list_scopes",
    params(("plan" = String, Path, description = "The plan's id")),
    responses((status = 200, description = "Every scope", body = ScopeList), ListProblems),
    security(("session" = [])),
)]
pub(crate) async fn list(
    State(app): State<AppState>,
    member: Member,
) -> ApiResult<Json<ScopeList>> {
    let mut tx = app.store.peek().await?;
    let items = offered(&mut tx, member.plan()).await?;
    Ok(Json(ScopeList { items }))
}

/// Defines a scope of the plan, or words it anew
#[utoipa::path(
    put, path = "/plans/{plan}/scopes/{scope}", tag = "scopes", operation_id = "put_scope",
    params(
        ("plan" = String, Path, description = "The plan's id"),
        ("scope" = String, Path, description = "The scope's name: small letters, digits and `: . _ -`"),
    ),
    request_body = PutScope,
    responses((status = 200, description = "The scope", body = Scope), PutProblems),
    security(("session" = [])),
)]
pub(crate) async fn put(
    State(app): State<AppState>,
    admin: SystemAdmin,
    address: ClientAddress,
    Path((_, name)): Path<(String, String)>,
    Json(asked): Json<PutScope>,
) -> ApiResult<Json<Scope>> {
    let sentence = asked.parse()?;
    parse_name(&name).map_err(|error| ApiError::invalid(vec![error.at("")]))?;
    if is_own(&name) {
        return Err(ApiError::new(Kind::ValidationFailed)
            .detail("this scope is Tenure's own; choose another name"));
    }
    let mut tx = app.store.write().await?;
    let now = app.clock.now();
    admin.membership_now(&mut tx).await?;
    let plan = admin.member().plan();
    let defined = scopes::of_plan(&mut tx, plan).await?;
    let is_new = defined.iter().all(|scope| scope.name != name);
    if is_new && defined.len() >= MAX_SCOPES {
        return Err(ApiError::invalid(vec![ScopeError::TooMany.at("")]));
    }
    scopes::put(&mut tx, plan, &name, &sentence).await?;
    let event = event(now, &admin, address, Action::ScopeDefined, &name);
    audit::append(&mut tx, &event).await?;
    tx.commit().await?;
    Ok(Json(Scope {
        name,
        sentence,
        own: false,
    }))
}

/// Removes a scope of the plan
///
/// Nobody can ask for it any more. Tokens that have it keep it.
#[utoipa::path(
    delete, path = "/plans/{plan}/scopes/{scope}", tag = "scopes", operation_id = "delete_scope",
    params(
        ("plan" = String, Path, description = "The plan's id"),
        ("scope" = String, Path, description = "The scope's name"),
    ),
    responses((status = 204, description = "Removed"), DeleteProblems),
    security(("session" = [])),
)]
pub(crate) async fn delete(
    State(app): State<AppState>,
    admin: SystemAdmin,
    address: ClientAddress,
    Path((_, name)): Path<(String, String)>,
) -> ApiResult<StatusCode> {
    let mut tx = app.store.write().await?;
    let now = app.clock.now();
    admin.membership_now(&mut tx).await?;
    if !scopes::delete(&mut tx, admin.member().plan(), &name).await? {
        return Err(Kind::NotFound.into());
    }
    let event = event(now, &admin, address, Action::ScopeRemoved, &name);
    audit::append(&mut tx, &event).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Every scope that the plan offers: Tenure's own, then the plan's.
pub(super) async fn offered(tx: &mut Tx, plan: &PlanId) -> ApiResult<Vec<Scope>> {
    let own = OwnScope::ALL.into_iter().map(Scope::from);
    Ok(own.chain(scopes::of_plan(tx, plan).await?).collect())
}

/// Refuses scopes that the plan does not offer, at this pointer.
pub(super) async fn ensure_offered(
    tx: &mut Tx,
    plan: &PlanId,
    asked: &Scopes,
    pointer: &str,
) -> ApiResult<()> {
    if asked.is_empty() {
        return Ok(());
    }
    let offered = offered(tx, plan).await?;
    let is_offered = |name: &str| offered.iter().any(|scope| scope.name == name);
    if asked.names().all(is_offered) {
        Ok(())
    } else {
        Err(ApiError::invalid(vec![ScopeError::Unknown.at(pointer)]))
    }
}

fn event(
    now: Timestamp,
    admin: &SystemAdmin,
    address: ClientAddress,
    action: Action,
    name: &str,
) -> Event {
    Event {
        at: now,
        plan: Some(admin.member().plan().clone()),
        actor: Some(admin.member().user().id.clone()),
        actor_address: address.to_text(),
        action,
        target: Some(name.to_owned()),
        details: json!({}),
    }
}
