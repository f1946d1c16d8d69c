//! What a period would do, said ahead by the functions that will do it. Pure.

use crate::format::Detail;
use tenure_domain::{
    period::Period,
    policy::PolicyVersion,
    time::{DAY, Timestamp},
    wire::policies::ExpirationPolicy,
};

/// A token that lives longer than this is worth a word: a year, leap day and all.
const LONG: i64 = 366 * DAY;

/// What to consider before a period is activated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advice {
    /// Nobody can be warned seven days ahead, and automations need new tokens often.
    NoNotice,
    /// A stolen token stays useful for long.
    Long,
}

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
            advice: advice(period, until, now),
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

fn advice(period: Period, until: Option<Timestamp>, now: Timestamp) -> Option<Advice> {
    if !period.allows_notice() {
        Some(Advice::NoNotice)
    } else if until.is_none_or(|until| until.millis_since(now) > LONG) {
        Some(Advice::Long)
    } else {
        None
    }
}
