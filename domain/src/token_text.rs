//! The text of a token: a fixed prefix, 256 random bits in base 62, and a checksum.
//!
//! The form lets a typo be refused without looking anything up, and lets secret scanners find a
//! leaked one. Nothing here keeps, hashes or prints a secret: the server does the first two, and
//! nobody the third.

use core::fmt;

use crate::token::TokenKind;

/// Random bytes in a token.
pub const RANDOM_BYTES: usize = 32;
/// Base-62 digits that 256 bits need.
const BODY_DIGITS: usize = 43;
/// Base-62 digits that a CRC-32 needs.
const CHECK_DIGITS: usize = 6;
/// All that follows the prefix.
const DIGITS: usize = BODY_DIGITS + CHECK_DIGITS;
const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

impl TokenKind {
    /// What the text of such a token begins with.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::UserAccess => "tnr_pat_",
            Self::OauthAccess => "tnr_oat_",
        }
    }
}

/// What a text of this form is the secret of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextKind {
    /// A token that APIs are called with.
    Access(TokenKind),
    /// A token that is exchanged for a new pair (RFC 6749, section 1.5).
    Refresh,
}

impl TextKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [
        Self::Access(TokenKind::UserAccess),
        Self::Access(TokenKind::OauthAccess),
        Self::Refresh,
    ];

    /// What such a text begins with.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Access(kind) => kind.prefix(),
            Self::Refresh => "tnr_ort_",
        }
    }
}

impl From<TokenKind> for TextKind {
    fn from(kind: TokenKind) -> Self {
        Self::Access(kind)
    }
}

/// The text is not that of a token: a typo, a truncation, or something else altogether.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("this is not the text of a token")
    }
}

impl core::error::Error for Malformed {}

/// The text of the token of this kind that these random bytes make.
#[must_use]
pub fn compose(kind: impl Into<TextKind>, random: &[u8; RANDOM_BYTES]) -> String {
    let kind = kind.into();
    let mut text = String::with_capacity(kind.prefix().len().saturating_add(DIGITS));
    text.push_str(kind.prefix());
    text.extend(base62::<_, BODY_DIGITS>(*random).map(char::from));
    text.extend(check_digits(&text).map(char::from));
    text
}

/// What kind of token this is the text of.
///
/// # Errors
/// [`Malformed`] unless prefix, length, alphabet and checksum are right.
pub fn recognise(text: &str) -> Result<TextKind, Malformed> {
    let (kind, rest) = TextKind::ALL
        .into_iter()
        .find_map(|kind| Some((kind, text.strip_prefix(kind.prefix())?)))
        .ok_or(Malformed)?;
    let in_alphabet = rest.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !in_alphabet || rest.len() != DIGITS {
        return Err(Malformed);
    }
    let body = text.len().saturating_sub(CHECK_DIGITS);
    let (signed, check) = text.split_at_checked(body).ok_or(Malformed)?;
    if check.as_bytes() == check_digits(signed) {
        Ok(kind)
    } else {
        Err(Malformed)
    }
}

/// The last four characters, by which people tell their tokens apart.
#[must_use]
pub fn last_four(text: &str) -> &str {
    text.get(text.len().saturating_sub(4)..).unwrap_or_default()
}

/// The checksum of all that stands before it, so that a wrong prefix shows as well.
fn check_digits(signed: &str) -> [u8; CHECK_DIGITS] {
    base62(crc32fast::hash(signed.as_bytes()).to_be_bytes())
}

/// A big-endian number in base 62, padded with zeros on the left.
fn base62<const BYTES: usize, const DIGITS: usize>(mut number: [u8; BYTES]) -> [u8; DIGITS] {
    let mut digits = [b'0'; DIGITS];
    for digit in digits.iter_mut().rev() {
        *digit = take_digit(&mut number);
    }
    digits
}

/// Divides the number by 62 and returns the remainder's digit.
fn take_digit(number: &mut [u8]) -> u8 {
    let mut remainder = 0_u16;
    for byte in number {
        let value = (remainder << 8) | u16::from(*byte);
        *byte = u8::try_from(value / 62).unwrap_or(u8::MAX);
        remainder = value % 62;
    }
    ALPHABET
        .get(usize::from(remainder))
        .copied()
        .unwrap_or(b'0')
}
