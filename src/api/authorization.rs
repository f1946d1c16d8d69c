//! `/oauth/authorization`: what an app asks for, and the person's answer.

use tenure_domain::wire::authorization::{
    AuthorizationDecision, AuthorizationPrompt, AuthorizationRedirect,
};

use super::{
    ApiError, Client,
    transport::{Method, Request},
};

const PATH: &str = "/oauth/authorization";

/// Who asks, and for what. `query` is the one in the address, as the app wrote it.
///
/// # Errors
/// `invalid_request` when the app or its address is not known, `role_required` for whoever is not in
/// its plan, and what every call can meet.
pub async fn get(client: Client, query: &str) -> Result<AuthorizationPrompt, ApiError> {
    client
        .call(Request::new(Method::Get, format!("{PATH}{query}")))
        .await
}

/// Allows it or denies it, and says where to go on.
///
/// # Errors
/// Like [`get`].
pub async fn decide(
    client: Client,
    decision: &AuthorizationDecision,
) -> Result<AuthorizationRedirect, ApiError> {
    client
        .call(Request::new(Method::Post, PATH).json(decision))
        .await
}
