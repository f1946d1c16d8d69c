//! `/plans/{plan}/audit-events`: who did what in a plan, and whether the log is as it was written.

use tenure_domain::{
    id::PlanId,
    wire::{
        audit::{AuditEvent, AuditVerification},
        page::Page,
    },
};

use super::{
    Call, Client,
    transport::{self, Method, Request},
};
use crate::route::escape;

fn path(plan: &PlanId) -> String {
    format!("/plans/{}/audit-events", escape(plan.as_str()))
}

/// The events that a query asks for, from `cursor` on. The query is `name=value` pairs joined by `&`.
///
/// # Errors
/// `role_required`, and what every call can meet.
pub fn list(
    client: Client,
    plan: &PlanId,
    query: &str,
    cursor: Option<&str>,
) -> Call<Page<AuditEvent>> {
    let cursor = cursor.map_or_else(String::new, |cursor| format!("&cursor={}", escape(cursor)));
    let path = format!("{}?{query}{cursor}", path(plan));
    client.call(Request::new(Method::Get, path))
}

/// The address of a file with all events that a query asks for, for a link.
#[must_use]
pub fn file(plan: &PlanId, query: &str, format: &str) -> String {
    format!(
        "{}{}?{query}&format={format}",
        transport::base_url(),
        path(plan)
    )
}

/// Walks along the log's chain. That may take a while.
///
/// # Errors
/// `role_required`, `unavailable` while somebody else has it walked along, and what every call can meet.
pub fn verify(client: Client, plan: &PlanId) -> Call<AuditVerification> {
    let path = format!("{}/verification", path(plan));
    client.call(Request::new(Method::Post, path).long())
}
