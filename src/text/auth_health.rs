//! Words of Admin Center > Auth health.

use tenure_domain::{
    alert::AlertKind,
    wire::auth_health::{Outcome, Window},
};

use super::impact::number;

/// The page.
pub const TITLE: &str = "Auth health";
/// A field.
pub const SHOW: &str = "Show";
/// The tile of alerts.
pub const ALERTS: &str = "Alerts";
/// No alert was ever raised.
pub const NO_ALERTS: &str = "No alert has been raised. The rules below say when one is.";
/// The columns of alerts.
pub const ALERT_COLUMNS: [&str; 3] = ["State", "Seen when it was raised", "Raised"];
/// A state.
pub const RAISED: &str = "Raised";
/// A state.
pub const OVER: &str = "Over";
/// Nothing was seen.
pub const NOTHING: &str = "No token was checked in this time. Put Tenure in front of an API, and its calls show here. Where it stands there already, choose a longer time above.";
/// Nothing was seen of what is shown alone.
pub const NOTHING_SUCH: &str =
    "No such check was seen in this time. Choose a longer one above, or show all.";
/// The chart.
pub const CHART: &str = "Checks over time; those that were refused stand out";
/// The columns of the chart's table.
pub const CHART_COLUMNS: [&str; 4] = ["From", "Checks", "Refused", "Behind it"];
/// Leads from a part of the chart to the tokens behind it.
pub const TOKENS_OF: &str = "Tokens";
/// A table and its columns.
pub const OUTCOMES: [&str; 3] = ["By outcome", "Outcome", "Checks"];
/// A table and its columns.
pub const RESOURCES: [&str; 3] = ["By what was called", "Called", "Checks"];
/// A table and its columns.
pub const CLIENTS: [&str; 3] = ["By app", "App", "Checks"];
/// A table and its columns.
pub const SCOPES: [&str; 3] = ["Lacking scopes", "Scope", "Checks"];
/// A table and its columns.
pub const AGES: [&str; 3] = [
    "By how much of its life the token had behind it",
    "Of its life",
    "Checks",
];
/// Tokens of no app.
pub const NO_CLIENT: &str = "User access tokens";
/// What is not told apart.
pub const OTHER: &str = "Others";
/// Dead tokens that come again.
pub const DEAD: &str = "Dead tokens that are still presented";
/// What is counted of them.
pub const DEAD_ABOUT: &str = "Counted over all days that are kept, whatever time is shown above.";
/// There are none.
pub const NO_DEAD: &str = "No dead token was presented in this time.";
/// The tokens behind what is chosen.
pub const BEHIND: &str = "Tokens behind it";
/// There are none.
pub const NO_BEHIND: &str = "No known token is behind it.";
/// Calls are known by the day.
pub const BY_DAY: &str = "Counted by whole UTC days.";
/// Calls are known one by one.
pub const AT_LEAST: &str = "Only refused calls. They are kept one by one up to a limit a minute: there were at least so many.";
/// The columns of tokens.
pub const TOKEN_COLUMNS: [&str; 5] = ["Token", "Owner", "Status", "Checks", "First and latest"];
/// Shows everything again.
pub const SHOW_ALL: &str = "Show all";
/// The rules.
pub const RULES: &str = "When an alert is raised";
/// A field.
pub const THRESHOLD: &str = "At least";
/// A field.
pub const MINUTES: &str = "Within minutes";
/// A field.
pub const ON: &str = "Raise it";
/// The rule is set.
pub const SAVE: &str = "Save";
/// It was.
pub const SAVED: &str = "The rule is set.";
/// The server was not reached.
pub const UNREACHED: &str = "Press the button again when the connection is back.";

/// What the page shows.
#[must_use]
pub fn about(plan: &str) -> String {
    format!(
        "What Tenure saw of the tokens of {plan}: how often they were checked, and with which outcome."
    )
}

/// A window's name.
#[must_use]
pub const fn window(window: Window) -> &'static str {
    match window {
        Window::Hour => "The last hour",
        Window::Day => "The last 24 hours",
        Window::Week => "The last 7 days",
        Window::NinetyDays => "The last 90 days",
    }
}

/// A rule's name.
#[must_use]
pub const fn kind(kind: AlertKind) -> &'static str {
    match kind {
        AlertKind::SuspiciousTokens => "Tokens that became suspicious",
        AlertKind::RefreshFailing => "Attempts to refresh that failed, if more than succeeded",
        AlertKind::CallsRefused => "Calls with tokens that do not work (401)",
        AlertKind::ScopesLacking => "Calls whose token lacks a scope (403)",
    }
}

/// An outcome's name.
#[must_use]
pub const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Works => "Let through",
        Outcome::Missing => "401: no token",
        Outcome::Malformed => "401: not the text of a token",
        Outcome::Unknown => "401: unknown token",
        Outcome::Expired => "401: expired",
        Outcome::Revoked => "401: revoked",
        Outcome::OwnerDeactivated => "401: owner deactivated",
        Outcome::ScopeLacking => "403: scope lacking",
        Outcome::Refreshed => "Refreshed",
        Outcome::RefreshUnknown => "Refresh failed: unknown",
        Outcome::RefreshReplayed => "Refresh failed: used before",
        Outcome::RefreshUnused => "Refresh failed: unused for too long",
        Outcome::RefreshEnded => "Refresh failed: access had ended",
        Outcome::RefreshOtherClient => "Refresh failed: another app's",
        Outcome::RefreshOwnerInactive => "Refresh failed: owner deactivated",
        Outcome::RefreshScope => "Refresh failed: more scopes than allowed",
    }
}

/// Part of a token's life.
#[must_use]
pub fn tenth(tenth: u16) -> String {
    match tenth {
        10.. => "Without an end".to_owned(),
        tenth => format!("{} to {} %", tenth * 10, tenth * 10 + 10),
    }
}

/// From an instant to another.
#[must_use]
pub fn span(from: &str, to: &str) -> String {
    format!("{from} – {to}")
}

/// Somebody else set a rule while it was typed.
#[must_use]
pub fn set_elsewhere(threshold: u32, minutes: u32, on: bool) -> String {
    let on = match on {
        true => "raised",
        false => "not raised",
    };
    format!(
        "Somebody else set this rule: at least {threshold} within {minutes} minutes, {on}. What you typed is kept: \
         Save puts it in place of theirs."
    )
}

/// What is shown alone.
#[must_use]
pub fn only(what: &str) -> String {
    format!("Only: {what}.")
}

/// A part of the chart when it is pointed at.
#[must_use]
pub fn bar(from: &str, all: u64, refused: u64) -> String {
    format!(
        "{from}: {} checks, {} refused or failed",
        number(all),
        number(refused)
    )
}

/// The figures in one sentence.
#[must_use]
pub fn figures(all: u64, refused: u64, failed: u64) -> String {
    format!(
        "{} checks, {} refused; {} attempts to refresh failed.",
        number(all),
        number(refused),
        number(failed)
    )
}
