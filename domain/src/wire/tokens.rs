//! `/api/v1/me/tokens`: a user's own tokens. Those that clients hold are listed elsewhere, in the same shape.

use core::fmt;

use serde::{Deserialize, Serialize};

use super::{
    policies::{PeriodInput, object_or_null},
    session::{PlanRef, UserRef},
};
use crate::{
    id::{ClientId, PlanId, TokenId},
    json::from_json,
    period::Period,
    problem::FieldError,
    scope::{ScopeError, Scopes},
    time::Timestamp,
    token::{RevocationReason, Status, TokenKind},
};

/// The most characters of a token's name.
pub const MAX_NAME: usize = 100;

/// A token in a list. Its secret is not part of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Token {
    /// The token's id, which is no secret.
    pub id: TokenId,
    /// What the owner calls it.
    pub name: String,
    /// What it is for.
    pub kind: TokenKind,
    /// The plan that it belongs to, whose policy it obeys.
    pub plan: PlanRef,
    /// Whose it is.
    pub owner: UserRef,
    /// What its text begins with.
    pub prefix: String,
    /// What its text ends with.
    pub last_four: String,
    /// What it may be used for.
    #[serde(default)]
    pub scope: Scopes,
    /// An OAuth access token: the client that holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<ClientRef>,
    /// When it was generated.
    pub created_at: Timestamp,
    /// The latest successful use, a few seconds late; null when it was never used.
    pub last_used_at: Option<Timestamp>,
    /// The address of that use.
    pub last_used_from: Option<String>,
    /// The effective expiry under the policy in force; null for never. A dead token has its `end`.
    pub expires_at: Option<Timestamp>,
    /// It was rotated and works beside its successor until this instant. It cannot be rotated again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retires_at: Option<Timestamp>,
    /// How it stands.
    pub status: Status,
    /// How it ended; null while it works.
    pub end: Option<TokenEnd>,
    /// Why it works until then, or works no more: one sentence in English. Instants in it are RFC 3339 in
    /// UTC with milliseconds, so that whoever shows it can write them in the reader's zone.
    pub why: String,
}

from_json! {
    Token {
        id, name, kind, plan, owner, prefix, last_four, scope, client, created_at, retires_at, last_used_at,
        last_used_from, expires_at, status, end, why,
    }
}

impl Token {
    /// The first instant at which it stands otherwise by time alone; `None` for never.
    #[must_use]
    pub fn changes_at(&self) -> Option<Timestamp> {
        self.status.changes_at(self.expires_at, self.last_used_at)
    }
}

/// A client by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClientRef {
    /// The client's id.
    pub id: ClientId,
    /// What its plan calls it.
    pub name: String,
}

from_json!(ClientRef { id, name });

/// How a token ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TokenEnd {
    /// The first instant at which it did not work.
    pub at: Timestamp,
    /// Time or somebody.
    pub reason: EndReason,
    /// Expired: the version of the policy that ended it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_version: Option<u32>,
    /// Expired: that version's period, or its idle period where inactivity ended the token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
    /// Expired: since when that version was in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_force_since: Option<Timestamp>,
    /// Who revoked the token, or who set that version of the policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<UserRef>,
}

from_json!(TokenEnd {
    at,
    reason,
    policy_version,
    period,
    in_force_since,
    by
});

/// Why a token ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// The policy's period passed.
    ExpiredByPeriod,
    /// Nobody used it for as long as the policy's inactivity rule says.
    ExpiredByInactivity,
    /// The time that the server gives OAuth access tokens passed.
    ExpiredByLifetime,
    /// Its owner revoked it.
    RevokedByOwner,
    /// A System Admin revoked it.
    RevokedByAdmin,
    /// Its client gave it back, or is no longer registered.
    RevokedByClient,
    /// Its owner was deactivated in the plan.
    OwnerDeactivated,
    /// It was replaced: rotated by its owner, or refreshed by its client.
    Rotated,
    /// A refresh token or a code was used twice, so somebody else may hold it.
    Reused,
}

impl From<RevocationReason> for EndReason {
    fn from(reason: RevocationReason) -> Self {
        match reason {
            RevocationReason::Owner => Self::RevokedByOwner,
            RevocationReason::Admin => Self::RevokedByAdmin,
            RevocationReason::Client => Self::RevokedByClient,
            RevocationReason::Deactivation => Self::OwnerDeactivated,
            RevocationReason::Rotation => Self::Rotated,
            RevocationReason::Reuse => Self::Reused,
        }
    }
}

from_json! {
    EndReason:
    "expired_by_period" => ExpiredByPeriod,
    "expired_by_inactivity" => ExpiredByInactivity,
    "expired_by_lifetime" => ExpiredByLifetime,
    "revoked_by_owner" => RevokedByOwner,
    "revoked_by_admin" => RevokedByAdmin,
    "revoked_by_client" => RevokedByClient,
    "owner_deactivated" => OwnerDeactivated,
    "rotated" => Rotated,
    "reused" => Reused,
}

/// Which of a user's tokens to list: `?section=`. Without it, the working ones and then the ended ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Section {
    /// Those that work, soonest expiry first.
    Working,
    /// Those that work no more, youngest first.
    Ended,
}

impl Section {
    /// The section's name in the query string.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Working => "working",
            Self::Ended => "ended",
        }
    }
}

/// Asks for a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// The plan that it shall belong to.
    pub plan: PlanId,
    /// What to call it: 1 to 100 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    pub name: String,
    /// What it may be used for: scopes of Tenure's own and of the plan. None without it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
}

impl NewToken {
    /// The name, trimmed and checked, and the scopes, of which the plan may still not offer some.
    ///
    /// # Errors
    /// Every value that is not valid, each with its pointer.
    pub fn parse(&self) -> Result<(String, Scopes), Vec<FieldError>> {
        let name = parse_name(&self.name).map_err(|error| error.at("/name"));
        let scopes = parse_scopes(&self.scopes);
        match (name, scopes) {
            (Ok(name), Ok(scopes)) => Ok((name, scopes)),
            (name, scopes) => Err([name.err(), scopes.err()].into_iter().flatten().collect()),
        }
    }
}

/// The scopes of a list; the first that is none is named by its place.
fn parse_scopes(names: &[String]) -> Result<Scopes, FieldError> {
    for (place, name) in names.iter().enumerate() {
        crate::scope::parse_name(name).map_err(|error| error.at(&format!("/scopes/{place}")))?;
    }
    Scopes::of(names.iter().map(String::as_str)).map_err(|error: ScopeError| error.at("/scopes"))
}

/// Asks for a token in the place of another.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RotateToken {
    /// How long the old token works beside the new one: at most 24 hours, and never beyond its own
    /// expiry. Null or absent: it stops at once.
    #[serde(default, deserialize_with = "object_or_null")]
    pub overlap: Option<PeriodInput>,
}

impl RotateToken {
    /// The overlap that is asked for.
    ///
    /// # Errors
    /// Says which part of it is not valid, with its pointer.
    pub fn parse(&self) -> Result<Option<Period>, FieldError> {
        let overlap = self.overlap.as_ref().map(PeriodInput::parse).transpose();
        overlap.map_err(|error| error.at("/overlap"))
    }
}

/// Why a text is no token's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameError {
    /// Nothing but space.
    Missing,
    /// More than [`MAX_NAME`] characters.
    TooLong,
    /// A control character, such as a line break.
    ControlCharacter,
}

impl NameError {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing => "name_missing",
            Self::TooLong => "name_too_long",
            Self::ControlCharacter => "name_has_control_characters",
        }
    }

    /// The error as a problem reports it.
    #[must_use]
    pub fn at(self, pointer: &str) -> FieldError {
        FieldError {
            pointer: pointer.to_owned(),
            code: self.code().to_owned(),
            detail: self.to_string(),
        }
    }
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("a name is needed"),
            Self::TooLong => write!(f, "a name has at most {MAX_NAME} characters"),
            Self::ControlCharacter => f.write_str("a name is one line of text"),
        }
    }
}

impl core::error::Error for NameError {}

/// A name as people type it, trimmed: of a token, a plan or a person.
///
/// # Errors
/// When it is empty, too long, or has control characters.
pub fn parse_name(text: &str) -> Result<String, NameError> {
    let name = text.trim();
    if name.is_empty() {
        Err(NameError::Missing)
    } else if name.chars().count() > MAX_NAME {
        Err(NameError::TooLong)
    } else if name.chars().any(char::is_control) {
        Err(NameError::ControlCharacter)
    } else {
        Ok(name.to_owned())
    }
}

/// A new token, with its secret for this one time.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GeneratedToken {
    /// The token.
    pub token: Token,
    /// Its text. Nobody can show it again.
    pub secret: String,
}

from_json!(GeneratedToken { token, secret });

impl fmt::Debug for GeneratedToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GeneratedToken")
            .field("token", &self.token)
            .finish_non_exhaustive()
    }
}
