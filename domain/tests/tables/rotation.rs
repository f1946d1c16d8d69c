//! Rotation: how long the old token works.

use tenure_domain::{
    period::{Period, Unit},
    policy::{History, PolicyVersion},
    rotation::{OverlapTooLong, retires_at},
    time::{DAY, HOUR},
    token::{
        End, Expiry, Revocation, RevocationReason, Status, TokenFacts, TokenKind, Verdict,
        effective_expiry, status, verdict,
    },
};

use super::time::at;

fn overlap(amount: i64, unit: Unit) -> Option<Period> {
    Some(Period::new(amount, unit).expect("a period"))
}

#[test]
fn the_old_token_works_for_the_overlap_and_never_beyond_its_own_expiry() {
    let now = at("2026-03-01T00:00:00Z");
    let after = |millis| now.saturating_add(millis);
    assert_eq!(retires_at(now, None, Expiry::Never), Ok(now));
    let hours = retires_at(now, overlap(2, Unit::Hours), Expiry::Never);
    assert_eq!(hours, Ok(after(2 * HOUR)));
    let day = overlap(1, Unit::Days);
    assert_eq!(retires_at(now, day, Expiry::Never), Ok(after(DAY)));
    assert_eq!(retires_at(now, day, Expiry::At(after(5))), Ok(after(5)));
    for long in [overlap(25, Unit::Hours), overlap(1, Unit::Months)] {
        assert_eq!(retires_at(now, long, Expiry::Never), Err(OverlapTooLong));
    }
}

#[test]
fn a_rotated_token_retires_at_its_instant() {
    let first = PolicyVersion::initial(at("2026-01-01T00:00:00Z"));
    let history = History::new(vec![first]).expect("it has a version");
    let retires = at("2026-03-02T00:00:00Z");
    let token = TokenFacts {
        retires_at: Some(retires),
        ..TokenFacts::created(TokenKind::UserAccess, at("2026-02-01T00:00:00Z"))
    };
    assert_eq!(
        effective_expiry(&token, &history, token.created_at),
        Expiry::At(retires)
    );
    let before = retires.saturating_add(-1);
    assert_eq!(
        verdict(&token, &history, before),
        Verdict::Works(Expiry::At(retires))
    );
    assert_eq!(status(&token, &history, before), Status::Expiring);
    for by in [0, 1] {
        let now = retires.saturating_add(by);
        let rotated = Revocation {
            at: retires,
            reason: RevocationReason::Rotation,
            by: None,
        };
        let dead = Verdict::Dead(End::Revoked(rotated));
        assert_eq!(verdict(&token, &history, now), dead);
        assert_eq!(status(&token, &history, now), Status::Revoked);
    }
}
