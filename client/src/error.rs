//! Everything that can go wrong, told apart by what the caller can do about it.

use std::{fmt, io, sync::Arc, time::Duration};

/// Why there was no answer. Every answer of the API that was called, a 401 or 403 too, is none of these.
///
/// It is cheap to clone: all that waited for the same refresh hear of the same failure.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Error {
    /// Only a new consent can help: the server refused the refresh token with `invalid_grant`. The client
    /// has stopped, and says this until [`Client::adopt`](crate::Client::adopt) gives it another pair.
    ConsentNeeded {
        /// What the server said: revoked, not used for too long, the user was deactivated…
        reason: String,
    },
    /// There is no pair yet. Lead the person through the consent, then
    /// [`Client::adopt`](crate::Client::adopt).
    NoPair,
    /// The server refused the client itself, by `invalid_client` for instance: its secret was rotated, or it
    /// was deleted. No refresh and no consent helps; mend the registration.
    Refused {
        /// The code of RFC 6749, section 5.2.
        code: String,
        /// The server's sentence.
        description: String,
    },
    /// The server cannot answer at the moment (429 or 5xx). Wait, then call again.
    Unavailable {
        /// The HTTP status.
        status: u16,
        /// How long the server asked to wait.
        retry_after: Option<Duration>,
    },
    /// The network failed, or nobody answered in time. Call again: a refresh whose answer was lost heals.
    Network(Arc<reqwest::Error>),
    /// The token endpoint answered something else than RFC 6749 says: another server, or a proxy's page.
    Unreadable(String),
    /// The pair cannot be read or kept. One that was received already waits in memory, unused; the next
    /// call tries to keep it again.
    Store(Arc<io::Error>),
    /// The runtime stopped, or a store panicked, in the middle of a refresh.
    Interrupted,
}

impl Error {
    /// Whether the same call may succeed later without anybody's doing.
    #[must_use]
    pub const fn is_passing(&self) -> bool {
        matches!(self, Self::Unavailable { .. } | Self::Network(_))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ConsentNeeded { reason } => write!(f, "only a new consent can help: {reason}"),
            Self::NoPair => f.write_str("there is no token pair yet; authorize first"),
            Self::Refused { code, description } => {
                write!(f, "the server refused the client: {code}: {description}")
            }
            Self::Unavailable {
                status,
                retry_after: Some(wait),
            } => write!(
                f,
                "the server answered {status}; try again in {} s",
                wait.as_secs()
            ),
            Self::Unavailable { status, .. } => {
                write!(f, "the server answered {status}; try again later")
            }
            Self::Network(_) => f.write_str("the server could not be reached"),
            Self::Unreadable(what) => write!(f, "the answer was not a token endpoint's: {what}"),
            Self::Store(_) => f.write_str("the token pair could not be kept"),
            Self::Interrupted => f.write_str("the refresh was interrupted"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Network(error) => Some(error.as_ref()),
            Self::Store(error) => Some(error.as_ref()),
            _ => None,
        }
    }
}

impl From<reqwest::Error> for Error {
    fn from(error: reqwest::Error) -> Self {
        Self::Network(Arc::new(error))
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::Store(Arc::new(error))
    }
}
