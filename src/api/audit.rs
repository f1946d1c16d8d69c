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

/// The events that a query asks for, from `cursor` on. The query's `name=value` pairs stand each after an
/// `&`.
///
/// # Errors
/// `role_required`, and what every call can meet.
pub fn list(
    client: Client,
    plan: &PlanId,
    query: &str,
    cursor: Option<&str>,
) -> Call<Page<AuditEvent>> {
    client.call(Request::page(&path(plan), "50", query, cursor))
}

/// The address of a file with all events that a query asks for, for a link.
#[must_use]
pub fn file(plan: &PlanId, query: &str, format: &str) -> String {
    format!(
        "{}{}?format={format}{query}",
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
