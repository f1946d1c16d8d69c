//! Deciding a change of the policy: who may, what they saw, and what is written (R1, R8).

use core::{fmt, str::FromStr};

use super::{History, PolicyVersion, Terms};
use crate::{
    id::UserId,
    plan::{Role, Tier, may_change_policy},
    problem::Kind,
    time::{DAY, SECOND, Timestamp},
};

/// How far ahead a version can be scheduled: a year.
pub const FURTHEST_AHEAD: i64 = 366 * DAY;

/// How long every process hears of a new inactivity rule before it is in force.
///
/// Last uses are written together, a moment after the calls. From when a process has heard of the rule
/// it writes those first that keep a token alive; so none is missing when the rule begins to count.
pub const ANNOUNCED_FOR: i64 = 2 * SECOND;

/// What somebody saw who asks for a change (R8). Also the entity tag: `3`, or `3-4` with version 4
/// scheduled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Seen {
    /// The number of the version in force.
    pub in_force: u32,
    /// The number of the scheduled version, if there is one.
    pub scheduled: Option<u32>,
}

impl From<u32> for Seen {
    fn from(in_force: u32) -> Self {
        Self {
            in_force,
            scheduled: None,
        }
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.scheduled {
            Some(scheduled) => write!(f, "{}-{scheduled}", self.in_force),
            None => self.in_force.fmt(f),
        }
    }
}

impl FromStr for Seen {
    type Err = core::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (in_force, scheduled) = match text.split_once('-') {
            Some((in_force, scheduled)) => (in_force, Some(scheduled.parse()?)),
            None => (text, None),
        };
        Ok(Self {
            in_force: in_force.parse()?,
            scheduled,
        })
    }
}

/// What somebody wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// These terms at once. What was scheduled does not come.
    Now(Terms),
    /// These terms from that instant on, in place of what was scheduled.
    From(Timestamp, Terms),
    /// What was scheduled shall not come.
    Unscheduled,
}

/// Somebody asks for a change.
#[derive(Clone, Debug)]
pub struct Request {
    /// What they want.
    pub wanted: Wanted,
    /// What they saw; a change of something newer is refused (R8).
    pub seen: Seen,
    /// Who asks.
    pub by: UserId,
    /// What they are in the plan.
    pub role: Role,
    /// The plan's tier.
    pub tier: Tier,
}

/// What a change writes: a constant number of rows, at any number of tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The version that was in force, with all that died under it.
    pub closed: PolicyVersion,
    /// The scheduled version that does not come.
    pub cancelled: Option<u32>,
    /// The version now in force, or scheduled.
    pub opened: Option<PolicyVersion>,
}

/// Why a change of the policy was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The asker may not change it (R1).
    Forbidden(Kind),
    /// The asker saw something older than what there is (R8).
    Stale,
    /// A version can only be scheduled for an instant that is still to come.
    NotAhead,
    /// A version can be scheduled [`FURTHEST_AHEAD`] at most.
    TooFarAhead,
    /// No further version can be counted.
    Exhausted,
}

/// Decides a request: what to write, or why not. `Ok(None)` when all is as they want it already.
///
/// # Errors
/// [`Refusal`] when the asker may not change the policy, saw an older version, or named an instant at
/// which no version can come into force.
pub fn decide(
    history: &History,
    request: &Request,
    now: Timestamp,
) -> Result<Option<Change>, Refusal> {
    may_change_policy(request.role, request.tier).map_err(Refusal::Forbidden)?;
    if request.seen != history.seen_at(now) {
        return Err(Refusal::Stale);
    }
    if let Wanted::From(at, _) = request.wanted {
        if at <= now {
            return Err(Refusal::NotAhead);
        }
        if at.millis_since(now) > FURTHEST_AHEAD {
            return Err(Refusal::TooFarAhead);
        }
    }
    next_change(history, request.wanted, Some(&request.by), now)
}

/// What somebody's wish would write at `now`, whoever may have it: what [`decide`] decides once it has
/// let them. `Ok(None)` when all is so already.
///
/// A new version is in force from `now`, or from the old one's start where the clock has stepped back
/// behind it: versions never overlap. One with a new inactivity rule is [announced](ANNOUNCED_FOR) first.
///
/// # Errors
/// [`Refusal::Exhausted`] when no further version can be counted.
pub fn next_change(
    history: &History,
    wanted: Wanted,
    by: Option<&UserId>,
    now: Timestamp,
) -> Result<Option<Change>, Refusal> {
    let current = history.in_force_at(now);
    let scheduled = history.scheduled_at(now);
    let begin = now.max(current.in_force_since);
    let opens = match wanted {
        Wanted::Unscheduled => None,
        Wanted::Now(terms) => Some((terms, begin)),
        Wanted::From(at, terms) => Some((terms, at.max(begin))),
    };
    let opens = opens
        .filter(|(terms, _)| *terms != current.terms())
        .map(|(terms, since)| (terms, since.max(announced(current, terms, begin))));
    let is_so = match (opens, scheduled) {
        (None, scheduled) => scheduled.is_none(),
        (Some((terms, since)), Some(next)) => terms == next.terms() && since == next.in_force_since,
        (Some(_), None) => false,
    };
    if is_so {
        return Ok(None);
    }
    let marks = history.watermarks_at(now);
    let open = |(terms, since): (Terms, Timestamp)| {
        let number = history.latest_number().checked_add(1);
        Ok(PolicyVersion {
            version: number.ok_or(Refusal::Exhausted)?,
            period: terms.period,
            inactivity: terms.inactivity,
            in_force_since: since,
            decided_at: begin,
            changed_by: by.cloned(),
            dead_before: marks.dead_before,
            idle_before: marks.idle_before,
        })
    };
    let mut closed = current.clone();
    closed.raise_to(marks);
    Ok(Some(Change {
        closed,
        cancelled: scheduled.map(|next| next.version),
        opened: opens.map(open).transpose()?,
    }))
}

/// From when on these terms can be in force, decided at `begin`.
fn announced(current: &PolicyVersion, terms: Terms, begin: Timestamp) -> Timestamp {
    let is_new = terms.inactivity.is_some() && terms.inactivity != current.inactivity;
    begin.saturating_add(if is_new { ANNOUNCED_FOR } else { 0 })
}
