//! Words of the tile's second rule, of *When*, and of what is scheduled.

use tenure_domain::{period::Period, policy::Terms};

use crate::format;

/// The second switch.
pub const SWITCH: &str = "Expire unused tokens";
/// What it does.
pub const SWITCH_ABOUT: &str =
    "Each use of a token renews it. It counts from the last use, or from the creation.";
/// What it would do, while it is off.
pub const SWITCH_ABOUT_OFF: &str =
    "Ends tokens that nobody uses for some time. While it is off, none ends for that.";
/// Before the fields.
pub const BEFORE: &str = "Tokens that nobody uses for";
/// After the fields.
pub const AFTER: &str = "stop working.";
/// The number field and the select.
pub const FIELDS: [&str; 2] = ["Unused duration", "Unused unit"];
/// Before the instant until which an unused token would work.
pub const UNTIL: &str = "A token used now would work until";
/// After it.
pub const UNLESS: &str = "unless it is used again before.";
/// Before the earlier of both rules' instants.
pub const UNTIL_BOTH: &str = "A token created and used now would work until";
/// The period is over before the rule can end anything.
pub const NEVER_BITES: &str = "This rule ends none: the expiration period is over first.";
/// Advice: nobody can be warned.
pub const ADVICE_NO_NOTICE: &str = "Shorter than 7 days: no notice can be sent ahead, and an automation that runs less often than that loses its token.";
/// The first rule is in force, and switched off in what is typed.
pub const PERIOD_GOES: &str =
    "Tokens do not expire by age any more, once this is in force. Until then they do.";
/// The second rule is in force, and switched off in what is typed.
pub const IDLE_GOES: &str =
    "Tokens do not expire by disuse any more, once this is in force. Until then they do.";
/// The first switch is off while the second one is on.
pub const NO_PERIOD: &str = "Tokens do not expire by age.";

/// The group of the two.
pub const WHEN: &str = "When";
/// At once.
pub const NOW: &str = "Now";
/// From an instant on.
pub const LATER: &str = "At a set time";
/// The field of that instant.
pub const AT: &str = "Date and time";
/// What choosing it does.
pub const LATER_ABOUT: &str =
    "It comes into force by itself. Until then you can change or cancel it.";
/// The button while something is typed for later.
pub const SCHEDULE: &str = "Schedule";
/// The field is empty.
pub const AT_MISSING: &str = "Pick a date and a time.";

/// The heading of what is scheduled.
pub const SCHEDULED: &str = "Scheduled change";
/// Opens the fields on it.
pub const EDIT: &str = "Edit schedule";
/// Cancels it.
pub const CANCEL: &str = "Cancel schedule";
/// The question before.
pub const CANCEL_TITLE: &str = "Cancel the scheduled change?";
/// What that does.
pub const CANCEL_ABOUT: &str =
    "It does not come into force. The policy in force stays, and no token ends by this.";
/// Keeps it.
pub const KEEP: &str = "Keep it scheduled";
/// It was cancelled.
pub const CANCELLED: &str = "Cancelled: the policy in force stays.";
/// The connection came back, and it is still scheduled.
pub const NOT_CANCELLED: &str =
    "The connection is back. The change is still scheduled. Press Cancel schedule again.";

/// What terms say, as a sentence without its full stop.
#[must_use]
pub fn rules(terms: Terms) -> String {
    let period = terms.period.map(by_age);
    let idle = terms.inactivity.map(by_disuse);
    match (period, idle) {
        (None, None) => "no token expires".to_owned(),
        (Some(rule), None) | (None, Some(rule)) => format!("tokens stop working {rule}"),
        (Some(period), Some(idle)) => format!("tokens stop working {period}, or {idle}"),
    }
}

fn by_age(period: Period) -> String {
    format!("{} after they are created", format::period(period))
}

fn by_disuse(idle: Period) -> String {
    format!("when nobody uses them for {}", format::period(idle))
}

/// From when on something is scheduled.
#[must_use]
pub fn from(at: &str) -> String {
    format!("From {at}:")
}

/// Who scheduled it, and when.
#[must_use]
pub fn by(by: Option<&str>, at: &str, version: u32) -> String {
    let by = by.unwrap_or("Somebody");
    format!("Scheduled by {by} on {at} · version {version}")
}

/// It was scheduled.
#[must_use]
pub fn done(at: &str, terms: Terms) -> String {
    format!("Scheduled for {at}: {}.", rules(terms))
}

/// What is scheduled, beside the policy in force in a conflict.
#[must_use]
pub fn and_then(at: &str, terms: Terms) -> String {
    format!("From {at}: {}.", rules(terms))
}

/// The policy of one plan, for its users.
#[must_use]
pub fn policy(plan: &str, terms: Terms) -> String {
    if terms.is_off() {
        format!("{plan} has no expiration period.")
    } else {
        format!("In {plan}, {}.", rules(terms))
    }
}

/// What is scheduled in a plan, for its users; follows [`policy`].
#[must_use]
pub fn policy_to_come(at: &str, terms: Terms) -> String {
    format!("From {at} on, {}.", rules(terms))
}

/// Whose scheduled change does not come if the button is pressed.
#[must_use]
pub fn cancels(replaces: bool, by: Option<&str>, at: &str, terms: Terms) -> String {
    let verb = if replaces { "replaces" } else { "cancels" };
    let by = by.unwrap_or("somebody");
    format!(
        "This {verb} what {by} scheduled for {at}: {}.",
        rules(terms)
    )
}
