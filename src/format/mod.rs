//! Instants, spans, periods and counts as people read them.
//!
//! Every function takes what it formats, and `now` where a distance is meant. Deliberately not here: the clock,
//! sentences, and any rule (what "expiring" means is the domain's business).
//!
//! The console's text is English, so its dates are too, whatever the browser prefers: month in
//! words and a 24-hour clock, which nobody can misread. The zone is the viewer's own.

mod intl;

use js_sys::Object;
use leptos::prelude::window;
use tenure_domain::{
    locale::{Language, Locale, is_zone_name},
    period::{Period, Unit},
    time::{DAY, HOUR, MINUTE, SECOND, Timestamp},
};
use wasm_bindgen::{JsCast, JsValue};

/// A month and a year for wording a distance, where the calendar does not matter.
const MONTH: i64 = 2_629_746 * SECOND;
const YEAR: i64 = 12 * MONTH;

/// The bytes of `2026-12-22T04:13:07.000Z`.
const INSTANT_LENGTH: usize = 24;

/// Where a clock hangs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    /// The zone that the viewer's browser is set to.
    Viewer,
    /// Coordinated Universal Time.
    Utc,
    /// A zone by its IANA name, which must exist.
    Named(&'static str),
}

/// How much of an instant is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// `22 Dec 2026`
    Day,
    /// `22 Dec 2026, 04:13`
    Minute,
    /// `22 Dec 2026, 04:13:07`
    Second,
    /// `22 December 2026, 04:13`
    LongMinute,
    /// `22 December 2026, 04:13:07`
    LongSecond,
}

impl Detail {
    /// How exactly the ends of a period are told: short ones in seconds.
    #[must_use]
    pub const fn of(period: Period) -> Self {
        if period.allows_notice() {
            Self::LongMinute
        } else {
            Self::LongSecond
        }
    }

    /// The instant, or the next one that is told exactly: what is said is then never earlier than
    /// what is meant.
    #[must_use]
    pub fn cut_upwards(self, at: Timestamp) -> Timestamp {
        let step = if self.has_seconds() { SECOND } else { MINUTE };
        at.saturating_add((-at.as_millis()).rem_euclid(step))
    }

    const fn is_long(self) -> bool {
        matches!(self, Self::LongMinute | Self::LongSecond)
    }

    const fn has_seconds(self) -> bool {
        matches!(self, Self::Second | Self::LongSecond)
    }
}

/// An instant in a zone, without the zone's name: `22 December 2026, 04:13`.
///
/// Cut, never rounded up: what is said is never later than what is meant.
#[must_use]
pub fn instant(at: Timestamp, detail: Detail, zone: Zone) -> String {
    let month = if detail.is_long() { "long" } else { "short" };
    let day = intl::date(
        at,
        zone,
        &[("day", "numeric"), ("month", month), ("year", "numeric")],
    );
    if detail == Detail::Day {
        return day;
    }
    let mut fields = vec![
        ("hour", "2-digit"),
        ("minute", "2-digit"),
        ("hourCycle", "h23"),
    ];
    if detail.has_seconds() {
        fields.push(("second", "2-digit"));
    }
    let time = intl::date(at, zone, &fields);
    format!("{day}, {time}")
}

/// The name of a zone at an instant, as its distance from UTC: `UTC+1`, or `UTC`.
#[must_use]
pub fn zone_label(at: Timestamp, zone: Zone) -> String {
    let options = [("timeZoneName", "shortOffset")];
    intl::date_part(at, zone, &options, "timeZoneName")
        .map(|label| in_utc(&label))
        .unwrap_or_default()
}

/// Browsers say `GMT+1`, and `GMT` or `GMT+0` where there is no distance.
fn in_utc(label: &str) -> String {
    match label.strip_prefix("GMT") {
        None => label.to_owned(),
        Some("+0") => "UTC".to_owned(),
        Some(distance) => ["UTC", distance].concat(),
    }
}

/// An instant in UTC, exact to the second: `22 Dec 2026, 03:13:07 UTC`.
#[must_use]
pub fn utc(at: Timestamp) -> String {
    let text = instant(at, Detail::Second, Zone::Utc);
    format!("{text} UTC")
}

/// A sentence of the server's, with the instants in it (RFC 3339, UTC, milliseconds) as the viewer's clock
/// shows them.
#[must_use]
pub fn sentence(words: &str) -> String {
    let mut said = String::new();
    let mut rest = words;
    while let Some(place) = rest.find('Z') {
        let (before, after) = rest.split_at(place + 1);
        let start = before.len().saturating_sub(INSTANT_LENGTH);
        let found = before.get(start..).and_then(|text| text.parse().ok());
        match found {
            Some(at) => {
                said.push_str(before.split_at(start).0);
                said.push_str(&instant(at, Detail::Minute, Zone::Viewer));
            }
            None => said.push_str(before),
        }
        rest = after;
    }
    said + rest
}

/// The distance from `now`: `in 5 days`, `2 hours ago`, `now`.
///
/// Cut towards `now`, so that nobody is promised more time than is left.
#[must_use]
pub fn relative(at: Timestamp, now: Timestamp) -> String {
    let distance = at.millis_since(now);
    let (size, unit) = match distance.saturating_abs() {
        far if far < MINUTE => (SECOND, "second"),
        far if far < HOUR => (MINUTE, "minute"),
        far if far < DAY => (HOUR, "hour"),
        far if far < 90 * DAY => (DAY, "day"),
        far if far < 2 * YEAR => (MONTH, "month"),
        _ => (YEAR, "year"),
    };
    let count = distance / size;
    // "auto" would say "tomorrow" for any distance of 24 to 48 hours, which is often wrong.
    let numeric = if count == 0 { "auto" } else { "always" };
    intl::distance(count, unit, &[("numeric", numeric)])
}

/// What the browser speaks and where it is, if it says so: for the mails that somebody gets.
#[must_use]
pub fn locale() -> Option<Locale> {
    let time_zone = intl::viewers_zone();
    let spoken = window().navigator().language().unwrap_or_default();
    is_zone_name(&time_zone).then(|| Locale {
        language: Language::of_tag(&spoken),
        time_zone,
    })
}

/// The names of all time zones that the browser knows, and of this one.
#[must_use]
pub fn time_zones(kept: &str) -> Vec<String> {
    let mut zones = intl::zones();
    for zone in ["UTC", kept] {
        if !zones.iter().any(|it| it == zone) {
            zones.push(zone.to_owned());
        }
    }
    zones
}

/// A period in words: `90 days`, `1 year`.
#[must_use]
pub fn period(period: Period) -> String {
    amount(period.amount(), period.unit())
}

/// An amount of a unit in words, whether a period can have it or not.
#[must_use]
pub fn amount(amount: u16, unit: Unit) -> String {
    count(amount.into(), unit_name(unit))
}

/// A span of time in its largest whole unit: `3 minutes`. Cut, not rounded.
#[must_use]
pub fn span(millis: i64) -> String {
    let millis = millis.saturating_abs();
    let (size, unit) = match millis {
        _ if millis < MINUTE => (SECOND, "second"),
        _ if millis < HOUR => (MINUTE, "minute"),
        _ if millis < DAY => (HOUR, "hour"),
        _ => (DAY, "day"),
    };
    count(millis / size, unit)
}

/// A whole number with its groups apart: `1,204`.
#[must_use]
pub fn number(value: i64) -> String {
    intl::number(value, &[])
}

/// A number as JavaScript writes it: of Rust's own way, 2.5 KB would be loaded.
#[must_use]
pub fn plain(value: f64) -> String {
    let value = JsValue::from_f64(value);
    value.unchecked_ref::<Object>().to_string().into()
}

/// The number and its unit, in the plural that the language wants.
fn count(value: i64, unit: &'static str) -> String {
    intl::number(
        value,
        &[("style", "unit"), ("unit", unit), ("unitDisplay", "long")],
    )
}

/// The name that `Intl` has for a unit.
const fn unit_name(unit: Unit) -> &'static str {
    match unit {
        Unit::Minutes => "minute",
        Unit::Hours => "hour",
        Unit::Days => "day",
        Unit::Months => "month",
        Unit::Years => "year",
    }
}
