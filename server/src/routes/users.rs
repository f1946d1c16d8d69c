//! `/plans/{plan}/users`: the people of a plan, and ending what acts in their name (R10).

use axum::extract::State;
use serde::{Deserialize, Serialize};
use tenure_domain::{
    id::{PlanId, UserId},
    policy::Watermarks,
    problem::Kind,
    time::Timestamp,
    wire::{
        page::Page,
        tokens::ClientRef,
        users::{Deactivation, PlanUser},
    },
};

use super::paging::{self, PageQuery};
use crate::{
    address::ClientAddress,
    auth::{SystemAdmin, UsersWrite},
    error::{ApiError, ApiResult},
    extract::{Json, Path, Query},
    openapi::operation_problems,
    ops::{Actor, members as op},
    state::AppState,
    store::{
        Tx,
        memberships::{self, PlanMember},
        oauth_clients, oauth_grants, policies, tokens,
    },
};

operation_problems! {
    ReadProblems: InvalidRequest TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired
        TokenRevoked InsufficientScope RoleRequired NotFound;
    WriteProblems: TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired TokenRevoked
        InsufficientScope RoleRequired OriginRefused NotFound Conflict;
}

/// Names of tokens that are listed before somebody is deactivated.
const NAMES: i64 = 20;

#[derive(Deserialize, Serialize)]
struct After {
    id: String,
}

/// The people of the plan
#[utoipa::path(
    get, path = "/plans/{plan}/users", tag = "users", operation_id = "list_users",
    params(
        ("plan" = String, Path, description = "The plan's id"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200,
            description = "Items on a page; 50 without it"),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before"),
    ),
    responses((status = 200, description = "A page of users", body = Page<PlanUser>), ReadProblems),
    security(("session" = []), ("token" = ["users:write"])),
)]
pub(crate) async fn list(
    State(app): State<AppState>,
    admin: SystemAdmin<UsersWrite>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<PlanUser>>> {
    let (limit, after) = (page.limit()?, page.cursor::<After>()?);
    let after = after.map(|after| after.id).unwrap_or_default();
    let mut tx = app.store.read().await?;
    let now = app.clock.now();
    let plan = admin.member().plan();
    let fetched = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
    let found = memberships::members_page(&mut tx, plan, &after, fetched).await?;
    let next_cursor = (found.len() > limit)
        .then(|| found.get(limit.saturating_sub(1)))
        .flatten()
        .map(|last| {
            paging::encode(&After {
                id: last.user.id.0.clone(),
            })
        });
    let mut items = Vec::with_capacity(limit);
    for member in found.into_iter().take(limit) {
        items.push(view(&mut tx, plan, member, now).await?);
    }
    Ok(Json(Page { items, next_cursor }))
}

/// What deactivating a user would end
#[utoipa::path(
    get, path = "/plans/{plan}/users/{user}/deactivate", tag = "users",
    operation_id = "preview_deactivation",
    params(
        ("plan" = String, Path, description = "The plan's id"),
        ("user" = String, Path, description = "The user's id"),
    ),
    responses(
        (status = 200, description = "By number and name", body = Deactivation),
        ReadProblems,
    ),
    security(("session" = []), ("token" = ["users:write"])),
)]
pub(crate) async fn preview(
    State(app): State<AppState>,
    admin: SystemAdmin<UsersWrite>,
    Path((_, id)): Path<(String, UserId)>,
) -> ApiResult<Json<Deactivation>> {
    let mut tx = app.store.read().await?;
    let now = app.clock.now();
    let plan = admin.member().plan();
    let member = member(&mut tx, plan, &id).await?;
    deactivation(&mut tx, plan, member, now).await.map(Json)
}

/// Deactivates a user in the plan
///
/// Every token and every connected app of theirs in the plan ends at once, for good, and they can no longer
/// act in it. The answer says what ended. The last System Admin cannot be deactivated, and nobody
/// deactivates themselves.
#[utoipa::path(
    post, path = "/plans/{plan}/users/{user}/deactivate", tag = "users",
    operation_id = "deactivate_user",
    params(
        ("plan" = String, Path, description = "The plan's id"),
        ("user" = String, Path, description = "The user's id"),
    ),
    responses(
        (status = 200, description = "What ended", body = Deactivation),
        WriteProblems,
    ),
    security(("session" = []), ("token" = ["users:write"])),
)]
pub(crate) async fn deactivate(
    State(app): State<AppState>,
    admin: SystemAdmin<UsersWrite>,
    address: ClientAddress,
    Path((_, id)): Path<(String, UserId)>,
) -> ApiResult<Json<Deactivation>> {
    let mut tx = app.store.write().await?;
    let now = app.clock.now();
    admin.membership_now(&mut tx).await?;
    let plan = admin.member().plan();
    let found = member(&mut tx, plan, &id).await?;
    if id == admin.member().user().id {
        return Err(conflict(
            "you cannot deactivate yourself; another System Admin can",
        ));
    }
    if found.role.administers()
        && found.deactivated.is_none()
        && memberships::count_admins(&mut tx, plan).await? <= 1
    {
        return Err(conflict("this is the plan's last System Admin"));
    }
    let mut ended = deactivation(&mut tx, plan, found, now).await?;
    op::deactivate(&mut tx, now, &actor(&admin, address), plan, &id).await?;
    let found = member(&mut tx, plan, &id).await?;
    ended.user = view(&mut tx, plan, found, now).await?;
    tx.commit().await?;
    Ok(Json(ended))
}

/// Reactivates a user in the plan
///
/// They can act in it again. Nothing that ended comes back.
#[utoipa::path(
    post, path = "/plans/{plan}/users/{user}/reactivate", tag = "users",
    operation_id = "reactivate_user",
    params(
        ("plan" = String, Path, description = "The plan's id"),
        ("user" = String, Path, description = "The user's id"),
    ),
    responses((status = 200, description = "The user", body = PlanUser), WriteProblems),
    security(("session" = []), ("token" = ["users:write"])),
)]
pub(crate) async fn reactivate(
    State(app): State<AppState>,
    admin: SystemAdmin<UsersWrite>,
    address: ClientAddress,
    Path((_, id)): Path<(String, UserId)>,
) -> ApiResult<Json<PlanUser>> {
    let mut tx = app.store.write().await?;
    let now = app.clock.now();
    admin.membership_now(&mut tx).await?;
    let plan = admin.member().plan();
    member(&mut tx, plan, &id).await?;
    op::reactivate(&mut tx, now, &actor(&admin, address), plan, &id).await?;
    let found = member(&mut tx, plan, &id).await?;
    let user = view(&mut tx, plan, found, now).await?;
    tx.commit().await?;
    Ok(Json(user))
}

async fn member(tx: &mut Tx, plan: &PlanId, id: &UserId) -> ApiResult<PlanMember> {
    let member = memberships::member(tx, plan, id).await?;
    member.ok_or_else(|| Kind::NotFound.into())
}

async fn deactivation(
    tx: &mut Tx,
    plan: &PlanId,
    member: PlanMember,
    now: Timestamp,
) -> ApiResult<Deactivation> {
    let whose = (plan, &member.user.id);
    let marks = watermarks(tx, plan, now).await?;
    let token_names = tokens::names_of_owner(tx, whose, marks, now, NAMES).await?;
    let mut clients: Vec<ClientRef> = Vec::new();
    for grant in oauth_grants::live_of_member(tx, &member.user.id, plan).await? {
        if clients.iter().all(|client| client.id != grant.client) {
            let name = oauth_clients::name(tx, &grant.client).await?;
            clients.push(ClientRef {
                id: grant.client,
                name: name.unwrap_or_default(),
            });
        }
    }
    let user = view(tx, plan, member, now).await?;
    Ok(Deactivation {
        tokens: user.working_tokens,
        token_names,
        clients,
        user,
    })
}

async fn view(
    tx: &mut Tx,
    plan: &PlanId,
    member: PlanMember,
    now: Timestamp,
) -> ApiResult<PlanUser> {
    let marks = watermarks(tx, plan, now).await?;
    let whose = (plan, &member.user.id);
    let working = tokens::count_of_owner(tx, whose, marks, now).await?;
    let (deactivated_at, deactivated_by) = member.deactivated.unzip();
    Ok(PlanUser {
        id: member.user.id,
        name: member.user.name,
        email: member.email,
        role: member.role,
        joined_at: member.joined_at,
        working_tokens: u32::try_from(working).unwrap_or(u32::MAX),
        deactivated_at,
        deactivated_by: deactivated_by.flatten(),
    })
}

async fn watermarks(tx: &mut Tx, plan: &PlanId, now: Timestamp) -> ApiResult<Watermarks> {
    let policies = policies::history(tx, plan).await?;
    let policies = policies.ok_or_else(|| ApiError::internal("a plan without a policy version"))?;
    Ok(policies.history.watermarks_at(now))
}

fn conflict(detail: &str) -> ApiError {
    ApiError::new(Kind::Conflict).detail(detail)
}

fn actor(admin: &SystemAdmin<UsersWrite>, address: ClientAddress) -> Actor {
    Actor {
        user: Some(admin.member().user().id.clone()),
        address: address.to_text(),
    }
}
