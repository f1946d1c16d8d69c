//! What becomes of a check of a token, or of an attempt to refresh one: a closed list.

use serde::{Deserialize, Serialize};

use crate::json::from_json;

macro_rules! outcomes {
    ($($(#[$doc:meta])* $name:ident, $word:literal, $class:ident;)+) => {
        /// What became of a check of a token, or of an attempt to refresh one. A 401 or 403 has the code of its
        /// problem.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum Outcome {
            $($(#[$doc])* #[serde(rename = $word)] $name,)+
        }

        impl Outcome {
            /// Every outcome.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The stable name for programs.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)+ }
            }

            /// What the outcomes of several causes have in common.
            #[must_use]
            pub const fn class(self) -> Class {
                match self { $(Self::$name => Class::$class,)+ }
            }
        }

        from_json! { Outcome: $($word => $name),+ }
    };
}

outcomes! {
    /// The token works, and may be used for this.
    Works, "works", Works;
    /// No token came with the call.
    Missing, "token_missing", Unauthorized;
    /// The text is not that of a token.
    Malformed, "token_malformed", Unauthorized;
    /// No such token was ever issued here, or it is another plan's.
    Unknown, "token_unknown", Unauthorized;
    /// The token's time has passed.
    Expired, "token_expired", Unauthorized;
    /// Somebody revoked the token.
    Revoked, "token_revoked", Unauthorized;
    /// The token's owner was deactivated.
    OwnerDeactivated, "owner_deactivated", Unauthorized;
    /// The token works and lacks a scope.
    ScopeLacking, "insufficient_scope", Forbidden;
    /// A refresh token was exchanged for the next pair.
    Refreshed, "refreshed", Refreshed;
    /// What was presented is no refresh token that was ever issued here.
    RefreshUnknown, "refresh_unknown", RefreshFailed;
    /// The refresh token was used before, and its successor as well: its grant ended.
    RefreshReplayed, "refresh_replayed", RefreshFailed;
    /// Nobody used the refresh token for too long.
    RefreshUnused, "refresh_unused", RefreshFailed;
    /// The authorization that the refresh token came of has ended.
    RefreshEnded, "refresh_ended", RefreshFailed;
    /// The refresh token is another client's.
    RefreshOtherClient, "refresh_other_client", RefreshFailed;
    /// Whoever allowed it is no longer active in the plan.
    RefreshOwnerInactive, "refresh_owner_inactive", RefreshFailed;
    /// More scopes were asked for than were allowed.
    RefreshScope, "refresh_scope", RefreshFailed;
}

impl Outcome {
    /// The outcome of this name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|outcome| outcome.as_str() == text)
    }
}

/// What outcomes of several causes have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// The call was let through.
    Works,
    /// 401: the token is none, or works no more.
    Unauthorized,
    /// 403: the token works and may not be used for this.
    Forbidden,
    /// A new pair was issued.
    Refreshed,
    /// No new pair was issued.
    RefreshFailed,
}

from_json! {
    Class:
    "works" => Works,
    "unauthorized" => Unauthorized,
    "forbidden" => Forbidden,
    "refreshed" => Refreshed,
    "refresh_failed" => RefreshFailed,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Kind;

    #[test]
    fn a_refusal_is_named_as_its_problem_is() {
        for outcome in Outcome::ALL {
            assert_eq!(Outcome::parse(outcome.as_str()), Some(*outcome));
            let status = match outcome.class() {
                Class::Unauthorized => 401,
                Class::Forbidden => 403,
                Class::Works | Class::Refreshed | Class::RefreshFailed => continue,
            };
            let problem = Kind::ALL
                .iter()
                .find(|kind| kind.code() == outcome.as_str());
            assert_eq!(problem.map(|kind| kind.status()), Some(status));
        }
    }
}
