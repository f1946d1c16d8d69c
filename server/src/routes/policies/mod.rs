//! `/plans/{plan}/expiration-policy`: the plan's one rule (R1), guarded against two admins (R8).
//!
//! What a change means is decided in `tenure_domain::policy`; nothing here compares roles or versions.

mod seen;

use axum::{
    extract::State,
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{ETAG, IF_NONE_MATCH},
    },
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use tenure_domain::{
    id::PlanId,
    policy::{Refusal, Wanted},
    problem::Kind,
    wire::{
        page::Page,
        policies::{ExpirationPolicy, PutExpirationPolicy, RecordedPolicy, wrong_instant},
    },
};

pub(crate) use self::seen::Seen;
use super::paging::{self, PageQuery};
use crate::{
    address::ClientAddress,
    auth::{Member, PolicyRead, PolicyWrite, SystemAdmin},
    error::{ApiError, ApiResult},
    extract::{Json, Query},
    openapi::operation_problems,
    ops::{
        self,
        policies::{Ask, Outcome},
    },
    state::AppState,
    store::{
        Tx,
        policies::{self, PlanPolicies},
    },
};

operation_problems! {
    GetProblems: TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired TokenRevoked
        InsufficientScope RoleRequired;
    PutProblems: InvalidJson InvalidRequest TokenMissing SessionExpired TokenMalformed TokenUnknown
        TokenExpired TokenRevoked InsufficientScope RoleRequired PlanTierRequired OriginRefused
        StaleVersion MoreWouldEnd BodyTooLarge UnsupportedMediaType ValidationFailed IfMatchRequired;
    CancelProblems: InvalidRequest TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired
        TokenRevoked InsufficientScope RoleRequired PlanTierRequired OriginRefused StaleVersion
        IfMatchRequired;
    HistoryProblems: InvalidRequest TokenMissing SessionExpired TokenMalformed TokenUnknown
        TokenExpired TokenRevoked InsufficientScope RoleRequired;
}

/// The policy in force, and what is scheduled
///
/// For every member of the plan.
#[utoipa::path(
    get, path = "/plans/{plan}/expiration-policy", tag = "policy",
    operation_id = "get_expiration_policy",
    params(
        ("plan" = String, Path, description = "The plan's id"),
        ("If-None-Match" = Option<String>, Header, description = "Versions that the caller has"),
    ),
    responses(
        (status = 200, description = "What is in force, and what is scheduled", body = ExpirationPolicy,
            headers(("ETag" = String, description = "What the caller has seen, for `If-Match`"))),
        (status = 304, description = "The caller has it already"),
        GetProblems,
    ),
    security(("session" = []), ("token" = ["policy:read"])),
)]
pub(crate) async fn get(
    State(app): State<AppState>,
    member: Member<PolicyRead>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let mut tx = app.store.peek().await?;
    let policies = load(&mut tx, member.plan()).await?;
    let policy = policies.wire(app.clock.now());
    if has_already(&headers, &policy) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, etag(&policy)?)]).into_response());
    }
    reply(policy)
}

/// Changes the policy
///
/// In force at once, for every token of the plan, also for those that are older than the change; or from
/// `effective_at` on, at most 366 days ahead. Either way it takes the place of what was scheduled before.
/// Only a System Admin may do so, and only on Business and Enterprise. Asking for what is so already
/// changes nothing. A new inactivity rule is in force two seconds later, when every process has heard of
/// it; the answer comes then.
#[utoipa::path(
    put, path = "/plans/{plan}/expiration-policy", tag = "policy",
    operation_id = "put_expiration_policy",
    params(
        ("plan" = String, Path, description = "The plan's id"),
        ("If-Match" = String, Header, description = "The `ETag` of what the caller saw"),
    ),
    request_body = PutExpirationPolicy,
    responses(
        (status = 200, description = "What is in force now, and what is scheduled", body = ExpirationPolicy,
            headers(("ETag" = String, description = "What the caller has seen, for `If-Match`"))),
        PutProblems,
    ),
    security(("session" = []), ("token" = ["policy:write"])),
)]
pub(crate) async fn put(
    State(app): State<AppState>,
    admin: SystemAdmin<PolicyWrite>,
    address: ClientAddress,
    seen: Seen,
    Json(asked): Json<PutExpirationPolicy>,
) -> ApiResult<Response> {
    let wanted = asked.parse()?;
    change(&app, &admin, address, seen, (wanted, asked.ends_at_most)).await
}

/// Cancels what is scheduled
///
/// The policy in force stays. Where nothing is scheduled, nothing changes.
#[utoipa::path(
    delete, path = "/plans/{plan}/expiration-policy/scheduled", tag = "policy",
    operation_id = "cancel_scheduled_expiration_policy",
    params(
        ("plan" = String, Path, description = "The plan's id"),
        ("If-Match" = String, Header, description = "The `ETag` of what the caller saw"),
    ),
    responses(
        (status = 200, description = "What is in force, with nothing scheduled", body = ExpirationPolicy,
            headers(("ETag" = String, description = "What the caller has seen, for `If-Match`"))),
        CancelProblems,
    ),
    security(("session" = []), ("token" = ["policy:write"])),
)]
pub(crate) async fn cancel(
    State(app): State<AppState>,
    admin: SystemAdmin<PolicyWrite>,
    address: ClientAddress,
    seen: Seen,
) -> ApiResult<Response> {
    change(&app, &admin, address, seen, (Wanted::Unscheduled, None)).await
}

async fn change(
    app: &AppState,
    admin: &SystemAdmin<PolicyWrite>,
    address: ClientAddress,
    Seen(seen): Seen,
    (wanted, ends_at_most): (Wanted, Option<u64>),
) -> ApiResult<Response> {
    let mut tx = app.store.write().await?;
    // Read once the queue of writers is behind us: versions then follow each other in time as well.
    let now = app.clock.now();
    let membership = admin.membership_now(&mut tx).await?;
    let ask = Ask {
        plan: membership.id,
        tier: membership.tier,
        by: admin.member().user().id.clone(),
        role: membership.role,
        address: address.to_text(),
        seen,
        wanted,
        ends_at_most,
    };
    match ops::policies::change(&mut tx, now, &ask).await? {
        Some(Outcome::Done(policies)) => {
            tx.commit().await?;
            let announced = policies.history.scheduled_at(now);
            match (wanted, announced.map(|next| next.in_force_since)) {
                (Wanted::Now(_), Some(since)) => {
                    // Here as everywhere: what was used before the rule counts is on disk when it does.
                    if let Err(error) = app.verifier.flush_uses().await {
                        tracing::warn!(%error, "the latest uses of tokens were not written");
                    }
                    app.clock.wait_until(since).await;
                    let mut tx = app.store.peek().await?;
                    reply(load(&mut tx, &ask.plan).await?.wire(since))
                }
                _ => reply(policies.wire(now)),
            }
        }
        Some(Outcome::Refused(Refusal::Stale, policies)) => {
            Err(ApiError::stale(policies.wire(now)))
        }
        Some(Outcome::Refused(refusal, _)) => Err(refused(refusal)),
        Some(Outcome::Exceeded(tokens)) => Err(exceeded(tokens)),
        None => Err(ApiError::internal("a plan without a policy version")),
    }
}

/// Why a change was refused, but for that somebody else was first.
pub(super) fn refused(refusal: Refusal) -> ApiError {
    match refusal {
        Refusal::Forbidden(kind) => kind.into(),
        Refusal::Stale => Kind::StaleVersion.into(),
        Refusal::NotAhead | Refusal::TooFarAhead => {
            ApiError::invalid(wrong_instant(refusal).into_iter().collect())
        }
        Refusal::Exhausted => ApiError::internal("the policy's versions are exhausted"),
    }
}

/// More tokens would end at once than the caller allowed.
fn exceeded(tokens: u64) -> ApiError {
    ApiError::new(Kind::MoreWouldEnd).detail(format!(
        "{tokens} tokens would stop working the moment it comes into force; nothing was changed"
    ))
}

#[derive(Deserialize, Serialize)]
struct Before {
    version: u32,
}

/// Every version, newest first
///
/// Those that are scheduled and those that were cancelled are among them. For the plan's System Admins.
#[utoipa::path(
    get, path = "/plans/{plan}/expiration-policy/history", tag = "policy",
    operation_id = "list_expiration_policy_versions",
    params(
        ("plan" = String, Path, description = "The plan's id"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200,
            description = "Items on a page; 50 without it"),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "A page of versions", body = Page<RecordedPolicy>),
        HistoryProblems,
    ),
    security(("session" = []), ("token" = ["policy:read"])),
)]
pub(crate) async fn history(
    State(app): State<AppState>,
    admin: SystemAdmin<PolicyRead>,
    Query(query): Query<PageQuery>,
) -> ApiResult<Json<Page<RecordedPolicy>>> {
    let (limit, before) = (query.limit()?, query.cursor::<Before>()?);
    let mut tx = app.store.peek().await?;
    let policies = load(&mut tx, admin.member().plan()).await?;
    let mut items = policies.recorded();
    items.retain(|version| {
        before
            .as_ref()
            .is_none_or(|before| version.version < before.version)
    });
    let more = items.len() > limit;
    items.truncate(limit);
    let next_cursor = items.last().filter(|_| more).map(|last| {
        paging::encode(&Before {
            version: last.version,
        })
    });
    Ok(Json(Page { items, next_cursor }))
}

/// The plan's policies.
pub(super) async fn load(tx: &mut Tx, plan: &PlanId) -> ApiResult<PlanPolicies> {
    let policies = policies::history(tx, plan).await?;
    policies.ok_or_else(|| ApiError::internal("a plan without a policy version"))
}

fn reply(policy: ExpirationPolicy) -> ApiResult<Response> {
    Ok(([(ETAG, etag(&policy)?)], Json(policy)).into_response())
}

fn etag(policy: &ExpirationPolicy) -> ApiResult<HeaderValue> {
    HeaderValue::try_from(policy.etag()).map_err(|error| ApiError::internal(error.to_string()))
}

/// Whether `If-None-Match` names this version, by the weak comparison (RFC 9110, section 13.1.2).
fn has_already(headers: &HeaderMap, policy: &ExpirationPolicy) -> bool {
    headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|tag| tag.trim().trim_start_matches("W/"))
        .any(|tag| tag == "*" || tag == policy.etag())
}
