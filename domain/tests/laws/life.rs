//! Laws of the one deciding function: half-open (R4), one answer for everybody (R5), precedence (R11).

use proptest::{option, prelude::*};
use tenure_domain::{
    time::Timestamp,
    token::{
        EXPIRING_WITHIN, End, Expiry, IN_USE_WITHIN, Status, TokenFacts, Verdict, effective_expiry,
        status, verdict,
    },
    why::{Standing, why},
};

use crate::strategies::{
    always, any_history, any_instant, created, ordinary_instant, period, token,
};

/// The status by its definition: the first of the rules, from the top, that applies.
fn status_by_definition(
    token: &TokenFacts,
    verdict: &Verdict,
    expiry: Expiry,
    now: Timestamp,
) -> Status {
    let rules = [
        (
            Status::Revoked,
            matches!(verdict, Verdict::Dead(End::Revoked(_))),
        ),
        (
            Status::Expired,
            matches!(
                verdict,
                Verdict::Dead(
                    End::ExpiredByPeriod { .. }
                        | End::ExpiredByInactivity { .. }
                        | End::ExpiredByLifetime { .. }
                )
            ),
        ),
        (Status::Suspicious, token.suspicious_since.is_some()),
        (
            Status::Expiring,
            matches!(expiry, Expiry::At(at) if at.millis_since(now) <= EXPIRING_WITHIN),
        ),
        (
            Status::InUse,
            token
                .last_used_at
                .is_some_and(|used| now.millis_since(used) <= IN_USE_WITHIN),
        ),
        (Status::Idle, true),
    ];
    let first = rules.into_iter().find(|(_, applies)| *applies);
    first.expect("the last rule always applies").0
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_token_works_until_its_expiry_and_not_at_it(period in period(), start in ordinary_instant()) {
        let token = created(start);
        let history = always(Some(period));
        let expiry = period.end(start).expect("this century is in the calendar");
        let at = |by| verdict(&token, &history, expiry.saturating_add(by));

        prop_assert_eq!(at(-1), Verdict::Works(Expiry::At(expiry)));
        for by in [0, 1] {
            let Verdict::Dead(end) = at(by) else {
                return Err(TestCaseError::fail(format!("it works {by} ms after its expiry")));
            };
            prop_assert_eq!(end.at(), expiry);
        }
    }

    #[test]
    fn a_token_works_from_its_creation_and_not_before(
        period in option::of(period()),
        start in ordinary_instant(),
    ) {
        let token = created(start);
        let history = always(period);
        let works = Verdict::Works(Expiry::of(period, start));
        prop_assert_eq!(verdict(&token, &history, start.saturating_add(-1)), Verdict::NotYet);
        prop_assert_eq!(verdict(&token, &history, start), works);
    }

    #[test]
    fn the_verdict_agrees_with_the_effective_expiry(
        period in option::of(period()),
        start in any_instant(),
        now in any_instant(),
    ) {
        let expiry = Expiry::of(period, start);
        match verdict(&created(start), &always(period), now) {
            Verdict::Dead(end) => {
                prop_assert!(expiry <= Expiry::At(now));
                prop_assert_eq!(Expiry::At(end.at()), expiry);
            }
            Verdict::NotYet => prop_assert!(now < start && expiry > Expiry::At(now)),
            Verdict::Works(until) => {
                prop_assert!(start <= now && expiry > Expiry::At(now));
                prop_assert_eq!(until, expiry);
            }
        }
    }

    #[test]
    fn one_instant_parts_the_dead_from_the_living(
        history in any_history(),
        start in any_instant(),
        now in any_instant(),
    ) {
        let is_dead = matches!(verdict(&created(start), &history, now), Verdict::Dead(_));
        prop_assert_eq!(is_dead, history.watermarks_at(now).cover(&created(start)));
    }

    #[test]
    fn the_status_is_the_first_rule_that_applies(
        history in any_history(),
        token in prop_oneof![token(any_instant().boxed()), token(ordinary_instant().boxed())],
        now in prop_oneof![any_instant(), ordinary_instant()],
    ) {
        let verdict = verdict(&token, &history, now);
        let expiry = effective_expiry(&token, &history, now);
        let expected = status_by_definition(&token, &verdict, expiry, now);
        prop_assert_eq!(status(&token, &history, now), expected);
        prop_assert_eq!(expected.is_alive(), !matches!(verdict, Verdict::Dead(_)));
    }

    /// The sentence tells of the verdict, and of nothing else.
    #[test]
    fn why_says_what_the_verdict_decides(
        history in any_history(),
        token in prop_oneof![token(any_instant().boxed()), token(ordinary_instant().boxed())],
        now in prop_oneof![any_instant(), ordinary_instant()],
    ) {
        let why = why(&token, &history, now);
        let expiry = effective_expiry(&token, &history, now);
        match (why.standing(), verdict(&token, &history, now)) {
            (Standing::Ended(told), Verdict::Dead(end)) => prop_assert_eq!(told, &end),
            (Standing::Ends(at, _), Verdict::Works(_) | Verdict::NotYet) => {
                prop_assert_eq!(Expiry::At(*at), expiry);
            }
            (Standing::Lasts, Verdict::Works(_) | Verdict::NotYet) => {
                prop_assert_eq!(expiry, Expiry::Never);
            }
            (standing, verdict) => prop_assert!(false, "{standing:?} of {verdict:?}"),
        }
        let sentence = why.sentence(&|at| at.to_string(), &|by| by.0.clone());
        prop_assert!(sentence.ends_with('.'), "{sentence}");
    }
}
