//! Words of Admin Center > Audit log. What happened is worded by the server.

use tenure_domain::wire::audit::AuditVerification;

use crate::format::{self, Detail, Zone};

/// The columns.
pub const COLUMNS: [&str; 3] = ["When", "What", "From"];
/// A field.
pub const ACTION: &str = "Action";
/// Its value for all.
pub const EVERY_ACTION: &str = "Every action";
/// A field.
pub const TEXT: &str = "Text";
/// A field.
pub const SINCE: &str = "From day";
/// A field.
pub const UNTIL: &str = "To day";
/// Some filter is on that no field shows.
pub const NARROWED: &str = "Only events of one person or thing are shown.";
/// Links to the files.
pub const EXPORT_NDJSON: &str = "Export NDJSON";
/// Verifies.
pub const VERIFY: &str = "Verify the chain";
/// The server was not reached.
pub const UNREACHED: &str = "Press the button again when the connection is back.";
/// What can be read of an event.
pub const DETAILS: &str = "Details";
/// A fact.
pub const ID: &str = "Hash";
/// A fact.
pub const TARGET: &str = "Done to";
/// Leads to what was done to the same.
pub const SAME_TARGET: &str = "All that was done to it";
/// Leads to what the same person did.
pub const SAME_ACTOR: &str = "All that this person did";
/// Nothing passes the filter.
pub const EMPTY: &str = "No event passes this filter so far back.";
/// The name of the filter.
pub const FILTERS: &str = "Filter the log";

/// What the page is for.
#[must_use]
pub fn about(plan: &str) -> String {
    format!(
        "Who did what in {plan}, newest first. Nothing in it can be changed or removed unnoticed."
    )
}

/// An action's name in words: `token_generated` is "Token generated".
#[must_use]
pub fn action(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// What a walk along the chain has found.
#[must_use]
pub fn verified(found: &AuditVerification) -> String {
    let count = format::number(found.events.into());
    let day = |at| format::instant(at, Detail::Minute, Zone::Viewer);
    match (found.whole, found.until.map(day)) {
        (true, _) => {
            let since = found.since.map(day).unwrap_or_default();
            format!("The chain holds. All {count} events of this plan since {since} are as they were written.")
        }
        (false, Some(until)) => format!(
            "The chain is broken: somebody changed the log. {count} events of this plan, up to {until}, are as they were written; what is later cannot be relied on. An operator finds the place with tenure-server audit verify."
        ),
        (false, None) => "The chain is broken: somebody changed the log before this plan's first event. An operator finds the place with tenure-server audit verify.".to_owned(),
    }
}
