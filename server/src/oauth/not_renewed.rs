//! Why a refresh token gives no next pair: what its client is told (RFC 6749, section 5.2), and as what it counts.

use tenure_domain::wire::auth_health::Outcome;

use super::{ErrorCode, OauthError};
use crate::store::StoreError;

/// There is no pair of tokens for what was presented.
pub(super) const fn no_grant(description: &'static str) -> OauthError {
    OauthError::new(ErrorCode::InvalidGrant, description)
}

/// Why there is no next pair: what the client is told, and as what it counts.
pub(super) struct NotRenewed {
    pub(super) error: OauthError,
    /// `None` where something broke, which says nothing of what was presented.
    pub(super) outcome: Option<Outcome>,
}

impl NotRenewed {
    pub(super) const fn new(outcome: Outcome, description: &'static str) -> Self {
        Self {
            error: no_grant(description),
            outcome: Some(outcome),
        }
    }

    /// A refusal counts so; a failure does not count.
    pub(super) fn counts_as(outcome: Outcome) -> impl Fn(OauthError) -> Self {
        move |error| {
            let refused = matches!(
                error.code,
                ErrorCode::InvalidGrant | ErrorCode::InvalidScope
            );
            Self {
                outcome: refused.then_some(outcome),
                error,
            }
        }
    }
}

impl From<OauthError> for NotRenewed {
    fn from(error: OauthError) -> Self {
        Self {
            error,
            outcome: None,
        }
    }
}

impl From<StoreError> for NotRenewed {
    fn from(error: StoreError) -> Self {
        OauthError::from(error).into()
    }
}
