//! `/plans/{plan}/audit-events`: who did what in a plan, newest first, and whether the log is as it was
//! written.
//!
//! Deliberately not here: events that belong to no plan (people sign in to the server), which an operator
//! reads, and the place at which a chain breaks, which may be another plan's.

mod export;
mod query;
mod verification;
mod view;

pub(in crate::routes) use query::{Form, FormQuery};
pub(crate) use verification::{__path_verify, verify};

use axum::{
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use tenure_domain::{
    id::PlanId,
    wire::{audit::AuditEvent, page::Page},
};

use self::{
    query::{Cursor, Filter},
    view::view,
};
use super::paging::{self, PageQuery};
use crate::{
    auth::{AuditRead, SystemAdmin},
    error::ApiResult,
    extract::{Json, Query},
    openapi::operation_problems,
    state::AppState,
    store::Tx,
};

operation_problems! {
    ListProblems: InvalidRequest TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired
        TokenRevoked InsufficientScope RoleRequired;
}

/// Events that are read at a time where a filter passes only some.
const STRIDE: usize = 500;
/// How many events one page looks at, at most. What lies further on is on the next page.
const MOST_READ: usize = 5_000;

/// The audit log of the plan
///
/// What people and the policy did, newest first. A page may have fewer events than asked for, or none, and
/// go on: then few events passed the filter. As CSV or NDJSON (by `Accept` or `format`), the answer is all
/// events that pass it.
#[utoipa::path(
    get, path = "/plans/{plan}/audit-events", tag = "audit", operation_id = "list_audit_events",
    params(
        ("plan" = String, Path, description = "The plan's id"),
        ("action" = Option<String>, Query, description = "Only this action"),
        ("actor" = Option<String>, Query, description = "Only what this user did, by their id"),
        ("target" = Option<String>, Query,
            description = "Only what was done to this: the id of a token, a user, a client…"),
        ("since" = Option<tenure_domain::time::Timestamp>, Query,
            description = "Only from this instant on"),
        ("until" = Option<tenure_domain::time::Timestamp>, Query,
            description = "Only before this instant"),
        ("text" = Option<String>, Query,
            description = "Only with this in the sentence, the details, the address or the target"),
        ("format" = Option<String>, Query,
            description = "`json`, `csv` or `ndjson`; without it, `Accept` says which"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200,
            description = "Items on a page; 50 without it"),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "A page of events, or all of them", content(
            (Page<AuditEvent> = "application/json"),
            (String = "text/csv"),
            (String = "application/x-ndjson"),
        )),
        ListProblems,
    ),
    security(("session" = []), ("token" = ["audit:read"])),
)]
pub(crate) async fn list(
    State(app): State<AppState>,
    admin: SystemAdmin<AuditRead>,
    Query(filter): Query<Filter>,
    Query(form): Query<FormQuery>,
    Query(page): Query<PageQuery>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let filter = filter.parse()?;
    match form.form(&headers) {
        Form::Json => {}
        form => return Ok(export::answer(app, admin, filter, form)),
    }
    let plan = admin.member().plan();
    let (limit, cursor) = (page.limit()?, page.cursor::<Cursor>()?);
    let mut tx = app.store.read().await?;
    let page = read(&mut tx, plan, &filter, cursor.as_ref(), limit).await?;
    Ok(Json(page).into_response())
}

/// The events below the cursor that pass the filter, at most `limit` of them.
async fn read(
    tx: &mut Tx,
    plan: &PlanId,
    filter: &Filter,
    cursor: Option<&Cursor>,
    limit: usize,
) -> ApiResult<Page<AuditEvent>> {
    let mut place = match cursor {
        Some(cursor) => cursor.place(tx, plan).await?,
        None => filter.beginning(),
    };
    // One more than fits, to see whether there are more.
    let stride = if filter.is_the_walk() {
        limit + 1
    } else {
        STRIDE
    };
    let (mut items, mut read) = (Vec::new(), 0);
    let mut last = None;
    loop {
        let fetched = i64::try_from(stride).unwrap_or(i64::MAX);
        let entries = filter.walk(plan).below(tx, place, fetched).await?;
        let all = entries.len() < stride;
        for entry in entries {
            if items.len() == limit || read == MOST_READ {
                let next_cursor = last
                    .as_ref()
                    .map(|event| paging::encode(&Cursor::below(event)));
                return Ok(Page { items, next_cursor });
            }
            place = entry.place();
            read += 1;
            let event = view(&entry);
            if filter.passes(&event) {
                items.push(event.clone());
            }
            last = Some(event);
        }
        if all {
            return Ok(Page {
                items,
                next_cursor: None,
            });
        }
    }
}
