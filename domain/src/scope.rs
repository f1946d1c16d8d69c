//! Scopes: what a token may be used for (RFC 6749, section 3.3).
//!
//! Tenure's own are a closed list; a plan adds its own for the APIs that stand behind Tenure. A scope is
//! a name and nothing else here: what it opens is decided where it is asked for.

use core::fmt;
use std::collections::BTreeSet;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{
    json::{Fault, FromJson, Json},
    problem::FieldError,
};

/// The most characters of a scope's name.
pub const MAX_NAME: usize = 64;
/// The most characters of the sentence that a consent page says of a scope.
pub const MAX_SENTENCE: usize = 200;
/// The most scopes that a token or a client has.
pub const MAX_SCOPES: usize = 50;

/// A scope of Tenure's own API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OwnScope {
    /// Lists the owner's tokens.
    TokensRead,
    /// Generates, rotates and revokes the owner's tokens.
    TokensWrite,
    /// Reads the plan's expiration policy.
    PolicyRead,
    /// Changes the plan's expiration policy; the owner must be its System Admin.
    PolicyWrite,
    /// Reads the plan's audit log and lists its tokens; the owner must be its System Admin.
    AuditRead,
    /// Lists, deactivates and reactivates users, and revokes their tokens; the owner must be the plan's System Admin.
    UsersWrite,
}

impl OwnScope {
    /// Every scope of Tenure's own.
    pub const ALL: [Self; 6] = [
        Self::TokensRead,
        Self::TokensWrite,
        Self::PolicyRead,
        Self::PolicyWrite,
        Self::AuditRead,
        Self::UsersWrite,
    ];

    /// The scope's name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TokensRead => "tokens:read",
            Self::TokensWrite => "tokens:write",
            Self::PolicyRead => "policy:read",
            Self::PolicyWrite => "policy:write",
            Self::AuditRead => "audit:read",
            Self::UsersWrite => "users:write",
        }
    }

    /// What it lets somebody do, as a consent page says it.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::TokensRead => "See your access tokens, without their secrets",
            Self::TokensWrite => "Generate, rotate and revoke access tokens in your name",
            Self::PolicyRead => "See how long tokens live in this plan",
            Self::PolicyWrite => "Change how long tokens live in this plan",
            Self::AuditRead => {
                "Read this plan's audit log, and see its tokens, without their secrets"
            }
            Self::UsersWrite => {
                "See, deactivate and reactivate the users of this plan, and revoke their tokens"
            }
        }
    }
}

/// Whether a scope of this name is of Tenure's own.
#[must_use]
pub fn is_own(name: &str) -> bool {
    OwnScope::ALL.iter().any(|own| own.as_str() == name)
}

/// Why a text is no scope, or no set of scopes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScopeError {
    /// No name was given.
    NameMissing,
    /// More than [`MAX_NAME`] characters.
    NameTooLong,
    /// A character that no scope's name has.
    NameMalformed,
    /// More than [`MAX_SCOPES`] scopes.
    TooMany,
    /// No such scope is offered here.
    Unknown,
}

impl ScopeError {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NameMissing => "scope_missing",
            Self::NameTooLong => "scope_too_long",
            Self::NameMalformed => "scope_malformed",
            Self::TooMany => "too_many_scopes",
            Self::Unknown => "scope_unknown",
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

impl fmt::Display for ScopeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NameMissing => f.write_str("a scope needs a name"),
            Self::NameTooLong => write!(f, "a scope's name has at most {MAX_NAME} characters"),
            Self::NameMalformed => f.write_str(
                "a scope's name has small letters, digits and : . _ -, and begins with a letter",
            ),
            Self::TooMany => write!(f, "there can be at most {MAX_SCOPES} scopes"),
            Self::Unknown => f.write_str("no such scope is offered in this plan"),
        }
    }
}

impl core::error::Error for ScopeError {}

/// A scope's name, as a plan may define it: narrower than RFC 6749 allows, so that it needs no escaping
/// in a header, a form or a shell.
///
/// # Errors
/// When it is empty, too long, or has another character.
pub fn parse_name(text: &str) -> Result<&str, ScopeError> {
    let plain =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b":._-".contains(&byte);
    if text.is_empty() {
        Err(ScopeError::NameMissing)
    } else if text.len() > MAX_NAME {
        Err(ScopeError::NameTooLong)
    } else if text.starts_with(|first: char| first.is_ascii_lowercase()) && text.bytes().all(plain)
    {
        Ok(text)
    } else {
        Err(ScopeError::NameMalformed)
    }
}

/// Scopes, each once, in the order of their names. Written with spaces between them.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scopes(BTreeSet<String>);

impl Scopes {
    /// The scopes of a text with spaces between them (RFC 6749, section 3.3). Their order and
    /// repetitions mean nothing.
    ///
    /// # Errors
    /// When one of them is no scope's name, or there are too many.
    pub fn parse(text: &str) -> Result<Self, ScopeError> {
        Self::of(text.split(' ').filter(|name| !name.is_empty()))
    }

    /// The set of these names.
    ///
    /// # Errors
    /// When one of them is no scope's name, or there are too many.
    pub fn of<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Self, ScopeError> {
        let names: BTreeSet<String> = names
            .into_iter()
            .map(|name| parse_name(name).map(str::to_owned))
            .collect::<Result<_, _>>()?;
        if names.len() > MAX_SCOPES {
            return Err(ScopeError::TooMany);
        }
        Ok(Self(names))
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether this scope is among them.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.contains(name)
    }

    /// Whether all of these are among `others`: nothing is widened.
    #[must_use]
    pub fn within(&self, others: &Self) -> bool {
        self.0.is_subset(&others.0)
    }

    /// Both together.
    #[must_use]
    pub fn and(&self, others: &Self) -> Self {
        Self(self.0.union(&others.0).cloned().collect())
    }

    /// Those of them whose names `keep` picks.
    #[must_use]
    pub fn only(&self, keep: impl Fn(&str) -> bool) -> Self {
        Self(self.0.iter().filter(|name| keep(name)).cloned().collect())
    }

    /// The names, in their order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, name) in self.0.iter().enumerate() {
            if place > 0 {
                f.write_str(" ")?;
            }
            f.write_str(name)?;
        }
        Ok(())
    }
}

/// On the wire, a text with spaces between the names, as in RFC 6749.
impl Serialize for Scopes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Scopes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(de::Error::custom)
    }
}

impl FromJson for Scopes {
    fn take(json: Json, fault: &mut Fault) -> Self {
        let text = String::take(json, fault);
        fault.unless(Self::parse(&text).ok(), Self::default())
    }
}

#[cfg(feature = "openapi")]
mod openapi {
    use utoipa::openapi::{ObjectBuilder, RefOr, Schema, schema::Type};

    impl utoipa::PartialSchema for super::Scopes {
        fn schema() -> RefOr<Schema> {
            ObjectBuilder::new()
                .schema_type(Type::String)
                .description(Some(
                    "Scopes, with spaces between them (RFC 6749, section 3.3)",
                ))
                .examples(["tokens:read orders:read"])
                .into()
        }
    }

    impl utoipa::ToSchema for super::Scopes {}
}
