//! Law R17: the numbers of an impact are those of the one deciding function, token by token (R5).

use proptest::{collection::vec, option, prelude::*};
use tenure_domain::{
    id::{TokenId, UserId},
    impact::{DAYS_AHEAD, Impact, Outlook, day_of},
    policy::{AccessLifetime, Change, History, PolicyVersion, Terms, Wanted, next_change},
    time::{DAY, Timestamp},
    token::{
        EXPIRING_WITHIN, End, Expiry, TokenFacts, TokenKind, Verdict, effective_expiry, verdict,
    },
    wire::{
        impact::{Day, DayCount, EndingToken, Forecast, PolicyImpact},
        session::User,
    },
};

use crate::{
    round_trips::answered,
    strategies::{TODAY, any_history, any_instant, ms, period, token, written_instant},
};

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

/// What somebody may want at TODAY: at once or within two months, each rule on or off.
fn wanted() -> impl Strategy<Value = Wanted> {
    let terms = (
        option::weighted(0.7, period()),
        option::weighted(0.4, period()),
    );
    let terms = terms.prop_map(|(period, inactivity)| Terms { period, inactivity });
    (terms, option::weighted(0.4, 1..60 * DAY)).prop_map(|(terms, ahead)| match ahead {
        Some(ahead) => Wanted::From(ms(TODAY + ahead), terms),
        None => Wanted::Now(terms),
    })
}

/// A plan with a past, on a server that lets OAuth access tokens live so long; something may be scheduled.
fn past() -> impl Strategy<Value = History> {
    let changes = vec((0..200 * DAY, wanted()), 0..4);
    let lifetime = (option::of(period()), instant());
    (changes, lifetime).prop_map(|(changes, (period, dead_before))| {
        let mut at = ms(TODAY - 700 * DAY);
        let first = PolicyVersion::initial(at);
        let mut history = History::new(vec![first]).expect("it has a version");
        for (later, wanted) in changes {
            at = at.saturating_add(later);
            history = with(&history, wanted, at);
        }
        history.with_access_lifetime(AccessLifetime {
            period,
            dead_before: dead_before.min(at),
        })
    })
}

fn change(history: &History, wanted: Wanted, now: Timestamp) -> Option<Change> {
    next_change(history, wanted, None, now).expect("it can be counted")
}

/// The history once this is decided.
fn with(history: &History, wanted: Wanted, now: Timestamp) -> History {
    match change(history, wanted, now) {
        Some(change) => history.clone().changed(change),
        None => history.clone(),
    }
}

/// The instant of asking: a moment of TODAY, at which nothing that is wanted lies in the past.
fn now() -> impl Strategy<Value = Timestamp> {
    (-DAY..=0_i64).prop_map(|by| ms(TODAY + by))
}

fn is_in_no_range(token: &TokenFacts) -> bool {
    token.revoked.is_some() || token.retires_at.is_some()
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
            rest.retain(|token| !edge.is_above(token));
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
                _ => effective_expiry(token, after, at),
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
        history in past(),
        wanted in wanted(),
        now in now(),
        tokens in vec(token(instant()), 0..40),
    ) {
        let decided = change(&history, wanted, now);
        let outlook = Outlook::of_change(&history, wanted, decided.clone(), now);
        let at = outlook.takes_effect_at();
        let after = with(&history, wanted, now);
        let before = with(&history, Wanted::Unscheduled, now);
        if let Some(opened) = decided.and_then(|decided| decided.opened) {
            prop_assert_eq!(at, opened.in_force_since);
            prop_assert_eq!(after.in_force_at(at), &opened);
        }
        let expected = judged(&before, &after, at, &tokens);
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
        history in past(),
        wanted in wanted(),
        now in now(),
        tokens in vec(token(instant()), 0..40),
    ) {
        let (Wanted::Now(terms) | Wanted::From(_, terms)) = wanted else {
            return Ok(());
        };
        let outlook = Outlook::at_once(&history, terms, now);
        let after = with(&history, Wanted::Now(terms), now);
        let soon = outlook.takes_effect_at().saturating_add(EXPIRING_WITHIN - 1);
        let works = |token: &TokenFacts, history| !matches!(verdict(token, history, soon), Verdict::Dead(_));
        for token in &tokens {
            let unwarned = works(token, &history) && !works(token, &after);
            prop_assert_eq!(outlook.is_unwarned(token), unwarned);
            if !is_in_no_range(token) {
                let [before, after] = outlook.unwarned(token.kind);
                prop_assert_eq!(after.is_above(token) && !before.is_above(token), unwarned);
            }
        }
    }

    #[test]
    fn a_forecast_ends_nothing_at_once(history in past(), now in now(), tokens in vec(token(instant()), 0..40)) {
        let outlook = Outlook::forecast(history.clone(), now);
        let impact = counted(&outlook, &tokens);
        prop_assert_eq!(&impact, &judged(&history, &history, now, &tokens));
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
            prop_assert!(edges.iter().map(|edge| edge.active).is_sorted());
            let [first, second] = outlook.unwarned(kind);
            prop_assert!(first.created <= second.created);
        }
    }

    #[test]
    fn impacts_travel(
        numbers in any::<[u32; 5]>(),
        days in vec((written_instant(), any::<u32>()), 0..3),
        texts in any::<[String; 6]>(),
        (at, last_used_at) in (written_instant(), option::of(written_instant())),
    ) {
        let [now, within_7_days, later, never, already_dead] = numbers.map(u64::from);
        let [id, name, last_four, owner, owner_name, email] = texts;
        let owner = User { id: UserId(owner), name: owner_name, email };
        let days: Vec<_> = days
            .into_iter()
            .map(|(at, count)| DayCount { date: Day::of(at), count: count.into() })
            .collect();
        let kind = TokenKind::OauthAccess;
        let ending = EndingToken {
            id: TokenId(id), name, kind, last_four, owner, created_at: at, last_used_at,
        };
        let forecast = Forecast {
            at, days: days.clone(), later, never, total: now, heaviest: days.first().copied(),
        };
        let impact = PolicyImpact {
            at, takes_effect_at: at, now, within_7_days, later, never, already_dead, days,
            first: vec![ending], earliest_with_notice: at,
        };
        prop_assert_eq!(answered(&impact), impact);
        prop_assert_eq!(answered(&forecast), forecast);
        let day = Day::of(at);
        prop_assert!(day.start() <= at);
        prop_assert_eq!(day.to_string().parse(), Ok(day));
    }
}
