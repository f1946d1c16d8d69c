//! `/session`: who is signed in.

use tenure_domain::wire::session::{Session, SignIn};

use super::{
    ApiError, Client,
    transport::{Method, Request},
};

const PATH: &str = "/session";

/// Signs in.
///
/// # Errors
/// `credentials_wrong`, `rate_limited` and what every call can meet.
pub async fn sign_in(client: Client, who: &SignIn) -> Result<Session, ApiError> {
    client
        .call_as_is(Request::new(Method::Post, PATH).json(who))
        .await
}

/// Who is signed in.
///
/// # Errors
/// A 401 when nobody is; it asks nobody to sign in.
pub async fn get(client: Client) -> Result<Session, ApiError> {
    client.call_as_is(Request::new(Method::Get, PATH)).await
}

/// Signs out.
///
/// # Errors
/// A 401 when nobody was signed in, and what every call can meet.
pub async fn sign_out(client: Client) -> Result<(), ApiError> {
    client
        .call_empty_as_is(Request::new(Method::Delete, PATH))
        .await
}
