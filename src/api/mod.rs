//! The API's client: one function for each endpoint, by resource.
//!
//! Lives here: the one error type of a call, and what every call does besides (server time,
//! connection, a session that ends in mid-work). Deliberately not here: HTTP itself, which only
//! `transport` knows, and what a page does with an answer. Only pages call these functions.
//!
//! They are no `async fn`: each of those would be a machine of its own in the program. They say what is asked
//! and give a [`Call`], which whoever asks waits for.

pub mod audit;
pub mod auth_health;
pub mod authorization;
pub mod calendars;
pub mod call;
pub mod checks;
mod client;
pub mod connected_apps;
pub mod fake;
pub mod impact;
pub mod inventory;
pub mod invitations;
mod json;
pub mod live;
pub mod notices;
pub mod oauth_clients;
pub mod policies;
pub mod scopes;
pub mod session;
pub mod setup;
pub mod token_life;
pub mod tokens;
pub mod transport;
pub mod users;
pub mod webhook;

use tenure_domain::problem::{Kind, Problem};

pub use call::{Call, all};
pub use client::Client;

/// Why a call gave no answer to work with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApiError {
    /// The server said what is wrong.
    Problem(Box<Problem>),
    /// The server was not reached: no connection, or a proxy answered in its stead (502 to 504).
    Offline,
    /// An answer came that this console cannot read; the reference finds the log line, if there is one.
    Unreadable(Option<String>),
}

impl ApiError {
    /// The kind of problem, where the server named one that this console knows.
    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        match self {
            Self::Problem(problem) => problem.kind(),
            Self::Offline | Self::Unreadable(_) => None,
        }
    }

    /// What finds the call in the server's log.
    #[must_use]
    pub fn reference(&self) -> Option<&str> {
        let reference = match self {
            Self::Problem(problem) => Some(problem.reference.as_str()),
            Self::Unreadable(reference) => reference.as_deref(),
            Self::Offline => None,
        };
        reference.filter(|reference| !reference.is_empty())
    }
}
