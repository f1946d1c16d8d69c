//! Invitations into a plan: how long one is good for, and what a link of one still opens.
//!
//! Each mail has a link with a secret of its own. Sending again begins another round, in which the links of
//! the rounds before open nothing. Deliberately not here: secrets, mails, accounts.

use core::fmt;

use crate::{
    problem::FieldError,
    time::{DAY, Timestamp},
};

/// How long an invitation is good for after it was last sent, in milliseconds.
pub const LIFETIME: i64 = 7 * DAY;

/// What became of an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nobody has answered it.
    Pending,
    /// Whom it was for is in the plan.
    Accepted,
    /// A System Admin took it back.
    Withdrawn,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Pending, Self::Accepted, Self::Withdrawn];

    /// The state's name in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// What is known of an invitation when one of its links is presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkFacts {
    /// What became of the invitation.
    pub state: State,
    /// The round that it is in.
    pub round: i64,
    /// The round that the link was sent in.
    pub link_round: i64,
    /// From when on it is worth nothing.
    pub expires_at: Timestamp,
}

/// Why a link opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// It was never sent.
    Unknown,
    /// Somebody accepted by it, or by another link of the same invitation.
    Used,
    /// A System Admin took the invitation back.
    Withdrawn,
    /// A newer mail took its place.
    Replaced,
    /// Its time has passed.
    Expired,
}

impl Unusable {
    /// Every reason.
    pub const ALL: [Self; 5] = [
        Self::Unknown,
        Self::Used,
        Self::Withdrawn,
        Self::Replaced,
        Self::Expired,
    ];

    /// A stable name for programs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Used => "used",
            Self::Withdrawn => "withdrawn",
            Self::Replaced => "replaced",
            Self::Expired => "expired",
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

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unknown => "This server sent no such link. Open the one in the mail, whole.",
            Self::Used => "This invitation was accepted already. Sign in.",
            Self::Withdrawn => "This invitation was withdrawn. Ask whoever invited you.",
            Self::Replaced => "A newer mail took the place of this one. Open the link in that one.",
            Self::Expired => {
                "This invitation has expired. Ask whoever invited you to send it again."
            }
        })
    }
}

/// Whether a link opens its invitation at `now`. Like a token, it does until the instant of its expiry and
/// not at it (R4).
///
/// # Errors
/// Why not.
pub fn usable(link: LinkFacts, now: Timestamp) -> Result<(), Unusable> {
    match link.state {
        State::Accepted => Err(Unusable::Used),
        State::Withdrawn => Err(Unusable::Withdrawn),
        State::Pending if link.link_round != link.round => Err(Unusable::Replaced),
        State::Pending if now >= link.expires_at => Err(Unusable::Expired),
        State::Pending => Ok(()),
    }
}
