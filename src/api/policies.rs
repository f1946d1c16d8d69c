//! `/plans/{plan}/expiration-policy`: the plan's one rule, and its history.

use tenure_domain::{
    id::PlanId,
    policy::Seen,
    wire::{
        page::Page,
        policies::{ExpirationPolicy, PutExpirationPolicy, RecordedPolicy, etag},
    },
};

use super::{
    Call, Client,
    transport::{Method, Request},
};
use crate::route::escape;

fn path(plan: &PlanId) -> String {
    format!("/plans/{}/expiration-policy", escape(plan.as_str()))
}

/// The policy in force.
///
/// # Errors
/// `not_found` for a plan that the caller is not in, and what every call can meet.
pub fn get(client: Client, plan: &PlanId) -> Call<ExpirationPolicy> {
    client.call(Request::new(Method::Get, path(plan)))
}

/// Changes the policy, if what the caller has `seen` is still so (rule R8).
///
/// # Errors
/// `stale_version` with the policy that is in force instead, `validation_failed` with pointers,
/// `role_required`, `plan_tier_required`, and what every call can meet.
pub fn put(
    client: Client,
    plan: &PlanId,
    policy: &PutExpirationPolicy,
    seen: Seen,
) -> Call<ExpirationPolicy> {
    client.call(
        Request::new(Method::Put, path(plan))
            .json(policy)
            .if_match(etag(seen)),
    )
}

/// Cancels what is scheduled, if what the caller has `seen` is still so.
///
/// # Errors
/// `stale_version` with what there is instead, `role_required`, `plan_tier_required`, and what every call
/// can meet.
pub fn cancel(client: Client, plan: &PlanId, seen: Seen) -> Call<ExpirationPolicy> {
    let path = format!("{}/scheduled", path(plan));
    let request = Request::new(Method::Delete, path);
    client.call(request.if_match(etag(seen)))
}

/// Every version, the newest first, from `cursor` on.
///
/// # Errors
/// What every call can meet.
pub fn history(client: Client, plan: &PlanId, cursor: Option<&str>) -> Call<Page<RecordedPolicy>> {
    let query = cursor.map_or_else(String::new, |cursor| format!("?cursor={}", escape(cursor)));
    let path = format!("{}/history{query}", path(plan));
    client.call(Request::new(Method::Get, path))
}
