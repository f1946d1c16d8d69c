//! `/api/v1/session`: signing in, who am I, signing out.

use core::fmt;

use serde::{Deserialize, Serialize};

use super::tokens::Token;
use crate::{
    id::{PlanId, UserId},
    plan::{Role, Tier},
    time::Timestamp,
};

/// What somebody signs in with.
#[derive(Clone, Deserialize, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The user's email address; case does not matter.
    pub email: String,
    /// The password.
    pub password: String,
}

impl fmt::Debug for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignIn")
            .field("email", &self.email)
            .finish_non_exhaustive()
    }
}

/// A user as others see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserRef {
    /// The user's id.
    pub id: UserId,
    /// The name that people know them by.
    pub name: String,
}

/// A user as they see themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct User {
    /// The user's id.
    pub id: UserId,
    /// The name that people know them by.
    pub name: String,
    /// The address that they sign in with.
    pub email: String,
}

/// A plan by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlanRef {
    /// The plan's id.
    pub id: PlanId,
    /// The plan's name.
    pub name: String,
}

/// A plan that somebody is in, and what they are there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Membership {
    /// The plan's id.
    pub id: PlanId,
    /// The plan's name.
    pub name: String,
    /// What the plan has bought.
    pub tier: Tier,
    /// What they are in it.
    pub role: Role,
}

/// Who is calling.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// The user.
    pub user: User,
    /// The plans that they are in, by name. For a token: its own plan alone.
    pub plans: Vec<Membership>,
    /// The server's clock, which rules.
    pub server_time: Timestamp,
    /// The token that the call was made with; absent for somebody who signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<Box<Token>>,
}
