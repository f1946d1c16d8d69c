//! R11: how a token stands where several conditions hold at once, and at each boundary.
//!
//! The conditions overlap: a revoked token may have expired, look suspicious and have been used a minute
//! ago. Every set of them is tried here, so every pair is.

use tenure_domain::{
    policy::History,
    time::{DAY, Timestamp},
    token::{
        EXPIRING_WITHIN, IN_USE_WITHIN, Revocation, RevocationReason, Status, TokenFacts,
        TokenKind, effective_expiry, status,
    },
};

use super::{time::at, token::history};

const NOW: &str = "2026-11-29T12:00:00Z";

/// What can be true of a token, each by itself; idle is what is left.
const CONDITIONS: [Status; 5] = [
    Status::Revoked,
    Status::Expired,
    Status::Suspicious,
    Status::Expiring,
    Status::InUse,
];

fn ago(millis: i64) -> Timestamp {
    at(NOW).saturating_add(-millis)
}

/// Tokens live for 30 days.
fn thirty_days() -> History {
    history(&[("2026-05-01T00:00:00Z", "30 days")])
}

/// A token with so much of its life left at [`NOW`].
fn with_left(left: i64) -> TokenFacts {
    TokenFacts::created(TokenKind::UserAccess, ago(30 * DAY - left))
}

fn revoked(token: &TokenFacts) -> TokenFacts {
    TokenFacts {
        revoked: Some(Revocation {
            at: ago(1),
            reason: RevocationReason::Admin,
            by: None,
        }),
        ..token.clone()
    }
}

/// A token of which these conditions hold, and no other.
fn token(holds: impl Fn(Status) -> bool) -> TokenFacts {
    let left = match (holds(Status::Expired), holds(Status::Expiring)) {
        (true, _) => -DAY,
        (false, true) => DAY,
        (false, false) => 20 * DAY,
    };
    let token = TokenFacts {
        last_used_at: Some(if holds(Status::InUse) {
            ago(2 * DAY)
        } else {
            ago(4 * DAY)
        }),
        suspicious_since: holds(Status::Suspicious).then(|| ago(3 * DAY)),
        ..with_left(left)
    };
    if holds(Status::Revoked) {
        revoked(&token)
    } else {
        token
    }
}

fn at_now(token: &TokenFacts) -> Status {
    status(token, &thirty_days(), at(NOW))
}

#[test]
fn of_every_two_conditions_the_earlier_in_the_order_is_the_status() {
    for one in Status::ALL {
        for other in Status::ALL {
            let expected = Status::ALL
                .into_iter()
                .find(|status| [one, other].contains(status));
            let token = token(|condition| [one, other].contains(&condition));
            assert_eq!(Some(at_now(&token)), expected, "{one:?} and {other:?}");
        }
    }
}

#[test]
fn of_every_set_of_conditions_the_first_in_the_order_is_the_status() {
    for set in 0..1_u32 << CONDITIONS.len() {
        let holds = |condition| {
            let place = CONDITIONS.iter().position(|known| *known == condition);
            place.is_some_and(|place| set & (1 << place) != 0)
        };
        let first = CONDITIONS.into_iter().find(|condition| holds(*condition));
        assert_eq!(
            at_now(&token(holds)),
            first.unwrap_or(Status::Idle),
            "{set:05b}"
        );
    }
}

#[test]
fn exactly_seven_days_are_expiring_and_exactly_three_days_are_in_use() {
    assert_eq!((EXPIRING_WITHIN, IN_USE_WITHIN), (7 * DAY, 3 * DAY));
    let (expiring, in_use, idle) = (Status::Expiring, Status::InUse, Status::Idle);
    // Down: how much is left. Across: used 3 days and 1 ms ago, 3 days, 3 days less 1 ms, now.
    let used = [3 * DAY + 1, 3 * DAY, 3 * DAY - 1, 0];
    let table = [
        (7 * DAY + 1, [idle, in_use, in_use, in_use]),
        (7 * DAY, [expiring; 4]),
        (7 * DAY - 1, [expiring; 4]),
        (1, [expiring; 4]),
        (0, [Status::Expired; 4]),
        (-1, [Status::Expired; 4]),
    ];
    for (left, row) in table {
        for (used, expected) in used.into_iter().zip(row) {
            let token = TokenFacts {
                last_used_at: Some(ago(used)),
                ..with_left(left)
            };
            assert_eq!(
                at_now(&token),
                expected,
                "{left} ms left, used {used} ms ago"
            );

            // What stands above hides every boundary below it.
            let suspicious = TokenFacts {
                suspicious_since: Some(at(NOW)),
                ..token.clone()
            };
            let hidden = if left > 0 {
                Status::Suspicious
            } else {
                Status::Expired
            };
            assert_eq!(at_now(&suspicious), hidden, "{left} ms left");
            assert_eq!(
                at_now(&revoked(&suspicious)),
                Status::Revoked,
                "{left} ms left"
            );
            assert_eq!(at_now(&revoked(&token)), Status::Revoked, "{left} ms left");
        }
    }
}

#[test]
fn a_token_that_nobody_used_is_idle_until_it_is_expiring() {
    for (left, expected) in [
        (20 * DAY, Status::Idle),
        (7 * DAY + 1, Status::Idle),
        (7 * DAY, Status::Expiring),
    ] {
        assert_eq!(at_now(&with_left(left)), expected, "{left} ms left");
    }
    let never = TokenFacts {
        last_used_at: Some(ago(3 * DAY + 1)),
        ..with_left(DAY)
    };
    let off = history(&[]);
    assert_eq!(
        status(&never, &off, at(NOW)),
        Status::Idle,
        "the policy is off"
    );
}

#[test]
fn a_status_lasts_until_the_instant_that_it_names_and_not_a_millisecond_longer() {
    let used = |before: i64, token: TokenFacts| TokenFacts {
        last_used_at: Some(ago(before)),
        ..token
    };
    let suspicious = TokenFacts {
        suspicious_since: Some(at(NOW)),
        ..used(DAY, with_left(20 * DAY))
    };
    // What comes next, and how much of its life is left then.
    for (token, next, left) in [
        (with_left(20 * DAY), Status::Expiring, 7 * DAY),
        (used(DAY, with_left(20 * DAY)), Status::Idle, 18 * DAY - 1),
        (used(DAY, with_left(8 * DAY)), Status::Expiring, 7 * DAY),
        (used(DAY, with_left(5 * DAY)), Status::Expired, 0),
        (suspicious, Status::Expired, 0),
    ] {
        let expiry = effective_expiry(&token, &thirty_days(), at(NOW)).instant();
        let before = at_now(&token);
        let change = before.changes_at(expiry, token.last_used_at);
        let change = change.expect("it comes");
        assert_eq!(expiry.map(|at| at.millis_since(change)), Some(left));
        let status_at = |at: Timestamp| status(&token, &thirty_days(), at);
        assert_eq!(status_at(change.saturating_add(-1)), before);
        assert_eq!(status_at(change), next);
    }
    for dead in [Status::Revoked, Status::Expired] {
        assert_eq!(dead.changes_at(Some(at(NOW)), Some(at(NOW))), None);
    }
    assert_eq!(Status::Idle.changes_at(None, Some(ago(4 * DAY))), None);
}
