//! What a period would do, said ahead by the functions that will do it. Pure.

use crate::format::Detail;
use tenure_domain::{
    period::Period,
    policy::{Advice, PolicyVersion},
    time::{MINUTE, Timestamp},
    wire::policies::ExpirationPolicy,
};

/// Instants are proposed that lie on a round five minutes,
const ROUND: i64 = 5 * MINUTE;
/// and that stay right while somebody reads: they lie this much after the earliest, or more.
const MARGIN: i64 = 5 * MINUTE;

/// What would follow if a period were activated at some instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlook {
    /// The period in question.
    pub period: Period,
    /// Until when a token created at that instant would work; none beyond the calendar.
    pub until: Option<Timestamp>,
    /// Every token created before this would stop at once, and works now. None when none would.
    pub stops_before: Option<Timestamp>,
    /// It is the period in force.
    pub is_in_force: bool,
    /// It is to come into force later.
    pub is_later: bool,
    /// What to consider.
    pub advice: Option<Advice>,
}

impl Outlook {
    /// What `period` would do at `now` in place of the policy in force.
    #[must_use]
    pub fn of(period: Period, in_force: &ExpirationPolicy, now: Timestamp) -> Self {
        let until = period.end(now).ok();
        Self {
            period,
            until,
            stops_before: PolicyVersion::from(in_force).would_end(period, now),
            is_in_force: in_force.period == Some(period),
            is_later: false,
            advice: Advice::of_period(period, now),
        }
    }
}

impl Outlook {
    /// The same for a version that comes into force later: nothing stops before.
    #[must_use]
    pub fn for_later(self) -> Self {
        Self {
            stops_before: None,
            is_in_force: false,
            is_later: true,
            ..self
        }
    }

    /// How exactly its instants are told: short periods count in seconds.
    #[must_use]
    pub const fn detail(&self) -> Detail {
        Detail::of(self.period)
    }
}

/// The instant to propose where `earliest` is the first at which everybody has had their notice. What was
/// proposed `before` stays for as long as it is right.
#[must_use]
pub fn proposal(before: Option<Timestamp>, earliest: Timestamp) -> Timestamp {
    let at = earliest.saturating_add(MARGIN);
    let next = at.saturating_add((-at.as_millis()).rem_euclid(ROUND));
    before
        .filter(|before| (earliest..=next).contains(before))
        .unwrap_or(next)
}
