//! `/plans/{plan}/notices`: the mails about a plan's tokens, and what became of each (R16).

use axum::extract::State;
use serde::{Deserialize, Serialize};
use tenure_domain::{
    id::NoticeId,
    notice::{NoticeKind, NoticeState},
    problem::Kind,
    wire::{notices::Notice, page::Page},
};

use super::paging::{self, PageQuery};
use crate::{
    address::ClientAddress,
    auth::{AuditRead, SystemAdmin, UsersWrite},
    error::{ApiError, ApiResult},
    extract::{Json, Path, Query},
    openapi::operation_problems,
    ops::{self, Actor},
    state::AppState,
    store::notices::ledger::{self, Filter},
};

operation_problems! {
    ListProblems: InvalidRequest TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired
        TokenRevoked InsufficientScope RoleRequired;
    AgainProblems: TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired TokenRevoked
        InsufficientScope RoleRequired OriginRefused NotFound Conflict;
}

#[derive(Deserialize, Serialize)]
struct Below {
    id: NoticeId,
}

/// What a list is narrowed to.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Narrowed {
    state: Option<NoticeState>,
    kind: Option<NoticeKind>,
}

/// The notices of the plan, newest first
///
/// Mails to owners of the plan's tokens, and to its System Admins where no mail reaches an owner.
#[utoipa::path(
    get, path = "/plans/{plan}/notices", tag = "notices", operation_id = "list_notices",
    params(
        ("plan" = String, Path, description = "The plan's id"),
        ("state" = Option<NoticeState>, Query, description = "Those of this state alone"),
        ("kind" = Option<NoticeKind>, Query, description = "Those of this kind alone"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200,
            description = "Items on a page; 50 without it"),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before"),
    ),
    responses((status = 200, description = "A page of notices", body = Page<Notice>), ListProblems),
    security(("session" = []), ("token" = ["audit:read"])),
)]
pub(crate) async fn list(
    State(app): State<AppState>,
    admin: SystemAdmin<AuditRead>,
    Query(page): Query<PageQuery>,
    Query(narrowed): Query<Narrowed>,
) -> ApiResult<Json<Page<Notice>>> {
    let (limit, below) = (page.limit()?, page.cursor::<Below>()?);
    let below = below.map(|below| below.id);
    let filter = Filter {
        state: narrowed.state,
        kind: narrowed.kind,
    };
    let fetched = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
    let mut tx = app.store.peek().await?;
    let plan = admin.member().plan();
    let mut items = ledger::page(&mut tx, plan, below.as_ref(), filter, fetched).await?;
    let more = items.len() > limit;
    items.truncate(limit);
    let last = items.last().filter(|_| more);
    let next_cursor = last.map(|last| {
        paging::encode(&Below {
            id: last.id.clone(),
        })
    });
    Ok(Json(Page { items, next_cursor }))
}

/// Sends a notice again
///
/// One that was sent or that failed; it is another mail. What waits is sent by itself, and what was
/// suppressed has nothing left to tell.
#[utoipa::path(
    post, path = "/plans/{plan}/notices/{notice}/send-again", tag = "notices",
    operation_id = "send_notice_again",
    params(
        ("plan" = String, Path, description = "The plan's id"),
        ("notice" = String, Path, description = "The notice's id"),
    ),
    responses((status = 200, description = "The notice, queued", body = Notice), AgainProblems),
    security(("session" = []), ("token" = ["users:write"])),
)]
pub(crate) async fn send_again(
    State(app): State<AppState>,
    admin: SystemAdmin<UsersWrite>,
    address: ClientAddress,
    Path((_, id)): Path<(String, NoticeId)>,
) -> ApiResult<Json<Notice>> {
    let mut tx = app.store.write().await?;
    let now = app.clock.now();
    admin.membership_now(&mut tx).await?;
    let plan = admin.member().plan();
    let found = ledger::get(&mut tx, plan, &id).await?;
    let found = found.ok_or(Kind::NotFound)?;
    let actor = Actor {
        user: Some(admin.member().user().id.clone()),
        address: address.to_text(),
    };
    if !ops::notices::send_again(&mut tx, now, &actor, plan, &found).await? {
        return Err(ApiError::new(Kind::Conflict).detail(
            "a notice that waits is sent by itself, and a suppressed one has nothing to tell",
        ));
    }
    let queued = ledger::get(&mut tx, plan, &id).await?;
    let queued = queued.ok_or(Kind::NotFound)?;
    tx.commit().await?;
    Ok(Json(queued))
}
