//! `/plans/{plan}/scopes`: what tokens of a plan may be used for.

use tenure_domain::{
    id::PlanId,
    wire::scopes::{PutScope, Scope, ScopeList},
};

use super::{
    Call, Client,
    transport::{Method, Request},
};
use crate::route::escape;

fn path(plan: &PlanId) -> String {
    format!("/plans/{}/scopes", escape(plan.as_str()))
}

fn path_of(plan: &PlanId, name: &str) -> String {
    format!("{}/{}", path(plan), escape(name))
}

/// Every scope: Tenure's own, then the plan's by name.
///
/// # Errors
/// What every call can meet.
pub fn list(client: Client, plan: &PlanId) -> Call<Vec<Scope>> {
    let list: Call<ScopeList> = client.call(Request::new(Method::Get, path(plan)));
    list.map(|list| list.items)
}

/// Defines a scope of the plan, or words it anew.
///
/// # Errors
/// `validation_failed`, with the pointer `""` for the name; `role_required`, and what every call can meet.
pub fn put(client: Client, plan: &PlanId, name: &str, scope: &PutScope) -> Call<Scope> {
    client.call(Request::new(Method::Put, path_of(plan, name)).json(scope))
}

/// Removes a scope of the plan.
///
/// # Errors
/// `not_found`, `role_required`, and what every call can meet.
pub fn delete(client: Client, plan: &PlanId, name: &str) -> Call<()> {
    client.call_empty(Request::new(Method::Delete, path_of(plan, name)))
}
