//! The sign-in page, and the dialog that asks for signing in again.

/// The heading.
pub const HEADING: &str = "Sign in to Tenure";
/// A field.
pub const EMAIL: &str = "Email";
/// A field.
pub const PASSWORD: &str = "Password";
/// The button.
pub const SIGN_IN: &str = "Sign in";
/// The field is empty.
pub const EMAIL_MISSING: &str = "Type the email address that you sign in with.";
/// The field is empty.
pub const PASSWORD_MISSING: &str = "Type your password.";
