//! `/plans/{plan}/alerts` and `/plans/{plan}/alert-rules`: what wants a System Admin's attention, and from how much on.

use axum::{extract::State, response::Response};
use tenure_domain::{
    alert::AlertKind,
    id::PlanId,
    problem::Kind,
    wire::{
        alerts::{Alert, AlertRule, AlertRules, PutAlertRule},
        page::Page,
    },
};

use super::{
    if_match::{IfMatch, tagged},
    paging::{self, PageQuery},
};
use crate::{
    address::ClientAddress,
    auth::{AuditRead, SystemAdmin},
    error::ApiResult,
    extract::{Json, Path, Query},
    openapi::operation_problems,
    ops::{
        Actor,
        alerts::{self as op, Place},
    },
    state::AppState,
    store::{Tx, alerts},
};

operation_problems! {
    ListProblems: InvalidRequest TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired
        TokenRevoked InsufficientScope RoleRequired;
    RulesProblems: TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired
        TokenRevoked InsufficientScope RoleRequired;
    RuleProblems: TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired
        TokenRevoked InsufficientScope RoleRequired NotFound;
    PutProblems: InvalidJson InvalidRequest ValidationFailed TokenMissing SessionExpired TokenMalformed TokenUnknown
        TokenExpired TokenRevoked InsufficientScope RoleRequired OriginRefused NotFound StaleVersion;
}

/// The alerts of the plan
///
/// Those that are raised come first, then those that are over, both newest first. An alert is raised once however
/// long its cause lasts, and taken back by itself.
#[utoipa::path(
    get, path = "/plans/{plan}/alerts", tag = "alerts", operation_id = "list_alerts",
    params(
        ("plan" = String, Path, description = "The plan's id"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200,
            description = "Items on a page; 50 without it"),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before"),
    ),
    responses((status = 200, description = "A page of alerts", body = Page<Alert>), ListProblems),
    security(("session" = []), ("token" = ["audit:read"])),
)]
pub(crate) async fn list(
    State(app): State<AppState>,
    admin: SystemAdmin<AuditRead>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<Alert>>> {
    let (limit, place) = (page.limit()?, page.cursor::<Place>()?);
    let mut tx = app.store.read().await?;
    let plan = admin.member().plan();
    let (items, next) = op::page(&mut tx, plan, place.unwrap_or_default(), limit).await?;
    let next_cursor = next.as_ref().map(paging::encode);
    Ok(Json(Page { items, next_cursor }))
}

/// The alert rules of the plan
#[utoipa::path(
    get, path = "/plans/{plan}/alert-rules", tag = "alerts", operation_id = "get_alert_rules",
    params(("plan" = String, Path, description = "The plan's id")),
    responses((status = 200, description = "One of each kind", body = AlertRules), RulesProblems),
    security(("session" = []), ("token" = ["audit:read"])),
)]
pub(crate) async fn rules(
    State(app): State<AppState>,
    admin: SystemAdmin<AuditRead>,
) -> ApiResult<Json<AlertRules>> {
    let rules = alerts::rules(&mut app.store.peek().await?, admin.member().plan()).await?;
    let items = rules
        .into_iter()
        .map(|(kind, rule)| AlertRule::of(kind, rule))
        .collect();
    Ok(Json(AlertRules { items }))
}

/// An alert rule of the plan
#[utoipa::path(
    get, path = "/plans/{plan}/alert-rules/{kind}", tag = "alerts", operation_id = "get_alert_rule",
    params(
        ("plan" = String, Path, description = "The plan's id"),
        ("kind" = AlertKind, Path, description = "Which rule"),
    ),
    responses(
        (status = 200, description = "The rule", body = AlertRule,
            headers(("ETag" = String, description = "What the caller has seen, for `If-Match`"))),
        RuleProblems,
    ),
    security(("session" = []), ("token" = ["audit:read"])),
)]
pub(crate) async fn rule(
    State(app): State<AppState>,
    admin: SystemAdmin<AuditRead>,
    Path((_, kind)): Path<(String, String)>,
) -> ApiResult<Response> {
    let kind = AlertKind::parse(&kind).ok_or(Kind::NotFound)?;
    let mut tx = app.store.peek().await?;
    let rule = current(&mut tx, admin.member().plan(), kind).await?;
    tagged(&rule.etag(), rule)
}

/// Sets an alert rule of the plan
///
/// With `If-Match` only while the rule is what the caller saw.
#[utoipa::path(
    put, path = "/plans/{plan}/alert-rules/{kind}", tag = "alerts", operation_id = "set_alert_rule",
    params(
        ("plan" = String, Path, description = "The plan's id"),
        ("kind" = AlertKind, Path, description = "Which rule"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of what the caller saw"),
    ),
    request_body = PutAlertRule,
    responses(
        (status = 200, description = "The rule", body = AlertRule,
            headers(("ETag" = String, description = "What the caller has seen, for `If-Match`"))),
        PutProblems,
    ),
    security(("session" = [])),
)]
pub(crate) async fn put_rule(
    State(app): State<AppState>,
    admin: SystemAdmin,
    address: ClientAddress,
    Path((_, kind)): Path<(String, String)>,
    seen: IfMatch,
    Json(asked): Json<PutAlertRule>,
) -> ApiResult<Response> {
    let kind = AlertKind::parse(&kind).ok_or(Kind::NotFound)?;
    let rule = asked.parse()?;
    let mut tx = app.store.write().await?;
    let now = app.clock.now();
    admin.membership_now(&mut tx).await?;
    let plan = admin.member().plan();
    seen.allows(&current(&mut tx, plan, kind).await?.etag())?;
    let actor = Actor {
        user: Some(admin.member().user().id.clone()),
        address: address.to_text(),
    };
    op::set_rule(&mut tx, now, &actor, plan, (kind, rule)).await?;
    tx.commit().await?;
    let rule = AlertRule::of(kind, rule);
    tagged(&rule.etag(), rule)
}

/// The plan's rule of this kind.
async fn current(tx: &mut Tx, plan: &PlanId, kind: AlertKind) -> ApiResult<AlertRule> {
    let rules = alerts::rules(tx, plan).await?;
    let rule = rules.into_iter().find(|(one, _)| *one == kind);
    let (kind, rule) = rule.ok_or(Kind::NotFound)?;
    Ok(AlertRule::of(kind, rule))
}
