//! A plan's expiration policy through time: its versions, and what each of them has ended (R1, R7, R8).
//!
//! Expiry is derived, never stored per token. What *is* stored, per version, is a watermark:
//! everything created before it is dead for good. It only ever rises, so lengthening a period,
//! turning it off, a clock that steps back or a restart brings nothing back.

use crate::{
    id::UserId,
    period::Period,
    plan::{Role, Tier, may_change_policy},
    problem::Kind,
    time::Timestamp,
};

/// How long OAuth access tokens live at most where the operator says nothing else.
pub const DEFAULT_ACCESS_LIFETIME: Period = Period::days_within_ten_years(7);

/// One version of a plan's expiration policy.
///
/// A plan begins with version 0: off, changed by nobody, nothing dead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyVersion {
    /// Counts the changes, from 0.
    pub version: u32,
    /// How long tokens live, or `None` while the policy is off.
    pub period: Option<Period>,
    /// When this version came into force.
    pub in_force_since: Timestamp,
    /// Who put it into force; nobody for version 0.
    pub changed_by: Option<UserId>,
    /// The watermark: every token created before it is dead, by this version or an earlier one.
    pub dead_before: Timestamp,
}

impl PolicyVersion {
    /// The version that a new plan starts with.
    #[must_use]
    pub const fn initial(created_at: Timestamp) -> Self {
        Self {
            version: 0,
            period: None,
            in_force_since: created_at,
            changed_by: None,
            dead_before: Timestamp::MIN,
        }
    }

    /// The watermark as it stands at `now`. Never below the stored one.
    #[must_use]
    pub fn dead_before_at(&self, now: Timestamp) -> Timestamp {
        let by_period = self
            .period
            .map_or(Timestamp::MIN, |period| period.ended_before(now));
        self.dead_before.max(by_period)
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

    /// This version with all that has died by `now` kept in its watermark.
    ///
    /// Whoever tells somebody that a token is dead stores this first: then it stays dead, whatever
    /// the clock or the policy does next.
    #[must_use]
    pub fn observed_at(&self, now: Timestamp) -> Self {
        Self {
            dead_before: self.dead_before_at(now),
            ..self.clone()
        }
    }

    /// This version with everything dead that was created before `floor`.
    fn raised_to(mut self, floor: Timestamp) -> Self {
        self.dead_before = self.dead_before.max(floor);
        self
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

/// The versions of one plan's policy, oldest first; the last one is in force. Never empty.
///
/// Watermarks never fall from one version to the next: however the versions came together, what an
/// earlier one has ended, a later one does not bring back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    closed: Vec<PolicyVersion>,
    current: PolicyVersion,
    access: AccessLifetime,
}

impl History {
    /// The history of these versions, oldest first; `None` when there is none.
    #[must_use]
    pub fn new(mut versions: Vec<PolicyVersion>) -> Option<Self> {
        let mut floor = Timestamp::MIN;
        for version in &mut versions {
            floor = floor.max(version.dead_before);
            version.dead_before = floor;
        }
        let current = versions.pop()?;
        Some(Self {
            closed: versions,
            current,
            access: AccessLifetime::NONE,
        })
    }

    /// This history on a server that lets OAuth access tokens live so long.
    #[must_use]
    pub const fn with_access_lifetime(mut self, access: AccessLifetime) -> Self {
        self.access = access;
        self
    }

    /// How long OAuth access tokens live at most.
    #[must_use]
    pub const fn access_lifetime(&self) -> &AccessLifetime {
        &self.access
    }

    /// The version in force.
    #[must_use]
    pub const fn current(&self) -> &PolicyVersion {
        &self.current
    }

    /// Every version, oldest first.
    pub fn versions(&self) -> impl DoubleEndedIterator<Item = &PolicyVersion> {
        self.closed.iter().chain(core::iter::once(&self.current))
    }

    /// The version by which something created at `created_at` is dead at `now`, if it is: the
    /// first that ended it. Later versions change nothing about that.
    #[must_use]
    pub fn killer(&self, created_at: Timestamp, now: Timestamp) -> Option<&PolicyVersion> {
        if created_at >= self.current.dead_before_at(now) {
            return None;
        }
        let survived = self
            .closed
            .partition_point(|version| version.dead_before <= created_at);
        self.closed.get(survived).or(Some(&self.current))
    }

    /// This history with the deaths of `now` kept; see [`PolicyVersion::observed_at`].
    #[must_use]
    pub fn observed_at(mut self, now: Timestamp) -> Self {
        self.current = self.current.observed_at(now);
        self.access.dead_before = self.access.dead_before_at(now);
        self
    }

    /// This history after a change.
    #[must_use]
    pub fn changed(mut self, change: Change) -> Self {
        let closed = change.closed.raised_to(self.current.dead_before);
        self.current = change.opened.raised_to(closed.dead_before);
        self.closed.push(closed);
        self
    }
}

/// Somebody asks for a policy.
#[derive(Clone, Debug)]
pub struct Request {
    /// The period that is to be in force, or `None` to turn the policy off.
    pub period: Option<Period>,
    /// The version that the asker saw; a change of a newer one is refused (R8).
    pub seen: u32,
    /// Who asks.
    pub by: UserId,
    /// What they are in the plan.
    pub role: Role,
    /// The plan's tier.
    pub tier: Tier,
}

/// What a change writes: always two rows, at any number of tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The old version, with all that died under it.
    pub closed: PolicyVersion,
    /// The version now in force.
    pub opened: PolicyVersion,
}

/// Why a change of the policy was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The asker may not change it (R1).
    Forbidden(Kind),
    /// The asker saw an older version than the one in force (R8).
    Stale,
    /// No further version can be counted.
    Exhausted,
}

/// Decides a request: what to write, or why not. `Ok(None)` when that very policy is in force already.
///
/// The new version is in force from `now`, or from the old one's start where the clock has stepped
/// back behind it: versions never overlap.
///
/// # Errors
/// [`Refusal`] when the asker may not change the policy, or saw an older version.
pub fn decide(
    current: &PolicyVersion,
    request: &Request,
    now: Timestamp,
) -> Result<Option<Change>, Refusal> {
    may_change_policy(request.role, request.tier).map_err(Refusal::Forbidden)?;
    if request.seen != current.version {
        return Err(Refusal::Stale);
    }
    if request.period == current.period {
        return Ok(None);
    }
    let closed = current.observed_at(now);
    let opened = PolicyVersion {
        version: current.version.checked_add(1).ok_or(Refusal::Exhausted)?,
        period: request.period,
        in_force_since: now.max(current.in_force_since),
        changed_by: Some(request.by.clone()),
        dead_before: closed.dead_before,
    };
    Ok(Some(Change { closed, opened }))
}
