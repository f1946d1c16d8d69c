//! `/api/v1/plans/{plan}/users`: the people of a plan, and ending what acts in their name (R10).

use crate::json::from_json;
use serde::{Deserialize, Serialize};

use super::{session::UserRef, tokens::ClientRef};
use crate::{id::UserId, plan::Role, time::Timestamp};

/// Somebody who is in a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlanUser {
    /// The user's id.
    pub id: UserId,
    /// The name that people know them by.
    pub name: String,
    /// The address that they sign in with.
    pub email: String,
    /// What they are in the plan.
    pub role: Role,
    /// Since when they are in it.
    pub joined_at: Timestamp,
    /// How many tokens act in their name in this plan now.
    pub working_tokens: u32,
    /// Since when they are deactivated in the plan; null while they are not.
    pub deactivated_at: Option<Timestamp>,
    /// Who deactivated them.
    pub deactivated_by: Option<UserRef>,
}

/// What deactivating somebody ends, or has ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Deactivation {
    /// Whom.
    pub user: PlanUser,
    /// How many user access tokens.
    pub tokens: u32,
    /// The first of them by name, soonest expiry first.
    pub token_names: Vec<String>,
    /// The clients that lose what they hold in the user's name.
    pub clients: Vec<ClientRef>,
}

from_json! {
    PlanUser {
        id, name, email, role, joined_at, working_tokens, deactivated_at, deactivated_by,
    }
}

from_json!(Deactivation {
    user,
    tokens,
    token_names,
    clients
});
