//! How tokens end, since when and by what (R13), and how the living ones stand (R11).

use tenure_domain::{
    id::UserId,
    period::Period,
    plan::{Role, Tier},
    policy::{AccessLifetime, History, PolicyVersion, Request, Terms, Wanted, decide},
    time::Timestamp,
    token::{
        End, Expiry, Revocation, RevocationReason, Status, TokenFacts, TokenKind, Verdict,
        effective_expiry, status, verdict,
    },
};

use super::time::at;

fn created(text: &str) -> TokenFacts {
    TokenFacts::created(TokenKind::UserAccess, at(text))
}

/// The history of a plan that began in 2026 without a policy, after these changes.
pub(super) fn history(changes: &[(&str, &str)]) -> History {
    let first = PolicyVersion::initial(at("2026-01-01T00:00:00Z"));
    let start = History::new(vec![first]).expect("it has a version");
    changes.iter().fold(start, |history, (now, period)| {
        let request = Request {
            wanted: Wanted::Now(Terms::of_period(period.parse().ok())),
            seen: history.seen_at(at(now)),
            by: UserId("anna".to_owned()),
            role: Role::SystemAdmin,
            tier: Tier::Enterprise,
        };
        let change = decide(&history, &request, at(now)).expect("it is allowed");
        history.changed(change.expect("it is a change"))
    })
}

/// The instant of a token's end, and the version that ended it.
fn end(token: &TokenFacts, history: &History, now: &str) -> Option<(Timestamp, u32)> {
    match verdict(token, history, at(now)) {
        Verdict::Dead(End::ExpiredByPeriod { at, policy }) => Some((at, policy.version)),
        Verdict::Dead(_) | Verdict::Works(_) | Verdict::NotYet => None,
    }
}

#[test]
fn a_token_that_was_too_old_when_the_policy_came_ended_in_that_moment() {
    let history = history(&[("2026-06-01T00:00:00Z", "30 days")]);
    let token = created("2026-02-01T00:00:00Z");
    let came = (at("2026-06-01T00:00:00Z"), 1);
    assert_eq!(end(&token, &history, "2026-06-01T00:00:00Z"), Some(came));
    assert_eq!(end(&token, &history, "2027-01-01T00:00:00Z"), Some(came));
}

#[test]
fn a_token_that_grew_too_old_ended_at_its_expiry() {
    let history = history(&[("2026-06-01T00:00:00Z", "30 days")]);
    let token = created("2026-05-20T12:00:00Z");
    let expiry = at("2026-06-19T12:00:00Z");
    let works = Verdict::Works(Expiry::At(expiry));
    assert_eq!(
        verdict(&token, &history, at("2026-06-19T11:59:59.999Z")),
        works
    );
    assert_eq!(
        end(&token, &history, "2026-06-19T12:00:00Z"),
        Some((expiry, 1))
    );
    assert_eq!(
        end(&token, &history, "2028-01-01T00:00:00Z"),
        Some((expiry, 1))
    );
}

#[test]
fn what_an_earlier_version_ended_stays_ended_under_a_longer_one_and_with_the_policy_off() {
    let token = created("2026-05-20T12:00:00Z");
    let ended = Some((at("2026-06-19T12:00:00Z"), 1));
    let thirty = ("2026-06-01T00:00:00Z", "30 days");
    let longer = ("2026-06-20T00:00:00Z", "10 years");
    let off = ("2026-06-21T00:00:00Z", "off");
    let shorter = ("2026-06-22T00:00:00Z", "1 minutes");
    for changes in [
        &[thirty, longer][..],
        &[thirty, longer, off],
        &[thirty, off, shorter],
    ] {
        for now in [
            "2026-06-22T00:00:00Z",
            "2040-01-01T00:00:00Z",
            "2026-06-02T00:00:00Z",
        ] {
            assert_eq!(
                end(&token, &history(changes), now),
                ended,
                "{changes:?} at {now}"
            );
        }
    }
}

#[test]
fn what_is_lengthened_in_time_obeys_the_new_period_alone() {
    let token = created("2026-05-20T12:00:00Z");
    let before_it_ends = "2026-06-19T11:59:59.999Z";
    let changes = [
        ("2026-06-01T00:00:00Z", "30 days"),
        (before_it_ends, "60 days"),
    ];
    let expiry = at("2026-07-19T12:00:00Z");
    let longer = history(&changes);
    assert_eq!(
        verdict(&token, &longer, at("2026-07-01T00:00:00Z")),
        Verdict::Works(Expiry::At(expiry))
    );
    assert_eq!(
        end(&token, &longer, "2026-07-19T12:00:00Z"),
        Some((expiry, 2))
    );

    let off = history(&[changes[0], (before_it_ends, "off")]);
    assert_eq!(
        verdict(&token, &off, at("2040-01-01T00:00:00Z")),
        Verdict::Works(Expiry::Never)
    );
}

#[test]
fn an_end_whose_version_is_lost_does_not_depend_on_when_somebody_asks() {
    let watermark_alone = PolicyVersion {
        version: 7,
        dead_before: at("2026-03-01T00:00:00Z"),
        ..PolicyVersion::initial(at("2026-06-01T00:00:00Z"))
    };
    let history = History::new(vec![watermark_alone]).expect("it has a version");
    let token = created("2026-02-01T00:00:00Z");
    for now in [
        "2026-06-01T00:00:00Z",
        "2026-09-01T00:00:00Z",
        "2040-01-01T00:00:00Z",
    ] {
        assert_eq!(
            end(&token, &history, now),
            Some((at("2026-06-01T00:00:00Z"), 7))
        );
    }
}

#[test]
fn a_revoked_token_is_revoked_whatever_else_happened() {
    let revocation = Revocation {
        at: at("2026-06-10T00:00:00Z"),
        reason: RevocationReason::Owner,
        by: Some(UserId("otto".to_owned())),
    };
    let token = TokenFacts {
        revoked: Some(revocation.clone()),
        suspicious_since: Some(at("2026-06-05T00:00:00Z")),
        ..created("2026-05-20T12:00:00Z")
    };
    for history in [
        history(&[]),
        history(&[("2026-06-01T00:00:00Z", "1 minutes")]),
    ] {
        for now in [
            "2020-01-01T00:00:00Z",
            "2026-06-10T00:00:00Z",
            "2040-01-01T00:00:00Z",
        ] {
            let Verdict::Dead(end) = verdict(&token, &history, at(now)) else {
                panic!("a revoked token works at {now}");
            };
            assert_eq!(end, End::Revoked(revocation.clone()));
            assert_eq!(end.at(), revocation.at);
            assert_eq!(status(&token, &history, at(now)), Status::Revoked);
        }
    }
}

#[test]
fn a_token_does_not_work_before_it_is_created() {
    let token = created("2026-05-20T12:00:00Z");
    let history = history(&[("2026-06-01T00:00:00Z", "30 days")]);
    assert_eq!(
        verdict(&token, &history, at("2026-05-20T11:59:59.999Z")),
        Verdict::NotYet
    );
    assert!(matches!(
        verdict(&token, &history, at("2026-05-20T12:00:00Z")),
        Verdict::Works(_)
    ));
}

#[test]
fn the_status_turns_at_the_very_millisecond() {
    // Created on 1 June, lives 30 days: expires on 1 July, expiring from 24 June on.
    let history = history(&[("2026-05-01T00:00:00Z", "30 days")]);
    let unused = created("2026-06-01T00:00:00Z");
    let used = TokenFacts {
        last_used_at: Some(at("2026-06-02T00:00:00Z")),
        ..unused.clone()
    };
    let suspicious = TokenFacts {
        suspicious_since: used.last_used_at,
        ..used.clone()
    };
    let table = [
        (&used, "2026-06-01T12:00:00.000Z", Status::InUse),
        (&used, "2026-06-04T23:59:59.999Z", Status::InUse),
        (&used, "2026-06-05T00:00:00.000Z", Status::InUse),
        (&used, "2026-06-05T00:00:00.001Z", Status::Idle),
        (&unused, "2026-05-31T23:59:59.999Z", Status::Idle),
        (&unused, "2026-06-01T00:00:00.000Z", Status::Idle),
        (&unused, "2026-06-23T23:59:59.999Z", Status::Idle),
        (&unused, "2026-06-24T00:00:00.000Z", Status::Expiring),
        (&unused, "2026-06-24T00:00:00.001Z", Status::Expiring),
        (&unused, "2026-06-30T23:59:59.999Z", Status::Expiring),
        (&unused, "2026-07-01T00:00:00.000Z", Status::Expired),
        (&unused, "2026-07-01T00:00:00.001Z", Status::Expired),
        (&suspicious, "2026-06-05T00:00:00.000Z", Status::Suspicious),
        (&suspicious, "2026-06-30T23:59:59.999Z", Status::Suspicious),
        (&suspicious, "2026-07-01T00:00:00.000Z", Status::Expired),
    ];
    for (token, now, expected) in table {
        assert_eq!(status(token, &history, at(now)), expected, "at {now}");
    }
}

#[test]
fn a_token_with_a_short_life_is_expiring_from_the_start_also_by_a_clock_that_is_behind() {
    let history = history(&[("2026-05-01T00:00:00Z", "1 hours")]);
    let token = created("2026-06-01T00:00:00Z");
    for now in ["2026-05-31T23:59:59.999Z", "2026-06-01T00:00:00Z"] {
        assert_eq!(
            status(&token, &history, at(now)),
            Status::Expiring,
            "at {now}"
        );
    }
}

#[test]
fn only_the_first_two_statuses_are_of_the_dead() {
    let alive = Status::ALL.map(Status::is_alive);
    assert_eq!(alive, [false, false, true, true, true, true]);
}

#[test]
fn the_strictest_limit_is_the_smallest() {
    let june = Expiry::At(at("2026-06-01T00:00:00Z"));
    let july = Expiry::At(at("2026-07-01T00:00:00Z"));
    let mut limits = [Expiry::Never, july, june, Expiry::At(Timestamp::MAX)];
    limits.sort();
    assert_eq!(
        limits,
        [june, july, Expiry::At(Timestamp::MAX), Expiry::Never]
    );
    assert_eq!(limits.into_iter().min(), Some(june));
    assert_eq!(
        (june.instant(), Expiry::Never.instant()),
        (Some(at("2026-06-01T00:00:00Z")), None)
    );
}

#[test]
fn an_expiry_beyond_the_calendar_never_comes() {
    let period: Option<Period> = "10 years".parse().ok();
    let table = [
        (Timestamp::MAX, Expiry::Never),
        (
            at("2026-01-01T00:00:00Z"),
            Expiry::At(at("2036-01-01T00:00:00Z")),
        ),
    ];
    for (created, expected) in table {
        assert_eq!(Expiry::of(period, created), expected);
    }
    assert!(
        Expiry::of(period, Timestamp::MIN) < table[1].1,
        "the oldest expires first"
    );
    assert_eq!(Expiry::of(None, at("2026-01-01T00:00:00Z")), Expiry::Never);
}

#[test]
fn an_oauth_access_token_ends_by_the_servers_lifetime_or_the_policy_whichever_is_first() {
    let created = TokenFacts::created(TokenKind::OauthAccess, at("2026-05-20T12:00:00Z"));
    let week = AccessLifetime {
        period: "7 days".parse().ok(),
        dead_before: Timestamp::MIN,
    };
    let lax = history(&[("2026-05-01T00:00:00Z", "30 days")]).with_access_lifetime(week);
    let end = at("2026-05-27T12:00:00Z");
    assert_eq!(
        effective_expiry(&created, &lax, created.created_at),
        Expiry::At(end)
    );
    let before = verdict(&created, &lax, end.saturating_add(-1));
    assert_eq!(before, Verdict::Works(Expiry::At(end)));
    let dead = Verdict::Dead(End::ExpiredByLifetime { at: end });
    for by in [0, 1] {
        assert_eq!(verdict(&created, &lax, end.saturating_add(by)), dead);
        assert_eq!(
            status(&created, &lax, end.saturating_add(by)),
            Status::Expired
        );
    }
    // It stays dead by that, also once the policy would have ended it.
    assert_eq!(verdict(&created, &lax, at("2027-01-01T00:00:00Z")), dead);

    let strict = history(&[("2026-05-01T00:00:00Z", "1 days")]).with_access_lifetime(week);
    let day = at("2026-05-21T12:00:00Z");
    assert_eq!(
        effective_expiry(&created, &strict, created.created_at),
        Expiry::At(day)
    );
    let Verdict::Dead(End::ExpiredByPeriod { at: ended, .. }) = verdict(&created, &strict, day)
    else {
        panic!("the policy ended it");
    };
    assert_eq!(ended, day);
}

#[test]
fn what_the_lifetime_has_ended_stays_dead_when_it_is_lengthened() {
    let token = TokenFacts::created(TokenKind::OauthAccess, at("2026-05-20T12:00:00Z"));
    let access = |period: &str, dead_before| AccessLifetime {
        period: period.parse().ok(),
        dead_before,
    };
    let now = at("2026-05-28T00:00:00Z");
    let short = history(&[]).with_access_lifetime(access("7 days", Timestamp::MIN));
    let kept = short.observed_at(now).access_lifetime().dead_before;
    let long = history(&[]).with_access_lifetime(access("1 years", kept));
    assert!(matches!(
        verdict(&token, &long, now),
        Verdict::Dead(End::ExpiredByLifetime { .. })
    ));
    // A user access token knows nothing of it.
    let own = TokenFacts::created(TokenKind::UserAccess, token.created_at);
    assert_eq!(verdict(&own, &long, now), Verdict::Works(Expiry::Never));
}
