//! What all lists share: `?limit=` and `?cursor=`. A cursor is opaque: callers hand it back as it is.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tenure_domain::problem::Kind;

use crate::error::{ApiError, ApiResult};

/// Items on a page when nobody asks for a number.
pub(crate) const DEFAULT_LIMIT: usize = 50;
/// The most items on a page.
pub(crate) const MAX_LIMIT: usize = 200;

/// The part of a query that says which page.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct PageQuery {
    cursor: Option<String>,
    limit: Option<usize>,
}

impl PageQuery {
    /// How many items: 1 to [`MAX_LIMIT`].
    pub(crate) fn limit(&self) -> ApiResult<usize> {
        match self.limit.unwrap_or(DEFAULT_LIMIT) {
            limit @ 1..=MAX_LIMIT => Ok(limit),
            _ => Err(ApiError::new(Kind::InvalidRequest)
                .detail(format!("limit must be from 1 to {MAX_LIMIT}"))),
        }
    }

    /// Where the last page ended; `None` for the first page.
    pub(crate) fn cursor<T: DeserializeOwned>(&self) -> ApiResult<Option<T>> {
        self.cursor.as_deref().map(decode).transpose()
    }
}

fn decode<T: DeserializeOwned>(cursor: &str) -> ApiResult<T> {
    URL_SAFE_NO_PAD
        .decode(cursor)
        .ok()
        .and_then(|json| serde_json::from_slice(&json).ok())
        .ok_or_else(foreign_cursor)
}

/// The cursor belongs to another list, or to none.
pub(crate) fn foreign_cursor() -> ApiError {
    ApiError::new(Kind::InvalidRequest)
        .detail("this cursor was not made by this list; begin without one")
}

/// The cursor of a position.
pub(crate) fn encode<T: Serialize>(position: &T) -> String {
    // A position is a plain struct: it always serializes.
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(position).unwrap_or_default())
}
