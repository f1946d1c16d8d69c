//! Notices: told once and in time; and how they and people's languages travel.

use std::collections::BTreeSet;

use proptest::{collection::vec, option, prelude::*, sample::select};
use tenure_domain::{
    id::{NoticeId, TokenId, UserId},
    locale::{Language, Locale},
    notice::{self, About, NoticeKind, NoticeState},
    period::{Period, Unit},
    policy::{History, PolicyVersion},
    time::{DAY, HOUR},
    token::{Expiry, TokenFacts, TokenKind, effective_expiry},
    wire::notices::{Notice, Recipient},
};

use crate::{
    round_trips::{answered, is_named},
    strategies::{TODAY, ms, written_instant},
};

pub(super) fn locale() -> impl Strategy<Value = Locale> {
    (select(&Language::ALL[..]), any::<String>()).prop_map(|(language, time_zone)| Locale {
        language,
        time_zone,
    })
}

fn notice() -> impl Strategy<Value = Notice> {
    let what = (
        select(&NoticeKind::ALL[..]),
        option::of(select(&About::ALL[..])),
        select(&NoticeState::ALL[..]),
        any::<[u32; 2]>(),
    );
    let when = (
        written_instant(),
        option::of(written_instant()),
        option::of(written_instant()),
    );
    (
        any::<[String; 2]>(),
        any::<String>(),
        any::<[Option<String>; 2]>(),
        what,
        when,
    )
        .prop_map(
            |(
                [name, email],
                notice,
                [id, reason],
                (kind, about, state, [attempts, tokens]),
                (created_at, next_attempt_at, sent_at),
            )| Notice {
                id: NoticeId(notice),
                owner: Recipient {
                    id: id.map(UserId),
                    name,
                    email,
                },
                kind,
                about,
                state,
                reason,
                attempts,
                tokens,
                created_at,
                next_attempt_at,
                sent_at,
            },
        )
}

proptest! {
    #[test]
    fn notices_travel(notice in notice(), locale in locale()) {
        prop_assert_eq!(answered(&notice), notice);
        prop_assert_eq!(answered(&locale), locale);
    }
}

#[test]
fn every_name_is_the_same_in_the_database_and_on_the_wire() {
    for kind in NoticeKind::ALL {
        is_named(&kind, kind.as_str());
    }
    for state in NoticeState::ALL {
        is_named(&state, state.as_str());
    }
    for language in Language::ALL {
        is_named(&language, language.as_str());
    }
}

/// An owner whose days begin when they like: each lasts 23, 24 or 25 hours.
fn days() -> impl Strategy<Value = Vec<i64>> {
    vec(select(&[23, 24, 25][..]), 60..120)
}

proptest! {
    /// A digest is made at any instant of every day: each expiry is told once, seven days ahead at the latest.
    #[test]
    fn every_expiry_is_told_once_and_in_time(
        days in days(),
        amount in 8..40_i64,
        created in vec(0..(20 * DAY), 1..20),
        lateness in 0..(22 * HOUR),
    ) {
        let period = Period::new(amount, Unit::Days).expect("a period");
        let version = PolicyVersion { period: Some(period), ..PolicyVersion::initial(ms(TODAY)) };
        let history = History::new(vec![version]).expect("a version");
        let tokens: Vec<_> = created
            .iter()
            .enumerate()
            .map(|(number, after)| {
                let facts = TokenFacts::created(TokenKind::UserAccess, ms(TODAY + after));
                (TokenId(number.to_string()), facts)
            })
            .collect();
        let mut told = BTreeSet::new();
        let mut begins = TODAY;
        for pair in days.windows(2) {
            let tomorrow_ends = ms(begins + (pair[0] + pair[1]) * HOUR);
            let now = ms(begins + lateness);
            let known = tokens.iter().filter(|(_, facts)| facts.created_at <= now);
            let digest = notice::digest(
                known.map(|(id, facts)| (id, facts, &history)),
                &told,
                tomorrow_ends,
                now,
            );
            for due in &digest {
                let (_, facts) = &tokens[due.token.0.parse::<usize>().expect("a number")];
                prop_assert_eq!(Expiry::At(due.expiry), effective_expiry(facts, &history, now));
                // Whoever was there the day before was told then, or it was not yet too late.
                let was_there = facts.created_at.as_millis() <= begins - 25 * HOUR;
                let ahead = due.expiry.millis_since(ms(begins));
                prop_assert!(!was_there || ahead >= notice::AHEAD, "{ahead} ms ahead");
                prop_assert!(told.insert(due.clone()), "told twice");
            }
            begins += pair[0] * HOUR;
        }
        prop_assert_eq!(told.len(), tokens.len());
    }
}
