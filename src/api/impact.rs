//! `…/expiration-policy/preview` and `…/forecast`: what a policy would end, and what the one in force will.

use tenure_domain::{
    id::PlanId,
    wire::{
        impact::{Forecast, PolicyImpact},
        policies::{PeriodInput, PutExpirationPolicy},
    },
};

use super::{
    Call, Client,
    transport::{Method, Request, base_url},
};
use crate::route::escape;

fn path(plan: &PlanId, of: &str) -> String {
    format!("/plans/{}/expiration-policy/{of}", escape(plan.as_str()))
}

/// What this policy would end if it were activated.
///
/// # Errors
/// `validation_failed` with pointers, `role_required`, `plan_tier_required`, and what every call can meet.
pub fn preview(client: Client, plan: &PlanId, policy: &PutExpirationPolicy) -> Call<PolicyImpact> {
    let request = Request::new(Method::Post, path(plan, "preview"));
    client.call(request.json(policy))
}

/// Where the list is of all tokens that this policy would end at once, as CSV: for a link, which the browser follows
/// with its session.
#[must_use]
pub fn list_address(plan: &PlanId, policy: &PutExpirationPolicy) -> String {
    let period = policy.period.as_ref().map(|it| pair("period", it));
    let inactivity = policy.inactivity.as_ref().map(|it| pair("inactivity", it));
    let at = policy.effective_at;
    let at = at.map(|at| format!("effective_at={}", escape(&at.to_string())));
    let query: Vec<_> = [period, inactivity, at].into_iter().flatten().collect();
    let path = path(plan, "preview.csv");
    format!("{}{path}?{}", base_url(), query.join("&"))
}

fn pair(name: &str, period: &PeriodInput) -> String {
    let text = period.parse().map(|period| period.to_string());
    format!("{name}={}", escape(&text.unwrap_or_default()))
}

/// What the policy in force will end.
///
/// # Errors
/// `role_required`, and what every call can meet.
pub fn forecast(client: Client, plan: &PlanId) -> Call<Forecast> {
    let request = Request::new(Method::Get, path(plan, "forecast"));
    client.call(request)
}
