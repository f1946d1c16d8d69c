//! `/plans/{plan}/tokens/{token}`: a token's own page, and what a System Admin does about it.

use tenure_domain::{
    id::{FindingId, PlanId, TokenId},
    wire::life::{ReviewFindings, TokenLife},
};

use super::{
    Call, Client,
    transport::{Method, Request},
};
use crate::route::escape;

fn path(plan: &PlanId, token: &TokenId, what: &str) -> String {
    let (plan, token) = (escape(plan.as_str()), escape(token.as_str()));
    format!("/plans/{plan}/tokens/{token}/{what}")
}

/// Everything that is known of a token's life.
///
/// # Errors
/// `not_found` where the plan has no such token, `role_required`, and what every call can meet.
pub fn get(client: Client, plan: &PlanId, token: &TokenId) -> Call<TokenLife> {
    client.call(Request::new(Method::Get, path(plan, token, "life")))
}

/// Says that these findings are reviewed, and how the token stands then.
///
/// # Errors
/// `not_found` where the token has no such finding, and what every call can meet.
pub fn review(
    client: Client,
    plan: &PlanId,
    token: &TokenId,
    findings: Vec<FindingId>,
) -> Call<TokenLife> {
    let path = path(plan, token, "reviewed");
    client.call(Request::new(Method::Post, path).json(&ReviewFindings { findings }))
}
