//! How long a token lives: an amount and a unit, and the calendar arithmetic of rule R3.

use core::{fmt, str::FromStr};

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    json::{Fault, FromJson, Json},
    problem::FieldError,
    time::{DAY, HOUR, MINUTE, OutOfRange, Timestamp},
};

/// The largest amount that can be typed, in any unit.
pub const MAX_AMOUNT: u16 = 9_999;

/// A unit of time. Minutes, hours and days are exact; months and years follow the calendar, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// 60 seconds.
    Minutes,
    /// 60 minutes.
    Hours,
    /// 24 hours.
    Days,
    /// Calendar months.
    Months,
    /// 12 calendar months.
    Years,
}

impl FromJson for Unit {
    fn take(json: Json, fault: &mut Fault) -> Self {
        fault.unless(json.parsed(), Self::Days)
    }
}

impl Unit {
    /// Every unit, from the shortest.
    pub const ALL: [Self; 5] = [
        Self::Minutes,
        Self::Hours,
        Self::Days,
        Self::Months,
        Self::Years,
    ];

    /// The unit's name on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Minutes => "minutes",
            Self::Hours => "hours",
            Self::Days => "days",
            Self::Months => "months",
            Self::Years => "years",
        }
    }

    /// The largest amount of this unit that stays within ten years (and within [`MAX_AMOUNT`]).
    ///
    /// Ten years have 3 652 days, rarely one more or one fewer; the usual count is the limit.
    #[must_use]
    pub const fn max_amount(self) -> u16 {
        match self {
            Self::Minutes | Self::Hours => MAX_AMOUNT,
            Self::Days => 3_652,
            Self::Months => 120,
            Self::Years => 10,
        }
    }
}

impl FromStr for Unit {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|unit| unit.as_str() == text)
            .ok_or(PeriodError::UnitUnknown)
    }
}

/// Why an amount and a unit are no period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeriodError {
    /// No amount was given.
    AmountMissing,
    /// The amount is no number.
    AmountNotANumber,
    /// The amount has a fraction.
    AmountNotWhole,
    /// The amount is below 1 or above [`MAX_AMOUNT`].
    AmountOutOfRange,
    /// The unit is none of [`Unit::ALL`].
    UnitUnknown,
    /// The period is longer than ten years.
    PeriodTooLong {
        /// The unit that was asked for; [`Unit::max_amount`] says how much of it is possible.
        unit: Unit,
    },
}

impl PeriodError {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::AmountMissing => "amount_missing",
            Self::AmountNotANumber => "amount_not_a_number",
            Self::AmountNotWhole => "amount_not_whole",
            Self::AmountOutOfRange => "amount_out_of_range",
            Self::UnitUnknown => "unit_unknown",
            Self::PeriodTooLong { .. } => "period_too_long",
        }
    }

    /// The member of a period object that is at fault: `amount` or `unit`.
    #[must_use]
    pub const fn member(self) -> &'static str {
        match self {
            Self::UnitUnknown => "unit",
            _ => "amount",
        }
    }

    /// The error as a problem reports it; `base` is the JSON pointer of the period object.
    #[must_use]
    pub fn at(self, base: &str) -> FieldError {
        let member = self.member();
        FieldError {
            pointer: format!("{base}/{member}"),
            code: self.code().to_owned(),
            detail: self.to_string(),
        }
    }
}

impl fmt::Display for PeriodError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AmountMissing => f.write_str("an amount is needed"),
            Self::AmountNotANumber => f.write_str("the amount is not a number"),
            Self::AmountNotWhole => f.write_str("the amount must be a whole number"),
            Self::AmountOutOfRange => write!(f, "the amount must be from 1 to {MAX_AMOUNT}"),
            Self::UnitUnknown => {
                f.write_str("the unit must be one of minutes, hours, days, months, years")
            }
            Self::PeriodTooLong { unit } => {
                let (most, unit) = (unit.max_amount(), unit.as_str());
                write!(
                    f,
                    "a period can be at most 10 years, which is {most} {unit}"
                )
            }
        }
    }
}

impl core::error::Error for PeriodError {}

/// How long a token lives: at least one minute and at most ten years.
///
/// Written and read as `90 days`; on the wire it is `{"amount": 90, "unit": "days"}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(try_from = "Unchecked")]
pub struct Period {
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 9999, example = 90))]
    amount: u16,
    unit: Unit,
}

/// A period as it arrives, before [`Period::new`] has looked at it.
#[derive(Deserialize)]
struct Unchecked {
    amount: i64,
    unit: Unit,
}

impl FromJson for Period {
    fn take(mut json: Json, fault: &mut Fault) -> Self {
        let read = Self::new(json.member("amount", fault), json.member("unit", fault));
        fault.unless(read.ok(), Self::days_within_ten_years(1))
    }
}

impl TryFrom<Unchecked> for Period {
    type Error = PeriodError;

    fn try_from(raw: Unchecked) -> Result<Self, Self::Error> {
        Self::new(raw.amount, raw.unit)
    }
}

impl Period {
    /// The period of so many days, held within what a period can be: for constants.
    pub(crate) const fn days_within_ten_years(days: u16) -> Self {
        let unit = Unit::Days;
        let amount = match days {
            0 => 1,
            days if days > unit.max_amount() => unit.max_amount(),
            days => days,
        };
        Self { amount, unit }
    }

    /// The period of `amount` units.
    ///
    /// # Errors
    /// When the amount is outside 1 to 9999 or the period is longer than ten years.
    pub fn new(amount: i64, unit: Unit) -> Result<Self, PeriodError> {
        match u16::try_from(amount) {
            Ok(amount) if (1..=unit.max_amount()).contains(&amount) => Ok(Self { amount, unit }),
            Ok(1..=MAX_AMOUNT) => Err(PeriodError::PeriodTooLong { unit }),
            _ => Err(PeriodError::AmountOutOfRange),
        }
    }

    /// The period that a person typed: an amount as text, and a unit's name.
    ///
    /// # Errors
    /// Says which of the two is wrong, and how.
    pub fn parse(amount: &str, unit: &str) -> Result<Self, PeriodError> {
        let amount = parse_amount(amount)?;
        Self::new(amount, unit.trim().parse()?)
    }

    /// How many units.
    #[must_use]
    pub const fn amount(self) -> u16 {
        self.amount
    }

    /// Units of what.
    #[must_use]
    pub const fn unit(self) -> Unit {
        self.unit
    }

    /// The instant at which something that began at `start` has lived this long (R3).
    ///
    /// Where the calendar lacks the day (31 January + 1 month) it is the first instant of the next
    /// month, so nothing ever lives shorter than its period, and a later start never ends earlier.
    ///
    /// # Errors
    /// [`OutOfRange`] when either instant lies outside the calendar.
    pub fn end(self, start: Timestamp) -> Result<Timestamp, OutOfRange> {
        let from = start.to_datetime()?;
        let end = match self.length() {
            Length::Exact(millis) => {
                Timestamp::from_millis(start.as_millis().checked_add(millis).ok_or(OutOfRange)?)
            }
            Length::Calendar(months) => add_months(from, months)?,
        };
        end.to_datetime().map(Timestamp::from)
    }

    /// The inverse of [`end`](Self::end): whatever began *before* this instant has ended at `now`,
    /// whatever began at it or later has not.
    ///
    /// R3 makes this one instant, which is what lets an index on the creation time answer every
    /// question about expiry. It never falls while `now` rises. Near the beginning of the calendar
    /// nothing has ended, and the answer is [`Timestamp::MIN`]; beyond the calendar's end, `now`
    /// counts as its last instant.
    #[must_use]
    pub fn ended_before(self, now: Timestamp) -> Timestamp {
        let Ok(now) = now.within_calendar().to_datetime() else {
            return Timestamp::MIN;
        };
        let boundary = match self.length() {
            Length::Exact(millis) => boundary_of_millis(now, millis),
            Length::Calendar(months) => boundary_of_months(now, months),
        };
        boundary.unwrap_or(Timestamp::MIN)
    }

    /// Whether a notice seven days ahead is possible at all.
    #[must_use]
    pub const fn allows_notice(self) -> bool {
        match self.length() {
            Length::Exact(millis) => millis >= crate::token::EXPIRING_WITHIN,
            Length::Calendar(_) => true,
        }
    }

    /// The least that it comes to, in milliseconds: a calendar month has 28 days or more.
    #[must_use]
    pub const fn at_least(self) -> i64 {
        match self.length() {
            Length::Exact(millis) => millis,
            Length::Calendar(months) => (months as i64).saturating_mul(28 * DAY),
        }
    }

    const fn length(self) -> Length {
        let (exact, calendar) = (self.amount as i64, self.amount as u32);
        match self.unit {
            Unit::Minutes => Length::Exact(exact.saturating_mul(MINUTE)),
            Unit::Hours => Length::Exact(exact.saturating_mul(HOUR)),
            Unit::Days => Length::Exact(exact.saturating_mul(DAY)),
            Unit::Months => Length::Calendar(calendar),
            Unit::Years => Length::Calendar(calendar.saturating_mul(12)),
        }
    }
}

/// What a period comes to: milliseconds, or calendar months.
enum Length {
    Exact(i64),
    Calendar(u32),
}

/// `from` moved ahead by calendar months; the first instant of the next month where the day is missing.
fn add_months(from: DateTime<Utc>, months: u32) -> Result<Timestamp, OutOfRange> {
    let clamped = from
        .checked_add_months(Months::new(months))
        .ok_or(OutOfRange)?;
    if clamped.day() == from.day() {
        return Ok(clamped.into());
    }
    first_instant_after_day(clamped.date_naive())
}

/// The start below which everything has lived `millis` at `now`.
fn boundary_of_millis(now: DateTime<Utc>, millis: i64) -> Option<Timestamp> {
    let last_ended = now.checked_sub_signed(TimeDelta::milliseconds(millis))?;
    Some(Timestamp::from(last_ended).saturating_add(1))
}

/// The start below which everything has lived `months` at `now`.
///
/// Where that month has the day, the start at the same day and time is the last that has ended.
/// Where it lacks the day (31 March less 1 month), all of that month has ended, and nothing after.
fn boundary_of_months(now: DateTime<Utc>, months: u32) -> Option<Timestamp> {
    let clamped = now.checked_sub_months(Months::new(months))?;
    if clamped.day() == now.day() {
        return Some(Timestamp::from(clamped).saturating_add(1));
    }
    first_instant_after_day(clamped.date_naive()).ok()
}

fn first_instant_after_day(day: NaiveDate) -> Result<Timestamp, OutOfRange> {
    let next = day.checked_add_days(Days::new(1)).ok_or(OutOfRange)?;
    Ok(next.and_time(chrono::NaiveTime::MIN).and_utc().into())
}

/// A whole number as people type it: surrounding space is ignored, a fraction has its own error.
fn parse_amount(text: &str) -> Result<i64, PeriodError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(PeriodError::AmountMissing);
    }
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let is_number = digits
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.')
        && digits.bytes().any(|byte| byte.is_ascii_digit())
        && digits.bytes().filter(|&byte| byte == b'.').count() <= 1;
    match (is_number, digits.contains('.')) {
        (false, _) => Err(PeriodError::AmountNotANumber),
        (true, true) => Err(PeriodError::AmountNotWhole),
        (true, false) => text.parse().map_err(|_| PeriodError::AmountOutOfRange),
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount, self.unit.as_str())
    }
}

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (amount, unit) = text
            .trim()
            .split_once(char::is_whitespace)
            .ok_or(PeriodError::UnitUnknown)?;
        Self::parse(amount, unit)
    }
}
