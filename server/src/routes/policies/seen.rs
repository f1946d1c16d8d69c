//! What the caller of a change saw, from `If-Match` (R8).

use axum::{
    extract::FromRequestParts,
    http::{header::IF_MATCH, request::Parts},
};
use tenure_domain::{policy, problem::Kind, wire::policies::seen_of};

use crate::{
    error::{ApiError, ApiResult},
    state::AppState,
};

/// What the caller saw, from `If-Match`.
///
/// `*` would mean "whatever it is", which is what R8 exists to refuse; it counts as missing. A weak tag
/// never matches (RFC 9110, section 13.1.1), and neither does one that is no version's.
#[derive(Debug)]
pub(crate) struct Seen(pub(super) policy::Seen);

/// A version that no change can follow, so that no caller can have seen it in time.
const NO_VERSION: policy::Seen = policy::Seen {
    in_force: u32::MAX,
    scheduled: None,
};

impl FromRequestParts<AppState> for Seen {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> ApiResult<Self> {
        let mut values = parts.headers.get_all(IF_MATCH).iter();
        match (values.next(), values.next()) {
            (None, _) => Err(Kind::IfMatchRequired.into()),
            (Some(value), None) => seen(value.to_str().unwrap_or_default()).map(Self),
            (Some(_), Some(_)) => Err(one_tag()),
        }
    }
}

fn seen(text: &str) -> ApiResult<policy::Seen> {
    let text = text.trim();
    let (weak, tag) = text
        .strip_prefix("W/")
        .map_or((false, text), |tag| (true, tag));
    let inner = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"'));
    match inner {
        _ if text == "*" => Err(ApiError::new(Kind::IfMatchRequired)
            .detail("name the version that you saw; * would overrule everybody else's change")),
        Some(inner) if !inner.contains('"') => {
            Ok(seen_of(tag).filter(|_| !weak).unwrap_or(NO_VERSION))
        }
        _ => Err(one_tag()),
    }
}

fn one_tag() -> ApiError {
    ApiError::new(Kind::InvalidRequest)
        .detail("If-Match must hold one entity tag, as in If-Match: \"3\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn if_match_names_one_version() {
        let kind = |text| seen(text).map_err(|error| error.kind());
        let scheduled = policy::Seen {
            in_force: 3,
            scheduled: Some(4),
        };
        assert_eq!(kind("\"3\""), Ok(3.into()));
        assert_eq!(kind(" \"3\" "), Ok(3.into()));
        assert_eq!(kind("\"3-4\""), Ok(scheduled));
        assert_eq!(kind("\"3-\""), Ok(NO_VERSION));
        assert_eq!(kind("\"3-04\""), Ok(NO_VERSION));
        assert_eq!(kind("W/\"3\""), Ok(NO_VERSION));
        assert_eq!(kind("\"three\""), Ok(NO_VERSION));
        assert_eq!(kind("*"), Err(Kind::IfMatchRequired));
        for text in ["", "3", "\"3", "\"3\", \"4\"", "W/3"] {
            assert_eq!(kind(text), Err(Kind::InvalidRequest), "{text}");
        }
    }
}
