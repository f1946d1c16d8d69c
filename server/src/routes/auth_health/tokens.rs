//! `/plans/{plan}/auth-health/tokens`: from a spike to the tokens behind it.

use axum::extract::State;
use serde::Deserialize;
use tenure_domain::{
    problem::Kind,
    time::{DAY, Timestamp},
    wire::auth_health::{Class, KEPT_BY_HOUR, KEPT_BY_MINUTE, Outcome, SeenTokens, Window},
};

use super::{FilterQuery, HealthProblems, seen};
use crate::{
    auth::{AuditRead, SystemAdmin},
    error::{ApiError, ApiResult},
    extract::{Json, Query},
    state::AppState,
    store::{auth_counts::Filter, refusals, token_callers},
};

/// Tokens that are told.
const MOST: i64 = 50;

#[derive(Deserialize)]
pub(crate) struct SpanQuery {
    from: Option<Timestamp>,
    to: Option<Timestamp>,
}

impl SpanQuery {
    /// The span that is asked for; the last day without one.
    fn parse(self, now: Timestamp) -> ApiResult<[Timestamp; 2]> {
        let [day_ago, end] = Window::Day.span(now);
        let span = [self.from.unwrap_or(day_ago), self.to.unwrap_or(end)];
        if (1..=KEPT_BY_HOUR).contains(&span[1].millis_since(span[0])) {
            Ok(span)
        } else {
            let words = "`from` lies before `to`, by 90 days at most";
            Err(ApiError::new(Kind::InvalidRequest).detail(words))
        }
    }
}

/// The tokens behind what was seen
///
/// Those with the most calls of an outcome, a resource, a client within a span. Refused calls of the last day are
/// found to the instant; whatever else is, by the UTC day. Of a span with both its ends, shorter than a day, they
/// are told alone, if there are any, unless an outcome is asked for: they are what stands out.
#[utoipa::path(
    get, path = "/plans/{plan}/auth-health/tokens", tag = "audit", operation_id = "list_seen_tokens",
    params(
        ("plan" = String, Path, description = "The plan's id"),
        ("from" = Option<Timestamp>, Query, description = "From this instant on; a day ago without it"),
        ("to" = Option<Timestamp>, Query, description = "Before this instant; now without it"),
        ("outcome" = Option<Outcome>, Query, description = "Only calls with this outcome"),
        ("resource" = Option<String>, Query, description = "Only calls of this resource"),
        ("client" = Option<String>, Query,
            description = "Only tokens of this client; empty for user access tokens"),
    ),
    responses((status = 200, description = "The tokens", body = SeenTokens), HealthProblems),
    security(("session" = []), ("token" = ["audit:read"])),
)]
pub(crate) async fn behind(
    State(app): State<AppState>,
    admin: SystemAdmin<AuditRead>,
    Query(span): Query<SpanQuery>,
    Query(filter): Query<FilterQuery>,
) -> ApiResult<Json<SeenTokens>> {
    let now = app.clock.now();
    let has_end = span.to.is_some();
    let [from, to] = span.parse(now)?;
    app.sightings.flush(&app.store, now).await?;
    let (plan, filter) = (admin.member().plan(), Filter::from(filter));
    let is_kept = now.millis_since(from) <= KEPT_BY_MINUTE + Window::Day.step();
    let refused = filter.outcome.map(is_refused);
    // A window that goes on to now is all that was seen in it.
    let is_part = has_end && to.millis_since(from) < DAY;
    let mut tx = app.store.peek().await?;
    let mut found = Vec::new();
    if is_kept && refused.unwrap_or(is_part) {
        found = refusals::behind(&mut tx, plan, [from, to], &filter, MOST).await?;
    }
    let by_day = !(is_kept && refused == Some(true)) && found.is_empty();
    if by_day {
        found = token_callers::behind(&mut tx, plan, [from, to], &filter, MOST).await?;
    }
    drop(tx);
    let tokens = seen::tokens(&app, plan, found, now).await?;
    Ok(Json(SeenTokens {
        from,
        to,
        by_day,
        tokens,
    }))
}

/// Whether calls with this outcome are kept one by one.
fn is_refused(outcome: Outcome) -> bool {
    matches!(
        outcome.class(),
        Class::Unauthorized | Class::Forbidden | Class::RefreshFailed
    )
}
