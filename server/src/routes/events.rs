//! `/events`: what changed elsewhere, as it happens.

use axum::{
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, header::CACHE_CONTROL},
    response::{IntoResponse, Response, sse::Sse},
};
use serde::Deserialize;
use tenure_domain::{live, problem::Kind, scope::OwnScope, wire::live::Change};

use crate::{
    auth::{self, Caller, Credential},
    error::{ApiError, ApiResult},
    extract::Query,
    live::{listener::Listener, stream},
    openapi::operation_problems,
    state::AppState,
};

operation_problems! {
    StreamProblems: InvalidRequest TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired TokenRevoked
        InsufficientScope RoleRequired RateLimited;
}

/// By which browsers say up to where they have heard.
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
/// nginx holds events back otherwise, until there are enough of them.
const ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// Where to go on.
#[derive(Debug, Deserialize)]
pub(crate) struct After {
    after: Option<i64>,
}

/// What changed elsewhere
///
/// A stream of server-sent events that stays open. `change` tells that something is to be loaded again: the plan,
/// and the topics that changed, as far as the caller may read them. `reset` tells that changes may have been
/// missed, and everything is to be loaded again. An event's id is a place to go on from.
///
/// Members hear of what is their own, and of their plans' policy and scopes; System Admins of everything in their
/// plans; programs of what their scopes let them read.
#[utoipa::path(
    get, path = "/events", tag = "events", operation_id = "events",
    params(
        ("after" = Option<i64>, Query,
            description = "The id of the last event that was heard, or the `position` of the session"),
        ("Last-Event-ID" = Option<i64>, Header,
            description = "The same, as browsers send it when they come back; it comes before `after`"),
    ),
    responses(
        (status = 200, description = "The stream; the data of its `change` events", body = Change,
            content_type = "text/event-stream"),
        StreamProblems,
    ),
    security(("session" = []), ("token" = [])),
)]
pub(crate) async fn stream(
    State(app): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    Query(asked): Query<After>,
) -> ApiResult<Response> {
    let credential = credential(&app, &caller, &headers).await?;
    let listener = Listener::look(&app, credential).await?;
    let listener = listener.ok_or(Kind::RoleRequired)?;
    let heard = headers.get(LAST_EVENT_ID);
    let heard = heard.and_then(|id| id.to_str().ok()?.parse().ok());
    let events = stream::open(app, listener, heard.or(asked.after)).await?;
    let headers = [
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (ACCEL_BUFFERING, HeaderValue::from_static("no")),
    ];
    Ok((headers, Sse::new(events)).into_response())
}

/// By what the caller listens. A program whose scopes let it read nothing of this is refused.
async fn credential(app: &AppState, caller: &Caller, headers: &HeaderMap) -> ApiResult<Credential> {
    let bearer = match caller {
        Caller::Person(person) => return Ok(Credential::Session(*person.session())),
        Caller::Program(bearer) => bearer,
    };
    if !live::opens_any(&bearer.verified().scope) {
        return Err(ApiError::insufficient_scope(OwnScope::TokensRead.as_str()));
    }
    bearer.record_use(app).await?;
    let hash = auth::token_hash(headers)?.ok_or(Kind::TokenMissing)?;
    Ok(Credential::Token(hash))
}
