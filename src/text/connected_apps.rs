//! Words of Account > Personal Settings > Connected apps.

/// What the page shows.
pub const ABOUT: &str = "Apps that you allowed to act in your name. Each renews its access by itself until you disconnect it.";
/// The heading of the list.
pub const HEADING: &str = "Apps with access";
/// The list without any.
pub const EMPTY: &str = "No app can act in your name. When you allow one on its consent page, it is listed here, and you can disconnect it at any time.";
/// Its columns.
pub const COLUMN_APP: &str = "App";
/// The scopes' column.
pub const COLUMN_MAY: &str = "What it may do";
/// The consent's column.
pub const COLUMN_SINCE: &str = "Since";
/// The last use's column.
pub const COLUMN_LAST_USED: &str = "Last used";
/// The column of the access token's expiry.
pub const COLUMN_TOKEN: &str = "Token expires";

/// An app without scopes.
pub const ONLY_WHO: &str = "Only see who you are";
/// An app that has not called yet.
pub const NEVER_USED: &str = "never";
/// An app without a working access token.
pub const NO_TOKEN: &str = "none at the moment";
/// Under the expiry.
pub const RENEWS: &str = "The app renews it by itself";
/// Ends an app's access.
pub const DISCONNECT: &str = "Disconnect";
/// The server was not reached.
pub const UNREACHED: &str =
    "The app may still have access. Press the button again when the connection is back.";

/// The plan that an app acts in.
#[must_use]
pub fn in_plan(plan: &str) -> String {
    format!("in {plan}")
}

/// Asks before an app is disconnected.
#[must_use]
pub fn title(app: &str) -> String {
    format!("Disconnect {app}?")
}

/// What disconnecting does.
#[must_use]
pub fn what_ends(app: &str, plan: &str) -> String {
    format!(
        "Everything that {app} holds in your name in {plan} stops working at once: its access tokens, and the refresh tokens that renew them. This cannot be undone. To work again, it has to ask you anew."
    )
}

/// An app was disconnected.
#[must_use]
pub fn disconnected(app: &str) -> String {
    format!("{app} is disconnected. It can no longer act in your name.")
}
