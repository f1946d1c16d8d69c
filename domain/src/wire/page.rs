//! Lists that come in pages.

use serde::{Deserialize, Serialize};

use crate::json::{Fault, FromJson, Json};

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// The items, in the list's order.
    pub items: Vec<T>,
    /// Asks for the next page; absent on the last one. Opaque.
    pub next_cursor: Option<String>,
}

impl<T: FromJson> FromJson for Page<T> {
    fn take(mut json: Json, fault: &mut Fault) -> Self {
        Self {
            items: json.member("items", fault),
            next_cursor: json.member("next_cursor", fault),
        }
    }
}
