//! The first-run setup page.

use tenure_domain::account::MIN_PASSWORD;

/// The heading.
pub const HEADING: &str = "Set up Tenure";
/// What the page is for.
pub const INTRODUCTION: &str =
    "This makes the first plan and its System Admin, who decides how long API tokens live.";
/// A field.
pub const PLAN: &str = "Plan";
/// A field's hint.
pub const PLAN_HINT: &str = "Your company or team, such as Acme.";
/// A field.
pub const NAME: &str = "Your name";
/// A field.
pub const EMAIL: &str = "Email";
/// A field.
pub const PASSWORD: &str = "Password";
/// The button.
pub const CREATE: &str = "Set up";
/// The page was opened without the link's secret.
pub const NO_CODE: &str = "This address is not complete";
/// What to do then.
pub const NO_CODE_WHY: &str = "Open the whole setup link that the server printed when it first started, with everything after the #.";
/// The way on when it has been set up already.
pub const TO_SIGN_IN: &str = "To sign-in";

/// What a password needs.
#[must_use]
pub fn password_hint() -> String {
    format!("At least {MIN_PASSWORD} characters. A few words in a row are good.")
}
