//! Whether a token works, why not, and how it stands: the one place that decides (R2, R4, R5, R11, R13).

mod ending;
mod status;

pub use ending::{EndsBy, ends_by, told_expiry};
pub use status::{EXPIRING_WITHIN, IN_USE_WITHIN, Status, status};

use serde::{Deserialize, Serialize};

use crate::{
    id::UserId,
    json::from_json,
    period::Period,
    policy::{History, PolicyVersion},
    time::Timestamp,
};

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TokenKind {
    /// A personal token that a user generated.
    UserAccess,
    /// What a client calls with in a user's name (RFC 6749, section 1.4).
    OauthAccess,
}

impl TokenKind {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::UserAccess, Self::OauthAccess];

    /// The kind's name on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UserAccess => "user_access",
            Self::OauthAccess => "oauth_access",
        }
    }
}

from_json! {
    TokenKind:
    "user_access" => UserAccess,
    "oauth_access" => OauthAccess,
}

/// What is known of one token. The policy is not part of it: expiry is derived (R2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenFacts {
    /// What it is for.
    pub kind: TokenKind,
    /// When it was generated.
    pub created_at: Timestamp,
    /// Rotated: the end of the overlap in which it works beside its successor.
    pub retires_at: Option<Timestamp>,
    /// The latest successful use, if there was one.
    pub last_used_at: Option<Timestamp>,
    /// Who revoked it, and when.
    pub revoked: Option<Revocation>,
    /// Since when its use looks like somebody else's.
    pub suspicious_since: Option<Timestamp>,
}

impl TokenFacts {
    /// A token of which nothing is known but its creation.
    #[must_use]
    pub const fn created(kind: TokenKind, created_at: Timestamp) -> Self {
        Self {
            kind,
            created_at,
            retires_at: None,
            last_used_at: None,
            revoked: None,
            suspicious_since: None,
        }
    }

    /// Its creation or its latest successful use, whichever is later: from here inactivity counts (R2).
    #[must_use]
    pub fn last_active_at(&self) -> Timestamp {
        self.last_used_at
            .map_or(self.created_at, |used| used.max(self.created_at))
    }
}

/// Somebody's decision that a token shall not work any more.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Revocation {
    /// When they decided.
    pub at: Timestamp,
    /// In which capacity.
    pub reason: RevocationReason,
    /// Who; nobody where a client or the server itself did.
    pub by: Option<UserId>,
}

/// In which capacity somebody revoked a token, or for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RevocationReason {
    /// The owner did.
    Owner,
    /// A System Admin did.
    Admin,
    /// The client that it was issued to gave it back, or is no longer registered.
    Client,
    /// Its owner was deactivated in the plan.
    Deactivation,
    /// It was replaced: rotated by its owner, or refreshed by its client.
    Rotation,
    /// A refresh token or a code was used twice, so somebody else may hold it (RFC 9700, section 4.14).
    Reuse,
}

impl RevocationReason {
    /// Every reason.
    pub const ALL: [Self; 6] = [
        Self::Owner,
        Self::Admin,
        Self::Client,
        Self::Deactivation,
        Self::Rotation,
        Self::Reuse,
    ];

    /// The reason's name in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Client => "client",
            Self::Deactivation => "deactivation",
            Self::Rotation => "rotation",
            Self::Reuse => "reuse",
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
    /// Nobody used it for too long.
    ExpiredByInactivity {
        /// The first instant at which it did not work.
        at: Timestamp,
        /// The policy version that ended it.
        policy: PolicyVersion,
    },
    /// The time that the server gives OAuth access tokens passed.
    ExpiredByLifetime {
        /// The first instant at which it did not work.
        at: Timestamp,
    },
    /// Somebody ended it.
    Revoked(Revocation),
}

impl End {
    /// The first instant at which the token did not work.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        match self {
            Self::ExpiredByPeriod { at, .. }
            | Self::ExpiredByInactivity { at, .. }
            | Self::ExpiredByLifetime { at } => *at,
            Self::Revoked(revocation) => revocation.at,
        }
    }

    /// The version of the policy that ended it, if one did.
    #[must_use]
    pub const fn policy(&self) -> Option<&PolicyVersion> {
        match self {
            Self::ExpiredByPeriod { policy, .. } | Self::ExpiredByInactivity { policy, .. } => {
                Some(policy)
            }
            Self::ExpiredByLifetime { .. } | Self::Revoked(_) => None,
        }
    }

    /// Whether time ended it, and nobody's decision.
    #[must_use]
    pub const fn is_expiry(&self) -> bool {
        !matches!(self, Self::Revoked(_))
    }
}

/// Decides whether a token works at `now`, and why not. Everything that asks, asks here (R5).
///
/// Of several things that would have ended it, the earliest did; a revocation that is kept came before
/// all of them, or it would not have been made.
#[must_use]
pub fn verdict(token: &TokenFacts, history: &History, now: Timestamp) -> Verdict {
    if let Some(revocation) = &token.revoked {
        return Verdict::Dead(End::Revoked(revocation.clone()));
    }
    let ends = [
        by_either_rule(token, history, now),
        by_lifetime(token, history, now),
        by_retirement(token, now),
    ];
    if let Some(end) = ends.into_iter().flatten().min_by_key(End::at) {
        return Verdict::Dead(end);
    }
    if now < token.created_at {
        return Verdict::NotYet;
    }
    Verdict::Works(effective_expiry(token, history, now))
}

/// When a token stops working by itself, as things stand at `now`: the earliest of all that ends
/// tokens (R2). A scheduled version is among them; inactivity counts as if nobody used it again.
#[must_use]
pub fn effective_expiry(token: &TokenFacts, history: &History, now: Timestamp) -> Expiry {
    let by_lifetime = match token.kind {
        TokenKind::UserAccess => Expiry::Never,
        TokenKind::OauthAccess => Expiry::of(history.access_lifetime().period, token.created_at),
    };
    let by_retirement = token.retires_at.map_or(Expiry::Never, Expiry::At);
    by_policy(token, history, now)
        .min(by_lifetime)
        .min(by_retirement)
}

/// When the policy ends a token: the version in force, or what is scheduled where the token lives to see it.
fn by_policy(token: &TokenFacts, history: &History, now: Timestamp) -> Expiry {
    ruling(token, history, now).1
}

/// The version of the policy that will end a token, and when.
pub(crate) fn ruling<'h>(
    token: &TokenFacts,
    history: &'h History,
    now: Timestamp,
) -> (&'h PolicyVersion, Expiry) {
    let in_force = history.in_force_at(now);
    let expiry = in_force.terms().expiry(token);
    let scheduled = history.scheduled_at(now);
    match scheduled.map(|next| (next, Expiry::At(next.in_force_since))) {
        Some((next, comes)) if comes < expiry => (next, next.terms().expiry(token).max(comes)),
        _ => (in_force, expiry),
    }
}

/// The end by the policy: by the first version that ended the token, and by the rule of it that came first.
fn by_either_rule(token: &TokenFacts, history: &History, now: Timestamp) -> Option<End> {
    let by_period = by_period(token, history, now);
    let ends = [by_period, by_inactivity(token, history, now)];
    ends.into_iter()
        .flatten()
        .min_by_key(|end| (end.policy().map(|policy| policy.version), end.at()))
}

/// The end by the policy's period.
///
/// A token that was older than the period when the policy came into force ended in that moment.
/// The instant depends on nothing that can change later, least of all on when somebody asks.
fn by_period(token: &TokenFacts, history: &History, now: Timestamp) -> Option<End> {
    let policy = history.killer(token.created_at, now)?;
    let since = policy.in_force_since;
    Some(End::ExpiredByPeriod {
        at: Expiry::of(policy.period, token.created_at)
            .instant()
            .map_or(since, |expiry| expiry.max(since)),
        policy: policy.clone(),
    })
}

/// The end by inactivity; as for the period, a token that was unused for too long when the policy came
/// into force ended in that moment.
fn by_inactivity(token: &TokenFacts, history: &History, now: Timestamp) -> Option<End> {
    let last_active = token.last_active_at();
    let policy = history.idle_killer(last_active, now)?;
    let since = policy.in_force_since;
    Some(End::ExpiredByInactivity {
        at: Expiry::of(policy.inactivity, last_active)
            .instant()
            .map_or(since, |expiry| expiry.max(since)),
        policy: policy.clone(),
    })
}

/// The end of an OAuth access token by the server's lifetime for them.
///
/// The operator's setting has no versions: where it was shortened, the end that is told may lie before the
/// instant at which the shorter one came into force.
fn by_lifetime(token: &TokenFacts, history: &History, now: Timestamp) -> Option<End> {
    let access = history.access_lifetime();
    let dead =
        token.kind == TokenKind::OauthAccess && token.created_at < access.dead_before_at(now);
    dead.then(|| End::ExpiredByLifetime {
        // A lifetime that was longer by now than when it ended the token tells no later end than now.
        at: Expiry::of(access.period, token.created_at)
            .instant()
            .map_or(token.created_at, |expiry| expiry.min(now)),
    })
}

/// The end of a rotated token with its overlap.
fn by_retirement(token: &TokenFacts, now: Timestamp) -> Option<End> {
    let at = token.retires_at.filter(|at| *at <= now)?;
    Some(End::Revoked(Revocation {
        at,
        reason: RevocationReason::Rotation,
        by: None,
    }))
}
