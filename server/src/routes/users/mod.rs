//! `/plans/{plan}/users`: the people of a plan, what they are in it, and ending what acts in their name (R10).

mod list;
mod view;

use axum::extract::State;
use tenure_domain::{
    id::{PlanId, UserId},
    membership::{Change, Refused, is_for_people, may_change},
    problem::Kind,
    time::Timestamp,
    wire::users::{Deactivation, PlanUser, RoleChange},
};

pub(crate) use self::list::{__path_list, Standing, list};
use self::view::Around;
use crate::{
    address::ClientAddress,
    auth::{Access, SystemAdmin, UsersWrite},
    error::{ApiError, ApiResult},
    extract::{Json, Path},
    openapi::operation_problems,
    ops::{Actor, members as op},
    state::AppState,
    store::{
        Tx,
        memberships::{self, PlanMember},
    },
};

operation_problems! {
    ReadProblems: InvalidRequest TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired
        TokenRevoked InsufficientScope RoleRequired NotFound;
    WriteProblems: TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired TokenRevoked
        InsufficientScope RoleRequired OriginRefused NotFound Conflict;
    RoleProblems: InvalidJson TokenMissing SessionExpired TokenMalformed TokenUnknown TokenExpired TokenRevoked
        InsufficientScope RoleRequired OriginRefused NotFound Conflict BodyTooLarge UnsupportedMediaType
        ValidationFailed;
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
    let around = Around::load(&mut tx, plan, now).await?;
    around.deactivation(&mut tx, member).await.map(Json)
}

/// Deactivates a user in the plan
///
/// Every token and every connected app of theirs in the plan ends at once, for good, they can no longer act in
/// it, and whom they invited cannot accept any more. The answer says what ended. The last System Admin cannot be
/// deactivated, and nobody deactivates themselves.
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
    let before = Around::load(&mut tx, plan, now).await?;
    let mut ended = before.deactivation(&mut tx, found).await?;
    allowed(&admin, &ended.user, Change::Deactivation).map_err(refusal)?;
    op::deactivate(&mut tx, now, &actor(&admin, address), plan, &id).await?;
    let found = member(&mut tx, plan, &id).await?;
    ended.user = around(&mut tx, plan, now, found).await?;
    tx.commit().await?;
    Ok(Json(ended))
}

/// Reactivates a user in the plan
///
/// They can act in it again. Nothing that ended comes back. No token may do this for somebody who was System Admin:
/// whoever makes System Admins has signed in.
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
    let found = member(&mut tx, plan, &id).await?;
    let user = around(&mut tx, plan, now, found).await?;
    if is_for_people(user.place(), Change::Reactivation) {
        admin.member().in_person()?;
    }
    op::reactivate(&mut tx, now, &actor(&admin, address), plan, &id).await?;
    let found = member(&mut tx, plan, &id).await?;
    let user = around(&mut tx, plan, now, found).await?;
    tx.commit().await?;
    Ok(Json(user))
}

/// Makes a user something else in the plan
///
/// From the next call on they may what their new role allows; nothing that they hold ends, but whom they invited cannot
/// accept any more once they are no System Admin. The plan's last System Admin stays one. No token may do this:
/// whoever makes System Admins has signed in.
#[utoipa::path(
    put, path = "/plans/{plan}/users/{user}/role", tag = "users", operation_id = "change_role",
    params(
        ("plan" = String, Path, description = "The plan's id"),
        ("user" = String, Path, description = "The user's id"),
    ),
    request_body = RoleChange,
    responses((status = 200, description = "The user", body = PlanUser), RoleProblems),
    security(("session" = [])),
)]
pub(crate) async fn change_role(
    State(app): State<AppState>,
    admin: SystemAdmin,
    address: ClientAddress,
    Path((_, id)): Path<(String, UserId)>,
    Json(asked): Json<RoleChange>,
) -> ApiResult<Json<PlanUser>> {
    let mut tx = app.store.write().await?;
    let now = app.clock.now();
    admin.membership_now(&mut tx).await?;
    let plan = admin.member().plan();
    let found = member(&mut tx, plan, &id).await?;
    let user = around(&mut tx, plan, now, found).await?;
    allowed(&admin, &user, Change::Role(asked.role))
        .map_err(|refused| refusal(refused).errors(vec![refused.at("/role")]))?;
    op::set_role(&mut tx, now, &actor(&admin, address), plan, &id, asked.role).await?;
    let found = member(&mut tx, plan, &id).await?;
    let user = around(&mut tx, plan, now, found).await?;
    tx.commit().await?;
    Ok(Json(user))
}

async fn member(tx: &mut Tx, plan: &PlanId, id: &UserId) -> ApiResult<PlanMember> {
    let member = memberships::member(tx, plan, id).await?;
    member.ok_or_else(|| Kind::NotFound.into())
}

/// Somebody as they stand in the plan by the time of `tx`.
async fn around(
    tx: &mut Tx,
    plan: &PlanId,
    now: Timestamp,
    member: PlanMember,
) -> ApiResult<PlanUser> {
    Around::load(tx, plan, now).await?.view(tx, member).await
}

fn allowed<A: Access>(
    admin: &SystemAdmin<A>,
    user: &PlanUser,
    change: Change,
) -> Result<(), Refused> {
    may_change(user.place(), change, user.id == admin.member().user().id)
}

fn refusal(refused: Refused) -> ApiError {
    ApiError::new(Kind::Conflict).detail(refused.to_string())
}

fn actor<A: Access>(admin: &SystemAdmin<A>, address: ClientAddress) -> Actor {
    Actor {
        user: Some(admin.member().user().id.clone()),
        address: address.to_text(),
    }
}
