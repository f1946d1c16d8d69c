//! What stands around every page, and the pages that have no data of their own.

use tenure_domain::plan::{Role, Tier};

/// The product.
pub const TENURE: &str = "Tenure";
/// Leads past the navigation.
pub const SKIP: &str = "Skip to content";
/// The navigation's name.
pub const MAIN_NAVIGATION: &str = "Main";
/// Opens the navigation on narrow screens.
pub const OPEN_NAVIGATION: &str = "Open navigation";
/// Closes it.
pub const CLOSE_NAVIGATION: &str = "Close navigation";
/// The navigation's group for System Admins.
pub const ADMIN_CENTER: &str = "Admin Center";
/// The navigation's group for everybody.
pub const ACCOUNT: &str = "Account";
/// A page.
pub const SECURITY_CONTROL: &str = "Security & Control";
/// A page.
pub const USERS: &str = "Users";
/// A page.
pub const TOKENS: &str = "Tokens";
/// A page.
pub const NOTICES: &str = "Notices";
/// A page.
pub const AUDIT_LOG: &str = "Audit log";
/// A page.
pub const CHECK_TOKEN: &str = "Check a token";
/// A page.
pub const OAUTH_CLIENTS: &str = "OAuth clients";
/// A page with tabs.
pub const PERSONAL_SETTINGS: &str = "Personal Settings";
/// A tab.
pub const PROFILE: &str = "Profile";
/// A tab.
pub const API_ACCESS: &str = "API Access";
/// A tab.
pub const CONNECTED_APPS: &str = "Connected apps";
/// The plan switcher's name.
pub const PLAN: &str = "Plan";
/// The theme menu's name.
pub const THEME: &str = "Theme";
/// A theme.
pub const THEME_SYSTEM: &str = "System";
/// A theme.
pub const THEME_LIGHT: &str = "Light";
/// A theme.
pub const THEME_DARK: &str = "Dark";
/// Leads to the settings, in the account menu.
pub const PERSONAL_SETTINGS_MENU: &str = "Personal Settings…";
/// Ends the session.
pub const SIGN_OUT: &str = "Sign out";
/// What to do when the session could not be ended.
pub const STILL_SIGNED_IN: &str = "You are still signed in. Sign out again.";
/// What to do when a form could not be sent.
pub const SEND_AGAIN: &str =
    "What you typed is still there. Send it again once the connection is back.";
/// The heading when nobody knows yet who is signed in.
pub const NOT_STARTED: &str = "Tenure could not start";
/// What the clock shows.
pub const SERVER_CLOCK: &str = "Server time";
/// The toasts' name.
pub const MESSAGES: &str = "Messages";
/// Takes a message away.
pub const DISMISS: &str = "Dismiss";

/// The server is out of reach.
pub const OFFLINE: &str = "Tenure cannot be reached. What you typed is safe; pages that could not load do so when the connection is back.";
/// The server is in reach again.
pub const ONLINE_AGAIN: &str = "The connection is back.";

/// The browser's clock is wrong.
#[must_use]
pub fn skewed(ahead: bool, by: &str) -> String {
    let way = if ahead { "ahead of" } else { "behind" };
    format!(
        "This computer's clock is {by} {way} the server's. The server's rules; times here follow it."
    )
}

/// The heading of the 403 page.
pub const FORBIDDEN: &str = "This page is for System Admins";
/// What the 403 page says.
pub const FORBIDDEN_WHY: &str =
    "The Admin Center belongs to the System Admins of a plan. In this plan you are not one.";
/// Who can help.
pub const FORBIDDEN_REMEDY: &str = "If you need it, ask a System Admin of the plan.";
/// A plan that the person is not in, or that does not exist: the page does not tell which.
pub const NOT_IN_PLAN: &str = "You are not in this plan";
/// What it says.
pub const NOT_IN_PLAN_WHY: &str = "There is no plan at this address that you are a member of.";
/// The way to the person's own tokens.
pub const TO_YOUR_TOKENS: &str = "To your access tokens";

/// The heading of the 404 page.
pub const NOT_FOUND: &str = "There is no page here";
/// What the 404 page says.
pub const NOT_FOUND_WHY: &str = "The address may be mistyped, or the page has moved.";
/// The way home.
pub const TO_HOME: &str = "To the start page";

/// The heading of a dialog.
pub const SESSION_ENDED: &str = "Sign in to go on";
/// What it says.
pub const SESSION_ENDED_WHY: &str =
    "Your session has ended. Nothing is lost: once you are signed in, what you were doing goes on.";
/// The person signs in later, and the page stays.
pub const NOT_NOW: &str = "Not now";
/// Another person wants to sign in.
pub const SIGN_IN_AS_OTHER: &str = "Sign in as somebody else";

/// The profile's fields.
pub const NAME: &str = "Name";
/// The profile's fields.
pub const EMAIL: &str = "Email";
/// The profile's list of plans.
pub const PLANS: &str = "Plans";
/// What the profile says of them.
pub const PLANS_WHY: &str = "The plans that you are in, and what you are there.";
/// A column.
pub const TIER: &str = "Tier";
/// A column.
pub const ROLE: &str = "Role";
/// Whoever is in no plan.
pub const NO_PLANS: &str = "You are in no plan yet. Ask a System Admin to add you to one.";

/// A tier's name.
#[must_use]
pub const fn tier(tier: Tier) -> &'static str {
    match tier {
        Tier::Pro => "Pro",
        Tier::Business => "Business",
        Tier::Enterprise => "Enterprise",
    }
}

/// A role's name.
#[must_use]
pub const fn role(role: Role) -> &'static str {
    match role {
        Role::SystemAdmin => "System Admin",
        Role::Member => "Member",
    }
}
