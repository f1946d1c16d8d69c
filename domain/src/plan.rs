//! Plans, the people in them, and who may change what (rule R1).

use serde::{Deserialize, Serialize};

use crate::{json::from_json, problem::Kind};

/// What a plan has bought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// Without an expiration policy.
    Pro,
    /// With an expiration policy.
    Business,
    /// With an expiration policy.
    Enterprise,
}

from_json!(Tier: "pro" => Pro, "business" => Business, "enterprise" => Enterprise);

impl Tier {
    /// Every tier, from the smallest.
    pub const ALL: [Self; 3] = [Self::Pro, Self::Business, Self::Enterprise];

    /// The tier's name on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pro => "pro",
            Self::Business => "business",
            Self::Enterprise => "enterprise",
        }
    }

    /// Whether a plan of this tier can have an expiration policy.
    #[must_use]
    pub const fn has_expiration_policy(self) -> bool {
        matches!(self, Self::Business | Self::Enterprise)
    }
}

/// What a member is in a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Answers for the plan's security.
    SystemAdmin,
    /// Has tokens of their own.
    Member,
}

from_json!(Role: "system_admin" => SystemAdmin, "member" => Member);

impl Role {
    /// Every role.
    pub const ALL: [Self; 2] = [Self::SystemAdmin, Self::Member];

    /// The role's name on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SystemAdmin => "system_admin",
            Self::Member => "member",
        }
    }

    /// Whether the Admin Center of the plan is for somebody with this role.
    #[must_use]
    pub const fn administers(self) -> bool {
        matches!(self, Self::SystemAdmin)
    }
}

/// Whether somebody with `role` in a plan of `tier` may change its expiration policy (R1).
///
/// # Errors
/// [`Kind::RoleRequired`] for anybody but a System Admin, [`Kind::PlanTierRequired`] on Pro.
pub const fn may_change_policy(role: Role, tier: Tier) -> Result<(), Kind> {
    if !role.administers() {
        Err(Kind::RoleRequired)
    } else if !tier.has_expiration_policy() {
        Err(Kind::PlanTierRequired)
    } else {
        Ok(())
    }
}
