//! `/plans/{plan}/webhook`: the program that hears of a plan's alerts.

use axum::{extract::State, http::StatusCode};
use tenure_domain::{
    problem::{FieldError, Kind},
    wire::alerts::{NewWebhook, PutWebhook, Webhook, WebhookEvent, WebhookEventKind},
};

use crate::{
    address::ClientAddress,
    auth::SystemAdmin,
    error::{ApiError, ApiResult},
    extract::Json,
    openapi::operation_problems,
    ops::{Actor, webhooks as op},
    state::AppState,
    store::webhooks,
    webhook::{address::Target, signature::Key},
};

operation_problems! {
    ReadProblems: TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired TokenRevoked
        InsufficientScope RoleRequired;
    PutProblems: InvalidJson ValidationFailed TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired
        TokenRevoked InsufficientScope RoleRequired OriginRefused;
    WriteProblems: TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired TokenRevoked
        InsufficientScope RoleRequired OriginRefused;
    TestProblems: TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired TokenRevoked
        InsufficientScope RoleRequired OriginRefused NotFound;
}

/// Where the alerts of the plan are posted
///
/// The secret is not shown again.
#[utoipa::path(
    get, path = "/plans/{plan}/webhook", tag = "alerts", operation_id = "get_webhook",
    params(("plan" = String, Path, description = "The plan's id")),
    responses((status = 200, description = "The address, if there is one", body = Webhook), ReadProblems),
    security(("session" = [])),
)]
pub(crate) async fn get(
    State(app): State<AppState>,
    admin: SystemAdmin,
) -> ApiResult<Json<Webhook>> {
    let mut tx = app.store.read().await?;
    let plan = admin.member().plan();
    let (url, since) = webhooks::get(&mut tx, plan)
        .await?
        .map(|webhook| (webhook.url, webhook.since))
        .unzip();
    let latest = webhooks::latest(&mut tx, plan).await?;
    Ok(Json(Webhook { url, since, latest }))
}

/// Sets where the alerts of the plan are posted
///
/// In place of the address that it had, with a new secret, which is shown this once. Posts are signed with it as
/// Standard Webhooks has it.
#[utoipa::path(
    put, path = "/plans/{plan}/webhook", tag = "alerts", operation_id = "set_webhook",
    params(("plan" = String, Path, description = "The plan's id")),
    request_body = PutWebhook,
    responses((status = 200, description = "The address and the secret", body = NewWebhook), PutProblems),
    security(("session" = [])),
)]
pub(crate) async fn put(
    State(app): State<AppState>,
    admin: SystemAdmin,
    address: ClientAddress,
    Json(asked): Json<PutWebhook>,
) -> ApiResult<Json<NewWebhook>> {
    let target = Target::parse(&asked.url, app.settings.webhook_private).map_err(refused)?;
    let key = Key::new(&app.random);
    let mut tx = app.store.write().await?;
    let now = app.clock.now();
    admin.membership_now(&mut tx).await?;
    let actor = actor(&admin, address);
    op::set(&mut tx, now, &actor, admin.member().plan(), (&target, &key)).await?;
    tx.commit().await?;
    Ok(Json(NewWebhook {
        url: target.as_str().to_owned(),
        secret: key.reveal(),
        since: now,
    }))
}

/// Has the alerts of the plan posted nowhere
#[utoipa::path(
    delete, path = "/plans/{plan}/webhook", tag = "alerts", operation_id = "delete_webhook",
    params(("plan" = String, Path, description = "The plan's id")),
    responses((status = 204, description = "There is none"), WriteProblems),
    security(("session" = [])),
)]
pub(crate) async fn delete(
    State(app): State<AppState>,
    admin: SystemAdmin,
    address: ClientAddress,
) -> ApiResult<StatusCode> {
    let mut tx = app.store.write().await?;
    let now = app.clock.now();
    admin.membership_now(&mut tx).await?;
    op::remove(&mut tx, now, &actor(&admin, address), admin.member().plan()).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Has something posted that says it is a test
///
/// What became of it is the `latest` of the webhook.
#[utoipa::path(
    post, path = "/plans/{plan}/webhook/test", tag = "alerts", operation_id = "test_webhook",
    params(("plan" = String, Path, description = "The plan's id")),
    responses((status = 202, description = "Queued"), TestProblems),
    security(("session" = [])),
)]
pub(crate) async fn test(State(app): State<AppState>, admin: SystemAdmin) -> ApiResult<StatusCode> {
    let mut tx = app.store.write_aside().await?;
    let now = app.clock.now();
    admin.membership_now(&mut tx).await?;
    let plan = admin.member().plan();
    let event = WebhookEvent {
        kind: WebhookEventKind::Test,
        timestamp: now,
        plan: plan.0.clone(),
        data: None,
    };
    if !op::queue(&mut tx, plan, &event, &app.random, now).await? {
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
