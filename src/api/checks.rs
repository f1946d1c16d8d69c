//! `/plans/{plan}/checks`: what state a token is in.

use tenure_domain::{
    id::PlanId,
    wire::checks::{CheckToken, Checked},
};

use super::{
    Call, Client,
    transport::{Method, Request},
};
use crate::route::escape;

/// Checks a token by its text, its last four characters, or its id. The text travels in the body alone.
///
/// # Errors
/// `validation_failed` with the text's pointer, and what every call can meet.
pub fn check(client: Client, plan: &PlanId, asked: &CheckToken) -> Call<Checked> {
    let path = format!("/plans/{}/checks", escape(plan.as_str()));
    client.call(Request::new(Method::Post, path).json(asked))
}
