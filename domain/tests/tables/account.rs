//! Which texts can be an email address, and which a password.

use tenure_domain::account::{AccountError, check_password, parse_email};

#[test]
fn an_address_has_two_sides() {
    let (longest, too_long) = (
        format!("{}@b", "a".repeat(252)),
        format!("{}@b", "a".repeat(253)),
    );
    for good in ["a@b", " ada@acme.example ", "a.b+c@d.example", &longest] {
        assert_eq!(parse_email(good).as_deref(), Ok(good.trim()));
    }
    let bad = ["", "a", "@b", "a@", "a@b@c", "a b@c", "a@b\n.example"];
    for bad in bad.into_iter().chain([too_long.as_str()]) {
        assert_eq!(parse_email(bad), Err(AccountError::EmailInvalid), "{bad:?}");
    }
}

#[test]
fn a_password_has_at_least_eight_characters_and_spaces_count() {
    let table = [
        ("1234567".to_owned(), Err(AccountError::PasswordTooShort)),
        ("123456 8".to_owned(), Ok(())),
        ("ü".repeat(7), Err(AccountError::PasswordTooShort)),
        ("ü".repeat(8), Ok(())),
        ("x".repeat(1_024), Ok(())),
        ("x".repeat(1_025), Err(AccountError::PasswordTooLong)),
    ];
    for (text, expected) in table {
        assert_eq!(check_password(&text), expected, "{text:?}");
    }
}
