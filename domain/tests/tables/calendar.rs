//! Every day of 1970 to 2400, plus months and years, against a calendar made the slow way: it counts
//! one day after the other by its own rule of leap years, and knows nothing of the library's.

use std::collections::HashMap;

use tenure_domain::{
    period::{Period, Unit},
    time::{DAY, Timestamp},
};

/// A day of the calendar: year, month from 1, day from 1.
type Day = (u32, u32, u32);

fn is_leap(year: u32) -> bool {
    if year.is_multiple_of(400) {
        true
    } else if year.is_multiple_of(100) {
        false
    } else {
        year.is_multiple_of(4)
    }
}

fn days_in_month(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 31,
    }
}

fn next_month((year, month): (u32, u32)) -> (u32, u32) {
    if month == 12 {
        (year + 1, 1)
    } else {
        (year, month + 1)
    }
}

fn next_day((year, month, day): Day) -> Day {
    if day < days_in_month(year, month) {
        return (year, month, day + 1);
    }
    let (year, month) = next_month((year, month));
    (year, month, 1)
}

struct Calendar {
    /// Every day from 1970-01-01 on; its index is the number of days since then.
    days: Vec<Day>,
    /// The index of the first day of each month.
    firsts: HashMap<(u32, u32), usize>,
}

impl Calendar {
    fn counted_until(end_of: u32) -> Self {
        let first = (1970, 1, 1);
        let days: Vec<Day> = std::iter::successors(Some(first), |day| Some(next_day(*day)))
            .take_while(|(year, ..)| *year <= end_of)
            .collect();
        let firsts = days
            .iter()
            .enumerate()
            .filter(|(_, (.., day))| *day == 1)
            .map(|(index, (year, month, _))| ((*year, *month), index))
            .collect();
        Self { days, firsts }
    }

    /// Rule R3: the same day and time so many months later; where that month lacks the day, the
    /// first instant of the month after it. Days since 1970, and milliseconds into the day.
    fn later(&self, (year, month, day): Day, millis: i64, months: u32) -> (usize, i64) {
        let mut target = (year, month);
        for _ in 0..months {
            target = next_month(target);
        }
        if day <= days_in_month(target.0, target.1) {
            (self.firsts[&target] + day as usize - 1, millis)
        } else {
            (self.firsts[&next_month(target)], 0)
        }
    }
}

fn instant(day: usize, millis: i64) -> Timestamp {
    Timestamp::from_millis(i64::try_from(day).expect("few days") * DAY + millis)
}

/// A time of the day that is another one every day, the first and the last instant among them.
fn some_time_of(index: usize) -> i64 {
    match index % 5 {
        0 => 0,
        1 => DAY - 1,
        other => (index as i64 * 7_919_777 + other as i64) % DAY,
    }
}

/// Holds every day of 1970 to 2400 against the counted calendar, and the inverse against the end.
fn hold(unit: Unit, amounts: impl IntoIterator<Item = u32>, months_per_unit: u32) {
    let calendar = Calendar::counted_until(2411);
    for amount in amounts {
        let period = Period::new(amount.into(), unit).expect("it is within bounds");
        let mut held = 0;
        for (index, &day) in calendar.days.iter().enumerate() {
            if day.0 > 2400 {
                break;
            }
            let millis = some_time_of(index);
            let (end_day, end_millis) = calendar.later(day, millis, amount * months_per_unit);
            let (start, end) = (instant(index, millis), instant(end_day, end_millis));

            assert_eq!(period.end(start), Ok(end), "{day:?} + {period}");
            assert!(
                period.ended_before(end) > start,
                "{day:?} + {period}: not ended at its end"
            );
            let just_before = end.saturating_add(-1);
            assert!(
                period.ended_before(just_before) <= start,
                "{day:?} + {period}: ended early"
            );
            held += 1;
        }
        assert_eq!(held, 157_420, "431 years of 365 days, and 105 leap days");
    }
}

#[test]
fn every_day_of_1970_to_2400_plus_months() {
    hold(Unit::Months, [1, 2, 6, 11, 12, 13, 120], 1);
}

#[test]
fn every_day_of_1970_to_2400_plus_years() {
    hold(Unit::Years, 1..=10, 12);
}

#[test]
fn the_counted_calendar_knows_days_that_everybody_knows() {
    let calendar = Calendar::counted_until(2411);
    let days = [
        (0, (1970, 1, 1)),
        (11_016, (2000, 2, 29)),
        (16_800, (2015, 12, 31)),
        (47_540, (2100, 2, 28)),
        (47_541, (2100, 3, 1)),
    ];
    for (index, day) in days {
        assert_eq!(calendar.days[index], day);
    }
}
