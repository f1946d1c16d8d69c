//! Verifying the chain, from the first event of the server to its last, for an admin of one plan.

use std::{pin::Pin, time::Duration};

use axum::{
    body::{Body, Bytes},
    extract::State,
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
};
use futures_util::stream;
use tenure_domain::{id::PlanId, problem::Kind, time::Timestamp, wire::audit::AuditVerification};
use tokio::{
    sync::OwnedSemaphorePermit,
    time::{sleep, timeout},
};

use crate::{
    auth::{AuditRead, SystemAdmin},
    error::{ApiError, ApiResult},
    extract::Json,
    openapi::operation_problems,
    state::AppState,
    store::{
        StoreError,
        audit::Logged,
        audit_walk::{self, Verified},
    },
};

operation_problems! {
    VerifyProblems: TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired TokenRevoked
        InsufficientScope RoleRequired OriginRefused;
}

/// How long a walk may take before the answer begins without its end; then a sign of life comes as often.
const PATIENCE: Duration = Duration::from_secs(5);

/// Verifies the chain
///
/// Walks along the whole log, a page at a time; nobody waits for it. One walk goes on at a time: a second is
/// answered 503. Of a long log the answer begins with space before its end is known.
#[utoipa::path(
    post, path = "/plans/{plan}/audit-events/verification", tag = "audit",
    operation_id = "verify_audit_events",
    params(("plan" = String, Path, description = "The plan's id")),
    responses(
        (status = 200, description = "What was found", body = AuditVerification),
        VerifyProblems,
    ),
    security(("session" = []), ("token" = ["audit:read"])),
)]
pub(crate) async fn verify(
    State(app): State<AppState>,
    admin: SystemAdmin<AuditRead>,
) -> ApiResult<Response> {
    let permit = app.audit_walks.clone().try_acquire_owned();
    let permit = permit.map_err(|_| {
        ApiError::new(Kind::Unavailable).detail("the log is being verified already; ask again soon")
    })?;
    let mut walk: Walk = Box::pin(found(app, admin.member().plan().clone()));
    match timeout(PATIENCE, &mut walk).await {
        Ok(found) => Ok(Json(found?).into_response()),
        Err(_long) => {
            let headers = [(CONTENT_TYPE, "application/json")];
            Ok((headers, signs_of_life(walk, permit)).into_response())
        }
    }
}

type Walk = Pin<Box<dyn Future<Output = Result<AuditVerification, StoreError>> + Send>>;

/// A body that is space while the walk goes on, and then what it found. It goes on as long as somebody reads.
fn signs_of_life(walk: Walk, permit: OwnedSemaphorePermit) -> Body {
    let parts = stream::try_unfold(Some((walk, permit)), |state| async move {
        let Some((mut walk, permit)) = state else {
            return Ok::<_, StoreError>(None);
        };
        tokio::select! {
            found = &mut walk => {
                let json = serde_json::to_vec(&found?).unwrap_or_default();
                Ok(Some((Bytes::from(json), None)))
            }
            () = sleep(PATIENCE) => Ok(Some((Bytes::from_static(b" "), Some((walk, permit))))),
        }
    });
    Body::from_stream(parts)
}

async fn found(app: AppState, plan: PlanId) -> Result<AuditVerification, StoreError> {
    let mut found = AuditVerification {
        whole: false,
        events: 0,
        since: None,
        until: None,
    };
    let mut tally = |event: &Logged| {
        if event.plan_id.as_deref() == Some(plan.as_str()) {
            let at = Timestamp::from_millis(event.at);
            found.events = found.events.saturating_add(1);
            found.since.get_or_insert(at);
            found.until = Some(at);
        }
    };
    let verified = audit_walk::verify(&app.store, |event, _| tally(event)).await?;
    found.whole = matches!(verified, Verified::Whole(_));
    if let Verified::Broken { seq, fault } = verified {
        tracing::error!(seq, %fault, "the audit log is not as it was written");
    }
    Ok(found)
}
