//! Laws of the calendar arithmetic (R3) and of its inverse.

use chrono::{DateTime, Datelike, NaiveTime, Utc};
use proptest::prelude::*;
use tenure_domain::{
    period::{Period, Unit},
    time::{DAY, HOUR, MINUTE, Timestamp},
    token::Expiry,
};

use crate::strategies::{any_instant, ms, ordinary_instant, period};

/// Months since the year 0, day of the month, time of the day: calendar order, written as numbers.
fn calendar(at: Timestamp) -> (i64, u32, NaiveTime) {
    let at: DateTime<Utc> = at.to_datetime().expect("the law is about the calendar");
    (
        i64::from(at.year()) * 12 + i64::from(at.month0()),
        at.day(),
        at.time(),
    )
}

/// The calendar months of a period, or its milliseconds.
fn length(period: Period) -> Result<i64, i64> {
    let amount = i64::from(period.amount());
    match period.unit() {
        Unit::Minutes => Err(amount * MINUTE),
        Unit::Hours => Err(amount * HOUR),
        Unit::Days => Err(amount * DAY),
        Unit::Months => Ok(amount),
        Unit::Years => Ok(amount * 12),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_life_is_never_shorter_than_the_period_says(period in period(), start in ordinary_instant()) {
        let end = period.end(start).expect("this century is in the calendar");
        match length(period) {
            Err(millis) => prop_assert_eq!(end.millis_since(start), millis),
            Ok(months) => {
                let (month, day, time) = calendar(start);
                let promised = (month + months, day, time);
                let next_month = (month + months + 1, 1, NaiveTime::MIN);
                prop_assert!(calendar(end) >= promised, "{end} is too early");
                prop_assert!(
                    calendar(end) == promised || (day > 28 && calendar(end) == next_month),
                    "{end} is neither the day that was promised nor the first one after a gap"
                );
            }
        }
    }

    #[test]
    fn expiry_order_is_creation_order(
        period in period(),
        older in any_instant(),
        by in prop_oneof![0..=2_i64, 0..40 * DAY, 0..i64::MAX],
    ) {
        let younger = older.saturating_add(by);
        let (first, second) =
            (Expiry::of(Some(period), older), Expiry::of(Some(period), younger));
        prop_assert!(first <= second, "{first:?} should not come after {second:?}");
    }

    #[test]
    fn the_inverse_agrees_with_the_end(period in period(), start in any_instant(), now in any_instant()) {
        let has_ended = Expiry::of(Some(period), start) <= Expiry::At(now);
        prop_assert_eq!(start < period.ended_before(now), has_ended);
    }

    #[test]
    fn the_inverse_agrees_with_the_end_to_the_millisecond(period in period(), start in any_instant()) {
        if let Ok(end) = period.end(start) {
            prop_assert!(period.ended_before(end.saturating_add(-1)) <= start);
            prop_assert!(period.ended_before(end) > start);
            prop_assert!(period.ended_before(end.saturating_add(1)) > start);
        }
    }

    #[test]
    fn the_boundary_parts_the_ended_from_the_rest(period in period(), now in ordinary_instant()) {
        let boundary = period.ended_before(now);
        for by in -1..=1 {
            let end = period.end(boundary.saturating_add(by)).expect("this century is in the calendar");
            prop_assert_eq!(end <= now, by < 0, "began {} ms after the boundary", by);
        }
    }

    #[test]
    fn what_has_ended_stays_ended_while_time_passes(
        period in period(),
        now in any_instant(),
        by in prop_oneof![0..=2_i64, 0..40 * DAY, 0..i64::MAX],
    ) {
        prop_assert!(period.ended_before(now) <= period.ended_before(now.saturating_add(by)));
    }

    #[test]
    fn a_longer_amount_never_ends_earlier(period in period(), start in any_instant()) {
        if let Ok(longer) = Period::new(i64::from(period.amount()) + 1, period.unit()) {
            prop_assert!(Expiry::of(Some(period), start) <= Expiry::of(Some(longer), start));
        }
    }

    #[test]
    fn never_is_later_than_every_instant(at in any_instant()) {
        prop_assert!(Expiry::Never > Expiry::At(at));
        prop_assert_eq!(Expiry::Never.min(Expiry::At(at)), Expiry::At(at), "the strictest wins");
        prop_assert!(Expiry::At(at) <= Expiry::At(ms(i64::MAX)));
    }
}
