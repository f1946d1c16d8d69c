//! Words of Admin Center > Tokens.

use tenure_domain::wire::inventory::NamedToken;

use crate::format;

/// The columns, without the one of boxes: what, whose, how it stands, and when what happens to it.
pub const COLUMNS: [&str; 7] = [
    "Name",
    "Owner",
    "Kind",
    "Status",
    "Created",
    "Last used",
    "Expires",
];
/// The name of the table, and of what scrolls around it.
pub const TOKENS: &str = "Tokens of the plan";
/// The name of the filter.
pub const FILTERS: &str = "Filter the tokens";
/// A field.
pub const STATUS: &str = "Status";
/// Its value for all.
pub const EVERY_STATUS: &str = "Every status";
/// A field.
pub const KIND: &str = "Kind";
/// Its value for all.
pub const EVERY_KIND: &str = "Every kind";
/// A field.
pub const TEXT: &str = "Name, id or last four";
/// A field.
pub const SORT: &str = "Sort by";
/// The fields that are seldom needed.
pub const DAYS: &str = "By day";
/// The fields of days: created, expires and last used, each from and to.
pub const DAY_FIELDS: [&str; 6] = [
    "Created from",
    "Created to",
    "Expires from",
    "Expires to",
    "Last used from",
    "Last used to",
];
/// Some filter is on that no field shows.
pub const NARROWED: &str = "Only tokens of one owner or app are shown.";
/// Nothing passes the filter.
pub const NONE_PASS: &str = "No token passes this filter.";
/// There is nothing.
pub const EMPTY: &str = "This plan has no tokens yet. People generate theirs under Personal Settings > API Access, and apps get theirs when somebody allows them to.";
/// Many are looked through, and few pass.
pub const SEARCHING: &str = "Looking through the plan's tokens…";
/// A token that was never used.
pub const NEVER: &str = "Never";
/// Selects.
pub const SELECT_WORKING: &str = "Select those that work";
/// Leaves none selected.
pub const CLEAR: &str = "Select none";
/// The server was not reached, so those that work are not known.
pub const UNCHOSEN: &str = "None is selected. Press the button again when the connection is back.";
/// Opens the dialog.
pub const REVOKE: &str = "Revoke…";
/// Nothing that is selected works.
pub const NOTHING_TO_REVOKE: &str = "All of them have ended already.";
/// The server was not reached.
pub const UNREACHED: &str = "They may be revoked or not. Press the button again when the connection is back: that does no harm.";

/// The orders, by what the address says.
pub const SORTS: [(&str, &str); 8] = [
    ("", "Newest first"),
    ("created", "Oldest first"),
    ("-last_used", "Used last"),
    ("last_used", "Unused longest"),
    ("name", "Name, A to Z"),
    ("-name", "Name, Z to A"),
    ("expires", "Expires soonest"),
    ("-expires", "Expires last"),
];

/// What the page is for.
#[must_use]
pub fn about(plan: &str) -> String {
    format!("Every token of {plan}, of people and of apps, those that have ended too.")
}

/// How many tokens there are; `all` when no more can come.
#[must_use]
pub fn count(tokens: usize, all: bool) -> String {
    let number = format::number(i64::try_from(tokens).unwrap_or(i64::MAX));
    match (tokens, all) {
        (1, true) => "1 token".to_owned(),
        (_, true) => format!("{number} tokens"),
        (1, false) => "1 token so far; scroll for more".to_owned(),
        (_, false) => format!("{number} tokens so far; scroll for more"),
    }
}

/// The accessible name of a token's box.
#[must_use]
pub fn select(name: &str) -> String {
    format!("Select {name}")
}

/// The accessible name of a link to the tokens of a person or an app.
#[must_use]
pub fn all_of(name: &str) -> String {
    format!("All tokens of {name}")
}

/// How many are selected.
#[must_use]
pub fn selected(count: usize, most: usize) -> String {
    match count {
        1 => "1 selected".to_owned(),
        count if count >= most => format!("{count} selected, the most at once"),
        count => format!("{count} selected"),
    }
}

/// The title of the dialog.
#[must_use]
pub fn revoke_title(count: usize) -> String {
    format!("Revoke {}?", tokens(count))
}

/// The button that does it.
#[must_use]
pub fn revoke_action(count: usize) -> String {
    format!("Revoke {}", tokens(count))
}

/// They work, and will not.
#[must_use]
pub fn will_stop(count: usize) -> String {
    match count {
        1 => "1 token stops working:".to_owned(),
        count => format!("{count} tokens stop working:"),
    }
}

/// What revoking does.
#[must_use]
pub const fn for_good(count: usize) -> &'static str {
    match count {
        1 => {
            "It stops working at once, everywhere, and for good. Its owner hears of it by mail. If it is an app's, the app loses its access until its person allows it again."
        }
        _ => {
            "They stop working at once, everywhere, and for good. Owners hear of it by mail. Apps among them lose their access until their people allow them again."
        }
    }
}

/// They have ended before.
#[must_use]
pub fn ended_before(count: usize) -> String {
    match count {
        1 => "1 has ended already and stays as it is.".to_owned(),
        count => format!("{count} have ended already and stay as they are."),
    }
}

/// A token and whose it is.
#[must_use]
pub fn named(token: &NamedToken) -> String {
    format!(
        "{} (…{}), {}",
        token.name, token.last_four, token.owner.name
    )
}

/// It is done.
#[must_use]
pub fn revoked(count: usize) -> String {
    match count {
        1 => "1 token is revoked. It has stopped working.".to_owned(),
        count => format!("{count} tokens are revoked. They have stopped working."),
    }
}

fn tokens(count: usize) -> String {
    match count {
        1 => "1 token".to_owned(),
        count => format!("{count} tokens"),
    }
}
