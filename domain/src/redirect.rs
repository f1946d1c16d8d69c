//! Redirect URIs: where an authorization's answer may go (RFC 6749, section 3.1.2; RFC 9700, section 4.1).

use core::{fmt, net::Ipv6Addr};

use crate::problem::FieldError;

/// The most redirect URIs of a client.
pub const MAX_REDIRECT_URIS: usize = 10;
/// The most bytes of one.
pub const MAX_LENGTH: usize = 500;

/// Why a text can be no redirect URI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RedirectUriError {
    /// It is no absolute URI.
    NotAbsolute,
    /// It has a fragment, which RFC 6749 rules out.
    HasFragment,
    /// Plain `http`, other than to the person's own machine (RFC 8252, section 7.3).
    NotConfidential,
    /// A scheme by which a browser would run it or read it.
    Forbidden,
    /// More than [`MAX_LENGTH`] bytes.
    TooLong,
}

impl RedirectUriError {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotAbsolute => "redirect_uri_not_absolute",
            Self::HasFragment => "redirect_uri_has_fragment",
            Self::NotConfidential => "redirect_uri_not_https",
            Self::Forbidden => "redirect_uri_forbidden",
            Self::TooLong => "redirect_uri_too_long",
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

impl fmt::Display for RedirectUriError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAbsolute => {
                f.write_str("a redirect URI is a whole address, as in https://app.example/callback")
            }
            Self::HasFragment => f.write_str("a redirect URI has no part after a #"),
            Self::NotConfidential => f.write_str(
                "a redirect URI begins with https://, or leads to this machine (http://127.0.0.1)",
            ),
            Self::Forbidden => f.write_str("no answer can be sent to an address of this scheme"),
            Self::TooLong => write!(f, "a redirect URI has at most {MAX_LENGTH} characters"),
        }
    }
}

impl core::error::Error for RedirectUriError {}

/// Checks a redirect URI that somebody registers. `https`; `http` to the loopback interface alone; and
/// private-use schemes of native apps, which have a dot in their name (RFC 8252, section 7.1).
///
/// # Errors
/// What is wrong with it.
pub fn check(uri: &str) -> Result<(), RedirectUriError> {
    if uri.len() > MAX_LENGTH {
        return Err(RedirectUriError::TooLong);
    }
    let plain = uri
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte));
    let (scheme, rest) = uri.split_once(':').ok_or(RedirectUriError::NotAbsolute)?;
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+.-".contains(&byte));
    if !plain || !is_scheme || rest.is_empty() {
        return Err(RedirectUriError::NotAbsolute);
    }
    if uri.contains('#') {
        return Err(RedirectUriError::HasFragment);
    }
    match scheme.to_ascii_lowercase().as_str() {
        "https" => host(rest).map(drop),
        "http" if is_loopback(host(rest)?) => Ok(()),
        "http" => Err(RedirectUriError::NotConfidential),
        private if private.contains('.') => Ok(()),
        _ => Err(RedirectUriError::Forbidden),
    }
}

/// The host of what follows `scheme:`; nobody's name may stand before it.
fn host(rest: &str) -> Result<&str, RedirectUriError> {
    let authority = rest
        .strip_prefix("//")
        .and_then(|rest| rest.split(['/', '?']).next())
        .filter(|authority| !authority.contains('@'))
        .ok_or(RedirectUriError::NotAbsolute)?;
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => rest.split_once(']').ok_or(RedirectUriError::NotAbsolute)?,
        None => authority.split_at(authority.find(':').unwrap_or(authority.len())),
    };
    let is_host = match authority.starts_with('[') {
        true => host.parse::<Ipv6Addr>().is_ok(),
        false => {
            !host.is_empty()
                && host
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte))
        }
    };
    // No answer can be sent to a host or a port that there cannot be.
    if is_host && (port.is_empty() || port.strip_prefix(':').is_some_and(is_port)) {
        Ok(host)
    } else {
        Err(RedirectUriError::NotAbsolute)
    }
}

/// Rust reads a sign before a number as well.
fn is_port(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u16>().is_ok()
}

fn is_loopback(host: &str) -> bool {
    matches!(host, "127.0.0.1" | "::1" | "localhost")
}

/// Whether an authorization request's redirect URI is one of the registered: the same, to the character,
/// but for the port of a loopback address, which a native app chooses anew each time (RFC 8252,
/// section 7.3).
#[must_use]
pub fn matches(registered: &str, asked: &str) -> bool {
    registered == asked
        || without_loopback_port(registered)
            .is_some_and(|known| Some(known) == without_loopback_port(asked))
}

/// An `http` address of the loopback interface, in two halves around its port.
fn without_loopback_port(uri: &str) -> Option<(&str, &str)> {
    let rest = uri.strip_prefix("http://")?;
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(end)?;
    let host_end = match authority.strip_prefix('[') {
        Some(_) => authority.find(']')?.saturating_add(1),
        None => authority.find(':').unwrap_or(authority.len()),
    };
    let (host, port) = authority.split_at_checked(host_end)?;
    let digits = port.strip_prefix(':').unwrap_or("0");
    // The name `localhost` may lead elsewhere, so it is not among them.
    let is_address = matches!(host, "127.0.0.1" | "[::1]");
    (is_address && is_port(digits)).then_some((host, path))
}
