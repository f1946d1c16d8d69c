//! How a token stands, for people: a word for what the verdict says, and for how it is used (R11).

use serde::{Deserialize, Serialize};

use super::{End, Expiry, TokenFacts, Verdict, effective_expiry, verdict};
use crate::{
    json::from_json,
    policy::History,
    time::{DAY, Timestamp},
};

/// A token is *expiring* from this many milliseconds before its expiry (R11).
pub const EXPIRING_WITHIN: i64 = 7 * DAY;
/// A token is *in use* for this many milliseconds after its last use (R11).
pub const IN_USE_WITHIN: i64 = 3 * DAY;

/// How a token stands, as people see it (R11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Somebody ended it.
    Revoked,
    /// Its time passed.
    Expired,
    /// It works, but its use looks like somebody else's.
    Suspicious,
    /// It works for at most [`EXPIRING_WITHIN`] more.
    Expiring,
    /// It was used within [`IN_USE_WITHIN`].
    InUse,
    /// It works and nobody uses it.
    Idle,
}

from_json! {
    Status:
    "revoked" => Revoked,
    "expired" => Expired,
    "suspicious" => Suspicious,
    "expiring" => Expiring,
    "in_use" => InUse,
    "idle" => Idle,
}

impl Status {
    /// Every status, in the order of precedence.
    pub const ALL: [Self; 6] = [
        Self::Revoked,
        Self::Expired,
        Self::Suspicious,
        Self::Expiring,
        Self::InUse,
        Self::Idle,
    ];

    /// The status's name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Revoked => "revoked",
            Self::Expired => "expired",
            Self::Suspicious => "suspicious",
            Self::Expiring => "expiring",
            Self::InUse => "in_use",
            Self::Idle => "idle",
        }
    }

    /// Whether a token of this status may still work.
    #[must_use]
    pub const fn is_alive(self) -> bool {
        !matches!(self, Self::Revoked | Self::Expired)
    }

    /// The first instant at which a token of this status has another one by time alone, given its effective
    /// expiry and its latest use; `None` for never.
    #[must_use]
    pub fn changes_at(
        self,
        expires_at: Option<Timestamp>,
        last_used_at: Option<Timestamp>,
    ) -> Option<Timestamp> {
        let expiring = expires_at.map(|at| at.saturating_add(-EXPIRING_WITHIN));
        let unused = last_used_at.map(|at| at.saturating_add(IN_USE_WITHIN + 1));
        match self {
            Self::Revoked | Self::Expired => None,
            Self::Suspicious | Self::Expiring => expires_at,
            Self::InUse => expiring.into_iter().chain(unused).min(),
            Self::Idle => expiring,
        }
    }
}

/// The status of a token at `now`: the first of [`Status::ALL`] that applies.
#[must_use]
pub fn status(token: &TokenFacts, history: &History, now: Timestamp) -> Status {
    match verdict(token, history, now) {
        Verdict::Dead(End::Revoked(_)) => Status::Revoked,
        Verdict::Dead(_) => Status::Expired,
        Verdict::Works(expiry) => status_alive(token, expiry, now),
        // A clock that runs a little behind the one that stamped the token is no other state.
        Verdict::NotYet => status_alive(token, effective_expiry(token, history, now), now),
    }
}

fn status_alive(token: &TokenFacts, expiry: Expiry, now: Timestamp) -> Status {
    let expiring = expiry
        .instant()
        .is_some_and(|expiry| expiry.millis_since(now) <= EXPIRING_WITHIN);
    let in_use = token
        .last_used_at
        .is_some_and(|used| now.millis_since(used) <= IN_USE_WITHIN);
    if token.suspicious_since.is_some() {
        Status::Suspicious
    } else if expiring {
        Status::Expiring
    } else if in_use {
        Status::InUse
    } else {
        Status::Idle
    }
}
