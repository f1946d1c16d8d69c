//! `/api/v1/events`: what changed elsewhere, as it happens.

use serde::{Deserialize, Serialize};

use crate::{id::PlanId, json::from_json, live::Topic};

/// The name of an event that tells a [`Change`].
pub const CHANGE: &str = "change";
/// The name of an event that tells that changes may have been missed: whatever is on show is to be loaded again.
pub const RESET: &str = "reset";

/// Something changed, and is to be loaded again by whoever shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Change {
    /// The plan in which it did; null for what is in none.
    pub plan: Option<PlanId>,
    /// The kinds of things that changed.
    pub topics: Vec<Topic>,
}

from_json!(Change { plan, topics });
