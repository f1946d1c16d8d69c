//! `/api/v1/setup`: the first System Admin of an empty server.

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::locale::Locale;

/// Makes the first plan and its System Admin.
#[derive(Clone, Deserialize, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Setup {
    /// The secret of the one-time link.
    #[cfg_attr(feature = "openapi", schema(min_length = 1))]
    pub code: String,
    /// The plan's name.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    pub plan: String,
    /// The admin's name.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    pub name: String,
    /// The admin's email address.
    #[cfg_attr(feature = "openapi", schema(format = "email", max_length = 254))]
    pub email: String,
    /// The admin's password: at least [`MIN_PASSWORD`](crate::account::MIN_PASSWORD) characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 8, max_length = 1024))]
    pub password: String,
    /// What the admin's browser speaks and where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<Locale>,
}

impl fmt::Debug for Setup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Setup")
            .field("plan", &self.plan)
            .field("name", &self.name)
            .field("email", &self.email)
            .finish_non_exhaustive()
    }
}
