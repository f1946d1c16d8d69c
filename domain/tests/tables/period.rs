//! Which amounts and units are a period, why the others are none, and periods that end in a gap.

use tenure_domain::period::{Period, PeriodError, Unit};

use super::time::at;

#[test]
fn what_people_type_is_a_period_or_has_a_reason() {
    use PeriodError::{
        AmountMissing, AmountNotANumber, AmountNotWhole, AmountOutOfRange, PeriodTooLong,
        UnitUnknown,
    };
    let table = [
        ("1", "minutes", Ok("1 minutes")),
        ("9999", "minutes", Ok("9999 minutes")),
        ("9999", "hours", Ok("9999 hours")),
        ("3652", "days", Ok("3652 days")),
        ("120", "months", Ok("120 months")),
        ("10", "years", Ok("10 years")),
        ("  90 ", " days ", Ok("90 days")),
        ("+90", "days", Ok("90 days")),
        ("0090", "days", Ok("90 days")),
        ("0", "days", Err(AmountOutOfRange)),
        ("-0", "days", Err(AmountOutOfRange)),
        ("-1", "days", Err(AmountOutOfRange)),
        ("10000", "minutes", Err(AmountOutOfRange)),
        ("65537", "minutes", Err(AmountOutOfRange)),
        ("4294967297", "minutes", Err(AmountOutOfRange)),
        ("99999999999999999999999", "minutes", Err(AmountOutOfRange)),
        ("-99999999999999999999999", "minutes", Err(AmountOutOfRange)),
        ("1.5", "days", Err(AmountNotWhole)),
        ("1.0", "days", Err(AmountNotWhole)),
        (".5", "days", Err(AmountNotWhole)),
        ("5.", "days", Err(AmountNotWhole)),
        ("-1.5", "days", Err(AmountNotWhole)),
        ("", "days", Err(AmountMissing)),
        (" \t", "days", Err(AmountMissing)),
        ("ninety", "days", Err(AmountNotANumber)),
        ("90 days", "days", Err(AmountNotANumber)),
        ("9 0", "days", Err(AmountNotANumber)),
        ("1e3", "days", Err(AmountNotANumber)),
        ("0x10", "days", Err(AmountNotANumber)),
        ("1,5", "days", Err(AmountNotANumber)),
        ("1.2.3", "days", Err(AmountNotANumber)),
        (".", "days", Err(AmountNotANumber)),
        ("-", "days", Err(AmountNotANumber)),
        ("--1", "days", Err(AmountNotANumber)),
        ("NaN", "days", Err(AmountNotANumber)),
        ("٩٠", "days", Err(AmountNotANumber)),
        ("3653", "days", Err(PeriodTooLong { unit: Unit::Days })),
        ("9999", "days", Err(PeriodTooLong { unit: Unit::Days })),
        ("121", "months", Err(PeriodTooLong { unit: Unit::Months })),
        ("11", "years", Err(PeriodTooLong { unit: Unit::Years })),
        ("9999", "years", Err(PeriodTooLong { unit: Unit::Years })),
        ("10000", "years", Err(AmountOutOfRange)),
        ("1", "", Err(UnitUnknown)),
        ("1", "day", Err(UnitUnknown)),
        ("1", "Days", Err(UnitUnknown)),
        ("1", "weeks", Err(UnitUnknown)),
        ("", "weeks", Err(AmountMissing)),
    ];
    for (amount, unit, expected) in table {
        let period = Period::parse(amount, unit).map(|period| period.to_string());
        assert_eq!(period, expected.map(str::to_owned), "{amount:?} {unit:?}");
    }
}

#[test]
fn a_period_is_read_from_one_text() {
    let table = [
        ("90 days", Ok("90 days")),
        ("  1   minutes ", Ok("1 minutes")),
        ("90\tdays", Ok("90 days")),
        ("90days", Err(PeriodError::UnitUnknown)),
        ("90", Err(PeriodError::UnitUnknown)),
        ("", Err(PeriodError::UnitUnknown)),
        ("90 days old", Err(PeriodError::UnitUnknown)),
        ("days 90", Err(PeriodError::AmountNotANumber)),
    ];
    for (text, expected) in table {
        let period = text.parse::<Period>().map(|period| period.to_string());
        assert_eq!(period, expected.map(str::to_owned), "{text:?}");
    }
}

#[test]
fn every_unit_has_a_largest_amount() {
    let table = [9_999, 9_999, 3_652, 120, 10];
    for (unit, largest) in Unit::ALL.into_iter().zip(table) {
        assert_eq!(unit.max_amount(), largest);
        assert!(Period::new(largest.into(), unit).is_ok());
        assert!(Period::new(i64::from(largest) + 1, unit).is_err());
    }
}

#[test]
fn an_error_points_at_the_member_that_is_wrong() {
    let table = [
        (
            PeriodError::AmountMissing,
            "/period/amount",
            "amount_missing",
        ),
        (
            PeriodError::AmountNotANumber,
            "/period/amount",
            "amount_not_a_number",
        ),
        (
            PeriodError::AmountNotWhole,
            "/period/amount",
            "amount_not_whole",
        ),
        (
            PeriodError::AmountOutOfRange,
            "/period/amount",
            "amount_out_of_range",
        ),
        (PeriodError::UnitUnknown, "/period/unit", "unit_unknown"),
        (
            PeriodError::PeriodTooLong { unit: Unit::Days },
            "/period/amount",
            "period_too_long",
        ),
    ];
    for (error, pointer, code) in table {
        let field = error.at("/period");
        assert_eq!(
            (field.pointer.as_str(), field.code.as_str()),
            (pointer, code)
        );
        assert_eq!(field.detail, error.to_string());
    }
    let too_long = PeriodError::PeriodTooLong { unit: Unit::Months }.to_string();
    assert!(
        too_long.contains("120 months"),
        "it says what is possible: {too_long}"
    );
}

#[test]
fn a_missing_day_becomes_the_first_instant_of_the_next_month() {
    let table = [
        ("2026-01-31T10:00:00Z", "1 months", "2026-03-01T00:00:00Z"),
        ("2026-01-28T10:00:00Z", "1 months", "2026-02-28T10:00:00Z"),
        ("2024-01-29T10:00:00Z", "1 months", "2024-02-29T10:00:00Z"),
        ("2024-02-29T10:00:00Z", "1 years", "2025-03-01T00:00:00Z"),
        ("2024-02-29T10:00:00Z", "4 years", "2028-02-29T10:00:00Z"),
        ("2024-02-29T10:00:00Z", "48 months", "2028-02-29T10:00:00Z"),
        ("2096-02-29T10:00:00Z", "4 years", "2100-03-01T00:00:00Z"),
        (
            "2026-10-31T23:59:59.999Z",
            "1 months",
            "2026-12-01T00:00:00Z",
        ),
        (
            "2026-12-31T23:59:59.999Z",
            "2 months",
            "2027-03-01T00:00:00Z",
        ),
        (
            "2026-12-31T23:59:59.999Z",
            "1 days",
            "2027-01-01T23:59:59.999Z",
        ),
        ("2026-03-28T12:00:00Z", "24 hours", "2026-03-29T12:00:00Z"),
        ("2026-11-22T04:13:00Z", "1 minutes", "2026-11-22T04:14:00Z"),
    ];
    for (start, period, end) in table {
        let period: Period = period.parse().expect("it is a period");
        assert_eq!(period.end(at(start)), Ok(at(end)), "{start} + {period}");
    }
}

#[test]
fn a_notice_needs_seven_days() {
    let table = [
        ("1 minutes", false),
        ("9999 minutes", false),
        ("167 hours", false),
        ("168 hours", true),
        ("6 days", false),
        ("7 days", true),
        ("1 months", true),
        ("1 years", true),
    ];
    for (period, expected) in table {
        let period: Period = period.parse().expect("it is a period");
        assert_eq!(period.allows_notice(), expected, "{period}");
    }
}
