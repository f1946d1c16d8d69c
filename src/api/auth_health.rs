//! `/plans/{plan}/auth-health` and `/plans/{plan}/alerts`: what the verifier saw of a plan's tokens, and what of it
//! wants attention.

use tenure_domain::{
    id::PlanId,
    wire::{
        alerts::{Alert, AlertRule, AlertRules, PutAlertRule},
        auth_health::{AuthHealth, SeenTokens},
        page::Page,
    },
};

use super::{
    Call, Client,
    transport::{Method, Request},
};
use crate::route::escape;

fn path(plan: &PlanId, rest: &str) -> String {
    format!("/plans/{}/{rest}", escape(plan.as_str()))
}

/// What was seen. The query is `name=value` pairs joined by `&`.
///
/// # Errors
/// `role_required`, and what every call can meet.
pub fn get(client: Client, plan: &PlanId, query: &str) -> Call<AuthHealth> {
    let path = path(plan, &format!("auth-health?{query}"));
    client.call(Request::new(Method::Get, path))
}

/// The tokens behind what was seen.
///
/// # Errors
/// As [`get`].
pub fn behind(client: Client, plan: &PlanId, query: &str) -> Call<SeenTokens> {
    let path = path(plan, &format!("auth-health/tokens?{query}"));
    client.call(Request::new(Method::Get, path))
}

/// The alerts, those first that are raised, from `cursor` on.
///
/// # Errors
/// As [`get`].
pub fn alerts(client: Client, plan: &PlanId, cursor: Option<&str>) -> Call<Page<Alert>> {
    client.call(Request::page(&path(plan, "alerts"), "10", "", cursor))
}

/// The alert rules.
///
/// # Errors
/// As [`get`].
pub fn rules(client: Client, plan: &PlanId) -> Call<AlertRules> {
    let path = path(plan, "alert-rules");
    client.call(Request::new(Method::Get, path))
}

/// Sets a rule, if it is still as it was `seen`.
///
/// # Errors
/// `stale_version` when it is not, `validation_failed` for a value out of its bounds, and as [`get`].
pub fn put_rule(
    client: Client,
    plan: &PlanId,
    seen: &AlertRule,
    rule: &PutAlertRule,
) -> Call<AlertRule> {
    let path = path(plan, &format!("alert-rules/{}", seen.kind.as_str()));
    client.call(
        Request::new(Method::Put, path)
            .json(rule)
            .if_match(seen.etag()),
    )
}
