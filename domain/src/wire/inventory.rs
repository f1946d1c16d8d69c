//! `/api/v1/plans/{plan}/tokens`: every token of a plan, for its System Admins. They are listed in the shape of
//! one's own ([`Token`](super::tokens::Token)).

use serde::{Deserialize, Serialize};

use super::{session::UserRef, tokens::ClientRef};
use crate::{id::TokenId, json::from_json, problem::FieldError, token::Status};

/// The most tokens that are revoked at once.
pub const MAX_REVOKED: usize = 200;

/// Asks for tokens to be revoked, or what that would end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RevokeTokens {
    /// Their ids, at most [`MAX_REVOKED`]; one that is there twice counts once.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 200))]
    pub tokens: Vec<TokenId>,
    /// True: nothing is revoked, and the answer says what would be.
    #[serde(default)]
    pub preview: bool,
}

impl RevokeTokens {
    /// The ids, each once.
    ///
    /// # Errors
    /// When there are none, or too many.
    pub fn parse(&self) -> Result<Vec<TokenId>, FieldError> {
        let mut ids: Vec<TokenId> = Vec::with_capacity(self.tokens.len().min(MAX_REVOKED));
        let wrong = |code: &str, detail: String| FieldError {
            pointer: "/tokens".to_owned(),
            code: code.to_owned(),
            detail,
        };
        if self.tokens.is_empty() {
            return Err(wrong(
                "tokens_missing",
                "name at least one token".to_owned(),
            ));
        }
        if self.tokens.len() > MAX_REVOKED {
            let detail = format!("at most {MAX_REVOKED} tokens at once");
            return Err(wrong("tokens_too_many", detail));
        }
        for id in &self.tokens {
            if !ids.contains(id) {
                ids.push(id.clone());
            }
        }
        Ok(ids)
    }
}

/// What was revoked, or would be, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RevokedTokens {
    /// Those that worked. Of an OAuth access token, what its client holds by the same consent ends with it.
    pub revoked: Vec<NamedToken>,
    /// Those that had ended before, and stay as they ended.
    pub ended: Vec<NamedToken>,
    /// Ids that name no token of the plan.
    pub unknown: Vec<TokenId>,
}

/// A token by what people know it by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NamedToken {
    /// The token's id.
    pub id: TokenId,
    /// What the owner calls it.
    pub name: String,
    /// What its text ends with.
    pub last_four: String,
    /// Whose it is.
    pub owner: UserRef,
    /// An OAuth access token: the client that holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<ClientRef>,
    /// How it stood before.
    pub status: Status,
}

from_json!(RevokedTokens {
    revoked,
    ended,
    unknown
});

from_json!(NamedToken {
    id,
    name,
    last_four,
    owner,
    client,
    status
});

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(ids: impl IntoIterator<Item = String>) -> Result<usize, String> {
        let asked = RevokeTokens {
            tokens: ids.into_iter().map(TokenId).collect(),
            preview: true,
        };
        let ids = asked.parse();
        ids.map(|ids| ids.len()).map_err(|error| error.code)
    }

    #[test]
    fn some_tokens_are_named_and_not_too_many() {
        let numbers = |count: usize| (0..count).map(|number| number.to_string());
        assert_eq!(asked(numbers(0)), Err("tokens_missing".to_owned()));
        assert_eq!(asked(numbers(1)), Ok(1));
        assert_eq!(asked(numbers(MAX_REVOKED)), Ok(MAX_REVOKED));
        let too_many = asked(numbers(MAX_REVOKED + 1));
        assert_eq!(too_many, Err("tokens_too_many".to_owned()));
        assert_eq!(asked(["a", "b", "a"].map(str::to_owned)), Ok(2));
    }
}
