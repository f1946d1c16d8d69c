//! Identifiers: sortable text, one type for each thing that they name.

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::json::{Fault, FromJson, Json};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromJson for $name {
            fn take(json: Json, fault: &mut Fault) -> Self {
                Self(String::take(json, fault))
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }
    )+};
}

ids! {
    /// Names a plan.
    PlanId,
    /// Names a user.
    UserId,
    /// Names a token, dead or alive. It is no secret.
    TokenId,
    /// Names an OAuth client: its `client_id` (RFC 6749, section 2.2). It is no secret.
    ClientId,
    /// Names what a person allowed a client once: the line of token pairs that came of it.
    GrantId,
    /// Names a notice: a mail that tells somebody of their tokens.
    NoticeId,
    /// Names something that a rule found of a token.
    FindingId,
    /// Names an alert: that the health of a plan's authentication wanted attention once.
    AlertId,
    /// Names an invitation into a plan. It is no secret: the link's is another.
    InvitationId,
}
