//! What the caller of a change saw, from `If-Match` (RFC 9110, section 13.1.1), and the tags that it names.

use axum::{
    extract::FromRequestParts,
    http::{
        HeaderValue,
        header::{ETAG, IF_MATCH},
        request::Parts,
    },
    response::{IntoResponse, Response},
};
use serde::Serialize;
use tenure_domain::problem::Kind;

use crate::{
    error::{ApiError, ApiResult},
    extract::Json,
    state::AppState,
};

/// The one entity tag that came, if one did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum IfMatch {
    /// None came: the caller does not say what they saw.
    Absent,
    /// `*`: whatever it is.
    Any,
    /// What they saw, with its quotes.
    Tag(String),
    /// A weak tag, which never matches.
    Weak,
}

impl IfMatch {
    /// Whether the change may be made of what has this entity tag: where the caller says what they saw, it is that.
    ///
    /// # Errors
    /// `stale_version` when it is something else by now.
    pub(crate) fn allows(&self, etag: &str) -> ApiResult<()> {
        match self {
            Self::Absent | Self::Any => Ok(()),
            Self::Tag(tag) if tag == etag => Ok(()),
            Self::Tag(_) | Self::Weak => Err(Kind::StaleVersion.into()),
        }
    }

    fn parse(text: &str) -> ApiResult<Self> {
        let text = text.trim();
        if text == "*" {
            return Ok(Self::Any);
        }
        let (weak, tag) = text
            .strip_prefix("W/")
            .map_or((false, text), |tag| (true, tag));
        let inner = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"'));
        match inner {
            Some(inner) if inner.contains('"') => Err(one_tag()),
            Some(_) if weak => Ok(Self::Weak),
            Some(_) => Ok(Self::Tag(tag.to_owned())),
            None => Err(one_tag()),
        }
    }
}

impl FromRequestParts<AppState> for IfMatch {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> ApiResult<Self> {
        let mut values = parts.headers.get_all(IF_MATCH).iter();
        match (values.next(), values.next()) {
            (None, _) => Ok(Self::Absent),
            (Some(value), None) => Self::parse(value.to_str().unwrap_or_default()),
            (Some(_), Some(_)) => Err(one_tag()),
        }
    }
}

/// The answer that has this entity tag.
pub(crate) fn tagged(etag: &str, body: impl Serialize) -> ApiResult<Response> {
    let etag =
        HeaderValue::try_from(etag).map_err(|error| ApiError::internal(error.to_string()))?;
    Ok(([(ETAG, etag)], Json(body)).into_response())
}

fn one_tag() -> ApiError {
    ApiError::new(Kind::InvalidRequest)
        .detail("If-Match must hold one entity tag, as in If-Match: \"3\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_holds_one_tag() {
        let parse = |text| IfMatch::parse(text).map_err(|error| error.kind());
        let tag = |text: &str| Ok(IfMatch::Tag(text.to_owned()));
        assert_eq!(parse("\"3\""), tag("\"3\""));
        assert_eq!(parse(" \"5-15-on\" "), tag("\"5-15-on\""));
        assert_eq!(parse("\"\""), tag("\"\""));
        assert_eq!(parse("W/\"3\""), Ok(IfMatch::Weak));
        assert_eq!(parse("*"), Ok(IfMatch::Any));
        for text in ["", "3", "\"", "\"3", "\"3\", \"4\"", "W/3"] {
            assert_eq!(parse(text), Err(Kind::InvalidRequest), "{text}");
        }
    }

    #[test]
    fn a_change_is_made_of_what_was_seen() {
        let seen = IfMatch::Tag("\"3\"".to_owned());
        for (if_match, allowed) in [
            (IfMatch::Absent, true),
            (IfMatch::Any, true),
            (seen.clone(), true),
            (IfMatch::Weak, false),
            (IfMatch::Tag("\"4\"".to_owned()), false),
        ] {
            let result = if_match.allows("\"3\"").map_err(|error| error.kind());
            let expected = if allowed {
                Ok(())
            } else {
                Err(Kind::StaleVersion)
            };
            assert_eq!(result, expected, "{if_match:?}");
        }
    }
}
