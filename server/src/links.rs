//! The console's pages that the server sends people to, in mails, in calendars and at its start.
//!
//! The console's own `Route` is in another program, so nothing here can name it: a test of the project's
//! shape holds each of these addresses against it, and sees to it that none stands anywhere else.

use tenure_domain::id::{PlanId, TokenId};

/// Where people see their tokens.
#[must_use]
pub fn api_access(public_url: &str) -> String {
    format!("{public_url}/settings/api-access")
}

/// Where somebody replaces one of their tokens.
#[must_use]
pub fn token(public_url: &str, token: &TokenId) -> String {
    format!("{public_url}/settings/api-access?token={token}")
}

/// Where people choose their language and time zone.
#[must_use]
pub fn profile(public_url: &str) -> String {
    format!("{public_url}/settings/profile")
}

/// Where a plan's policy is.
#[must_use]
pub fn security_control(public_url: &str, plan: &PlanId) -> String {
    format!("{public_url}/plans/{plan}/security-control")
}

/// Where a plan's notices are that reached nobody.
#[must_use]
pub fn failed_notices(public_url: &str, plan: &PlanId) -> String {
    format!("{public_url}/plans/{plan}/notices?state=failed")
}

/// Where somebody accepts an invitation; the secret of it is in the fragment.
#[must_use]
pub fn invitation(public_url: &str, secret: &str) -> String {
    format!("{public_url}/invitation#{secret}")
}

/// Where the first System Admin sets the server up; the secret of it is in the fragment.
#[must_use]
pub fn setup(public_url: &str, secret: &str) -> String {
    format!("{public_url}/setup#{secret}")
}
