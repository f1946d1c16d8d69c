//! Notices and people's languages: how they travel.

use proptest::{option, prelude::*, sample::select};
use tenure_domain::{
    id::{NoticeId, UserId},
    locale::{Language, Locale},
    notice::{NoticeKind, NoticeState},
    wire::notices::{Notice, Recipient},
};

use crate::{
    round_trips::{answered, is_named},
    strategies::written_instant,
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
        select(&NoticeState::ALL[..]),
        any::<[u32; 2]>(),
    );
    let when = (
        written_instant(),
        option::of(written_instant()),
        option::of(written_instant()),
    );
    (
        any::<[String; 3]>(),
        any::<String>(),
        any::<Option<String>>(),
        what,
        when,
    )
        .prop_map(
            |(
                [id, name, email],
                notice,
                reason,
                (kind, state, [attempts, tokens]),
                (created_at, next_attempt_at, sent_at),
            )| Notice {
                id: NoticeId(notice),
                owner: Recipient {
                    id: UserId(id),
                    name,
                    email,
                },
                kind,
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
