//! `/api/v1/plans/{plan}/invitations` and `/api/v1/invitations`: asking somebody into a plan by mail, and
//! what they answer.

use core::fmt;

use serde::{Deserialize, Serialize};

use super::session::UserRef;
use crate::{
    id::InvitationId, json::from_json, locale::Locale, notice::NoticeState, plan::Role,
    time::Timestamp,
};

/// Asks somebody into a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewInvitation {
    /// Where the mail goes, and where they will sign in.
    #[cfg_attr(feature = "openapi", schema(format = "email", max_length = 254))]
    pub email: String,
    /// What they are called, where it is known; they may say otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub name: Option<String>,
    /// What they will be in the plan.
    pub role: Role,
}

/// The mail of an invitation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InvitationMail {
    /// What became of it.
    pub state: NoticeState,
    /// Why it failed, or what the latest try met; null while nothing is wrong.
    pub reason: Option<String>,
}

from_json!(InvitationMail { state, reason });

/// An invitation that nobody has answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Invitation {
    /// The invitation's id; it opens nothing.
    pub id: InvitationId,
    /// Where the mail goes.
    pub email: String,
    /// What they are called, where it is known.
    pub name: Option<String>,
    /// What they will be in the plan.
    pub role: Role,
    /// Who invited them, or sent it again last.
    pub invited_by: UserRef,
    /// When they were first invited.
    pub created_at: Timestamp,
    /// From when on its link opens nothing, unless it is sent again.
    pub expires_at: Timestamp,
    /// Its latest mail.
    pub mail: InvitationMail,
}

from_json! {
    Invitation { id, email, name, role, invited_by, created_at, expires_at, mail }
}

/// Presents the secret of an invitation's link.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct InvitationCode {
    /// What stands in the link after the `#`.
    #[cfg_attr(feature = "openapi", schema(min_length = 1))]
    pub code: String,
}

impl fmt::Debug for InvitationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InvitationCode").finish_non_exhaustive()
    }
}

/// What an invitation's link opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InvitationOffer {
    /// The plan's name.
    pub plan: String,
    /// The address that the mail went to.
    pub email: String,
    /// What whoever invited them calls them.
    pub name: Option<String>,
    /// What they will be in the plan.
    pub role: Role,
    /// The name of whoever invited them.
    pub invited_by: String,
    /// From when on the link opens nothing.
    pub expires_at: Timestamp,
    /// Whether somebody signs in by this address already: then their password is asked for, else a new one.
    pub has_account: bool,
}

from_json! {
    InvitationOffer { plan, email, name, role, invited_by, expires_at, has_account }
}

/// Accepts an invitation.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    /// What stands in the link after the `#`.
    #[cfg_attr(feature = "openapi", schema(min_length = 1))]
    pub code: String,
    /// The name of the new account; left out where there is one already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub name: Option<String>,
    /// The new account's password, or that of the account that there is.
    #[cfg_attr(feature = "openapi", schema(max_length = 1024))]
    pub password: String,
    /// What the person's browser speaks and where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<Locale>,
}

impl fmt::Debug for Acceptance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Acceptance")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
