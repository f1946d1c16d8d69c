//! Words of the page on which a person answers an app that asks to act in their name.

/// The heading while it is not known who asks.
pub const WAITING: &str = "An app asks for access";
/// The plan.
pub const PLAN: &str = "Plan";
/// Whoever answers.
pub const SIGNED_IN_AS: &str = "Signed in as";
/// The host of the redirect URI.
pub const ANSWER_GOES_TO: &str = "Answer goes to";
/// Ends the session and comes back here.
pub const SOMEBODY_ELSE: &str = "Sign in as somebody else";
/// Above the scopes.
pub const ASKS_TO: &str = "It asks to";
/// No scope is asked for.
pub const ONLY_WHO: &str =
    "It learns only who you are: your name, your email address and this plan.";
/// The button.
pub const ALLOW: &str = "Allow";
/// The other one.
pub const DENY: &str = "Deny";

/// The app, or its address, is not known, or its request cannot be read.
pub const WRONG: &str = "This app is set up wrongly";
/// What it means.
pub const WRONG_WHY: &str =
    "Nothing was sent to it. Close this page, and tell whoever runs the app:";
/// The app belongs to a plan that the person is not in.
pub const NOT_IN_PLAN: &str = "This app belongs to a plan that you are not in";
/// What to do about it.
pub const NOT_IN_PLAN_REMEDY: &str = "Ask that plan's System Admin to add you, or sign in as somebody who is in it. Deny leads back to the app.";
/// The server was not reached by the answer.
pub const UNREACHED: &str =
    "The app has no answer yet. Press the button again when the connection is back.";
/// The session could not be ended.
pub const STILL_SIGNED_IN: &str = "You are still signed in. Press the button again.";
/// The way on, for whoever stays behind.
pub const GO_ON: &str = "Go on to the app";

/// The heading.
#[must_use]
pub fn asks(app: &str) -> String {
    format!("{app} asks to act in your name")
}

/// Who is signed in.
#[must_use]
pub fn person(name: &str, email: &str) -> String {
    format!("{name} ({email})")
}

/// An address that no other machine is reached by.
#[must_use]
pub fn program(address: &str) -> String {
    format!("a program on this device ({address})")
}

/// What allowing means.
#[must_use]
pub fn meaning(app: &str, plan: &str) -> String {
    format!(
        "If you allow it, {app} can act in your name until you disconnect it under Connected apps in your Personal Settings. Its tokens obey {plan}'s policy."
    )
}

/// Nobody needs to be asked.
#[must_use]
pub fn allowed_before(app: &str) -> String {
    format!("You have allowed {app} all of this before, so it goes on without asking.")
}

/// The answer is given.
#[must_use]
pub fn allowed(app: &str) -> String {
    format!("You allowed it. Taking you back to {app}…")
}

/// The answer is given. The app's name is not told to whoever is not in its plan.
#[must_use]
pub fn denied(app: Option<&str>) -> String {
    let app = app.unwrap_or("the app");
    format!("You denied it. Taking you back to {app}…")
}
