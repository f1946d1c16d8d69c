//! Law R17: the numbers of an impact are those of the one deciding function, token by token (R5).

use proptest::{collection::vec, option, prelude::*};
use tenure_domain::{
    id::UserId,
    impact::{DAYS_AHEAD, Edge, Impact, Outlook, day_of},
    period::Period,
    plan::{Role, Tier},
    policy::{AccessLifetime, History, PolicyVersion, Request, decide},
    time::{DAY, Timestamp},
    token::{
        EXPIRING_WITHIN, End, Expiry, TokenFacts, TokenKind, Verdict, effective_expiry, verdict,
    },
};

use crate::strategies::{TODAY, any_history, any_instant, ms, period, token};

/// Near enough to today that short and long periods both end some tokens and spare others.
fn instant() -> impl Strategy<Value = Timestamp> + Clone {
    prop_oneof![
        (-2 * DAY..2 * DAY).prop_map(|by| ms(TODAY + by)),
        (-150 * DAY..30 * DAY).prop_map(|by| ms(TODAY + by)),
        (-150..30_i64, -1..=1_i64).prop_map(|(days, by)| ms(TODAY + days * DAY + by)),
        (-3_000 * DAY..100 * DAY).prop_map(|by| ms(TODAY + by)),
    ]
    .boxed()
}

/// A plan with a past, on a server that lets OAuth access tokens live so long.
fn past() -> impl Strategy<Value = History> {
    let change = (0..200 * DAY, option::weighted(0.7, period()));
    let lifetime = (option::of(period()), instant());
    (vec(change, 0..4), lifetime).prop_map(|(changes, (period, dead_before))| {
        let mut at = ms(TODAY - 700 * DAY);
        let first = PolicyVersion::initial(at);
        let mut history = History::new(vec![first]).expect("it has a version");
        for (later, period) in changes {
            at = at.saturating_add(later);
            history = with(history, period, at);
        }
        history.with_access_lifetime(AccessLifetime {
            period,
            dead_before: dead_before.min(at),
        })
    })
}

/// The history once this is in force.
fn with(history: History, period: Option<Period>, now: Timestamp) -> History {
    let request = Request {
        period,
        seen: history.current().version,
        by: UserId("admin".to_owned()),
        role: Role::SystemAdmin,
        tier: Tier::Enterprise,
    };
    let change = decide(history.current(), &request, now).expect("an admin may");
    match change {
        Some(change) => history.changed(change),
        None => history,
    }
}

fn is_in_no_range(token: &TokenFacts) -> bool {
    token.revoked.is_some() || token.retires_at.is_some()
}

fn lies_below(token: &TokenFacts, edge: &Edge) -> bool {
    token.created_at < edge.created
}

/// As the server counts: rows between edges, and the few others one by one.
fn counted(outlook: &Outlook, tokens: &[TokenFacts]) -> Impact {
    let mut impact = Impact::default();
    for token in tokens.iter().filter(|token| is_in_no_range(token)) {
        impact.count_token(outlook, token);
    }
    for kind in TokenKind::ALL {
        let edges = outlook.edges(kind);
        let mut rest: Vec<_> = tokens.iter().filter(|it| it.kind == kind).collect();
        rest.retain(|token| !is_in_no_range(token));
        for (place, edge) in edges.iter().enumerate() {
            let before = rest.len();
            rest.retain(|token| !lies_below(token, edge));
            impact.count_range(outlook, place, (before - rest.len()) as u64);
        }
        impact.count_range(outlook, edges.len(), rest.len() as u64);
    }
    impact
}

/// By the words of the rule: what verifies before and not after, and what has how long from then on.
fn judged(before: &History, after: &History, at: Timestamp, tokens: &[TokenFacts]) -> Impact {
    let mut impact = Impact::default();
    let horizon = day_of(at).saturating_add(DAYS_AHEAD as i64 * DAY);
    for token in tokens {
        let end = match verdict(token, before, at) {
            Verdict::Dead(End::Revoked(_)) => continue,
            Verdict::Dead(_) => {
                impact.already_dead += u64::from(token.retires_at.is_none());
                continue;
            }
            _ => match verdict(token, after, at) {
                Verdict::Dead(_) => Expiry::At(at),
                _ => effective_expiry(token, after),
            },
        };
        let Expiry::At(end) = end else {
            impact.never += 1;
            continue;
        };
        match end.millis_since(at) {
            ..=0 => impact.now += 1,
            1..=EXPIRING_WITHIN => impact.within_7_days += 1,
            _ => impact.later += 1,
        }
        if end < horizon {
            *impact.by_day.entry(day_of(end)).or_default() += 1;
        }
    }
    impact
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn an_impact_is_what_the_verdicts_say(
        before in past(),
        wanted in option::weighted(0.8, period()),
        now in instant(),
        tokens in vec(token(instant()), 0..40),
    ) {
        let after = with(before.clone(), wanted, now);
        let outlook = Outlook::new(before.clone(), after.clone(), now);
        let expected = judged(&before, &after, now, &tokens);
        prop_assert_eq!(&counted(&outlook, &tokens), &expected);
        let mut one_by_one = Impact::default();
        for token in &tokens {
            one_by_one.count_token(&outlook, token);
        }
        prop_assert_eq!(&one_by_one, &expected);
        let at_once = tokens.iter().filter(|token| outlook.ends_at_once(token)).count();
        prop_assert_eq!(expected.now, at_once as u64);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn nobody_is_unwarned_whose_token_ends_no_sooner_or_in_seven_days(
        before in past(),
        wanted in option::weighted(0.8, period()),
        now in instant(),
        tokens in vec(token(instant()), 0..40),
    ) {
        let after = with(before.clone(), wanted, now);
        let outlook = Outlook::new(before.clone(), after.clone(), now);
        let soon = now.saturating_add(EXPIRING_WITHIN - 1);
        let works = |token: &TokenFacts, history| !matches!(verdict(token, history, soon), Verdict::Dead(_));
        for token in &tokens {
            let unwarned = works(token, &before) && !works(token, &after);
            prop_assert_eq!(outlook.is_unwarned(token), unwarned);
            if !is_in_no_range(token) {
                let [before, after] = outlook.unwarned(token.kind);
                prop_assert_eq!(lies_below(token, &after) && !lies_below(token, &before), unwarned);
            }
        }
    }

    #[test]
    fn a_forecast_ends_nothing_at_once(history in past(), now in instant(), tokens in vec(token(instant()), 0..40)) {
        let outlook = Outlook::forecast(history.clone(), now);
        let impact = counted(&outlook, &tokens);
        prop_assert_eq!(impact.now, 0);
        let working = tokens.iter().filter(|it| !matches!(verdict(it, &history, now), Verdict::Dead(_)));
        prop_assert_eq!(impact.working(), working.count() as u64);
        let heaviest = impact.heaviest().map(|(_, tokens)| tokens);
        prop_assert_eq!(heaviest, impact.by_day.values().copied().max());
    }

    #[test]
    fn edges_ascend_whatever_came_together(
        before in any_history(),
        after in any_history(),
        at in any_instant(),
    ) {
        let outlook = Outlook::new(before, after, at);
        for kind in TokenKind::ALL {
            let edges = outlook.edges(kind);
            prop_assert!(edges.iter().map(|edge| edge.created).is_sorted());
            let [first, second] = outlook.unwarned(kind);
            prop_assert!(first.created <= second.created);
        }
    }
}
