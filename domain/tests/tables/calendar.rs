//! Every day of 1970 to 2400, plus months and years, against a calendar made the slow way: it counts
//! one day after the other by its own rule of leap years, and knows nothing of the library's.

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

fn next_day((year, month, day): Day) -> Day {
    if day < days_in_month(year, month) {
        return (year, month, day + 1);
    }
    if month == 12 {
        (year + 1, 1, 1)
    } else {
        (year, month + 1, 1)
    }
}

/// Months since January 1970.
fn month_number(year: u32, month: u32) -> usize {
    (year as usize - 1970) * 12 + month as usize - 1
}

struct Calendar {
    /// Every day from 1970-01-01 on; its index is the number of days since then.
    days: Vec<Day>,
    /// The index of the first day of each month, from January 1970 on.
    firsts: Vec<usize>,
}

impl Calendar {
    fn counted_until(end_of: u32) -> Self {
        let days: Vec<Day> = std::iter::successors(Some((1970, 1, 1)), |day| Some(next_day(*day)))
            .take_while(|(year, ..)| *year <= end_of)
            .collect();
        let firsts = (0..days.len())
            .filter(|&index| days[index].2 == 1)
            .collect();
        Self { days, firsts }
    }

    /// Rule R3: the same day and time so many months later; where that month lacks the day, the
    /// first instant of the month after it.
    fn later(&self, start: Timestamp, months: u32) -> Timestamp {
        let (index, millis) = (start.as_millis() / DAY, start.as_millis() % DAY);
        let (year, month, day) = self.days[usize::try_from(index).expect("it is after 1970")];
        let target = month_number(year, month) + months as usize;
        let (first, next_first) = (self.firsts[target], self.firsts[target + 1]);
        let same_day = first + day as usize - 1;
        if same_day < next_first {
            instant(same_day, millis)
        } else {
            instant(next_first, 0)
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

/// Holds every day of 1970 to 2400 against the counted calendar, as the beginning of a life and as
/// the day on which somebody asks what has ended.
fn hold(unit: Unit, amounts: impl IntoIterator<Item = u32>, months_per_unit: u32) {
    let calendar = Calendar::counted_until(2411);
    for amount in amounts {
        let period = Period::new(amount.into(), unit).expect("it is within bounds");
        let later = |start| calendar.later(start, amount * months_per_unit);
        let mut held = 0;
        for index in 0..calendar.firsts[month_number(2401, 1)] {
            let (day, then) = (calendar.days[index], instant(index, some_time_of(index)));

            let end = later(then);
            assert_eq!(period.end(then), Ok(end), "{day:?} + {period}");
            assert!(
                period.ended_before(end) > then,
                "{day:?} + {period}: not ended at its end"
            );
            let just_before = end.saturating_add(-1);
            assert!(
                period.ended_before(just_before) <= then,
                "{day:?} + {period}: ended early"
            );

            let boundary = period.ended_before(then);
            if boundary > Timestamp::default() {
                let last_ended = boundary.saturating_add(-1);
                assert!(
                    later(last_ended) <= then,
                    "{day:?} - {period}: one lives at its end"
                );
                assert!(
                    later(boundary) > then,
                    "{day:?} - {period}: one ended is left out"
                );
            }
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
