//! `/plans/{plan}/expiration-policy`: the plan's one rule (R1), guarded against two admins (R8).
//!
//! What a change means is decided in `tenure_domain::policy`; nothing here compares roles or versions.

use axum::{
    extract::{FromRequestParts, State},
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{ETAG, IF_MATCH, IF_NONE_MATCH},
        request::Parts,
    },
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use tenure_domain::{
    policy::Refusal,
    problem::Kind,
    wire::{
        page::Page,
        policies::{ExpirationPolicy, PutExpirationPolicy, version_of},
    },
};

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
    store::{Tx, policies},
};

operation_problems! {
    GetProblems: TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired TokenRevoked
        InsufficientScope RoleRequired;
    PutProblems: InvalidJson InvalidRequest TokenMissing SessionExpired TokenMalformed TokenUnknown
        TokenExpired TokenRevoked InsufficientScope RoleRequired PlanTierRequired OriginRefused
        StaleVersion BodyTooLarge UnsupportedMediaType ValidationFailed IfMatchRequired;
    HistoryProblems: InvalidRequest TokenMissing SessionExpired TokenMalformed TokenUnknown
        TokenExpired TokenRevoked InsufficientScope RoleRequired;
}

/// The policy in force
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
        (status = 200, description = "The version in force", body = ExpirationPolicy,
            headers(("ETag" = String, description = "The version, for `If-Match`"))),
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
    let policies = load(&mut tx, &member).await?;
    let policy = policies.wire(policies.history.current());
    if has_already(&headers, &policy) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, etag(&policy)?)]).into_response());
    }
    reply(policy)
}

/// Changes the policy
///
/// In force at once, for every token of the plan, also for those that are older than the change. Only
/// a System Admin may do so, and only on Business and Enterprise. Asking for the period that is in
/// force already changes nothing.
#[utoipa::path(
    put, path = "/plans/{plan}/expiration-policy", tag = "policy",
    operation_id = "put_expiration_policy",
    params(
        ("plan" = String, Path, description = "The plan's id"),
        ("If-Match" = String, Header, description = "The `ETag` of the version that the caller saw"),
    ),
    request_body = PutExpirationPolicy,
    responses(
        (status = 200, description = "The version now in force", body = ExpirationPolicy,
            headers(("ETag" = String, description = "The version, for `If-Match`"))),
        PutProblems,
    ),
    security(("session" = []), ("token" = ["policy:write"])),
)]
pub(crate) async fn put(
    State(app): State<AppState>,
    admin: SystemAdmin<PolicyWrite>,
    address: ClientAddress,
    Seen(seen): Seen,
    Json(asked): Json<PutExpirationPolicy>,
) -> ApiResult<Response> {
    let period = asked.parse()?;
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
        period,
    };
    match ops::policies::change(&mut tx, now, &ask).await? {
        Some(Outcome::InForce(policies)) => {
            tx.commit().await?;
            reply(policies.wire(policies.history.current()))
        }
        Some(Outcome::Refused(Refusal::Stale, policies)) => {
            Err(ApiError::stale(policies.wire(policies.history.current())))
        }
        Some(Outcome::Refused(Refusal::Forbidden(kind), _)) => Err(kind.into()),
        Some(Outcome::Refused(Refusal::Exhausted, _)) => {
            Err(ApiError::internal("the policy's versions are exhausted"))
        }
        None => Err(ApiError::internal("a plan without a policy version")),
    }
}

#[derive(Deserialize, Serialize)]
struct Before {
    version: u32,
}

/// Every version, newest first
///
/// For the plan's System Admins.
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
        (status = 200, description = "A page of versions", body = Page<ExpirationPolicy>),
        HistoryProblems,
    ),
    security(("session" = []), ("token" = ["policy:read"])),
)]
pub(crate) async fn history(
    State(app): State<AppState>,
    admin: SystemAdmin<PolicyRead>,
    Query(query): Query<PageQuery>,
) -> ApiResult<Json<Page<ExpirationPolicy>>> {
    let (limit, before) = (query.limit()?, query.cursor::<Before>()?);
    let mut tx = app.store.peek().await?;
    let policies = load(&mut tx, admin.member()).await?;
    let mut versions = policies.history.versions().rev().filter(|version| {
        before
            .as_ref()
            .is_none_or(|before| version.version < before.version)
    });
    let items: Vec<_> = versions
        .by_ref()
        .take(limit)
        .map(|version| policies.wire(version))
        .collect();
    let next_cursor = versions.next().and(items.last()).map(|last| {
        paging::encode(&Before {
            version: last.version,
        })
    });
    Ok(Json(Page { items, next_cursor }))
}

async fn load(tx: &mut Tx, member: &Member<PolicyRead>) -> ApiResult<policies::PlanPolicies> {
    let policies = policies::history(tx, member.plan()).await?;
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

/// The version that the caller saw, from `If-Match`.
///
/// `*` would mean "whatever it is", which is what R8 exists to refuse; it counts as missing. A weak tag
/// never matches (RFC 9110, section 13.1.1), and neither does one that is no version's.
#[derive(Debug)]
pub(crate) struct Seen(u32);

/// A version that no change can follow, so that no caller can have seen it in time.
const NO_VERSION: u32 = u32::MAX;

impl FromRequestParts<AppState> for Seen {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> ApiResult<Self> {
        let mut values = parts.headers.get_all(IF_MATCH).iter();
        match (values.next(), values.next()) {
            (None, _) => Err(Kind::IfMatchRequired.into()),
            (Some(value), None) => seen(value.to_str().unwrap_or_default()).map(Self),
            (Some(_), Some(_)) => Err(one_tag()),
        }
    }
}

fn seen(text: &str) -> ApiResult<u32> {
    let text = text.trim();
    let (weak, tag) = text
        .strip_prefix("W/")
        .map_or((false, text), |tag| (true, tag));
    let inner = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"'));
    match inner {
        _ if text == "*" => Err(ApiError::new(Kind::IfMatchRequired)
            .detail("name the version that you saw; * would overrule everybody else's change")),
        Some(inner) if !inner.contains('"') => {
            Ok(version_of(tag).filter(|_| !weak).unwrap_or(NO_VERSION))
        }
        _ => Err(one_tag()),
    }
}

fn one_tag() -> ApiError {
    ApiError::new(Kind::InvalidRequest)
        .detail("If-Match must hold one entity tag, as in If-Match: \"3\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn if_match_names_one_version() {
        let kind = |text| seen(text).map_err(|error| error.kind());
        assert_eq!(kind("\"3\""), Ok(3));
        assert_eq!(kind(" \"3\" "), Ok(3));
        assert_eq!(kind("W/\"3\""), Ok(NO_VERSION));
        assert_eq!(kind("\"three\""), Ok(NO_VERSION));
        assert_eq!(kind("*"), Err(Kind::IfMatchRequired));
        for text in ["", "3", "\"3", "\"3\", \"4\"", "W/3"] {
            assert_eq!(kind(text), Err(Kind::InvalidRequest), "{text}");
        }
    }
}
