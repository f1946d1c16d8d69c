//! What an account needs: an address that can be one, and a password of a bounded length.

use core::fmt;

use crate::problem::FieldError;

/// The most bytes of an email address (RFC 5321, section 4.5.3.1.3).
pub const MAX_EMAIL: usize = 254;
/// The fewest characters of a password (NIST SP 800-63B, section 5.1.1.2).
pub const MIN_PASSWORD: usize = 8;
/// The most bytes of a password: no secret needs more, and hashing must stay bounded.
pub const MAX_PASSWORD: usize = 1_024;

/// Why a text is no email address or no password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountError {
    /// No mail could arrive there.
    EmailInvalid,
    /// Less than [`MIN_PASSWORD`] characters.
    PasswordTooShort,
    /// More than [`MAX_PASSWORD`] bytes.
    PasswordTooLong,
}

impl AccountError {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::EmailInvalid => "email_invalid",
            Self::PasswordTooShort => "password_too_short",
            Self::PasswordTooLong => "password_too_long",
        }
    }

    /// The error as a problem reports it.
    #[must_use]
    pub fn at(self, pointer: &str) -> FieldError {
        FieldError {
            pointer: pointer.to_owned(),
            code: self.code().to_owned(),
            detail: self.to_string(),
        }
    }
}

impl fmt::Display for AccountError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmailInvalid => f.write_str("this is not an email address"),
            Self::PasswordTooShort => {
                write!(f, "a password has at least {MIN_PASSWORD} characters")
            }
            Self::PasswordTooLong => write!(f, "a password has at most {MAX_PASSWORD} bytes"),
        }
    }
}

impl core::error::Error for AccountError {}

/// The address, without surrounding space. Something must stand on both sides of one `@`, without
/// a space: only a mail that arrives proves more.
///
/// # Errors
/// [`AccountError::EmailInvalid`].
pub fn parse_email(text: &str) -> Result<String, AccountError> {
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
        Err(AccountError::EmailInvalid)
    }
}

/// Whether a text can be a password, as it is: spaces count.
///
/// # Errors
/// What is wrong with its length.
pub fn check_password(text: &str) -> Result<(), AccountError> {
    if text.chars().count() < MIN_PASSWORD {
        Err(AccountError::PasswordTooShort)
    } else if text.len() > MAX_PASSWORD {
        Err(AccountError::PasswordTooLong)
    } else {
        Ok(())
    }
}
