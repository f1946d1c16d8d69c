//! Alerts: each rule at its threshold and one beside it, and an alert through its whole life.

use tenure_domain::{
    alert::{
        AlertKind, MAX_MINUTES, MAX_THRESHOLD, Most, Rule, RuleError, Seen, Step, decide, holds,
        sentence,
    },
    time::{HOUR, MINUTE, Timestamp},
};

const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

fn rule(threshold: u32, minutes: u32) -> Rule {
    Rule::new(threshold, minutes, true).expect("a rule")
}

fn seen(count: u64, well: u64) -> Seen {
    Seen { count, well }
}

#[test]
fn a_rule_holds_from_its_threshold_on() {
    for kind in AlertKind::ALL {
        for (count, expected) in [(0, false), (4, false), (5, true), (6, true)] {
            assert_eq!(
                holds(kind, rule(5, 10), seen(count, 0)),
                expected,
                "{kind:?} {count}"
            );
        }
        let off = Rule {
            on: false,
            ..rule(5, 10)
        };
        assert!(!holds(kind, off, seen(1_000, 0)), "{kind:?} is off");
    }
}

#[test]
fn refreshing_fails_where_more_attempts_fail_than_succeed() {
    for (failed, succeeded, expected) in [(5, 4, true), (5, 5, false), (5, 6, false), (9, 8, true)]
    {
        let found = holds(
            AlertKind::RefreshFailing,
            rule(5, 15),
            seen(failed, succeeded),
        );
        assert_eq!(found, expected, "{failed} of {succeeded}");
    }
    // What succeeds says nothing about calls that are refused.
    assert!(holds(AlertKind::CallsRefused, rule(5, 15), seen(5, 1_000)));
}

#[test]
fn an_alert_is_raised_once_and_taken_back_a_window_later_at_the_earliest() {
    let (rule, much, little) = (rule(5, 10), seen(5, 0), seen(4, 0));
    let window = 10 * MINUTE;
    let ago = |millis: i64| Some(NOW.saturating_add(-millis));
    for (raised, seen, expected) in [
        (None, little, Step::Stay),
        (None, much, Step::Fire),
        (ago(0), much, Step::Stay),
        (ago(0), little, Step::Stay),
        (ago(window - 1), little, Step::Stay),
        (ago(window), little, Step::Clear),
        (ago(window + 1), little, Step::Clear),
        (ago(window + 1), much, Step::Stay),
    ] {
        let step = decide(AlertKind::CallsRefused, rule, seen, raised, NOW);
        assert_eq!(step, expected, "{raised:?} {seen:?}");
    }
    let off = Rule { on: false, ..rule };
    let step = decide(AlertKind::CallsRefused, off, much, ago(0), NOW);
    assert_eq!(step, Step::Clear, "nobody waits for a rule that is off");
}

#[test]
fn a_count_that_swings_raises_one_alert_in_a_window() {
    let rule = rule(5, 10);
    let (mut raised, mut fired, mut cleared) = (None, Vec::new(), Vec::new());
    for tick in 0..600 {
        let now = NOW.saturating_add(tick * 6_000);
        let count = if tick % 2 == 0 { 5 } else { 4 };
        match decide(AlertKind::ScopesLacking, rule, seen(count, 0), raised, now) {
            Step::Fire => {
                raised = Some(now);
                fired.push(now);
            }
            Step::Clear => {
                raised = None;
                cleared.push(now);
            }
            Step::Stay => {}
        }
    }
    assert_eq!(fired.len(), 6, "within an hour");
    assert!(
        fired
            .windows(2)
            .all(|pair| pair[1].millis_since(pair[0]) >= rule.window())
    );
    assert!(fired.len().abs_diff(cleared.len()) <= 1);
}

#[test]
fn a_window_has_whole_minutes_and_the_one_that_is_under_way() {
    let noon = Timestamp::from_millis(NOW.as_millis() - NOW.as_millis().rem_euclid(HOUR));
    for (now, minutes, expected) in [
        (noon, 1, noon),
        (noon.saturating_add(MINUTE - 1), 1, noon),
        (noon.saturating_add(MINUTE), 1, noon.saturating_add(MINUTE)),
        (
            noon.saturating_add(59_999),
            15,
            noon.saturating_add(-14 * MINUTE),
        ),
    ] {
        assert_eq!(rule(5, minutes).since(now), expected, "{now} {minutes}");
    }
}

#[test]
fn what_is_no_rule_says_which_value_is_wrong() {
    for (threshold, minutes, expected) in [
        (0, 1, vec![RuleError::Threshold]),
        (MAX_THRESHOLD + 1, 1, vec![RuleError::Threshold]),
        (1, 0, vec![RuleError::Minutes]),
        (1, MAX_MINUTES + 1, vec![RuleError::Minutes]),
        (0, 0, vec![RuleError::Threshold, RuleError::Minutes]),
    ] {
        assert_eq!(Rule::new(threshold, minutes, true), Err(expected));
    }
    assert!(Rule::new(MAX_THRESHOLD, MAX_MINUTES, false).is_ok());
    let field = RuleError::Minutes.field();
    assert_eq!(
        (field.pointer.as_str(), field.code.as_str()),
        ("/minutes", "window_out_of_range")
    );
    for kind in AlertKind::ALL {
        let Rule {
            threshold,
            minutes,
            on,
        } = kind.default_rule();
        assert!(Rule::new(threshold, minutes, on).is_ok(), "{kind:?}");
        assert_eq!(AlertKind::parse(kind.as_str()), Some(kind));
    }
}

#[test]
fn an_alert_says_what_was_seen() {
    let by = |name: &str, count| {
        Some(Most {
            name: name.to_owned(),
            count,
        })
    };
    for (kind, minutes, seen, most, expected) in [
        (
            AlertKind::RefreshFailing,
            15,
            seen(12, 1),
            by("Deploy bot", 9),
            "12 attempts to refresh tokens failed within 15 minutes, 9 of them by Deploy bot, and 1 succeeded.",
        ),
        (
            AlertKind::CallsRefused,
            60,
            seen(1, 0),
            by("", 1),
            "1 call with tokens that do not work came within an hour.",
        ),
        (
            AlertKind::ScopesLacking,
            120,
            seen(50, 0),
            by("api.acme.example/reports", 44),
            "50 calls came within 2 hours whose token lacks a scope, 44 of them to api.acme.example/reports.",
        ),
        (
            AlertKind::SuspiciousTokens,
            1,
            seen(2, 0),
            None,
            "2 tokens became suspicious within one minute.",
        ),
    ] {
        assert_eq!(
            sentence(kind, rule(1, minutes), seen, most.as_ref()),
            expected
        );
    }
}
