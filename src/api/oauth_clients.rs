//! `/plans/{plan}/oauth-clients`: who may ask for tokens in a plan, and who may ask about them.

use tenure_domain::{
    id::{ClientId, PlanId},
    wire::{
        clients::{Client as OauthClient, EditClient, NewClient, RotateSecret},
        page::Page,
        tokens::Token,
    },
};

use super::{
    ApiError, Client,
    transport::{Method, Request},
};
use crate::route::escape;

fn path(plan: &PlanId) -> String {
    format!("/plans/{}/oauth-clients", escape(plan.as_str()))
}

fn path_of(plan: &PlanId, client: &ClientId) -> String {
    format!("{}/{}", path(plan), escape(client.as_str()))
}

fn from(path: String, cursor: Option<&str>) -> Request {
    let query = cursor.map_or_else(String::new, |cursor| format!("?cursor={}", escape(cursor)));
    Request::new(Method::Get, path + &query)
}

/// The plan's clients by name, from `cursor` on.
///
/// # Errors
/// `role_required`, and what every call can meet.
pub async fn list(
    client: Client,
    plan: &PlanId,
    cursor: Option<&str>,
) -> Result<Page<OauthClient>, ApiError> {
    client.call(from(path(plan), cursor)).await
}

/// One client.
///
/// # Errors
/// `not_found`, `role_required`, and what every call can meet.
pub async fn get(client: Client, plan: &PlanId, id: &ClientId) -> Result<OauthClient, ApiError> {
    client
        .call(Request::new(Method::Get, path_of(plan, id)))
        .await
}

/// The access tokens that a client got, youngest first, from `cursor` on.
///
/// # Errors
/// `not_found`, `role_required`, and what every call can meet.
pub async fn tokens(
    client: Client,
    plan: &PlanId,
    id: &ClientId,
    cursor: Option<&str>,
) -> Result<Page<Token>, ApiError> {
    client
        .call(from(path_of(plan, id) + "/tokens", cursor))
        .await
}

/// Registers a client. The answer holds its secret, if it has one, for this one time.
///
/// # Errors
/// `validation_failed` with the fields' pointers, `role_required`, and what every call can meet.
pub async fn register(
    client: Client,
    plan: &PlanId,
    new: &NewClient,
) -> Result<OauthClient, ApiError> {
    client
        .call(Request::new(Method::Post, path(plan)).json(new))
        .await
}

/// Changes a client's name, addresses and scopes.
///
/// # Errors
/// `validation_failed` with the fields' pointers, `not_found`, `role_required`, and what every call can
/// meet.
pub async fn change(
    client: Client,
    plan: &PlanId,
    id: &ClientId,
    facts: &EditClient,
) -> Result<OauthClient, ApiError> {
    client
        .call(Request::new(Method::Put, path_of(plan, id)).json(facts))
        .await
}

/// Gives a client another secret, which the answer holds for this one time.
///
/// # Errors
/// `conflict` for a client without a secret, `not_found`, `role_required`, and what every call can meet.
pub async fn rotate_secret(
    client: Client,
    plan: &PlanId,
    id: &ClientId,
    how: &RotateSecret,
) -> Result<OauthClient, ApiError> {
    let path = path_of(plan, id) + "/rotate-secret";
    client
        .call(Request::new(Method::Post, path).json(how))
        .await
}

/// Deletes a client; everything that it holds ends at once.
///
/// # Errors
/// `not_found`, `role_required`, and what every call can meet.
pub async fn delete(client: Client, plan: &PlanId, id: &ClientId) -> Result<(), ApiError> {
    client
        .call_empty(Request::new(Method::Delete, path_of(plan, id)))
        .await
}
