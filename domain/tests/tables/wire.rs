//! Requests as they arrive: what is read, what is refused and where the error points.

use serde_json::{Value, from_value, json};
use tenure_domain::{
    id::PlanId,
    period::{Period, Unit},
    policy::{Refusal, Seen, Terms, Wanted},
    problem::FieldError,
    scope::{MAX_SCOPES, Scopes},
    wire::{
        policies::{PutExpirationPolicy, seen_of, wrong_instant},
        session::SignIn,
        setup::Setup,
        tokens::{NameError, NewToken, parse_name},
    },
};

/// What is wrong with a request, as pointers and codes.
type Wrong = &'static [(&'static str, &'static str)];

/// The errors as pointers and codes.
fn seen(errors: &[FieldError]) -> Vec<(&str, &str)> {
    errors
        .iter()
        .map(|error| (error.pointer.as_str(), error.code.as_str()))
        .collect()
}

#[test]
fn a_policy_is_read_or_every_wrong_value_is_pointed_at() {
    let days = |amount: Value| json!({"period": {"amount": amount, "unit": "days"}});
    let unit = |unit: &str, amount: u32| json!({"period": {"amount": amount, "unit": unit}});
    let table: [(Value, Result<Option<&str>, Wrong>); 18] = [
        (json!({"period": null}), Ok(None)),
        (
            json!({"period": null, "inactivity": null, "effective_at": null}),
            Ok(None),
        ),
        (days(json!(90)), Ok(Some("90 days"))),
        (days(json!(90.0)), Ok(Some("90 days"))),
        (
            days(json!(0)),
            Err(&[("/period/amount", "amount_out_of_range")]),
        ),
        (
            days(json!(-1)),
            Err(&[("/period/amount", "amount_out_of_range")]),
        ),
        (
            days(json!(10_000)),
            Err(&[("/period/amount", "amount_out_of_range")]),
        ),
        (
            days(json!(u64::MAX)),
            Err(&[("/period/amount", "amount_out_of_range")]),
        ),
        (
            days(json!(1e300)),
            Err(&[("/period/amount", "amount_out_of_range")]),
        ),
        (
            days(json!(1.5)),
            Err(&[("/period/amount", "amount_not_whole")]),
        ),
        (
            days(json!("90")),
            Err(&[("/period/amount", "amount_not_a_number")]),
        ),
        (
            days(json!("")),
            Err(&[("/period/amount", "amount_not_a_number")]),
        ),
        (
            unit("days", 3_653),
            Err(&[("/period/amount", "period_too_long")]),
        ),
        (
            unit("months", 121),
            Err(&[("/period/amount", "period_too_long")]),
        ),
        (
            unit("years", 11),
            Err(&[("/period/amount", "period_too_long")]),
        ),
        (unit("weeks", 1), Err(&[("/period/unit", "unit_unknown")])),
        (
            json!({"period": null, "inactivity": {"amount": 30, "unit": "weeks"}}),
            Err(&[("/inactivity/unit", "unit_unknown")]),
        ),
        (
            json!({
                "period": {"amount": 0, "unit": "days"},
                "inactivity": {"amount": 11, "unit": "years"},
            }),
            Err(&[
                ("/period/amount", "amount_out_of_range"),
                ("/inactivity/amount", "period_too_long"),
            ]),
        ),
    ];
    for (body, expected) in table {
        let put: PutExpirationPolicy = from_value(body.clone()).expect("its shape is right");
        let parsed = put.parse();
        let period = parsed.as_ref().map(|wanted| match wanted {
            Wanted::Now(terms) => terms.period.map(|period| period.to_string()),
            Wanted::From(..) | Wanted::Unscheduled => panic!("it asks for now"),
        });
        let expected = expected.map(|period| period.map(str::to_owned));
        assert_eq!(
            period.map_err(|errors| seen(errors)),
            expected.map_err(<[_]>::to_vec),
            "{body}"
        );
    }
}

#[test]
fn a_policy_is_for_now_or_from_an_instant_on() {
    let soon = "2026-02-20T09:33:07Z";
    let days = |amount| Period::new(amount, Unit::Days).ok();
    let terms = Terms {
        period: days(90),
        inactivity: days(30),
    };
    let mut body = json!({
        "period": {"amount": 90, "unit": "days"},
        "inactivity": {"amount": 30, "unit": "days"},
    });
    let put: PutExpirationPolicy = from_value(body.clone()).expect("its shape is right");
    assert_eq!(put.parse(), Ok(Wanted::Now(terms)));
    body["effective_at"] = soon.into();
    let put: PutExpirationPolicy = from_value(body).expect("its shape is right");
    let at = soon.parse().expect("an instant");
    assert_eq!(put.parse(), Ok(Wanted::From(at, terms)));
}

#[test]
fn an_instant_that_is_refused_is_pointed_at() {
    let table = [
        (Refusal::NotAhead, Some("not_ahead")),
        (Refusal::TooFarAhead, Some("too_far_ahead")),
        (Refusal::Stale, None),
        (Refusal::Exhausted, None),
    ];
    for (refusal, code) in table {
        let error = wrong_instant(refusal);
        let found: Vec<_> = error.iter().cloned().collect();
        let expected: Vec<_> = code
            .map(|code| ("/effective_at", code))
            .into_iter()
            .collect();
        assert_eq!(seen(&found), expected);
    }
}

#[test]
fn a_policy_of_another_shape_is_not_read() {
    let table = [
        json!({}),
        json!(null),
        json!([]),
        json!({"period": 90}),
        json!({"period": [90, "days"]}),
        json!({"period": null, "inactivity": [90, "days"]}),
        json!({"period": {}}),
        json!({"period": {"amount": 90}}),
        json!({"period": {"unit": "days"}}),
        json!({"period": {"amount": null, "unit": "days"}}),
        json!({"period": {"amount": true, "unit": "days"}}),
        json!({"period": {"amount": 90, "unit": 1}}),
        json!({"period": {"amount": 90, "unit": "days", "grace": 1}}),
        json!({"period": null, "periods": null}),
        json!({"period": null, "effective_at": "tomorrow"}),
    ];
    for body in table {
        assert!(
            from_value::<PutExpirationPolicy>(body.clone()).is_err(),
            "{body}"
        );
    }
}

#[test]
fn an_entity_tag_is_compared_as_it_was_given() {
    let table = [
        ("\"0\"", Some(0)),
        ("\"42\"", Some(42)),
        (" \"42\" ", Some(42)),
        ("\"4294967295\"", Some(u32::MAX)),
        ("\"4294967296\"", None),
        ("\"042\"", None),
        ("\"+42\"", None),
        ("\"-1\"", None),
        ("\"42-\"", None),
        ("\"42-043\"", None),
        ("\" 42\"", None),
        ("42", None),
        ("\"42", None),
        ("\"", None),
        ("\"\"", None),
        ("", None),
        ("*", None),
        ("W/\"42\"", None),
        ("\"42\", \"43\"", None),
    ];
    for (tag, version) in table {
        assert_eq!(seen_of(tag), version.map(Seen::from), "{tag}");
    }
}

#[test]
fn a_name_is_one_line_of_at_most_a_hundred_characters() {
    let (longest, too_long) = ("é".repeat(100), "é".repeat(101));
    let table = [
        ("CI", Ok("CI")),
        ("  nightly build \n", Ok("nightly build")),
        (longest.as_str(), Ok(longest.as_str())),
        ("", Err(NameError::Missing)),
        (" \t\n", Err(NameError::Missing)),
        (too_long.as_str(), Err(NameError::TooLong)),
        ("two\nlines", Err(NameError::ControlCharacter)),
        ("null\0byte", Err(NameError::ControlCharacter)),
    ];
    for (text, expected) in table {
        assert_eq!(parse_name(text), expected.map(str::to_owned), "{text:?}");
    }
}

#[test]
fn a_new_token_has_all_its_errors_at_once() {
    let request = |name: &str, scopes: &[&str]| NewToken {
        plan: PlanId("acme".to_owned()),
        name: name.to_owned(),
        scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
    };
    let scopes = Scopes::parse("orders:read tokens:read").expect("scopes");
    assert_eq!(
        request(" CI ", &["tokens:read", "orders:read"]).parse(),
        Ok(("CI".to_owned(), scopes))
    );

    let name = ("/name", "name_missing");
    let scope = ("/scopes/1", "scope_malformed");
    let many: Vec<String> = (0..=MAX_SCOPES).map(|n| format!("s{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let table = [
        (request("", &[]), vec![name]),
        (request("CI", &["read", "No"]), vec![scope]),
        (request("", &["read", "No"]), vec![name, scope]),
        (request("CI", &many), vec![("/scopes", "too_many_scopes")]),
    ];
    for (request, expected) in table {
        let errors = request.parse().expect_err("it is wrong");
        assert_eq!(seen(&errors), expected);
    }
}

#[test]
fn requests_with_members_that_nobody_reads_are_refused() {
    let new = json!({"plan": "acme", "name": "CI", "expires_at": "2030-01-01T00:00:00Z"});
    assert!(from_value::<NewToken>(new).is_err());
    let sign_in = json!({"email": "a@acme.example", "password": "x", "remember": true});
    assert!(from_value::<SignIn>(sign_in).is_err());
}

#[test]
fn no_secret_shows_in_debug_output() {
    let (email, password) = ("a@acme.example".to_owned(), "correct horse".to_owned());
    let sign_in = SignIn {
        email: email.clone(),
        password: password.clone(),
        locale: None,
    };
    let setup = Setup {
        code: "battery staple".to_owned(),
        plan: "Acme".to_owned(),
        name: "Anna".to_owned(),
        email,
        password,
        locale: None,
    };
    let token = json!({
        "secret": "tnr_pat_secret",
        "token": {
            "id": "1", "name": "CI", "kind": "user_access", "plan": {"id": "1", "name": "Acme"},
            "owner": {"id": "1", "name": "Anna"}, "prefix": "tnr_pat_", "last_four": "wxYZ",
            "created_at": "2026-01-01T00:00:00Z", "last_used_at": null, "last_used_from": null,
            "expires_at": null, "status": "idle", "end": null, "why": "It works.",
        },
    });
    let generated: tenure_domain::wire::tokens::GeneratedToken =
        from_value(token).expect("its shape is right");
    for text in [
        format!("{sign_in:?}"),
        format!("{setup:?}"),
        format!("{generated:?}"),
    ] {
        assert!(
            text.contains("a@acme.example") || text.contains("wxYZ"),
            "{text}"
        );
        for secret in ["correct horse", "battery staple", "tnr_pat_secret"] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}
