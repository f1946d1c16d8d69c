//! `/api/v1/me/calendar` and `/api/v1/plans/{plan}/calendar`: the secret address of a calendar of expiries.

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::{json::from_json, time::Timestamp};

/// Whether there is an address. It is not shown again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CalendarAddress {
    /// Since when; null while there is none.
    pub created_at: Option<Timestamp>,
}

from_json!(CalendarAddress { created_at });

/// A new address, for this one time. Whoever has it can read the calendar.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewCalendarAddress {
    /// To be given to a calendar program.
    pub address: String,
    /// When it was made.
    pub created_at: Timestamp,
}

from_json!(NewCalendarAddress {
    address,
    created_at
});

impl fmt::Debug for NewCalendarAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewCalendarAddress { .. }")
    }
}
