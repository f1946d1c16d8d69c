//! What to consider before a rule is put into force: said ahead by the console, and decided here for both rules.

use crate::{
    period::Period,
    time::{DAY, Timestamp},
};

/// A token that lives longer than this is worth a word: a year, leap day and all.
const LONG: i64 = 366 * DAY;

/// What to consider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advice {
    /// Nobody can be warned seven days ahead, and automations need new tokens often.
    NoNotice,
    /// A stolen token stays useful for long.
    Long,
}

impl Advice {
    /// Before a period that counts from a token's creation.
    #[must_use]
    pub fn of_period(period: Period, now: Timestamp) -> Option<Self> {
        let until = period.end(now).ok();
        let is_long = || until.is_none_or(|until| until.millis_since(now) > LONG);
        Self::of_disuse(period).or_else(|| is_long().then_some(Self::Long))
    }

    /// Before a period of disuse. However long, it says nothing of a stolen token: a thief uses it.
    #[must_use]
    pub const fn of_disuse(idle: Period) -> Option<Self> {
        if idle.allows_notice() {
            None
        } else {
            Some(Self::NoNotice)
        }
    }
}
