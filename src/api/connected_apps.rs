//! `/me/connected-apps`: the apps that may act in the name of whoever is signed in.

use tenure_domain::{id::ClientId, wire::connected_apps::ConnectedApps};

use super::{
    Call, Client,
    transport::{Method, Request},
};
use crate::route::escape;

const PATH: &str = "/me/connected-apps";

/// All of them, by name.
///
/// # Errors
/// What every call can meet.
pub fn list(client: Client) -> Call<ConnectedApps> {
    client.call(Request::new(Method::Get, PATH))
}

/// Ends everything that an app holds in the person's name.
///
/// # Errors
/// `not_found` when it holds nothing any more, and what every call can meet.
pub fn disconnect(client: Client, app: &ClientId) -> Call<()> {
    let path = format!("{PATH}/{}", escape(app.as_str()));
    client.call_empty(Request::new(Method::Delete, path))
}
