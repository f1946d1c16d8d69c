//! No function panics, whatever it is given: the whole range of 64 bits, of the calendar, of text.
//! A test fails here by panicking; overflow panics too in the builds that tests run in.

use proptest::{collection::vec, option, prelude::*, sample::select};
use tenure_domain::{
    id::UserId,
    period::{Period, Unit},
    plan::{Role, Tier},
    policy::{History, PolicyVersion, Request, Wanted, decide},
    time::{OutOfRange, Timestamp},
    token::{Expiry, effective_expiry, status, verdict},
    token_text,
    wire::{
        policies::{AmountInput, PeriodInput, PutExpirationPolicy, seen_of},
        tokens::{NewToken, parse_name},
    },
};

use crate::strategies::{
    CALENDAR_END, CALENDAR_START, any_history, any_instant, period, terms, token,
};

fn history_of(created_at: Timestamp) -> History {
    History::new(vec![PolicyVersion::initial(created_at)]).expect("it has a version")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn periods_take_any_number(amount in any::<i64>(), near in -2..20_000_i64, unit in select(&Unit::ALL[..])) {
        for amount in [amount, near] {
            let fits = (1..=i64::from(unit.max_amount())).contains(&amount);
            prop_assert_eq!(Period::new(amount, unit).is_ok(), fits);
        }
    }

    #[test]
    fn arithmetic_takes_any_instant(period in period(), one in any_instant(), other in any_instant()) {
        let in_calendar = |at: Timestamp| (CALENDAR_START..=CALENDAR_END).contains(&at.as_millis());
        prop_assert_eq!(one.to_datetime().is_ok(), in_calendar(one));
        match period.end(one) {
            Ok(end) => prop_assert!(one < end && in_calendar(one) && in_calendar(end)),
            Err(OutOfRange) => {
                let ten_years_and_a_gap = 3_654 * tenure_domain::time::DAY;
                let edge = one.saturating_add(ten_years_and_a_gap);
                prop_assert!(!in_calendar(one) || !in_calendar(edge));
            }
        }
        let _ = (period.ended_before(one), Expiry::of(Some(period), one));
        let _ = (one.saturating_add(other.as_millis()), one.millis_since(other));
    }

    #[test]
    fn every_instant_has_a_text(at in any_instant()) {
        let text = at.to_string();
        match serde_json::to_string(&at) {
            Ok(json) => prop_assert_eq!(json, format!("\"{text}\"")),
            Err(_) => prop_assert_eq!(text, format!("{} ms", at.as_millis())),
        }
    }

    #[test]
    fn decisions_take_any_state(
        history in any_history(),
        token in token(any_instant().boxed()),
        now in any_instant(),
        terms in terms(),
        at in option::of(any_instant()),
    ) {
        let _ = (verdict(&token, &history, now), status(&token, &history, now));
        let request = Request {
            wanted: at.map_or(Wanted::Now(terms), |at| Wanted::From(at, terms)),
            seen: history.seen_at(now),
            by: UserId(String::new()),
            role: Role::SystemAdmin,
            tier: Tier::Business,
        };
        if let Ok(Some(change)) = decide(&history, &request, now) {
            let (before, since) = (history.watermarks_at(now), history.in_force_at(now).in_force_since);
            if let Some(opened) = &change.opened {
                prop_assert!(!before.exceed(opened.watermarks()));
                prop_assert!(opened.in_force_since >= since);
            }
            let changed = history.observed_at(now).changed(change);
            let _ = (verdict(&token, &changed, now), status(&token, &changed, now));
        }
        let _ = (history_of(now).observed_at(now), effective_expiry(&token, &history_of(now), now));
    }

    #[test]
    fn parsers_take_any_text(text in any::<String>(), other in any::<String>(), digits in "[-+]?[0-9.]{0,30}") {
        for text in [&text, &digits] {
            let _ = (Period::parse(text, &other), Period::parse(text, "days"));
            let _ = (text.parse::<Period>(), text.parse::<Unit>(), text.parse::<Timestamp>());
            let _ = (token_text::recognise(text), seen_of(text));
            prop_assert!(text.ends_with(token_text::last_four(text)));
            if let Ok(name) = parse_name(text) {
                prop_assert_eq!(parse_name(&name), Ok(name));
            }
        }
    }

    #[test]
    fn requests_take_any_value(
        whole in any::<i64>(),
        fraction in prop_oneof![any::<f64>(), Just(f64::NAN), Just(f64::INFINITY)],
        unit in prop_oneof![any::<String>(), Just("days".to_owned())],
        scopes in vec(any::<String>(), 0..2),
    ) {
        let amounts =
            [AmountInput::Whole(whole), AmountInput::Fraction(fraction), AmountInput::Text(unit.clone())];
        for amount in amounts {
            let period = Some(PeriodInput { amount, unit: unit.clone() });
            let put = PutExpirationPolicy { period, inactivity: None, effective_at: None, ends_at_most: None };
            let on = |wanted: Wanted| matches!(wanted, Wanted::Now(terms) if terms.period.is_some());
            prop_assert!(put.parse().is_ok_and(on) || put.parse().is_err_and(|errors| errors.len() == 1));
        }
        let new = NewToken { plan: String::new().into(), name: unit, scopes };
        prop_assert!(new.parse().is_ok() || new.parse().is_err_and(|errors| !errors.is_empty()));
    }
}
