//! Words of a token's own page. What happened and what was found is worded in the domain, for programs too.

use tenure_domain::{suspicion::Rule, token::Status};

use crate::format;

/// The page's name until the token is there.
pub const TOKEN: &str = "Token";
/// What happened, in order.
pub const TIME_LINE: &str = "Time line";

/// What rules found.
pub const FOUND: &str = "Why it looks suspicious";
/// The same once all of it is reviewed.
pub const FOUND_REVIEWED: &str = "What looked suspicious";
/// What to do about it.
pub const FOUND_ABOUT: &str = "The token works on until somebody revokes it. If you know these callers, say so: what you have reviewed does not colour the token again, and anything new does.";
/// The same of a token that has ended.
pub const FOUND_DEAD: &str = "The token does not work any more. If you know these callers, say so: what you have reviewed is not told again, and anything new is.";
/// A System Admin knows of it.
pub const REVIEWED: &str = "Reviewed";
/// It was said.
pub const REVIEWED_NOW: &str = "What you saw is reviewed.";
/// The server was not reached by a review.
pub const REVIEW_UNREACHED: &str = "Press the button again when the connection is back.";

/// Calls a day.
pub const CALLS: &str = "Calls, by UTC day";
/// The columns of the chart's table.
pub const CALLS_COLUMNS: [&str; 2] = ["Day (UTC)", "Calls"];
/// Who called.
pub const CALLERS: &str = "Callers";
/// Who still calls.
pub const KNOCKING: &str = "Still calling after its end";
/// What that means.
pub const KNOCKING_ABOUT: &str = "These callers were refused because the token does not work any more. Whoever runs them needs another one.";
/// Nobody called.
pub const NO_CALLS: &str = "No call is known: nobody has used it in the last 90 days.";
/// The columns: from where, with what, for what, how often, and when last.
pub const COLUMNS: [&str; 6] = ["From", "Program", "For", "Calls", "Refused", "Last call"];
/// Where the transport had no address.
pub const NO_ADDRESS: &str = "unknown";

/// A rule, by what it saw.
#[must_use]
pub const fn rule(rule: Rule) -> &'static str {
    match rule {
        Rule::RefreshReuse => "A refresh token was used twice",
        Rule::TwoNetworks => "Two networks within an hour",
        Rule::DeniedScopes => "Many calls beyond its scopes",
        Rule::DeadFromNewNetwork => "Presented after its end from a new network",
    }
}

/// What a status means.
#[must_use]
pub const fn meaning(status: Status) -> &'static str {
    match status {
        Status::Revoked => "Somebody ended it. It does not work any more, and never will again.",
        Status::Expired => "Its time has passed. It does not work any more, and never will again.",
        Status::Suspicious => {
            "It works, but its use looks like somebody else's. A System Admin reviews it."
        }
        Status::Expiring => "It works for at most 7 more days.",
        Status::InUse => "It works, and was used within the last 3 days.",
        Status::Idle => "It works, and was not used within the last 3 days.",
    }
}

/// What a chart of calls shows, in a sentence.
#[must_use]
pub fn calls_in_words(total: u64, days: usize) -> String {
    let number = |count: u64| format::number(count.try_into().unwrap_or(i64::MAX));
    let (total, days) = (number(total), number(days as u64));
    format!("Calls by day: {total} on {days} days.")
}

/// When the same was seen last.
#[must_use]
pub fn last_seen(when: &str) -> String {
    format!("last seen {when}")
}

/// Who reviewed it, and when.
#[must_use]
pub fn reviewed_by(name: &str, when: &str) -> String {
    format!("Reviewed by {name} on {when}.")
}

/// From where a call came, where the network is worth knowing.
#[must_use]
pub fn network(network: &str) -> String {
    format!("in {network}")
}
