//! The closed list of problems: each kind has a code, a status and a title of its own kind, for good.

use std::collections::BTreeSet;

use tenure_domain::problem::{Kind, Problem};

#[test]
fn every_code_is_unique_and_readable_by_programs() {
    let codes: BTreeSet<_> = Kind::ALL.iter().map(|kind| kind.code()).collect();
    assert_eq!(codes.len(), Kind::ALL.len());
    for code in codes {
        assert!(
            code.bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'_'),
            "{code}"
        );
    }
}

#[test]
fn every_status_says_that_something_went_wrong() {
    for kind in Kind::ALL {
        assert!((400..600).contains(&kind.status()), "{kind:?}");
    }
}

#[test]
fn every_title_is_a_sentence() {
    for kind in Kind::ALL {
        let title = kind.title();
        assert!(
            title.starts_with(char::is_uppercase) && title.ends_with('.'),
            "{title}"
        );
        assert!(!title.contains('!'), "{title}");
    }
}

#[test]
fn what_others_count_on_stays() {
    let table = [
        (
            401,
            &[
                "token_missing",
                "token_malformed",
                "token_unknown",
                "token_expired",
                "token_revoked",
                "session_expired",
            ][..],
        ),
        (
            403,
            &["insufficient_scope", "role_required", "plan_tier_required"],
        ),
        (404, &["not_found"]),
        (412, &["stale_version"]),
        (413, &["body_too_large"]),
        (422, &["validation_failed"]),
        (428, &["if_match_required"]),
        (429, &["rate_limited"]),
        (500, &["internal"]),
        (503, &["unavailable"]),
    ];
    for (status, codes) in table {
        for code in codes {
            let kind = Kind::ALL.iter().find(|kind| kind.code() == *code);
            assert_eq!(kind.map(|kind| kind.status()), Some(status), "{code}");
        }
    }
}

#[test]
fn a_problem_carries_its_kind() {
    for &kind in Kind::ALL {
        let problem = Problem::new(kind);
        assert_eq!(problem.kind(), Some(kind));
        assert_eq!(
            (problem.status, problem.title.as_str()),
            (kind.status(), kind.title())
        );
        assert_eq!(
            problem.type_uri,
            format!("urn:tenure:problem:{}", kind.code())
        );
    }
    let of_the_future = Problem {
        code: "quota_exceeded".to_owned(),
        ..Problem::new(Kind::Conflict)
    };
    assert_eq!(of_the_future.kind(), None);
}

#[test]
fn a_problem_says_no_more_than_it_knows() {
    let json = serde_json::to_value(Problem::new(Kind::NotFound)).expect("it can be written");
    let expected = serde_json::json!({
        "type": "urn:tenure:problem:not_found",
        "title": "There is nothing here.",
        "status": 404,
        "code": "not_found",
        "reference": "",
    });
    assert_eq!(json, expected);
}
