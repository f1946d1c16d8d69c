//! `/verify`: is this token good? For proxies that ask before they let a call through: nginx
//! `auth_request`, Caddy `forward_auth`, Traefik and Envoy.
//!
//! They send the method of the call that they guard, and Envoy appends its path, so any method and any
//! path below `/verify` are answered alike. Only `Authorization` is read: the cookies of the guarded
//! application are none of Tenure's business.

use axum::{
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue},
    response::{IntoResponse, Response},
};
use tenure_domain::scope::Scopes;
use uuid::Uuid;

use crate::{
    auth::Bearer,
    error::{ApiError, ApiResult},
    openapi::operation_problems,
    state::AppState,
};

operation_problems! {
    VerifyProblems: TokenMissing TokenMalformed TokenUnknown TokenExpired TokenRevoked
        InsufficientScope RateLimited;
}

const SUBJECT: HeaderName = HeaderName::from_static("x-tenure-sub");
const PLAN: HeaderName = HeaderName::from_static("x-tenure-plan");
const SCOPE: HeaderName = HeaderName::from_static("x-tenure-scope");
const TOKEN_ID: HeaderName = HeaderName::from_static("x-tenure-token-id");
const REQUIRED_SCOPE: HeaderName = HeaderName::from_static("x-required-scope");

/// Is this token good?
///
/// For proxies that ask before they let a call through. Every method is answered alike, and so is every
/// path below `/verify/`. `X-Required-Scope` names scopes, separated by spaces or commas, of which the token
/// needs every one.
#[utoipa::path(
    get, path = "/verify", tag = "verify", operation_id = "verify",
    params(("X-Required-Scope" = Option<String>, Header, description = "Scopes that the call needs")),
    responses(
        (status = 200, description = "It works",
            headers(
                ("X-Tenure-Sub" = String, description = "The owner's id"),
                ("X-Tenure-Plan" = String, description = "The plan's id"),
                ("X-Tenure-Scope" = String, description = "The token's scopes, separated by spaces"),
                ("X-Tenure-Token-Id" = String, description = "The token's id"),
                ("X-Token-Expires-At" = String, description = "When it ends, or `never`"),
                ("X-Token-Expires-In" = i64, description = "The seconds that it has left"),
            )),
        VerifyProblems,
    ),
    security(("token" = [])),
)]
pub(crate) async fn verify(
    State(app): State<AppState>,
    bearer: Bearer,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let verified = bearer.verified();
    if let Some(needed) = lacking(&headers, &verified.scope) {
        return Err(bearer.lacks(&app, &needed));
    }
    // An empty scope is sent as well: it overwrites what a client may have sent upstream itself.
    let facts = [
        (SUBJECT, id(verified.owner)?),
        (PLAN, id(verified.plan)?),
        (SCOPE, scope(&verified.scope)?),
        (TOKEN_ID, id(verified.token)?),
    ];
    bearer.record_use(&app).await?;
    Ok(facts.into_response())
}

/// The scopes that the call needs, unless the token has them all. A header that is no text names a scope
/// that nobody has.
fn lacking(headers: &HeaderMap, scopes: &Scopes) -> Option<String> {
    let needed: Vec<&str> = headers
        .get_all(REQUIRED_SCOPE)
        .iter()
        .map(|value| value.to_str().unwrap_or("?"))
        .flat_map(|text| text.split([' ', ',', '\t']))
        .filter(|name| !name.is_empty())
        .collect();
    let has_all = needed.iter().all(|name| scopes.has(name));
    (!has_all).then(|| needed.join(" "))
}

fn scope(scopes: &Scopes) -> ApiResult<HeaderValue> {
    if scopes.is_empty() {
        return Ok(HeaderValue::from_static(""));
    }
    HeaderValue::from_str(&scopes.to_string())
        .map_err(|error| ApiError::internal(error.to_string()))
}

fn id(id: Uuid) -> ApiResult<HeaderValue> {
    let mut buffer = Uuid::encode_buffer();
    HeaderValue::from_str(id.hyphenated().encode_lower(&mut buffer))
        .map_err(|error| ApiError::internal(error.to_string()))
}
