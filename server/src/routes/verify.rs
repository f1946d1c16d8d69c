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
use tenure_domain::problem::Kind;
use uuid::Uuid;

use crate::{
    auth::Bearer,
    error::{ApiError, ApiResult},
    openapi::operation_problems,
    state::AppState,
};

operation_problems! {
    VerifyProblems: TokenMissing TokenMalformed TokenUnknown TokenExpired TokenRevoked
        InsufficientScope;
}

const SUBJECT: HeaderName = HeaderName::from_static("x-tenure-sub");
const PLAN: HeaderName = HeaderName::from_static("x-tenure-plan");
const SCOPE: HeaderName = HeaderName::from_static("x-tenure-scope");
const TOKEN_ID: HeaderName = HeaderName::from_static("x-tenure-token-id");
const REQUIRED_SCOPE: HeaderName = HeaderName::from_static("x-required-scope");

/// Is this token good?
///
/// For proxies that ask before they let a call through. Every method is answered alike, and so is every
/// path below `/verify/`. Tokens have no scopes yet, so `X-Required-Scope` refuses every token.
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
    if needs_scope(&headers) {
        return Err(Kind::InsufficientScope.into());
    }
    let verified = bearer.verified();
    // An empty scope is sent as well: it overwrites what a client may have sent upstream itself.
    let facts = [
        (SUBJECT, id(verified.owner)?),
        (PLAN, id(verified.plan)?),
        (SCOPE, HeaderValue::from_static("")),
        (TOKEN_ID, id(verified.token)?),
    ];
    bearer.note_use(&app);
    Ok(facts.into_response())
}

/// Whether the call needs any scope at all, which no token has yet.
fn needs_scope(headers: &HeaderMap) -> bool {
    headers
        .get_all(REQUIRED_SCOPE)
        .iter()
        .any(|value| !value.as_bytes().trim_ascii().is_empty())
}

fn id(id: Uuid) -> ApiResult<HeaderValue> {
    let mut buffer = Uuid::encode_buffer();
    HeaderValue::from_str(id.hyphenated().encode_lower(&mut buffer))
        .map_err(|error| ApiError::internal(error.to_string()))
}
