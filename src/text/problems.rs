//! What went wrong, and what to do about it, for every kind of problem.
//!
//! Reasons of single fields are in `reasons`. Where a page can say it better, it does.

use tenure_domain::problem::Kind;

use crate::{
    api::ApiError,
    text::{reasons, shell},
};

/// A problem in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// What happened.
    pub what: String,
    /// What to do about it.
    pub remedy: String,
    /// What finds the call in the server's log.
    pub reference: Option<String>,
    /// It goes on by itself, so it is said calmly.
    pub passes: bool,
}

/// Words an error of a call that somebody made by a button. It does not go on by itself: where the
/// server was not reached, `unreached` says what to do.
#[must_use]
pub fn words_of_call(error: &ApiError, unreached: &str) -> Words {
    let words = words(error);
    match error {
        ApiError::Offline => Words {
            remedy: unreached.to_owned(),
            passes: false,
            ..words
        },
        ApiError::Problem(_) | ApiError::Unreadable(_) => words,
    }
}

/// Words why a session could not be ended: whoever believes that it was may leave it to others.
#[must_use]
pub fn words_of_sign_out(error: &ApiError) -> Words {
    Words {
        remedy: shell::STILL_SIGNED_IN.to_owned(),
        passes: false,
        ..words(error)
    }
}

/// Words why a list that is on show could not be fetched on, where `more` is set, or else anew.
#[must_use]
pub fn words_of_list(error: &ApiError, more: bool) -> Words {
    let what = match more {
        true => "The next rows could not be loaded. What is on show stays.",
        false => "This list could not be brought up to date. What is on show may have changed.",
    };
    let words = words(error);
    Words {
        what: what.to_owned(),
        remedy: format!("{} {}", words.what, words.remedy),
        ..words
    }
}

/// Words an error.
#[must_use]
pub fn words(error: &ApiError) -> Words {
    let (what, remedy) = match error {
        ApiError::Offline => (
            "Tenure cannot be reached.",
            "It goes on by itself when the connection is back.",
        ),
        ApiError::Unreadable(_) => (
            "The server sent an answer that cannot be read.",
            "Load the page again: the console may be older than the server.",
        ),
        ApiError::Problem(problem) => match problem.kind() {
            Some(kind) => of_kind(kind),
            None => (problem.title.as_str(), ""),
        },
    };
    Words {
        what: what.to_owned(),
        remedy: how_long(error).unwrap_or_else(|| remedy.to_owned()),
        reference: error
            .reference()
            .filter(|_| !speaks_for_itself(error))
            .map(ToOwned::to_owned),
        passes: *error == ApiError::Offline,
    }
}

/// Whether nobody has to look anything up: the person can put it right alone.
fn speaks_for_itself(error: &ApiError) -> bool {
    matches!(
        error.kind(),
        Some(
            Kind::CredentialsWrong
                | Kind::InvitationInvalid
                | Kind::OwnerDeactivated
                | Kind::RateLimited
                | Kind::SetupLinkInvalid
                | Kind::SessionExpired
                | Kind::ValidationFailed
        )
    )
}

/// How long to wait after too many attempts, and why an invitation opens nothing: only the server knows.
fn how_long(error: &ApiError) -> Option<String> {
    match error {
        ApiError::Problem(problem)
            if matches!(
                problem.kind(),
                Some(Kind::RateLimited | Kind::InvitationInvalid)
            ) =>
        {
            problem.detail.as_deref().map(reasons::sentence)
        }
        _ => None,
    }
}

const fn of_kind(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::TokenMissing
        | Kind::TokenMalformed
        | Kind::TokenUnknown
        | Kind::TokenExpired
        | Kind::TokenRevoked
        | Kind::SessionExpired => ("You are not signed in any more.", "Try again to sign in."),
        Kind::OwnerDeactivated => (
            "Your account was deactivated.",
            "Ask a System Admin of your plan.",
        ),
        Kind::CredentialsWrong => (
            "Email or password is wrong.",
            "Check both. Capital letters count in the password.",
        ),
        Kind::SetupLinkInvalid => (
            "This setup link is not valid any more.",
            "It works once. If Tenure has been set up already, sign in; otherwise restart the server and use the link that it prints.",
        ),
        Kind::InvitationInvalid => (
            "This invitation cannot be accepted.",
            "Ask whoever invited you to send it again.",
        ),
        Kind::InsufficientScope | Kind::RoleRequired => (
            "Your role in this plan does not allow this.",
            "Ask a System Admin of the plan.",
        ),
        Kind::PlanTierRequired => (
            "This plan's tier does not include this.",
            "It needs a Business or Enterprise plan.",
        ),
        Kind::OriginRefused => (
            "The server refused a call from this address.",
            "Open the console at the address that the server knows as its own.",
        ),
        Kind::NotFound | Kind::MethodNotAllowed => (
            "This is not there, or not any more.",
            "Load the page again.",
        ),
        Kind::RequestTimeout => ("The request took too long.", "Try again."),
        Kind::Conflict => (
            "This conflicts with what is already there.",
            "Load the page again and look at what has changed.",
        ),
        Kind::MoreWouldEnd => (
            "More tokens would stop working by now.",
            "Nothing was changed. Look at the number and decide again.",
        ),
        Kind::StaleVersion => (
            "Somebody else changed this in the meantime.",
            "Look at what is in force now, then decide again.",
        ),
        Kind::RateLimited => (
            "There were too many attempts.",
            "Wait a minute, then try again.",
        ),
        Kind::Unavailable => (
            "The server cannot answer at the moment.",
            "Nothing was changed. Try again in a moment.",
        ),
        Kind::ValidationFailed => ("A value is not valid.", "Check what you typed."),
        Kind::InvalidJson
        | Kind::InvalidRequest
        | Kind::BodyTooLarge
        | Kind::UnsupportedMediaType
        | Kind::IfMatchRequired => (
            "The server did not understand the request.",
            "Load the page again: the console may be older than the server.",
        ),
        Kind::Internal => (
            "Something went wrong on the server.",
            "Try again. If it stays, give the reference to whoever runs Tenure.",
        ),
    }
}
