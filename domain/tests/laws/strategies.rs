//! What the laws are tried on: periods, instants, tokens and policies of every sort.

use chrono::{DateTime, Utc};
use proptest::{option, prelude::*, sample::select};
use tenure_domain::{
    id::UserId,
    period::{Period, Unit},
    policy::{AccessLifetime, History, PolicyVersion, Terms},
    time::{DAY, Timestamp},
    token::{Revocation, RevocationReason, TokenFacts, TokenKind},
};

/// 2026-01-01T00:00:00Z, around which the ordinary instants lie.
pub(super) const TODAY: i64 = 1_767_225_600_000;
pub(super) const CALENDAR_START: i64 = DateTime::<Utc>::MIN_UTC.timestamp_millis();
pub(super) const CALENDAR_END: i64 = DateTime::<Utc>::MAX_UTC.timestamp_millis();
/// 0000-01-01T00:00:00.000Z
const RFC_3339_START: i64 = -62_167_219_200_000;
/// 9999-12-31T23:59:59.999Z
const RFC_3339_END: i64 = 253_402_300_799_999;

pub(super) const fn ms(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

pub(super) fn period() -> impl Strategy<Value = Period> {
    select(&Unit::ALL[..]).prop_flat_map(|unit| {
        (1..=unit.max_amount())
            .prop_map(move |amount| Period::new(amount.into(), unit).expect("it is within bounds"))
    })
}

/// Both rules, each on or off.
pub(super) fn terms() -> impl Strategy<Value = Terms> {
    let rule = || option::weighted(0.7, period());
    (rule(), rule()).prop_map(|(period, inactivity)| Terms { period, inactivity })
}

/// Within a human life of today: to the millisecond, at midnight, and around the ends of months.
pub(super) fn ordinary_instant() -> impl Strategy<Value = Timestamp> {
    let days = || -25_000..25_000_i64;
    prop_oneof![
        (days(), 0..DAY).prop_map(|(days, millis)| ms(TODAY + days * DAY + millis)),
        days().prop_map(|days| ms(TODAY + days * DAY)),
        (-800..800_i32, -2..=2_i64, -1..=1_i64).prop_map(|(months, days, millis)| {
            let first = (2026 * 12 + months, 1);
            let date = chrono::NaiveDate::from_ymd_opt(
                first.0.div_euclid(12),
                first.0.rem_euclid(12).unsigned_abs() + 1,
                first.1,
            );
            let midnight = date
                .expect("every month has a first")
                .and_time(chrono::NaiveTime::MIN);
            ms(midnight.and_utc().timestamp_millis() + days * DAY + millis)
        }),
    ]
}

/// Anything that 64 bits can hold, above all where ranges begin and end.
pub(super) fn any_instant() -> impl Strategy<Value = Timestamp> {
    let edge = select(vec![
        i64::MIN,
        CALENDAR_START,
        RFC_3339_START,
        0,
        RFC_3339_END,
        CALENDAR_END,
        i64::MAX,
    ]);
    let distance = prop_oneof![-2..=2_i64, -400 * DAY..400 * DAY, -4_000 * DAY..4_000 * DAY];
    prop_oneof![
        1 => any::<i64>().prop_map(ms),
        1 => (CALENDAR_START..=CALENDAR_END).prop_map(ms),
        2 => ordinary_instant(),
        4 => (edge, distance).prop_map(|(edge, by)| ms(edge.saturating_add(by))),
    ]
}

/// What RFC 3339 can write.
pub(super) fn written_instant() -> impl Strategy<Value = Timestamp> {
    prop_oneof![
        (RFC_3339_START..=RFC_3339_END).prop_map(ms),
        ordinary_instant()
    ]
}

pub(super) fn token(
    instant: impl Strategy<Value = Timestamp> + Clone,
) -> impl Strategy<Value = TokenFacts> {
    let revoked = instant.clone().prop_map(|at| Revocation {
        at,
        reason: RevocationReason::Owner,
        by: Some(UserId("someone".to_owned())),
    });
    (
        select(&TokenKind::ALL[..]),
        instant.clone(),
        option::weighted(0.2, instant.clone()),
        option::of(instant.clone()),
        option::weighted(0.2, revoked),
        option::weighted(0.2, instant),
    )
        .prop_map(
            |(kind, created_at, retires_at, last_used_at, revoked, suspicious_since)| TokenFacts {
                kind,
                created_at,
                retires_at,
                last_used_at,
                revoked,
                suspicious_since,
            },
        )
}

/// A user access token of which nothing is known but its creation.
pub(super) fn created(created_at: Timestamp) -> TokenFacts {
    TokenFacts::created(TokenKind::UserAccess, created_at)
}

/// A plan whose one policy has been in force for ever.
pub(super) fn always(period: Option<Period>) -> History {
    always_these(Terms::of_period(period))
}

/// A plan in which these terms have been in force for ever.
pub(super) fn always_these(terms: Terms) -> History {
    let version = PolicyVersion {
        period: terms.period,
        inactivity: terms.inactivity,
        ..PolicyVersion::initial(Timestamp::MIN)
    };
    History::new(vec![version]).expect("it has a version")
}

/// Histories as no server makes them: versions whose watermarks and instants go up and down.
pub(super) fn any_history() -> impl Strategy<Value = History> {
    let version = (
        any::<u32>(),
        terms(),
        (any_instant(), any_instant()),
        (any_instant(), any_instant()),
    );
    let access =
        (option::of(period()), any_instant()).prop_map(|(period, dead_before)| AccessLifetime {
            period,
            dead_before,
        });
    (proptest::collection::vec(version, 1..6), access).prop_map(|(versions, access)| {
        let versions = versions
            .into_iter()
            .map(
                |(version, terms, (decided_at, since), marks)| PolicyVersion {
                    version,
                    period: terms.period,
                    inactivity: terms.inactivity,
                    in_force_since: since,
                    decided_at,
                    changed_by: None,
                    dead_before: marks.0,
                    idle_before: marks.1,
                },
            );
        let history = History::new(versions.collect()).expect("it has a version");
        history.with_access_lifetime(access)
    })
}
