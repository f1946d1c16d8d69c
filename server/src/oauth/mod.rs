//! The authorization server (RFC 6749, with 7009, 7636, 7662, 8414, 9207 and the advice of 9700): one file
//! an endpoint.
//!
//! Errors here have the shape that those documents give them, not that of a problem document. What becomes
//! of a refresh token, which addresses an answer may go to and what scopes are is decided in `domain`; what
//! is written is in `ops::grants`.

pub(crate) mod authorize;
mod client_auth;
mod error;
mod form;
pub(crate) mod introspect;
pub(crate) mod metadata;
pub(crate) mod pkce;
mod refresh;
pub(crate) mod revoke;
pub(crate) mod token;

pub(crate) use self::error::{ErrorCode, OauthError, OauthErrorBody, OauthResult};
