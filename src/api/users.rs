//! `/plans/{plan}/users`: the people of a plan, and ending what acts in their name.

use tenure_domain::{
    id::{PlanId, UserId},
    plan::Role,
    wire::{
        page::Page,
        users::{Deactivation, PlanUser, RoleChange},
    },
};

use super::{
    Call, Client,
    transport::{Method, Request},
};
use crate::route::escape;

fn path(plan: &PlanId) -> String {
    format!("/plans/{}/users", escape(plan.as_str()))
}

fn path_of(plan: &PlanId, user: &UserId, change: &str) -> String {
    format!("{}/{}/{change}", path(plan), escape(user.as_str()))
}

/// The people of a plan whom `query` asks for, from `cursor` on.
///
/// # Errors
/// `role_required`, and what every call can meet.
pub fn list(
    client: Client,
    plan: &PlanId,
    query: &str,
    cursor: Option<&str>,
) -> Call<Page<PlanUser>> {
    client.call(Request::page(&path(plan), "50", query, cursor))
}

/// Makes somebody something else in the plan, and says how they stand now.
///
/// # Errors
/// `conflict` with a sentence for the last System Admin, `not_found`, and what every call can meet.
pub fn change_role(client: Client, plan: &PlanId, user: &UserId, role: Role) -> Call<PlanUser> {
    let path = path_of(plan, user, "role");
    client.call(Request::new(Method::Put, path).json(&RoleChange { role }))
}

/// What deactivating somebody would end.
///
/// # Errors
/// `not_found`, and what every call can meet.
pub fn preview(client: Client, plan: &PlanId, user: &UserId) -> Call<Deactivation> {
    let path = path_of(plan, user, "deactivate");
    client.call(Request::new(Method::Get, path))
}

/// Deactivates somebody, and says what that has ended.
///
/// # Errors
/// `conflict` with a sentence for oneself and for the last System Admin, `not_found`, and what every
/// call can meet.
pub fn deactivate(client: Client, plan: &PlanId, user: &UserId) -> Call<Deactivation> {
    let path = path_of(plan, user, "deactivate");
    client.call(Request::new(Method::Post, path))
}

/// Reactivates somebody, and says how they stand now.
///
/// # Errors
/// `not_found`, and what every call can meet.
pub fn reactivate(client: Client, plan: &PlanId, user: &UserId) -> Call<PlanUser> {
    let path = path_of(plan, user, "reactivate");
    client.call(Request::new(Method::Post, path))
}
