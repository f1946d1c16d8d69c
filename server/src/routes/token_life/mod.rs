//! `/plans/{plan}/tokens/{token}/life` and `…/reviewed`: everything that is known of one token, for System
//! Admins, and their word that what a rule found is known to them.

mod callers;
mod events;

use std::slice;

use axum::extract::State;
use tenure_domain::{
    id::{PlanId, TokenId},
    json::Json as Tree,
    problem::Kind,
    time::Timestamp,
    wire::life::{Finding, ReviewFindings, TokenLife},
};

use super::tokens::{Around, keep_deaths, view::revoker};
use crate::{
    address::ClientAddress,
    auth::{AuditRead, SystemAdmin, UsersWrite},
    error::{ApiError, ApiResult},
    extract::{Json, Path},
    openapi::operation_problems,
    ops::{Actor, suspicion},
    state::AppState,
    store::{Tx, token_findings, tokens, users},
};

operation_problems! {
    LifeProblems: TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired TokenRevoked
        InsufficientScope RoleRequired NotFound;
    ReviewProblems: InvalidJson TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired
        TokenRevoked InsufficientScope RoleRequired OriginRefused NotFound BodyTooLarge
        UnsupportedMediaType ValidationFailed;
}

/// The life of a token
///
/// What happened to it, what rules found of its use, and who calls with it. Calls are known from the last 90
/// days, a few seconds late.
#[utoipa::path(
    get, path = "/plans/{plan}/tokens/{token}/life", tag = "tokens", operation_id = "token_life",
    params(
        ("plan" = String, Path, description = "The plan's id"),
        ("token" = String, Path, description = "The token's id"),
    ),
    responses((status = 200, description = "The token and its life", body = TokenLife), LifeProblems),
    security(("session" = []), ("token" = ["audit:read"])),
)]
pub(crate) async fn get(
    State(app): State<AppState>,
    admin: SystemAdmin<AuditRead>,
    Path((_, id)): Path<(String, TokenId)>,
) -> ApiResult<Json<TokenLife>> {
    let now = app.clock.now();
    Ok(Json(life(&app, admin.member().plan(), &id, now).await?))
}

/// Reviews what was found of a token
///
/// Names the findings that the System Admin has seen. They do not make the token suspicious any more, nor does
/// the same evidence when it is seen again; what was found meanwhile does. One that was reviewed before stays as
/// it is.
#[utoipa::path(
    post, path = "/plans/{plan}/tokens/{token}/reviewed", tag = "tokens", operation_id = "review_token",
    params(
        ("plan" = String, Path, description = "The plan's id"),
        ("token" = String, Path, description = "The token's id"),
    ),
    request_body = ReviewFindings,
    responses((status = 200, description = "The token and its life", body = TokenLife), ReviewProblems),
    security(("session" = []), ("token" = ["users:write"])),
)]
pub(crate) async fn review(
    State(app): State<AppState>,
    admin: SystemAdmin<UsersWrite>,
    address: ClientAddress,
    Path((_, id)): Path<(String, TokenId)>,
    Json(asked): Json<ReviewFindings>,
) -> ApiResult<Json<TokenLife>> {
    let findings = asked.parse().map_err(|error| vec![error])?;
    let mut tx = app.store.write().await?;
    let now = app.clock.now();
    admin.membership_now(&mut tx).await?;
    let plan = admin.member().plan();
    let token = of_plan(&mut tx, plan, &id).await?;
    let known = token_findings::of_token(&mut tx, &id).await?;
    if !findings
        .iter()
        .all(|id| known.iter().any(|it| it.id == *id))
    {
        return Err(ApiError::new(Kind::NotFound).detail("the token has no such finding"));
    }
    let actor = Actor {
        user: Some(admin.member().user().id.clone()),
        address: address.to_text(),
    };
    suspicion::review(&mut tx, now, &actor, &token, findings).await?;
    tx.commit().await?;
    Ok(Json(life(&app, plan, &id, now).await?))
}

async fn of_plan(tx: &mut Tx, plan: &PlanId, id: &TokenId) -> ApiResult<tokens::Token> {
    let token = tokens::get(tx, id).await?;
    token
        .filter(|token| token.plan == *plan)
        .ok_or_else(|| Kind::NotFound.into())
}

async fn life(app: &AppState, plan: &PlanId, id: &TokenId, now: Timestamp) -> ApiResult<TokenLife> {
    loop {
        let mut tx = app.store.read().await?;
        let token = of_plan(&mut tx, plan, id).await?;
        let around = Around::load(&mut tx, plan).await?;
        if keep_deaths(app, &around, slice::from_ref(&token), now).await? {
            continue;
        }
        let owner = users::get(&mut tx, &token.owner).await?;
        let owner = owner.ok_or_else(|| ApiError::internal("a token without an owner"))?;
        let by = revoker(&mut tx, &token, &owner.reference()).await?;
        let shown = around.view(&owner, &token, now, by);
        let found = token_findings::of_token(&mut tx, id).await?;
        let ended_at = shown.end.as_ref().map(|end| end.at);
        let callers = callers::of_token(&mut tx, id, ended_at).await?;
        let days = callers::days(&mut tx, id).await?;
        let known = events::Known::load(&mut tx, &token, &callers, &found).await?;
        let events = known.events(&token, &shown, around.policies(), now);
        return Ok(TokenLife {
            token: shown,
            suspicious_since: token.facts.suspicious_since,
            findings: findings(&found)?,
            events,
            days,
            callers: callers.shown,
        });
    }
}

/// Those that wait for a review first.
fn findings(found: &[token_findings::Finding]) -> ApiResult<Vec<Finding>> {
    let (open, reviewed): (Vec<_>, Vec<_>) = found.iter().partition(|it| it.kept.is_open());
    open.into_iter().chain(reviewed).map(finding).collect()
}

fn finding(found: &token_findings::Finding) -> ApiResult<Finding> {
    let evidence = serde_json::to_value(&found.evidence).and_then(serde_json::from_value::<Tree>);
    Ok(Finding {
        id: found.id.clone(),
        rule: found.kept.rule,
        sentence: found.evidence.sentence(&|at| at.to_string()),
        evidence: evidence.map_err(|error| ApiError::internal(error.to_string()))?,
        first_at: found.kept.first_at,
        last_at: found.last_at,
        reviewed: found.review.clone(),
    })
}
