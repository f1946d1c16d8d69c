//! Instants, spans, periods and counts as people read them.

use tenure_console::format::{self, Detail, Zone};
use tenure_domain::{
    period::{Period, Unit},
    time::{DAY, HOUR, MINUTE, SECOND, Timestamp},
};
use wasm_bindgen_test::wasm_bindgen_test;

const BERLIN: Zone = Zone::Named("Europe/Berlin");
const KOLKATA: Zone = Zone::Named("Asia/Kolkata");
const LA: Zone = Zone::Named("America/Los_Angeles");

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

#[wasm_bindgen_test]
fn an_instant_is_said_in_the_zone_and_in_the_detail_that_is_asked_for() {
    let instant = at("2026-12-22T03:13:07.999Z");
    let said = |detail, zone| format::instant(instant, detail, zone);
    assert_eq!(said(Detail::LongMinute, BERLIN), "22 December 2026, 04:13");
    assert_eq!(
        said(Detail::LongSecond, BERLIN),
        "22 December 2026, 04:13:07"
    );
    assert_eq!(said(Detail::Minute, Zone::Utc), "22 Dec 2026, 03:13");
    assert_eq!(said(Detail::Second, KOLKATA), "22 Dec 2026, 08:43:07");
    assert_eq!(said(Detail::Day, LA), "21 Dec 2026");
    assert_eq!(format::utc(instant), "22 Dec 2026, 03:13:07 UTC");
}

#[wasm_bindgen_test]
fn midnight_is_the_hour_zero() {
    let midnight = at("2026-06-01T00:00:00Z");
    let said = format::instant(midnight, Detail::Second, Zone::Utc);
    assert_eq!(said, "1 Jun 2026, 00:00:00");
}

#[wasm_bindgen_test]
fn a_zone_is_named_by_its_distance_from_utc_at_that_instant() {
    let (winter, summer) = (at("2026-12-22T03:13:07Z"), at("2026-07-01T00:00:00Z"));
    assert_eq!(format::zone_label(winter, BERLIN), "UTC+1");
    assert_eq!(format::zone_label(summer, BERLIN), "UTC+2");
    assert_eq!(format::zone_label(winter, KOLKATA), "UTC+5:30");
    assert_eq!(format::zone_label(winter, LA), "UTC-8");
    assert_eq!(format::zone_label(winter, Zone::Utc), "UTC");
}

#[wasm_bindgen_test]
fn the_hour_that_summer_time_repeats_is_told_apart_by_the_zone() {
    let (first, second) = (at("2026-10-25T00:30:00Z"), at("2026-10-25T01:30:00Z"));
    let said = |at| format::instant(at, Detail::Minute, BERLIN);
    assert_eq!(said(first), said(second));
    assert_eq!(format::zone_label(first, BERLIN), "UTC+2");
    assert_eq!(format::zone_label(second, BERLIN), "UTC+1");
}

#[wasm_bindgen_test]
fn a_distance_is_cut_so_that_nobody_is_promised_more_than_is_left() {
    let now = at("2026-11-22T09:33:07Z");
    let cases = [
        (0, "now"),
        (999, "now"),
        (SECOND, "in 1 second"),
        (-SECOND, "1 second ago"),
        (MINUTE - 1, "in 59 seconds"),
        (MINUTE, "in 1 minute"),
        (HOUR - 1, "in 59 minutes"),
        (DAY - 1, "in 23 hours"),
        (DAY, "in 1 day"),
        (2 * DAY - 1, "in 1 day"),
        (-2 * HOUR - 59 * MINUTE, "2 hours ago"),
        (-36 * HOUR, "1 day ago"),
        (49 * DAY, "in 49 days"),
        (90 * DAY, "in 2 months"),
        (-400 * DAY, "13 months ago"),
        (3_000 * DAY, "in 8 years"),
    ];
    for (millis, words) in cases {
        let said = format::relative(now.saturating_add(millis), now);
        assert_eq!(said, words, "{millis} ms");
    }
}

#[wasm_bindgen_test]
fn periods_and_spans_have_the_plurals_of_their_language() {
    let said = |amount, unit| format::period(Period::new(amount, unit).expect("a period"));
    assert_eq!(said(1, Unit::Minutes), "1 minute");
    assert_eq!(said(90, Unit::Days), "90 days");
    assert_eq!(said(1, Unit::Months), "1 month");
    assert_eq!(said(10, Unit::Years), "10 years");
    assert_eq!(said(9_999, Unit::Hours), "9,999 hours");
    assert_eq!(format::span(61 * SECOND), "1 minute");
    assert_eq!(format::span(-5 * HOUR), "5 hours");
    assert_eq!(format::span(3 * DAY), "3 days");
}

#[wasm_bindgen_test]
fn large_numbers_have_groups() {
    assert_eq!(format::number(0), "0");
    assert_eq!(format::number(1_204), "1,204");
    assert_eq!(format::number(100_000), "100,000");
}

#[wasm_bindgen_test]
fn the_ends_of_time_are_said_without_failing() {
    for end in [Timestamp::MIN, Timestamp::MAX] {
        assert!(format::instant(end, Detail::LongSecond, Zone::Viewer).contains(':'));
        assert!(!format::zone_label(end, Zone::Viewer).is_empty());
        assert!(!format::relative(end, at("2026-11-22T09:33:07Z")).is_empty());
    }
}

#[wasm_bindgen_test]
fn the_instants_in_a_sentence_are_those_of_the_viewers_clock() {
    let (ends, set) = ("2026-12-22T03:13:07.000Z", "2026-02-20T09:00:00.000Z");
    let read = |text| format::instant(at(text), Detail::Minute, Zone::Viewer);
    assert_eq!(
        format::sentence(&format!("It works until {ends} (set by Zoë Z. on {set}).")),
        format!(
            "It works until {} (set by Zoë Z. on {}).",
            read(ends),
            read(set)
        )
    );
    for plain in [
        "",
        "Z",
        "ÄÄÄÄÄÄÄÄÄÄÄÄÄZ",
        "no instant, 2026-13-22T03:13:07.000Z",
    ] {
        assert_eq!(format::sentence(plain), plain);
    }
}
