//! `/api/v1/session`: signing in, who am I, signing out.

use core::fmt;

use serde::{Deserialize, Serialize};

use super::tokens::Token;
use crate::{
    id::{PlanId, UserId},
    json::from_json,
    locale::Locale,
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
    /// What the browser speaks and where it is: kept where the user has chosen nothing yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<Locale>,
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

from_json!(UserRef { id, name });

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

from_json!(User { id, name, email });

/// A plan by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlanRef {
    /// The plan's id.
    pub id: PlanId,
    /// The plan's name.
    pub name: String,
}

from_json!(PlanRef { id, name });

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

from_json!(Membership {
    id,
    name,
    tier,
    role
});

/// Who is calling.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// The user.
    pub user: User,
    /// The plans that they are in, by name. For a token: its own plan alone.
    pub plans: Vec<Membership>,
    /// The language and the time zone of their mails; null while nobody has chosen any, which is English and
    /// UTC.
    pub locale: Option<Locale>,
    /// The server's clock, which rules.
    pub server_time: Timestamp,
    /// The place in the feed of changes up to which this answer knows of them: `/events?after=` goes on from
    /// there.
    pub position: i64,
    /// The token that the call was made with; absent for somebody who signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<Box<Token>>,
}

from_json!(Session {
    user,
    plans,
    locale,
    server_time,
    position,
    token
});
