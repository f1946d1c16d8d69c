//! `/session`: who is signed in.

use tenure_domain::wire::session::{Session, SignIn};

use super::{
    Call, Client,
    transport::{Method, Request},
};

const PATH: &str = "/session";

/// Signs in.
///
/// # Errors
/// `credentials_wrong`, `rate_limited` and what every call can meet.
pub fn sign_in(client: Client, who: &SignIn) -> Call<Session> {
    client.call_as_is(Request::new(Method::Post, PATH).json(who))
}

/// Who is signed in.
///
/// # Errors
/// A 401 when nobody is; it asks nobody to sign in.
pub fn get(client: Client) -> Call<Session> {
    client.call_as_is(Request::new(Method::Get, PATH))
}

/// Signs out.
///
/// # Errors
/// A 401 when nobody was signed in, and what every call can meet.
pub fn sign_out(client: Client) -> Call<()> {
    client.call_empty_as_is(Request::new(Method::Delete, PATH))
}
