//! A plan's expiration policy: one version of it, and what it has ended (R1, R2, R7).
//!
//! Expiry is derived, never stored per token. What *is* stored, per version, are two watermarks:
//! everything created before the one, and everything last active before the other, is dead for good.
//! They only ever rise, so lengthening a period, turning it off, a clock that steps back or a restart
//! brings nothing back. The versions through time are in [`History`], changing them in [`decide`].

mod advice;
mod change;
mod history;

pub use advice::Advice;
pub use change::{
    ANNOUNCED_FOR, Change, FURTHEST_AHEAD, Refusal, Request, Seen, Wanted, decide, next_change,
};
pub use history::History;

use crate::{
    id::UserId,
    period::Period,
    time::Timestamp,
    token::{Expiry, TokenFacts},
};

/// How long OAuth access tokens live at most where the operator says nothing else.
pub const DEFAULT_ACCESS_LIFETIME: Period = Period::days_within_ten_years(7);

/// What a policy says: two rules, each of which may be off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// How long tokens live, counted from their creation.
    pub period: Option<Period>,
    /// How long tokens live that nobody uses, counted from their creation or last successful use.
    pub inactivity: Option<Period>,
}

impl Terms {
    /// Tokens do not expire.
    pub const OFF: Self = Self {
        period: None,
        inactivity: None,
    };

    /// A period alone.
    #[must_use]
    pub const fn of_period(period: Option<Period>) -> Self {
        Self {
            period,
            inactivity: None,
        }
    }

    /// Whether no rule ends anything.
    #[must_use]
    pub const fn is_off(self) -> bool {
        self.period.is_none() && self.inactivity.is_none()
    }

    /// When these terms alone end a token: the earlier of the two rules (R2). For inactivity, if nobody
    /// uses it again.
    #[must_use]
    pub fn expiry(self, token: &TokenFacts) -> Expiry {
        let by_period = Expiry::of(self.period, token.created_at);
        by_period.min(Expiry::of(self.inactivity, token.last_active_at()))
    }

    /// When disuse ends a token that is created and used at `now`, and never again. None where that rule is
    /// off, where the instant lies beyond the calendar, and where the period ends the token no later: then
    /// disuse ends none at all.
    #[must_use]
    pub fn disuse_ends(self, now: Timestamp) -> Option<Timestamp> {
        let end = self.inactivity?.end(now).ok()?;
        let by_period = self.period.and_then(|period| period.end(now).ok());
        by_period.is_none_or(|period| end < period).then_some(end)
    }

    /// What these terms alone have ended by `now`.
    #[must_use]
    pub fn ended_before(self, now: Timestamp) -> Watermarks {
        let mark = |period: Option<Period>| {
            period.map_or(Timestamp::MIN, |period| period.ended_before(now))
        };
        Watermarks {
            dead_before: mark(self.period),
            idle_before: mark(self.inactivity),
        }
    }
}

/// What of a plan is dead: everything below either of two instants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watermarks {
    /// Every token created before it is dead.
    pub dead_before: Timestamp,
    /// Every token last active before it is dead.
    pub idle_before: Timestamp,
}

impl Watermarks {
    /// Nothing is dead.
    pub const NONE: Self = Self {
        dead_before: Timestamp::MIN,
        idle_before: Timestamp::MIN,
    };

    /// The higher of each.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        Self {
            dead_before: self.dead_before.max(other.dead_before),
            idle_before: self.idle_before.max(other.idle_before),
        }
    }

    /// Whether either lies above the other one's.
    #[must_use]
    pub fn exceed(self, other: Self) -> bool {
        self.dead_before > other.dead_before || self.idle_before > other.idle_before
    }

    /// Whether they say that this token is dead.
    #[must_use]
    pub fn cover(self, token: &TokenFacts) -> bool {
        token.created_at < self.dead_before || token.last_active_at() < self.idle_before
    }
}

/// One version of a plan's expiration policy.
///
/// A plan begins with version 0: off, changed by nobody, nothing dead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyVersion {
    /// Counts the changes, from 0. A scheduled version that was cancelled has used up its number.
    pub version: u32,
    /// How long tokens live, or `None` while that rule is off.
    pub period: Option<Period>,
    /// How long tokens live that nobody uses, or `None` while that rule is off.
    pub inactivity: Option<Period>,
    /// When this version came into force, or will: then it is scheduled.
    pub in_force_since: Timestamp,
    /// When somebody decided on it. At once in force when that is the same instant; then it is in
    /// force whatever a clock that is behind may say.
    pub decided_at: Timestamp,
    /// Who put it into force; nobody for version 0.
    pub changed_by: Option<UserId>,
    /// The watermark: every token created before it is dead, by this version or an earlier one.
    pub dead_before: Timestamp,
    /// The other: every token last active before it is dead, by this version or an earlier one.
    pub idle_before: Timestamp,
}

impl PolicyVersion {
    /// The version that a new plan starts with.
    #[must_use]
    pub const fn initial(created_at: Timestamp) -> Self {
        Self {
            version: 0,
            period: None,
            inactivity: None,
            in_force_since: created_at,
            decided_at: created_at,
            changed_by: None,
            dead_before: Timestamp::MIN,
            idle_before: Timestamp::MIN,
        }
    }

    /// What it says.
    #[must_use]
    pub const fn terms(&self) -> Terms {
        Terms {
            period: self.period,
            inactivity: self.inactivity,
        }
    }

    /// What is kept of the dead, as it was stored.
    #[must_use]
    pub const fn watermarks(&self) -> Watermarks {
        Watermarks {
            dead_before: self.dead_before,
            idle_before: self.idle_before,
        }
    }

    /// Whether it was decided ahead of coming into force.
    #[must_use]
    pub fn was_scheduled(&self) -> bool {
        self.decided_at < self.in_force_since
    }

    /// The watermark of the period as it stands at `now`, under this version. Never below the stored one.
    #[must_use]
    pub fn dead_before_at(&self, now: Timestamp) -> Timestamp {
        self.watermarks_at(now).dead_before
    }

    /// The watermarks as they stand at `now`, under this version. Never below the stored ones.
    #[must_use]
    pub fn watermarks_at(&self, now: Timestamp) -> Watermarks {
        self.watermarks().max(self.terms().ended_before(now))
    }

    /// What putting `period` into force at `now` would end in that moment: everything that was created
    /// before the returned instant and works until then. `None` when that is nothing.
    #[must_use]
    pub fn would_end(&self, period: Period, now: Timestamp) -> Option<Timestamp> {
        // No token is older than its plan, and that is as old as version 0.
        let oldest = match self.version {
            0 => self.in_force_since,
            _ => Timestamp::MIN,
        };
        let would = period.ended_before(now);
        (would > self.dead_before_at(now).max(oldest)).then_some(would)
    }

    /// Everything below these watermarks is dead.
    fn raise_to(&mut self, marks: Watermarks) {
        let raised = self.watermarks().max(marks);
        self.dead_before = raised.dead_before;
        self.idle_before = raised.idle_before;
    }
}

/// How long the server lets OAuth access tokens live at most, and what that has ended in a plan (R2, R7).
///
/// The operator sets it, for every plan alike; so it has no versions, only a watermark that rises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccessLifetime {
    /// The most that an OAuth access token lives, or `None` where only the policy ends it.
    pub period: Option<Period>,
    /// The watermark: every OAuth access token created before it is dead.
    pub dead_before: Timestamp,
}

impl AccessLifetime {
    /// Nothing ends OAuth access tokens but the policy.
    pub const NONE: Self = Self {
        period: None,
        dead_before: Timestamp::MIN,
    };

    /// The watermark as it stands at `now`. Never below the stored one.
    #[must_use]
    pub fn dead_before_at(&self, now: Timestamp) -> Timestamp {
        let by_lifetime = self
            .period
            .map_or(Timestamp::MIN, |period| period.ended_before(now));
        self.dead_before.max(by_lifetime)
    }
}
