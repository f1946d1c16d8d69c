//! `/plans/{plan}/scopes`: what tokens of a plan may be used for.

use tenure_domain::{
    id::PlanId,
    wire::scopes::{Scope, ScopeList},
};

use super::{
    ApiError, Client,
    transport::{Method, Request},
};
use crate::route::escape;

/// Tenure's own scopes, then the plan's by name.
///
/// # Errors
/// What every call can meet.
pub async fn list(client: Client, plan: &PlanId) -> Result<Vec<Scope>, ApiError> {
    let path = format!("/plans/{}/scopes", escape(plan.as_str()));
    let all: ScopeList = client.call(Request::new(Method::Get, path)).await?;
    Ok(all.items)
}
