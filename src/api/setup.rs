//! `/setup`: the first System Admin of an empty server.

use tenure_domain::wire::{session::Session, setup::Setup};

use super::{
    Call, Client,
    transport::{Method, Request},
};

/// Makes the first plan and its System Admin, who is signed in with that.
///
/// # Errors
/// `setup_link_invalid`, `validation_failed` with the fields' pointers, and what every call can meet.
pub fn create(client: Client, setup: &Setup) -> Call<Session> {
    client.call_as_is(Request::new(Method::Post, "/setup").json(setup))
}
