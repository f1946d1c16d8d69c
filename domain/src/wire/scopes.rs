//! `/api/v1/plans/{plan}/scopes`: what tokens of a plan may be used for.

use serde::{Deserialize, Serialize};

use crate::{
    json::from_json,
    problem::FieldError,
    scope::{MAX_SENTENCE, OwnScope},
};

/// A scope that tokens of a plan can have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Scope {
    /// Its name.
    pub name: String,
    /// What it lets somebody do, as a consent page says it.
    pub sentence: String,
    /// Whether it is of Tenure's own API; the others are the plan's.
    pub own: bool,
}

impl From<OwnScope> for Scope {
    fn from(scope: OwnScope) -> Self {
        Self {
            name: scope.as_str().to_owned(),
            sentence: scope.sentence().to_owned(),
            own: true,
        }
    }
}

/// Every scope of a plan: Tenure's own, then the plan's by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ScopeList {
    /// The scopes.
    pub items: Vec<Scope>,
}

/// Defines a scope of the plan, or words it anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutScope {
    /// What it lets somebody do: 1 to 200 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub sentence: String,
}

impl PutScope {
    /// The sentence, trimmed and checked.
    ///
    /// # Errors
    /// When it is empty, too long, or has control characters.
    pub fn parse(&self) -> Result<String, Vec<FieldError>> {
        let sentence = self.sentence.trim();
        let wrong = |code: &str, detail: String| {
            Err(vec![FieldError {
                pointer: "/sentence".to_owned(),
                code: code.to_owned(),
                detail,
            }])
        };
        if sentence.is_empty() {
            wrong(
                "sentence_missing",
                "say what it lets somebody do".to_owned(),
            )
        } else if sentence.chars().count() > MAX_SENTENCE {
            wrong(
                "sentence_too_long",
                format!("it has at most {MAX_SENTENCE} characters"),
            )
        } else if sentence.contains(char::is_control) {
            wrong(
                "sentence_has_control_characters",
                "it is one line of text".to_owned(),
            )
        } else {
            Ok(sentence.to_owned())
        }
    }
}

from_json!(Scope {
    name,
    sentence,
    own
});

from_json!(ScopeList { items });
