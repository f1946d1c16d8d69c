//! `/oauth/authorization`: what an app asks for, and the person's answer.

use tenure_domain::wire::authorization::{
    AuthorizationDecision, AuthorizationPrompt, AuthorizationRedirect,
};

use super::{
    Call, Client,
    transport::{Method, Request},
};

const PATH: &str = "/oauth/authorization";

/// Who asks, and for what. `query` is the one in the address, as the app wrote it.
///
/// # Errors
/// `invalid_request` when the app or its address is not known, `role_required` for whoever is not in
/// its plan, and what every call can meet.
pub fn get(client: Client, query: &str) -> Call<AuthorizationPrompt> {
    client.call(Request::new(Method::Get, format!("{PATH}{query}")))
}

/// Allows it or denies it, and says where to go on.
///
/// # Errors
/// Like [`get`].
pub fn decide(client: Client, decision: &AuthorizationDecision) -> Call<AuthorizationRedirect> {
    client.call(Request::new(Method::Post, PATH).json(decision))
}
