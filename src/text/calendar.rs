//! Words of the secret addresses of calendars.

/// The heading.
pub const TITLE: &str = "Calendar";
/// What one's own is for.
pub const ABOUT_OWN: &str = "Subscribe to the days on which your tokens stop working, in the calendar that you use. Nobody can change anything by its address, but whoever has it can read it.";
/// What a plan's is for.
pub const ABOUT_PLAN: &str = "Subscribe to the days on which tokens of this plan stop working, with how many and the names of the first. Whoever has the address can read it.";
/// Makes an address.
pub const CREATE: &str = "Create address";
/// Makes one in place of another.
pub const REPLACE: &str = "Replace address";
/// Takes it away.
pub const REVOKE: &str = "Revoke address";
/// The line with a new one.
pub const ADDRESS: &str = "Secret address of the calendar";
/// Copies it.
pub const COPY: &str = "Copy address";
/// What to know about it.
pub const ONCE: &str = "Put it into your calendar program now: it is not shown again.";
/// The server was not reached.
pub const UNREACHED: &str = "Press the button again when the connection is back.";

/// There is one.
#[must_use]
pub fn since(day: &str) -> String {
    format!("There is an address since {day}. Replacing or revoking it ends the old one.")
}
