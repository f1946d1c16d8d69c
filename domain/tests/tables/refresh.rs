//! R9: what becomes of a refresh token, for every place in its grant and each boundary.

use tenure_domain::{
    period::{Period, Unit},
    refresh::{DEFAULT_IDLE, Decision, Place, RefreshFacts, decide},
    time::DAY,
};

use super::time::at;

const ISSUED: &str = "2026-03-01T00:00:00Z";

fn decided(place: Place, grant_ended: bool, after: i64) -> Decision {
    let facts = RefreshFacts {
        issued_at: at(ISSUED),
        place,
        grant_ended,
    };
    decide(&facts, DEFAULT_IDLE, at(ISSUED).saturating_add(after))
}

#[test]
fn each_place_has_its_decision() {
    for (place, expected) in [
        (Place::Live, Decision::Renew),
        (Place::Replaced, Decision::Heal),
        (Place::Outlived, Decision::Replay),
        (Place::Voided, Decision::Replay),
    ] {
        assert_eq!(decided(place, false, 1), expected, "{place:?}");
        assert_eq!(decided(place, true, 1), Decision::Ended, "{place:?}");
    }
}

#[test]
fn one_that_nobody_used_for_ninety_days_is_too_old_at_that_very_instant() {
    assert_eq!(DEFAULT_IDLE, Period::new(90, Unit::Days).expect("a period"));
    let days = 90 * DAY;
    assert_eq!(decided(Place::Live, false, days - 1), Decision::Renew);
    assert_eq!(decided(Place::Live, false, days), Decision::TooOld);
    assert_eq!(decided(Place::Live, false, days + 1), Decision::TooOld);
    assert_eq!(decided(Place::Replaced, false, days), Decision::TooOld);
}

#[test]
fn a_copy_that_somebody_kept_is_a_replay_however_old_it_is() {
    for place in [Place::Outlived, Place::Voided] {
        assert_eq!(decided(place, false, 400 * DAY), Decision::Replay);
    }
}
