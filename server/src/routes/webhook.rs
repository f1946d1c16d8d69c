//! `/plans/{plan}/webhook`: the program that hears of a plan's alerts.

use axum::{extract::State, http::StatusCode, response::Response};
use tenure_domain::{
    id::PlanId,
    problem::{FieldError, Kind},
    wire::alerts::{NewWebhook, PutWebhook, Webhook},
};

use super::if_match::{IfMatch, tagged};
use crate::{
    address::ClientAddress,
    auth::SystemAdmin,
    error::{ApiError, ApiResult},
    extract::Json,
    openapi::operation_problems,
    ops::{Actor, webhooks as op},
    state::AppState,
    store::{Tx, webhooks},
    webhook::{address::Target, signature::Key},
};

operation_problems! {
    ReadProblems: TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired TokenRevoked
        InsufficientScope RoleRequired;
    PutProblems: InvalidJson InvalidRequest ValidationFailed TokenMissing SessionExpired TokenMalformed TokenUnknown
        TokenExpired TokenRevoked InsufficientScope RoleRequired OriginRefused StaleVersion;
    WriteProblems: InvalidRequest TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired TokenRevoked
        InsufficientScope RoleRequired OriginRefused StaleVersion;
    TestProblems: TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired TokenRevoked
        InsufficientScope RoleRequired OriginRefused NotFound;
}

/// Where the alerts of the plan are posted
///
/// The secret is not shown again.
#[utoipa::path(
    get, path = "/plans/{plan}/webhook", tag = "alerts", operation_id = "get_webhook",
    params(("plan" = String, Path, description = "The plan's id")),
    responses(
        (status = 200, description = "The address, if there is one", body = Webhook,
            headers(("ETag" = String, description = "What the caller has seen, for `If-Match`"))),
        ReadProblems,
    ),
    security(("session" = [])),
)]
pub(crate) async fn get(State(app): State<AppState>, admin: SystemAdmin) -> ApiResult<Response> {
    let mut tx = app.store.read().await?;
    let webhook = current(&mut tx, admin.member().plan()).await?;
    tagged(&webhook.etag(), webhook)
}

async fn current(tx: &mut Tx, plan: &PlanId) -> ApiResult<Webhook> {
    let (url, since) = webhooks::get(tx, plan)
        .await?
        .map(|webhook| (webhook.url, webhook.since))
        .unzip();
    let latest = webhooks::latest(tx, plan).await?;
    Ok(Webhook { url, since, latest })
}

/// Sets where the alerts of the plan are posted
///
/// In place of the address that it had, with a new secret, which is shown this once. Posts are signed with it as
/// Standard Webhooks has it. With `If-Match` only while there is what the caller saw.
#[utoipa::path(
    put, path = "/plans/{plan}/webhook", tag = "alerts", operation_id = "set_webhook",
    params(
        ("plan" = String, Path, description = "The plan's id"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of what the caller saw"),
    ),
    request_body = PutWebhook,
    responses(
        (status = 200, description = "The address and the secret", body = NewWebhook,
            headers(("ETag" = String, description = "What the caller has seen, for `If-Match`"))),
        PutProblems,
    ),
    security(("session" = [])),
)]
pub(crate) async fn put(
    State(app): State<AppState>,
    admin: SystemAdmin,
    address: ClientAddress,
    seen: IfMatch,
    Json(asked): Json<PutWebhook>,
) -> ApiResult<Response> {
    let target = Target::parse(&asked.url, app.settings.webhook_private).map_err(refused)?;
    let key = Key::new(&app.random);
    let mut tx = app.store.write().await?;
    let now = app.clock.now();
    admin.membership_now(&mut tx).await?;
    let (actor, plan) = (actor(&admin, address), admin.member().plan());
    seen.allows(&current(&mut tx, plan).await?.etag())?;
    op::set(&mut tx, now, &actor, plan, (&target, &key)).await?;
    tx.commit().await?;
    let webhook = NewWebhook {
        url: target.as_str().to_owned(),
        secret: key.reveal(),
        since: now,
    };
    tagged(&webhook.etag(), webhook)
}

/// Has the alerts of the plan posted nowhere
///
/// With `If-Match` only while there is what the caller saw.
#[utoipa::path(
    delete, path = "/plans/{plan}/webhook", tag = "alerts", operation_id = "delete_webhook",
    params(
        ("plan" = String, Path, description = "The plan's id"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of what the caller saw"),
    ),
    responses((status = 204, description = "There is none"), WriteProblems),
    security(("session" = [])),
)]
pub(crate) async fn delete(
    State(app): State<AppState>,
    admin: SystemAdmin,
    address: ClientAddress,
    seen: IfMatch,
) -> ApiResult<StatusCode> {
    let mut tx = app.store.write().await?;
    let now = app.clock.now();
    admin.membership_now(&mut tx).await?;
    seen.allows(&current(&mut tx, admin.member().plan()).await?.etag())?;
    op::remove(&mut tx, now, &actor(&admin, address), admin.member().plan()).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Has something posted that says it is a test
///
/// What became of it is the `latest` of the webhook. While one waits, there is not another one: that one is tried at
/// once.
#[utoipa::path(
    post, path = "/plans/{plan}/webhook/test", tag = "alerts", operation_id = "test_webhook",
    params(("plan" = String, Path, description = "The plan's id")),
    responses((status = 202, description = "Queued"), TestProblems),
    security(("session" = [])),
)]
pub(crate) async fn test(
    State(app): State<AppState>,
    admin: SystemAdmin,
    address: ClientAddress,
) -> ApiResult<StatusCode> {
    let mut tx = app.store.write().await?;
    let now = app.clock.now();
    admin.membership_now(&mut tx).await?;
    let (actor, plan) = (actor(&admin, address), admin.member().plan());
    if !op::test(&mut tx, &app.random, now, &actor, plan).await? {
        return Err(Kind::NotFound.into());
    }
    tx.commit().await?;
    Ok(StatusCode::ACCEPTED)
}

fn refused(words: &str) -> ApiError {
    ApiError::invalid(vec![FieldError {
        pointer: "/url".to_owned(),
        code: "url_refused".to_owned(),
        detail: words.to_owned(),
    }])
}

fn actor(admin: &SystemAdmin, address: ClientAddress) -> Actor {
    Actor {
        user: Some(admin.member().user().id.clone()),
        address: address.to_text(),
    }
}
