//! Why a token works or does not, in one sentence each (R13).

use tenure_domain::{
    id::UserId,
    period::Period,
    policy::{AccessLifetime, History, PolicyVersion},
    time::Timestamp,
    token::{Revocation, RevocationReason, TokenFacts, TokenKind},
    why::{in_words, why},
};

use super::time::at;

const NOW: &str = "2026-07-01T00:00:00Z";

fn day(at: Timestamp) -> String {
    at.to_string().chars().take(10).collect()
}

fn capitalised(id: &UserId) -> String {
    match id.as_str() {
        "anna" => "Anna".to_owned(),
        id => panic!("nobody asks for {id}"),
    }
}

fn said(token: &TokenFacts, history: &History) -> String {
    why(token, history, at(NOW)).sentence(&day, &capitalised)
}

fn token(kind: TokenKind, created: &str) -> TokenFacts {
    TokenFacts::created(kind, at(created))
}

/// Version 1, set by Anna in May, with this period.
fn policy(period: Option<&str>) -> History {
    let initial = PolicyVersion::initial(at("2026-01-01T00:00:00Z"));
    let version = PolicyVersion {
        version: 1,
        period: period.map(|period| period.parse().expect("a period")),
        in_force_since: at("2026-05-01T00:00:00Z"),
        decided_at: at("2026-05-01T00:00:00Z"),
        changed_by: Some(UserId("anna".to_owned())),
        ..initial.clone()
    };
    History::new(vec![initial, version]).expect("it has a version")
}

fn revoked(reason: RevocationReason, kind: TokenKind, by: Option<&str>) -> TokenFacts {
    TokenFacts {
        revoked: Some(Revocation {
            at: at("2026-06-30T12:00:00Z"),
            reason,
            by: by.map(|by| UserId(by.to_owned())),
        }),
        ..token(kind, "2026-06-01T00:00:00Z")
    }
}

#[test]
fn a_token_that_time_ended_says_which_version_did_and_who_set_it() {
    let ended = |created: &str| {
        let token = token(TokenKind::UserAccess, created);
        said(&token, &policy(Some("30 days")))
    };
    assert_eq!(
        ended("2026-05-20T00:00:00Z"),
        "It expired on 2026-06-19, 30 days after it was created (version 1 of the policy, set by Anna on 2026-05-01)."
    );
    assert_eq!(
        ended("2026-02-01T00:00:00Z"),
        "It expired on 2026-05-01, when a period of 30 days came into force (version 1 of the policy, set by Anna on 2026-05-01): it was created on 2026-02-01."
    );
    let week = AccessLifetime {
        period: "7 days".parse().ok(),
        dead_before: Timestamp::MIN,
    };
    let held = token(TokenKind::OauthAccess, "2026-06-01T00:00:00Z");
    assert_eq!(
        said(&held, &policy(None).with_access_lifetime(week)),
        "It expired on 2026-06-08, when the server's lifetime for OAuth access tokens had passed: it was created on 2026-06-01."
    );
}

#[test]
fn a_token_that_somebody_ended_says_who_did_and_why() {
    use RevocationReason::{Admin, Client, Deactivation, Owner, Reuse, Rotation};
    use TokenKind::{OauthAccess, UserAccess};

    let cases = [
        (
            Owner,
            UserAccess,
            Some("anna"),
            "Anna, its owner, revoked it on 2026-06-30.",
        ),
        (
            Owner,
            UserAccess,
            None,
            "Its owner revoked it on 2026-06-30.",
        ),
        (
            Admin,
            UserAccess,
            Some("anna"),
            "Anna, a System Admin, revoked it on 2026-06-30.",
        ),
        (
            Admin,
            UserAccess,
            None,
            "A System Admin revoked it on 2026-06-30.",
        ),
        (
            Client,
            OauthAccess,
            None,
            "It was revoked on 2026-06-30: its app gave it back, or is no longer registered.",
        ),
        (
            Deactivation,
            UserAccess,
            Some("anna"),
            "It was revoked on 2026-06-30: Anna deactivated its owner in the plan.",
        ),
        (
            Deactivation,
            UserAccess,
            None,
            "It was revoked on 2026-06-30: a System Admin deactivated its owner in the plan.",
        ),
        (
            Rotation,
            UserAccess,
            Some("anna"),
            "It was rotated, and stopped working on 2026-06-30: a newer token took its place.",
        ),
        (
            Rotation,
            OauthAccess,
            None,
            "Its app refreshed it on 2026-06-30: a newer token took its place.",
        ),
        (
            Reuse,
            OauthAccess,
            None,
            "It was revoked on 2026-06-30: one of its app's secrets was used twice, so somebody else may have a copy.",
        ),
    ];
    for reason in RevocationReason::ALL {
        assert!(
            cases.iter().any(|(it, ..)| *it == reason),
            "{reason:?} has a case"
        );
    }
    for (reason, kind, by, sentence) in cases {
        let token = revoked(reason, kind, by);
        assert_eq!(said(&token, &policy(Some("30 days"))), sentence);
    }
}

#[test]
fn a_token_that_works_says_until_when_and_by_what() {
    let works = token(TokenKind::UserAccess, "2026-06-20T00:00:00Z");
    assert_eq!(
        said(&works, &policy(Some("1 months"))),
        "It works until 2026-07-20, 1 month after it was created (version 1 of the policy, set by Anna on 2026-05-01)."
    );
    assert_eq!(
        said(&works, &policy(None)),
        "It works until somebody revokes it: the expiration policy is off."
    );
    let rotated = TokenFacts {
        retires_at: Some(at("2026-07-01T12:00:00Z")),
        ..works.clone()
    };
    assert_eq!(
        said(&rotated, &policy(Some("1 months"))),
        "It works until 2026-07-01, beside the newer token that took its place."
    );
    let fortnight = AccessLifetime {
        period: "14 days".parse().ok(),
        dead_before: Timestamp::MIN,
    };
    let held = token(TokenKind::OauthAccess, "2026-06-20T00:00:00Z");
    assert_eq!(
        said(
            &held,
            &policy(Some("1 months")).with_access_lifetime(fortnight)
        ),
        "It works until 2026-07-04: the server lets OAuth access tokens live for 14 days."
    );
    let strict = policy(Some("12 days")).with_access_lifetime(fortnight);
    assert!(said(&held, &strict).starts_with("It works until 2026-07-02, 12 days after"));
    let ahead = token(TokenKind::UserAccess, "2026-07-01T00:00:01Z");
    assert!(
        said(&ahead, &policy(Some("1 days"))).starts_with("It works until 2026-07-02, 1 day after")
    );
}

/// Version 1 ends unused tokens after 30 days; version 2, decided by Anna in June, comes in July.
fn scheduled(period: Option<&str>, inactivity: Option<&str>) -> History {
    let parsed = |period: Option<&str>| period.map(|period| period.parse().expect("a period"));
    let version = PolicyVersion {
        inactivity: parsed(Some("30 days")),
        ..policy(None).in_force_at(at(NOW)).clone()
    };
    let next = PolicyVersion {
        version: 2,
        period: parsed(period),
        inactivity: parsed(inactivity),
        in_force_since: at("2026-07-10T00:00:00Z"),
        decided_at: at("2026-06-25T00:00:00Z"),
        ..version.clone()
    };
    let initial = PolicyVersion::initial(at("2026-01-01T00:00:00Z"));
    History::new(vec![initial, version, next]).expect("it has a version")
}

#[test]
fn a_token_that_nobody_uses_says_so() {
    let unused = token(TokenKind::UserAccess, "2026-05-20T00:00:00Z");
    let at_once = token(TokenKind::UserAccess, "2026-02-01T00:00:00Z");
    let used = TokenFacts {
        last_used_at: Some(at("2026-06-29T00:00:00Z")),
        ..unused.clone()
    };
    let history = scheduled(None, Some("30 days"));
    assert_eq!(
        said(&unused, &history),
        "It expired on 2026-06-19, when nobody had used it for 30 days (version 1 of the policy, set by Anna on 2026-05-01)."
    );
    assert_eq!(
        said(&at_once, &history),
        "It expired on 2026-05-01, when a limit of 30 days without use came into force (version 1 of the policy, set by Anna on 2026-05-01)."
    );
    assert_eq!(
        said(&used, &history),
        "It stops on 2026-07-29 unless somebody uses it before then: tokens end that nobody uses for 30 days (version 2 of the policy, set by Anna on 2026-06-25, in force from 2026-07-10)."
    );
    let young = token(TokenKind::UserAccess, "2026-06-05T00:00:00Z");
    assert!(
        said(&young, &history)
            .ends_with("uses for 30 days (version 1 of the policy, set by Anna on 2026-05-01).")
    );
}

#[test]
fn a_token_that_a_scheduled_version_ends_earlier_says_which() {
    let history = scheduled(Some("20 days"), None);
    let older = token(TokenKind::UserAccess, "2026-06-15T00:00:00Z");
    assert_eq!(
        said(&older, &history),
        "It works until 2026-07-10, when a period of 20 days comes into force (version 2 of the policy, set by Anna on 2026-06-25, in force from 2026-07-10): it was created on 2026-06-15."
    );
    let younger = token(TokenKind::UserAccess, "2026-06-30T00:00:00Z");
    assert_eq!(
        said(&younger, &history),
        "It works until 2026-07-20, 20 days after it was created (version 2 of the policy, set by Anna on 2026-06-25, in force from 2026-07-10)."
    );
    let off = scheduled(None, None);
    assert_eq!(
        said(&younger, &off),
        "It works until somebody revokes it: the expiration policy is off."
    );
}

#[test]
fn a_token_that_looks_stolen_says_so_first() {
    let works = TokenFacts {
        suspicious_since: Some(at("2026-06-21T00:00:00Z")),
        ..token(TokenKind::UserAccess, "2026-06-20T00:00:00Z")
    };
    assert_eq!(
        said(&works, &policy(None)),
        "Somebody else may have used it since 2026-06-21; it works until somebody revokes it: the expiration policy is off."
    );
}

#[test]
fn periods_are_in_words() {
    for (period, words) in [
        ("1 days", "1 day"),
        ("2 days", "2 days"),
        ("1 years", "1 year"),
        ("90 minutes", "90 minutes"),
    ] {
        let period: Period = period.parse().expect("a period");
        assert_eq!(in_words(period), words);
    }
}
