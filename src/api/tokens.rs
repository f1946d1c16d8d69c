//! `/me/tokens`: the tokens of whoever is signed in.

use tenure_domain::{
    id::TokenId,
    wire::{
        page::Page,
        tokens::{GeneratedToken, NewToken, RotateToken, Section, Token},
    },
};

use super::{
    Call, Client,
    transport::{Method, Request},
};
use crate::route::escape;

const PATH: &str = "/me/tokens";

/// The tokens of one section, from `cursor` on.
///
/// # Errors
/// What every call can meet.
pub fn list(client: Client, section: Section, cursor: Option<&str>) -> Call<Page<Token>> {
    let mut path = format!("{PATH}?section={}", section.as_str());
    if let Some(cursor) = cursor {
        path.push_str("&cursor=");
        path.push_str(&escape(cursor));
    }
    client.call(Request::new(Method::Get, path))
}

/// Generates a token. The answer holds its secret, for this one time.
///
/// # Errors
/// `validation_failed` with the fields' pointers, and what every call can meet.
pub fn generate(client: Client, token: &NewToken) -> Call<GeneratedToken> {
    client.call(Request::new(Method::Post, PATH).json(token))
}

/// Puts another token in the place of one. The answer holds its secret, for this one time.
///
/// # Errors
/// `conflict` when the token has ended or is being rotated, `not_found`, and what every call can meet.
pub fn rotate(client: Client, token: &TokenId, how: &RotateToken) -> Call<GeneratedToken> {
    let path = format!("{}/rotate", path_of(token));
    client.call(Request::new(Method::Post, path).json(how))
}

/// Revokes a token, and says how it stands now.
///
/// # Errors
/// `not_found`, and what every call can meet.
pub fn revoke(client: Client, token: &TokenId) -> Call<Token> {
    client.call(Request::new(Method::Delete, path_of(token)))
}

fn path_of(token: &TokenId) -> String {
    format!("{PATH}/{}", escape(token.as_str()))
}
