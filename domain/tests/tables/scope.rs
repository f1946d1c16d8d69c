//! Scopes: their names, sets of them, and Tenure's own.

use tenure_domain::scope::{
    MAX_NAME, MAX_SCOPES, OwnScope, ScopeError, Scopes, is_own, parse_name,
};

#[test]
fn a_name_has_small_letters_digits_and_a_few_marks() {
    let long = "a".repeat(MAX_NAME);
    for name in ["a", "orders:read", "v1.orders_read-all", long.as_str()] {
        assert_eq!(parse_name(name), Ok(name));
    }
    for (name, error) in [
        ("", ScopeError::NameMissing),
        ("Orders", ScopeError::NameMalformed),
        ("orders read", ScopeError::NameMalformed),
        (":read", ScopeError::NameMalformed),
        ("1st", ScopeError::NameMalformed),
        ("read\"", ScopeError::NameMalformed),
        ("lesen\u{fc}", ScopeError::NameMalformed),
        (&format!("{long}a"), ScopeError::NameTooLong),
    ] {
        assert_eq!(parse_name(name), Err(error), "{name:?}");
    }
}

#[test]
fn order_and_repetition_mean_nothing() {
    let scopes = Scopes::parse("b  a b").expect("scopes");
    assert_eq!(scopes.to_string(), "a b");
    assert_eq!(Scopes::parse("a b"), Ok(scopes));
    assert_eq!(Scopes::parse(""), Ok(Scopes::default()));
    assert_eq!(Scopes::parse("a B"), Err(ScopeError::NameMalformed));
}

#[test]
fn a_set_has_an_end() {
    let names = |count: usize| {
        (0..count)
            .map(|n| format!("s{n}"))
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert!(Scopes::parse(&names(MAX_SCOPES)).is_ok());
    assert_eq!(
        Scopes::parse(&names(MAX_SCOPES + 1)),
        Err(ScopeError::TooMany)
    );
}

#[test]
fn nothing_is_widened() {
    let scopes = |text| Scopes::parse(text).expect("scopes");
    assert!(scopes("").within(&scopes("")));
    assert!(scopes("a").within(&scopes("a b")));
    assert!(!scopes("a c").within(&scopes("a b")));
    assert_eq!(scopes("a").and(&scopes("b")), scopes("a b"));
    assert_eq!(scopes("a b c").only(|name| name != "b"), scopes("a c"));
    assert_eq!(scopes("a").only(|_| false), scopes(""));
}

#[test]
fn tenures_own_scopes_are_scopes() {
    assert!(!is_own("orders:read"));
    for own in OwnScope::ALL {
        assert_eq!(parse_name(own.as_str()), Ok(own.as_str()));
        assert!(!own.sentence().is_empty());
        assert!(is_own(own.as_str()));
    }
}
