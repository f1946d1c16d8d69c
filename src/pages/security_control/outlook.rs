//! What a period would do, said ahead by the functions that will do it. Pure.

use tenure_domain::{
    period::Period,
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
            stops_before: stops_before(period, in_force, now),
            is_in_force: in_force.period == Some(period),
            advice: advice(period, until, now),
        }
    }
}

fn stops_before(period: Period, in_force: &ExpirationPolicy, now: Timestamp) -> Option<Timestamp> {
    let would = period.ended_before(now);
    let have = match in_force.period {
        Some(current) => current.ended_before(now),
        // The first version is as old as the plan, and no token is older.
        None if in_force.version == 0 => in_force.in_force_since,
        None => Timestamp::MIN,
    };
    (would > have).then_some(would)
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
