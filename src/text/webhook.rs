//! Words about where a plan's alerts are posted.

/// The tile.
pub const TITLE: &str = "Webhook";
/// What it is.
pub const ABOUT: &str = "Besides the mail, Tenure can post each alert to a program of yours when it is raised and when it is over, signed so that the program can tell it from anybody else's.";
/// There is no address.
pub const NOWHERE: &str = "Alerts are posted nowhere.";
/// A field.
pub const ADDRESS: &str = "Address";
/// What may be typed.
pub const ADDRESS_HINT: &str = "An https address that Tenure can reach.";
/// The same, where there is an address already.
pub const ANOTHER_HINT: &str =
    "An https address that Tenure can reach. Saving it makes a new secret; the one before ends.";
/// Sets the address.
pub const SAVE: &str = "Save address";
/// The secret that posts are signed with.
pub const SECRET: &str = "Signing secret";
/// What the secret is for.
pub const SECRET_WARNING: &str =
    "Copy it now: it is not shown again. Your program checks the signature of each post with it.";
/// Hides the secret.
pub const DONE: &str = "I have copied it";
/// Sends something to see whether it arrives.
pub const TEST: &str = "Send a test";
/// It is on its way.
pub const TESTED: &str = "A test is on its way.";
/// Ends the posts.
pub const REMOVE: &str = "Stop posting";
/// The question before it.
pub const REMOVE_TITLE: &str = "Stop posting alerts?";
/// They have ended.
pub const REMOVED: &str = "Alerts are posted nowhere any more.";

/// Where alerts go. `since` is an instant in words.
#[must_use]
pub fn goes_to(url: &str, since: &str) -> String {
    format!("Alerts are posted to {url} since {since}.")
}

/// What ends with it.
#[must_use]
pub fn removing(url: &str) -> String {
    format!("{url} hears of no alert from now on. Alerts still come by mail, and show here.")
}

/// What became of the latest post. `when` is an instant in words.
#[must_use]
pub fn latest(taken: Option<bool>, when: &str, attempts: u32, reason: Option<&str>) -> String {
    let why = reason.map(|it| format!(" ({it})")).unwrap_or_default();
    match (taken, attempts) {
        (Some(true), _) => format!("The latest post arrived: {when}."),
        (Some(false), times) => {
            format!("The latest post did not arrive: {when}, after {times} tries{why}.")
        }
        (None, 0) => "The latest post is on its way.".to_owned(),
        (None, 1) => format!("The latest post is tried again; the first try failed{why}."),
        (None, times) => format!("The latest post is tried again; {times} tries failed{why}."),
    }
}
