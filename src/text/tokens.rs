//! Words of Account > Personal Settings > API Access.

use tenure_domain::token::{Status, TokenKind};

/// The heading of the list of tokens that work.
pub const WORKING: &str = "Your access tokens";
/// The heading of the list of tokens that work no more.
pub const ENDED: &str = "No longer working";
/// Its columns.
pub const COLUMN_TOKEN: &str = "Token";
/// The plan's column.
pub const COLUMN_PLAN: &str = "Plan";
/// The creation's column.
pub const COLUMN_CREATED: &str = "Created";
/// The last use's column.
pub const COLUMN_LAST_USED: &str = "Last used";
/// The expiry's column.
pub const COLUMN_EXPIRES: &str = "Expires";
/// The status's column.
pub const COLUMN_STATUS: &str = "Status";
/// The end's column.
pub const COLUMN_ENDED: &str = "Ended";
/// The reason's column.
pub const COLUMN_WHY: &str = "Why";

/// A token without a use.
pub const NEVER_USED: &str = "never";
/// A token without an expiry.
pub const NEVER_EXPIRES: &str = "never";
/// The list of working tokens without any.
pub const EMPTY: &str =
    "You have no working token. Generate one to let a script or a service call the API as you.";
/// The list of dead tokens without any.
pub const ENDED_EMPTY: &str =
    "Tokens that expire or that you revoke are kept here, with the reason.";

/// Opens the dialog.
pub const GENERATE: &str = "Generate new access token";
/// The dialog's title.
pub const GENERATE_TITLE: &str = "Generate a new access token";
/// The button in the dialog.
pub const GENERATE_ACTION: &str = "Generate";
/// The name's label.
pub const NAME: &str = "Name";
/// What a good name is.
pub const NAME_HINT: &str =
    "What will use it, such as nightly-export. You can tell your tokens apart by it.";
/// The plan's label.
pub const PLAN: &str = "Plan";
/// The plan's hint.
pub const PLAN_HINT: &str = "The token works in this plan alone and obeys its policy.";

/// The dialog's title once the token is there.
pub const SECRET_TITLE: &str = "Copy your new token now";
/// The line with the secret.
pub const SECRET: &str = "Your new token";
/// What to know about it.
pub const SECRET_WARNING: &str =
    "This is the only time it is shown. Keep it like a password: whoever has it can act as you.";
/// Above the line that shows how to use it.
pub const USAGE: &str = "Try it, with the token in the variable TENURE_TOKEN:";
/// The accessible name of that line.
pub const USAGE_LINE: &str = "Command";
/// Copies that line.
pub const COPY_COMMAND: &str = "Copy command";
/// Before the dialog closes without a copy.
pub const LEAVE: &str = "You have not copied the token. It cannot be shown again: without it you need to generate another.";
/// Stays.
pub const LEAVE_STAY: &str = "Back to the token";
/// Leaves.
pub const LEAVE_GO: &str = "Leave without copying";

/// The server was not reached by a request for a token.
pub const GENERATE_UNREACHED: &str = "Press the button again when the connection is back. If your list then has a token of this name already, revoke it: its secret is lost.";
/// The server was not reached by a revocation.
pub const REVOKE_UNREACHED: &str =
    "The token may still work. Press the button again when the connection is back.";

/// The scopes' label.
pub const SCOPES: &str = "What it may do";
/// No scope is checked.
pub const NO_SCOPES: &str =
    "Nothing is checked: the token has no scopes, and tells an API only who you are.";
/// Some are.
pub const SOME_SCOPES: &str = "An API lets the token do what is checked, and nothing else.";

/// Puts another token in the place of one.
pub const ROTATE: &str = "Rotate";
/// What it does.
pub const ROTATE_ABOUT: &str =
    "A new token of the same name, plan and scopes takes its place. Its secret is shown once.";
/// How long both work.
pub const OVERLAP: &str = "The old token works beside the new one for";
/// No overlap.
pub const OVERLAP_NONE: &str = "Stops at once";
/// What that means.
pub const OVERLAP_NONE_MEANS: &str =
    "The old token stops working at once. Whatever uses it fails until it has the new one.";
/// Beside the expiry of a token that was rotated.
pub const ROTATED: &str = "Rotated; works until then";
/// The token is being rotated already, or has ended.
pub const ROTATE_CONFLICT: &str = "This token has ended, or was rotated in the meantime.";
/// What to do about it.
pub const ROTATE_CONFLICT_REMEDY: &str =
    "Cancel, and look at the list. Generate a new token if you need one.";
/// The server was not reached by a rotation.
pub const ROTATE_UNREACHED: &str = "Press the button again when the connection is back. If it then says that the token was rotated already, revoke the newer one: its secret is lost.";

/// Ends a token.
pub const REVOKE: &str = "Revoke";
/// What it does.
pub const REVOKE_ABOUT: &str = "It stops working at once, everywhere. This cannot be undone; a new token would have to take its place.";
/// The status in a word.
#[must_use]
pub const fn status(status: Status) -> &'static str {
    match status {
        Status::Revoked => "Revoked",
        Status::Expired => "Expired",
        Status::Suspicious => "Suspicious",
        Status::Expiring => "Expiring",
        Status::InUse => "In use",
        Status::Idle => "Idle",
    }
}

/// The kind in words.
#[must_use]
pub const fn kind(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::UserAccess => "User access token",
        TokenKind::OauthAccess => "OAuth access token",
    }
}

/// From where a token was last used.
#[must_use]
pub fn from_address(address: &str) -> String {
    format!("from {address}")
}

/// A line for a shell that asks who one is. It does not hold the secret, which shells would remember.
#[must_use]
pub fn usage(api: &str) -> String {
    format!("curl -H \"Authorization: Bearer $TENURE_TOKEN\" {api}/session")
}

/// How long the new token works.
#[must_use]
pub fn works_until(until: Option<&str>) -> String {
    until.map_or_else(
        || "It works until you revoke it: its plan has no expiration period.".to_owned(),
        |until| format!("It works until {until}."),
    )
}

/// How long a token of that plan would work.
#[must_use]
pub fn would_work_until(until: Option<&str>) -> String {
    until.map_or_else(
        || "It would work until you revoke it: the plan has no expiration period.".to_owned(),
        |until| format!("Created now, it would work until {until}."),
    )
}

/// How long the token that takes another's place would work.
#[must_use]
pub fn new_works_until(until: Option<&str>) -> String {
    until.map_or_else(
        || "The new token works until you revoke it: its plan has no expiration period.".to_owned(),
        |until| format!("The new token, made now, would work until {until}."),
    )
}

/// The title of the dialog.
#[must_use]
pub fn rotate_title(name: &str) -> String {
    format!("Rotate {name}")
}

/// How long a token works after it is rotated; `by_itself` when it expires then anyway.
#[must_use]
pub fn old_works_until(until: &str, by_itself: bool) -> String {
    if by_itself {
        format!("The old token works until {until}, when it expires by itself.")
    } else {
        format!("The old token works until {until}.")
    }
}

/// What a token may do, by the names of its scopes.
#[must_use]
pub fn scopes(names: &str) -> String {
    format!("Scopes: {names}")
}

/// Asks before a token is revoked.
#[must_use]
pub fn revoke_title(name: &str) -> String {
    format!("Revoke {name}?")
}

/// What revoking an app's token does.
#[must_use]
pub fn revoke_about_app(app: &str) -> String {
    format!(
        "It stops working at once, everywhere, and for good. {app} loses the access that it has by the same consent, \
         until its person allows it again."
    )
}

/// There was nothing to revoke.
#[must_use]
pub fn ended_before(name: &str) -> String {
    format!("{name} had ended already and stays as it is.")
}

/// A token was revoked.
#[must_use]
pub fn revoked(name: &str) -> String {
    format!("{name} is revoked. It has stopped working.")
}
