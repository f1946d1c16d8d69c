//! `/api/v1/plans/{plan}/checks`: what state a token is in, why, and the one next thing to do.

use core::fmt;

use serde::{Deserialize, Serialize};

use super::tokens::Token;
use crate::token::{Status, TokenKind};

/// Asks about a token.
#[derive(Clone, Deserialize, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CheckToken {
    /// The token's text, its last four characters, or its id. It is neither kept nor logged.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub text: String,
}

impl fmt::Debug for CheckToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CheckToken { .. }")
    }
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Checked {
    /// What the text is.
    pub found: Found,
    /// The tokens that it may mean, of those that the asker may see: one, unless several end alike.
    pub tokens: Vec<CheckedToken>,
}

/// A token and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CheckedToken {
    /// The token.
    pub token: Token,
    /// The next thing to do.
    pub next: NextStep,
}

/// What a text was found to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// A token that the asker may see.
    Token,
    /// The whole text of a token, but with a typo, or cut off.
    Malformed,
    /// Well formed, and never issued here, or nobody's that the asker may see.
    Unknown,
}

/// The one next thing to do about a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum NextStep {
    /// Nothing: it works.
    Nothing,
    /// It works, but not for long: rotate it.
    Rotate,
    /// The client refreshes it.
    Refresh,
    /// The client asks the person for consent again.
    AuthorizeAgain,
    /// The owner generates another one.
    Generate,
    /// A System Admin of the plan has to do something first.
    AskAdmin,
}

/// What to do about a token of this kind, status and end. `refreshable` says whether its client holds a
/// refresh token that still works.
#[must_use]
pub fn next_step(token: &Token, refreshable: bool) -> NextStep {
    use super::tokens::EndReason;

    if token.end.as_ref().map(|end| end.reason) == Some(EndReason::OwnerDeactivated) {
        return NextStep::AskAdmin;
    }
    match (token.kind, token.status) {
        (TokenKind::UserAccess, Status::Revoked | Status::Expired) => NextStep::Generate,
        (TokenKind::UserAccess, Status::Suspicious | Status::Expiring) => NextStep::Rotate,
        (TokenKind::OauthAccess, Status::Revoked | Status::Expired) if refreshable => {
            NextStep::Refresh
        }
        (TokenKind::OauthAccess, Status::Revoked | Status::Expired) => NextStep::AuthorizeAgain,
        (_, _) => NextStep::Nothing,
    }
}
