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
    Call, Client,
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
pub fn list(client: Client, plan: &PlanId, cursor: Option<&str>) -> Call<Page<OauthClient>> {
    client.call(from(path(plan), cursor))
}

/// One client.
///
/// # Errors
/// `not_found`, `role_required`, and what every call can meet.
pub fn get(client: Client, plan: &PlanId, id: &ClientId) -> Call<OauthClient> {
    client.call(Request::new(Method::Get, path_of(plan, id)))
}

/// The access tokens that a client got, youngest first, from `cursor` on.
///
/// # Errors
/// `not_found`, `role_required`, and what every call can meet.
pub fn tokens(
    client: Client,
    plan: &PlanId,
    id: &ClientId,
    cursor: Option<&str>,
) -> Call<Page<Token>> {
    client.call(from(path_of(plan, id) + "/tokens", cursor))
}

/// Registers a client. The answer holds its secret, if it has one, for this one time.
///
/// # Errors
/// `validation_failed` with the fields' pointers, `role_required`, and what every call can meet.
pub fn register(client: Client, plan: &PlanId, new: &NewClient) -> Call<OauthClient> {
    client.call(Request::new(Method::Post, path(plan)).json(new))
}

/// Changes a client's name, addresses and scopes.
///
/// # Errors
/// `validation_failed` with the fields' pointers, `not_found`, `role_required`, and what every call can
/// meet.
pub fn change(
    client: Client,
    plan: &PlanId,
    id: &ClientId,
    facts: &EditClient,
) -> Call<OauthClient> {
    client.call(Request::new(Method::Put, path_of(plan, id)).json(facts))
}

/// Gives a client another secret, which the answer holds for this one time.
///
/// # Errors
/// `conflict` for a client without a secret, `not_found`, `role_required`, and what every call can meet.
pub fn rotate_secret(
    client: Client,
    plan: &PlanId,
    id: &ClientId,
    how: &RotateSecret,
) -> Call<OauthClient> {
    let path = path_of(plan, id) + "/rotate-secret";
    client.call(Request::new(Method::Post, path).json(how))
}

/// Deletes a client; everything that it holds ends at once.
///
/// # Errors
/// `not_found`, `role_required`, and what every call can meet.
pub fn delete(client: Client, plan: &PlanId, id: &ClientId) -> Call<()> {
    client.call_empty(Request::new(Method::Delete, path_of(plan, id)))
}
