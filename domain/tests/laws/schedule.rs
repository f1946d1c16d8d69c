//! Laws of inactivity and of versions that come into force by the clock: half-open (R4), the earliest end
//! (R2), and that what is told ahead is what happens.

use proptest::prelude::*;
use tenure_domain::{
    period::Period,
    policy::{ANNOUNCED_FOR, History, Terms, Wanted, next_change},
    time::{DAY, Timestamp},
    token::{End, Expiry, TokenFacts, Verdict, effective_expiry, verdict},
};

use crate::strategies::{always_these, created, ordinary_instant, period, terms};

/// A token that was created then and used so many milliseconds later.
fn used(created_at: Timestamp, after: i64) -> TokenFacts {
    TokenFacts {
        last_used_at: Some(created_at.saturating_add(after)),
        ..created(created_at)
    }
}

fn is_dead(token: &TokenFacts, history: &History, now: Timestamp) -> bool {
    matches!(verdict(token, history, now), Verdict::Dead(_))
}

/// This history with what is wanted, decided at `now`.
fn with(history: &History, wanted: Wanted, now: Timestamp) -> History {
    match next_change(history, wanted, None, now).expect("it can be counted") {
        Some(change) => history.clone().changed(change),
        None => history.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn an_unused_token_works_until_its_idle_period_ends_and_not_at_it(
        idle in period(),
        start in ordinary_instant(),
        used_after in 0..900 * DAY,
    ) {
        let token = used(start, used_after);
        let history = always_these(Terms { period: None, inactivity: Some(idle) });
        let end = idle.end(token.last_active_at()).expect("this century is in the calendar");
        let at = |by| verdict(&token, &history, end.saturating_add(by));
        prop_assert_eq!(at(-1), Verdict::Works(Expiry::At(end)));
        for by in [0, 1] {
            let Verdict::Dead(End::ExpiredByInactivity { at, .. }) = at(by) else {
                return Err(TestCaseError::fail(format!("it works {by} ms after its end")));
            };
            prop_assert_eq!(at, end);
        }
    }

    #[test]
    fn the_earlier_of_the_two_rules_ends_a_token(
        terms in terms(),
        start in ordinary_instant(),
        used_after in 0..900 * DAY,
    ) {
        let token = used(start, used_after);
        let history = always_these(terms);
        let end = |rule: Option<Period>, from| Expiry::of(rule, from);
        let first = end(terms.period, start).min(end(terms.inactivity, token.last_active_at()));
        prop_assert_eq!(effective_expiry(&token, &history, start), first);
        if let Some(at) = first.instant() {
            prop_assert!(!is_dead(&token, &history, at.saturating_add(-1)));
            for by in [0, 1] {
                let Verdict::Dead(dead) = verdict(&token, &history, at.saturating_add(by)) else {
                    return Err(TestCaseError::fail("it works after its end"));
                };
                prop_assert_eq!(dead.at(), at);
            }
        }
    }

    #[test]
    fn what_is_told_ahead_of_a_scheduled_version_is_what_happens(
        before in terms(),
        after in terms(),
        start in ordinary_instant(),
        used_after in 0..60 * DAY,
        decided_after in 0..30 * DAY,
        ahead in ANNOUNCED_FOR..366 * DAY,
    ) {
        let token = used(start, used_after);
        let now = start.saturating_add(decided_after).max(token.last_active_at());
        let comes = now.saturating_add(ahead);
        let history = with(&always_these(before), Wanted::From(comes, after), now);
        if is_dead(&token, &history, now) {
            // The laws of death have those.
            return Ok(());
        }
        let told = effective_expiry(&token, &history, now);
        prop_assert_eq!(verdict(&token, &history, now), Verdict::Works(told));
        match told {
            Expiry::At(end) => {
                prop_assert!(!is_dead(&token, &history, end.saturating_add(-1)));
                for by in [0, 1, DAY] {
                    let Verdict::Dead(dead) = verdict(&token, &history, end.saturating_add(by)) else {
                        return Err(TestCaseError::fail("it outlives what was told"));
                    };
                    prop_assert_eq!(dead.at(), end);
                    let killer = dead.policy().expect("the policy ended it");
                    let by_the_second = end > comes || !expires_by(before, &token, comes);
                    prop_assert_eq!(killer.version == 1, by_the_second && before != after);
                }
            }
            Expiry::Never => prop_assert!(!is_dead(&token, &history, now.saturating_add(20_000 * DAY))),
        }
    }

    #[test]
    fn a_scheduled_version_ends_what_the_same_one_at_once_would_end_then(
        before in terms(),
        after in terms(),
        start in ordinary_instant(),
        ahead in ANNOUNCED_FOR..366 * DAY,
        later in 0..4_000 * DAY,
    ) {
        // Nothing else happens in between, so the way to the new version makes no difference.
        let token = created(start);
        let now = start.saturating_add(DAY);
        let comes = now.saturating_add(ahead);
        let scheduled = with(&always_these(before), Wanted::From(comes, after), now);
        let is_announced = after.inactivity.is_some() && after.inactivity != before.inactivity;
        let decided = comes.saturating_add(if is_announced { -ANNOUNCED_FOR } else { 0 });
        let at_once = with(&always_these(before), Wanted::Now(after), decided);
        let asked = comes.saturating_add(later);
        prop_assert_eq!(is_dead(&token, &scheduled, asked), is_dead(&token, &at_once, asked));
    }

    #[test]
    fn a_cancelled_version_leaves_no_trace(
        before in terms(),
        after in terms(),
        start in ordinary_instant(),
        ahead in ANNOUNCED_FOR..366 * DAY,
        asked in 0..4_000 * DAY,
    ) {
        let now = start.saturating_add(DAY);
        let alone = always_these(before);
        let scheduled = with(&alone, Wanted::From(now.saturating_add(ahead), after), now);
        let cancelled = with(&scheduled, Wanted::Unscheduled, now.saturating_add(ahead - 1));
        let (token, asked) = (created(start), start.saturating_add(asked));
        prop_assert_eq!(
            is_dead(&token, &cancelled, now.saturating_add(ahead).max(asked)),
            is_dead(&token, &alone, now.saturating_add(ahead).max(asked))
        );
        prop_assert_eq!(cancelled.scheduled_at(Timestamp::MIN), None);
    }
}

/// Whether these terms alone have ended the token by `now`.
fn expires_by(terms: Terms, token: &TokenFacts, now: Timestamp) -> bool {
    terms.expiry(token) <= Expiry::At(now)
}
