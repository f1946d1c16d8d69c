//! What somebody speaks and where they are, for the mails that they get.
//!
//! Deliberately not here: the rules of time zones. A zone is a name; the browser and the server's mails
//! know what it means.

use serde::{Deserialize, Serialize};

use crate::{json::from_json, problem::FieldError};

/// The most characters of a time zone's name.
pub const MAX_ZONE: usize = 64;

/// A language that mails are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// German.
    De,
}

from_json! {
    Language:
    "en" => En,
    "de" => De,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::En, Self::De];

    /// The language's tag (RFC 5646), on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
        }
    }

    /// The language that a browser's tag names, as `de-AT` does; English for those that no mail is
    /// written in.
    #[must_use]
    pub fn of_tag(tag: &str) -> Self {
        let primary = tag.split('-').next().unwrap_or_default();
        Self::ALL
            .into_iter()
            .find(|language| language.as_str().eq_ignore_ascii_case(primary))
            .unwrap_or_default()
    }
}

/// A language, and the time zone's name in the IANA database: `Europe/Berlin`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Locale {
    /// The language.
    pub language: Language,
    /// The time zone.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    pub time_zone: String,
}

from_json!(Locale {
    language,
    time_zone
});

/// The server knows no time zone of that name.
#[must_use]
pub fn zone_unknown(pointer: &str) -> FieldError {
    FieldError {
        pointer: pointer.to_owned(),
        code: "time_zone_unknown".to_owned(),
        detail: "there is no time zone of this name, as in Europe/Berlin".to_owned(),
    }
}

/// Whether a text has the form of a time zone's name. Which ones there are is for the server to say.
#[must_use]
pub fn is_zone_name(text: &str) -> bool {
    (1..=MAX_ZONE).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"/_+-".contains(&byte))
}
