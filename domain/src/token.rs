//! Whether a token works, why not, and how it stands: the one place that decides (R2, R4, R5, R11, R13).

use serde::{Deserialize, Serialize};

use crate::{
    id::UserId,
    json::from_json,
    period::Period,
    policy::{History, PolicyVersion},
    time::{DAY, Timestamp},
};

/// A token is *expiring* from this many milliseconds before its expiry (R11).
pub const EXPIRING_WITHIN: i64 = 7 * DAY;
/// A token is *in use* for this many milliseconds after its last use (R11).
pub const IN_USE_WITHIN: i64 = 3 * DAY;

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TokenKind {
    /// A personal token that a user generated.
    UserAccess,
}

from_json!(TokenKind: "user_access" => UserAccess);

/// What is known of one token. The policy is not part of it: expiry is derived (R2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenFacts {
    /// When it was generated.
    pub created_at: Timestamp,
    /// The latest successful use, if there was one.
    pub last_used_at: Option<Timestamp>,
    /// Who revoked it, and when.
    pub revoked: Option<Revocation>,
    /// Since when its use looks like somebody else's.
    pub suspicious_since: Option<Timestamp>,
}

/// Somebody's decision that a token shall not work any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// When they decided.
    pub at: Timestamp,
    /// In which capacity.
    pub reason: RevocationReason,
    /// Who.
    pub by: UserId,
}

/// In which capacity somebody revoked a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RevocationReason {
    /// The owner did.
    Owner,
}

impl RevocationReason {
    /// Every reason.
    pub const ALL: [Self; 1] = [Self::Owner];

    /// The reason's name in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
        }
    }
}

/// When a token stops working under the policy in force. `Never` is later than every instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Expiry {
    /// At this instant, at which it no longer works (R4).
    At(Timestamp),
    /// Not by time.
    Never,
}

impl Expiry {
    /// The expiry under `period` of something created at `created_at` (R2).
    ///
    /// An expiry beyond the end of the calendar never comes, and what was created before its
    /// beginning counts as created there: so every creation has an expiry, in the same order.
    #[must_use]
    pub fn of(period: Option<Period>, created_at: Timestamp) -> Self {
        period
            .and_then(|period| period.end(created_at.within_calendar()).ok())
            .map_or(Self::Never, Self::At)
    }

    /// The instant, or `None` for never.
    #[must_use]
    pub const fn instant(self) -> Option<Timestamp> {
        match self {
            Self::At(at) => Some(at),
            Self::Never => None,
        }
    }
}

/// Whether a token works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It works, until this expiry.
    Works(Expiry),
    /// It works no more.
    Dead(End),
    /// It is created later than the instant asked about, so it does not work then (R4).
    NotYet,
}

/// How a token ended (R13).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// Its time passed.
    ExpiredByPeriod {
        /// The first instant at which it did not work.
        at: Timestamp,
        /// The policy version that ended it.
        policy: PolicyVersion,
    },
    /// Somebody ended it.
    Revoked(Revocation),
}

impl End {
    /// The first instant at which the token did not work.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        match self {
            Self::ExpiredByPeriod { at, .. } => *at,
            Self::Revoked(revocation) => revocation.at,
        }
    }
}

/// Decides whether a token works at `now`, and why not. Everything that asks, asks here (R5).
#[must_use]
pub fn verdict(token: &TokenFacts, history: &History, now: Timestamp) -> Verdict {
    if let Some(revocation) = &token.revoked {
        return Verdict::Dead(End::Revoked(revocation.clone()));
    }
    if let Some(policy) = history.killer(token.created_at, now) {
        return Verdict::Dead(expired(token.created_at, policy));
    }
    if now < token.created_at {
        return Verdict::NotYet;
    }
    Verdict::Works(Expiry::of(history.current().period, token.created_at))
}

/// The end by `policy` of a token that it has ended.
///
/// A token that was older than the period when the policy came into force ended in that moment.
/// The instant depends on nothing that can change later, least of all on when somebody asks.
fn expired(created_at: Timestamp, policy: &PolicyVersion) -> End {
    let since = policy.in_force_since;
    End::ExpiredByPeriod {
        at: Expiry::of(policy.period, created_at)
            .instant()
            .map_or(since, |expiry| expiry.max(since)),
        policy: policy.clone(),
    }
}

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

    /// Whether a token of this status may still work.
    #[must_use]
    pub const fn is_alive(self) -> bool {
        !matches!(self, Self::Revoked | Self::Expired)
    }
}

/// The status of a token at `now`: the first of [`Status::ALL`] that applies.
#[must_use]
pub fn status(token: &TokenFacts, history: &History, now: Timestamp) -> Status {
    match verdict(token, history, now) {
        Verdict::Dead(End::Revoked(_)) => Status::Revoked,
        Verdict::Dead(End::ExpiredByPeriod { .. }) => Status::Expired,
        Verdict::Works(expiry) => status_alive(token, expiry, now),
        // A clock that runs a little behind the one that stamped the token is no other state.
        Verdict::NotYet => {
            let expiry = Expiry::of(history.current().period, token.created_at);
            status_alive(token, expiry, now)
        }
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
