//! What the caller of a change saw, from `If-Match` (R8).

use axum::{extract::FromRequestParts, http::request::Parts};
use tenure_domain::{policy, problem::Kind, wire::policies::seen_of};

use crate::{
    error::{ApiError, ApiResult},
    routes::if_match::IfMatch,
    state::AppState,
};

/// What the caller saw, from `If-Match`.
///
/// `*` would mean "whatever it is", which is what R8 exists to refuse; it counts as missing. A weak tag
/// never matches, and neither does one that is no version's.
#[derive(Debug)]
pub(crate) struct Seen(pub(super) policy::Seen);

/// A version that no change can follow, so that no caller can have seen it in time.
const NO_VERSION: policy::Seen = policy::Seen {
    in_force: u32::MAX,
    scheduled: None,
};

impl FromRequestParts<AppState> for Seen {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> ApiResult<Self> {
        seen(&IfMatch::from_request_parts(parts, app).await?).map(Self)
    }
}

fn seen(if_match: &IfMatch) -> ApiResult<policy::Seen> {
    match if_match {
        IfMatch::Absent => Err(Kind::IfMatchRequired.into()),
        IfMatch::Any => Err(ApiError::new(Kind::IfMatchRequired)
            .detail("name the version that you saw; * would overrule everybody else's change")),
        IfMatch::Tag(tag) => Ok(seen_of(tag).unwrap_or(NO_VERSION)),
        IfMatch::Weak => Ok(NO_VERSION),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn if_match_names_one_version() {
        let tag = |text: &str| IfMatch::Tag(text.to_owned());
        let kind = |if_match| seen(&if_match).map_err(|error| error.kind());
        let scheduled = policy::Seen {
            in_force: 3,
            scheduled: Some(4),
        };
        assert_eq!(kind(tag("\"3\"")), Ok(3.into()));
        assert_eq!(kind(tag("\"3-4\"")), Ok(scheduled));
        for none in [
            tag("\"3-\""),
            tag("\"3-04\""),
            tag("\"three\""),
            IfMatch::Weak,
        ] {
            assert_eq!(kind(none), Ok(NO_VERSION));
        }
        for missing in [IfMatch::Absent, IfMatch::Any] {
            assert_eq!(kind(missing), Err(Kind::IfMatchRequired));
        }
    }
}
