//! What an account needs: an address that can be one, and a password of a bounded length.

use tenure_domain::{problem::FieldError, wire::setup::MIN_PASSWORD};

/// The most characters of an email address (RFC 5321, section 4.5.3.1.3).
const MAX_EMAIL: usize = 254;
/// The most bytes of a password: no secret needs more, and hashing must stay bounded.
const MAX_PASSWORD: usize = 1_024;

/// The address, without surrounding space. Something must stand on both sides of one `@`, without
/// a space: only a mail that arrives proves more.
///
/// # Errors
/// What is wrong with it, for the value at `pointer`.
pub fn parse_email(text: &str, pointer: &str) -> Result<String, FieldError> {
    let email = text.trim();
    let plain =
        |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || c == '@');
    let is_email = email.len() <= MAX_EMAIL
        && !email.contains(char::is_control)
        && email
            .split_once('@')
            .is_some_and(|(local, domain)| plain(local) && plain(domain));
    if is_email {
        Ok(email.to_owned())
    } else {
        Err(invalid(
            pointer,
            "email_invalid",
            "this is not an email address",
        ))
    }
}

/// The password as it is: spaces count.
///
/// # Errors
/// What is wrong with its length, for the value at `pointer`.
pub fn parse_password(text: String, pointer: &str) -> Result<String, FieldError> {
    if text.chars().count() < MIN_PASSWORD {
        let detail = format!("a password has at least {MIN_PASSWORD} characters");
        Err(invalid(pointer, "password_too_short", &detail))
    } else if text.len() > MAX_PASSWORD {
        let detail = format!("a password has at most {MAX_PASSWORD} bytes");
        Err(invalid(pointer, "password_too_long", &detail))
    } else {
        Ok(text)
    }
}

fn invalid(pointer: &str, code: &str, detail: &str) -> FieldError {
    FieldError {
        pointer: pointer.to_owned(),
        code: code.to_owned(),
        detail: detail.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_two_sides() {
        for good in ["a@b", " ada@acme.example ", "a.b+c@d.example"] {
            assert_eq!(parse_email(good, "/email").as_deref(), Ok(good.trim()));
        }
        for bad in ["", "a", "@b", "a@", "a@b@c", "a b@c", "a@b\n.example"] {
            assert!(parse_email(bad, "/email").is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_password_has_at_least_eight_characters_and_spaces_count() {
        let code = |text: String| parse_password(text, "/password").err().map(|e| e.code);
        assert_eq!(
            code("1234567".into()).as_deref(),
            Some("password_too_short")
        );
        assert_eq!(code("123456 8".into()), None);
        assert_eq!(code("ü".repeat(8)), None);
        assert_eq!(
            code("x".repeat(1_025)).as_deref(),
            Some("password_too_long")
        );
    }
}
