//! `/api/v1/plans/{plan}/checks`: what state a token is in, why, and the one next thing to do.

use core::fmt;

use serde::{Deserialize, Serialize};

use super::{auth_health::Outcome, tokens::Token};
use crate::{
    id::TokenId,
    json::from_json,
    problem::FieldError,
    time::Timestamp,
    token::{Status, TokenKind},
};

/// The most characters of a text to check. A token's own has far fewer.
pub const MAX_TEXT: usize = 200;

/// Asks about a token.
#[derive(Clone, Deserialize, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CheckToken {
    /// The token's text, its last four characters, or its id; or the `X-Request-Id` of a refused call. It is neither
    /// kept nor logged.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub text: String,
}

impl CheckToken {
    /// The text, trimmed.
    ///
    /// # Errors
    /// When it is empty or too long for any token.
    pub fn parse(&self) -> Result<&str, FieldError> {
        let text = self.text.trim();
        let wrong = |code: &str, detail: String| FieldError {
            pointer: "/text".to_owned(),
            code: code.to_owned(),
            detail,
        };
        if text.is_empty() {
            Err(wrong("text_missing", "a text is needed".to_owned()))
        } else if text.chars().count() > MAX_TEXT {
            let detail = format!("the text has at most {MAX_TEXT} characters");
            Err(wrong("text_too_long", detail))
        } else {
            Ok(text)
        }
    }
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
    /// The refused calls that have the text as their id, the latest first. Ids may be chosen by callers, so several
    /// calls may have the same.
    pub refusals: Vec<RefusedCall>,
}

/// A refused call, found by its `X-Request-Id`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RefusedCall {
    /// When.
    pub at: Timestamp,
    /// What refused it: the code that the caller was told.
    pub outcome: Outcome,
    /// The scopes that the call needed and the token lacked.
    pub scope: Option<String>,
    /// What was called, as auth health names it; null where no token is known.
    pub resource: Option<String>,
    /// Since when the token was dead, if it was.
    pub since: Option<Timestamp>,
    /// The token, which is among `tokens`; null where no token is known.
    pub token: Option<TokenId>,
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
    /// The id of refused calls that the asker may hear of.
    Refusal,
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

/// What to do about a token of this kind and status. `refreshable` says whether its client holds a refresh
/// token that still works, `owner_acts` whether its owner is not deactivated in the plan.
#[must_use]
pub const fn next_step(token: &Token, refreshable: bool, owner_acts: bool) -> NextStep {
    if !owner_acts {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<String, String> {
        let text = text.to_owned();
        let parsed = CheckToken { text };
        let parsed = parsed.parse();
        parsed.map(str::to_owned).map_err(|error| error.code)
    }

    #[test]
    fn a_text_is_trimmed_and_neither_empty_nor_longer_than_any_token() {
        assert_eq!(parsed(" 9fQ2\n"), Ok("9fQ2".to_owned()));
        assert_eq!(parsed(" \t "), Err("text_missing".to_owned()));
        assert_eq!(parsed(&"é".repeat(MAX_TEXT)), Ok("é".repeat(MAX_TEXT)));
        let too_long = "é".repeat(MAX_TEXT.saturating_add(1));
        assert_eq!(parsed(&too_long), Err("text_too_long".to_owned()));
    }

    #[test]
    fn the_next_step_follows_from_kind_status_and_owner() -> Result<(), serde_json::Error> {
        let token = |kind: &str, status: &str| {
            serde_json::from_value::<Token>(serde_json::json!({
                "id": "t", "name": "ci", "kind": kind, "plan": { "id": "acme", "name": "Acme" },
                "owner": { "id": "ada", "name": "Ada" }, "prefix": "tnr_pat_", "last_four": "9fQ2",
                "created_at": "2026-02-20T09:00:00.000Z", "last_used_at": null,
                "last_used_from": null, "expires_at": null, "status": status,
                "end": { "at": "2026-02-21T09:00:00.000Z", "reason": "owner_deactivated" }, "why": "",
            }))
        };
        let dead = token("user_access", "revoked")?;
        assert_eq!(next_step(&dead, false, false), NextStep::AskAdmin);
        // Whoever is reactivated gets nothing back, but need not ask anybody for another token.
        assert_eq!(next_step(&dead, false, true), NextStep::Generate);
        let of_app = token("oauth_access", "expired")?;
        assert_eq!(next_step(&of_app, true, true), NextStep::Refresh);
        assert_eq!(next_step(&of_app, false, true), NextStep::AuthorizeAgain);
        let expiring = token("user_access", "expiring")?;
        assert_eq!(next_step(&expiring, false, true), NextStep::Rotate);
        let refreshed_in_time = token("oauth_access", "expiring")?;
        assert_eq!(next_step(&refreshed_in_time, true, true), NextStep::Nothing);
        Ok(())
    }
}

from_json! {
    Found:
    "token" => Token,
    "refusal" => Refusal,
    "malformed" => Malformed,
    "unknown" => Unknown,
}

from_json! {
    NextStep:
    "nothing" => Nothing,
    "rotate" => Rotate,
    "refresh" => Refresh,
    "authorize_again" => AuthorizeAgain,
    "generate" => Generate,
    "ask_admin" => AskAdmin,
}

from_json!(CheckedToken { token, next });

from_json!(RefusedCall {
    at,
    outcome,
    scope,
    resource,
    since,
    token
});

from_json!(Checked {
    found,
    tokens,
    refusals
});
