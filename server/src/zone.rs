//! Time zones, for people's mails: which day it is where somebody is, and what their clock shows.
//!
//! The rules of every zone are compiled in, so that all replicas agree whatever their machines have
//! installed. Deliberately not here: any rule of Tenure's (`domain` counts in UTC), words.

use jiff::{ZonedDateTime, civil, tz::TimeZone, tz::TimeZoneDatabase};
use tenure_domain::{
    locale::is_zone_name,
    time::{DAY, Timestamp},
};

/// A time zone that there is.
#[derive(Clone, Debug)]
pub struct Zone {
    name: String,
    rules: TimeZone,
}

/// A day where somebody is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// As `2026-02-20`.
    pub date: String,
    /// The first instant of the day after it.
    pub ends: Timestamp,
    /// The end of the day after it.
    pub tomorrow_ends: Timestamp,
}

/// What a clock on the wall shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The year.
    pub year: i16,
    /// 1 is January.
    pub month: i8,
    /// The day of the month.
    pub day: i8,
    /// 0 is Monday.
    pub weekday: i8,
    /// The hour.
    pub hour: i8,
    /// The minute.
    pub minute: i8,
    /// The distance from UTC, as `UTC+1`, `UTC-3:30` or `UTC`.
    pub offset: String,
}

impl Zone {
    /// Coordinated Universal Time.
    #[must_use]
    pub const fn utc() -> Self {
        Self {
            name: String::new(),
            rules: TimeZone::UTC,
        }
    }

    /// The zone of this name in the IANA database, if there is one.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        if !is_zone_name(name) {
            return None;
        }
        let rules = TimeZoneDatabase::bundled().get(name).ok()?;
        Some(Self {
            name: name.to_owned(),
            rules,
        })
    }

    /// The zone's name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self.name.as_str() {
            "" => "UTC",
            name => name,
        }
    }

    /// The day that it is at `now`.
    #[must_use]
    pub fn day(&self, now: Timestamp) -> Day {
        let date = self.zoned(now).date();
        let ends = self.start_of(date, 1).unwrap_or(now.saturating_add(DAY));
        let tomorrow_ends = self.start_of(date, 2).unwrap_or(ends.saturating_add(DAY));
        Day {
            date: date.to_string(),
            ends,
            tomorrow_ends,
        }
    }

    /// What the clock shows at `at`.
    #[must_use]
    pub fn reading(&self, at: Timestamp) -> Reading {
        let zoned = self.zoned(at);
        Reading {
            year: zoned.year(),
            month: zoned.month(),
            day: zoned.day(),
            weekday: zoned.weekday().to_monday_zero_offset(),
            hour: zoned.hour(),
            minute: zoned.minute(),
            offset: offset(zoned.offset().seconds()),
        }
    }

    /// The first instant of the day so many days after `date`. Days begin at midnight, or later where
    /// clocks are put forward then.
    fn start_of(&self, date: civil::Date, days: i64) -> Option<Timestamp> {
        let date = date
            .checked_add(jiff::Span::new().try_days(days).ok()?)
            .ok()?;
        let start = date.to_zoned_datetime(self.rules.clone()).ok()?;
        Some(Timestamp::from_millis(start.timestamp().as_millisecond()))
    }

    fn zoned(&self, at: Timestamp) -> ZonedDateTime {
        let limits = (
            jiff::Timestamp::MIN.as_millisecond(),
            jiff::Timestamp::MAX.as_millisecond(),
        );
        let millis = at.as_millis().clamp(limits.0, limits.1);
        let at = jiff::Timestamp::from_millisecond(millis).unwrap_or_default();
        at.to_zoned_datetime(self.rules.clone())
    }
}

fn offset(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.unsigned_abs() / 60;
    match (minutes / 60, minutes % 60) {
        (0, 0) => "UTC".to_owned(),
        (hours, 0) => format!("UTC{sign}{hours}"),
        (hours, minutes) => format!("UTC{sign}{hours}:{minutes:02}"),
    }
}

#[cfg(test)]
mod tests {
    use tenure_domain::time::HOUR;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_is_as_long_as_its_zone_makes_it() {
        let length = |name: &str, noon: &str| {
            let day = Zone::named(name).unwrap().day(at(noon));
            (day.tomorrow_ends.millis_since(day.ends)) / HOUR
        };
        // The day after: clocks go forward, and back.
        assert_eq!(length("Europe/Berlin", "2026-03-28T12:00:00Z"), 23);
        assert_eq!(length("Europe/Berlin", "2026-10-24T12:00:00Z"), 25);
        assert_eq!(length("America/New_York", "2026-03-07T12:00:00Z"), 23);
        assert_eq!(length("Asia/Tokyo", "2026-03-28T12:00:00Z"), 24);
    }

    #[test]
    fn a_day_begins_at_the_midnight_of_its_zone() {
        let late = at("2026-02-20T23:30:00Z");
        let day = |name: &str| Zone::named(name).unwrap().day(late);
        assert_eq!(day("Europe/Berlin").date, "2026-02-21");
        assert_eq!(day("America/New_York").date, "2026-02-20");
        assert_eq!(day("Europe/Berlin").ends, at("2026-02-21T23:00:00Z"));
        assert_eq!(Zone::utc().day(late).ends, at("2026-02-21T00:00:00Z"));
    }

    #[test]
    fn a_clock_shows_its_distance_from_utc() {
        let offset = |name: &str, when: &str| Zone::named(name).unwrap().reading(at(when)).offset;
        assert_eq!(offset("Europe/Berlin", "2026-02-20T12:00:00Z"), "UTC+1");
        assert_eq!(offset("Europe/Berlin", "2026-07-20T12:00:00Z"), "UTC+2");
        assert_eq!(
            offset("America/St_Johns", "2026-02-20T12:00:00Z"),
            "UTC-3:30"
        );
        assert_eq!(offset("Etc/UTC", "2026-02-20T12:00:00Z"), "UTC");
    }

    #[test]
    fn instants_outside_the_calendar_have_a_day_too() {
        for at in [Timestamp::MIN, Timestamp::MAX] {
            let day = Zone::utc().day(at);
            assert!(!day.date.is_empty());
        }
    }

    #[test]
    fn what_is_no_zone_is_none() {
        for name in ["", "Mars/Olympus", "../etc/passwd", "Europe/Berlin "] {
            assert!(Zone::named(name).is_none(), "{name}");
        }
    }
}
