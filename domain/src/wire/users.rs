//! `/api/v1/plans/{plan}/users`: the people of a plan, and ending what acts in their name (R10).

use serde::{Deserialize, Serialize};

use super::{session::UserRef, tokens::ClientRef};
use crate::{id::UserId, json::from_json, membership::Place, plan::Role, time::Timestamp};

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
    /// When they were last seen: the latest of their last call by a session, which is of no plan and is noted
    /// to within five minutes, and of when a token of theirs in this plan was last made or used. Null where
    /// neither is known.
    pub last_seen_at: Option<Timestamp>,
    /// How many tokens act in their name in this plan now.
    pub working_tokens: u32,
    /// Whether the plan has another System Admin who is not deactivated.
    pub others_administer: bool,
    /// Since when they are deactivated in the plan; null while they are not.
    pub deactivated_at: Option<Timestamp>,
    /// Who deactivated them.
    pub deactivated_by: Option<UserRef>,
}

impl PlanUser {
    /// Their place in the plan, for [`may_change`](crate::membership::may_change).
    #[must_use]
    pub const fn place(&self) -> Place {
        Place {
            role: self.role,
            is_active: self.deactivated_at.is_none(),
            others_administer: self.others_administer,
        }
    }
}

/// Makes somebody something else in the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RoleChange {
    /// What they become.
    pub role: Role,
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
    /// How many of those whom the user invited have not answered: their invitations are withdrawn.
    pub invitations: u32,
}

from_json! {
    PlanUser {
        id, name, email, role, joined_at, last_seen_at, working_tokens, others_administer, deactivated_at,
        deactivated_by,
    }
}

from_json!(Deactivation {
    user,
    tokens,
    token_names,
    clients,
    invitations
});
