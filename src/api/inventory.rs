//! `/plans/{plan}/tokens`: every token of a plan, and ending many at once.

use tenure_domain::{
    id::{PlanId, TokenId},
    wire::{
        inventory::{RevokeTokens, RevokedTokens},
        page::Page,
        tokens::Token,
    },
};

use super::{
    Call, Client,
    transport::{self, Method, Request},
};
use crate::route::escape;

/// Tokens on a page.
const LIMIT: &str = "100";

fn path(plan: &PlanId) -> String {
    format!("/plans/{}/tokens", escape(plan.as_str()))
}

/// The tokens that a query asks for, from `cursor` on. The query's `name=value` pairs stand each after an
/// `&`.
///
/// # Errors
/// `role_required`, and what every call can meet.
pub fn list(client: Client, plan: &PlanId, query: &str, cursor: Option<&str>) -> Call<Page<Token>> {
    client.call(Request::page(&path(plan), LIMIT, query, cursor))
}

/// The address of a file with all tokens that a query asks for, for a link.
#[must_use]
pub fn file(plan: &PlanId, query: &str) -> String {
    let base = transport::base_url();
    format!("{base}{}?format=csv{query}", path(plan))
}

/// Revokes these tokens, or says what that would end.
///
/// # Errors
/// `role_required`, `validation_failed` for too many, and what every call can meet.
pub fn revoke(
    client: Client,
    plan: &PlanId,
    tokens: Vec<TokenId>,
    preview: bool,
) -> Call<RevokedTokens> {
    let body = RevokeTokens { tokens, preview };
    let path = format!("{}/revoke", path(plan));
    client.call(Request::new(Method::Post, path).json(&body))
}
