//! Words of Admin Center > Security & Control.

use tenure_domain::{
    period::{Period, Unit},
    plan::Tier,
    policy::Terms,
};

use super::shell;
use crate::format;

/// The tile's heading.
pub const TILE: &str = "API Access Token";
/// What the tile rules.
pub const TILE_ABOUT: &str =
    "One period for every access token of this plan: new ones and those that exist already.";
/// The switch.
pub const SWITCH: &str = "Expiration period";
/// The number field.
pub const DURATION: &str = "Duration";
/// The select.
pub const UNIT: &str = "Unit";
/// Before the fields.
pub const SENTENCE_BEFORE: &str = "Tokens stop working";
/// After the fields.
pub const SENTENCE_AFTER: &str = "after they are created.";
/// Puts what is typed into force.
pub const ACTIVATE: &str = "Activate";
/// Opens the fields on the policy in force.
pub const CHANGE: &str = "Change";
/// Ends the policy in force.
pub const TURN_OFF: &str = "Turn off";
/// The dialog before a typed period is dropped.
pub const LEAVE_TITLE: &str = "Leave without activating?";
/// What leaving does.
pub const LEAVE_LOSES: &str = "The period that you typed was not activated and will be lost.";
/// Drops what was typed.
pub const LEAVE: &str = "Leave";
/// Keeps it.
pub const STAY: &str = "Stay";
/// Keeps the policy in force.
pub const KEEP: &str = "Keep it on";

/// The tile while the policy is off.
pub const OFF: &str = "Tokens of this plan work until somebody revokes them.";
/// What to do about it.
pub const OFF_HINT: &str =
    "Slide the switch to choose a period. Nothing changes until you press Activate.";
/// What counts.
pub const COUNTS_FROM: &str = "It counts from each token's own creation.";
/// Nothing that works now stops at once.
pub const NONE_AT_ONCE: &str =
    "No token stops working at once. Tokens that have expired already stay dead.";
/// Some do, but not by their age.
pub const NONE_BY_AGE: &str = "No token stops working at once by its age, but some by disuse.";
/// The server has not counted yet.
pub const NOT_COUNTED: &str =
    "How many tokens stop working at once stands below once it is counted.";
/// It is to come into force later.
pub const NOTHING_BEFORE: &str =
    "Nothing changes before the set time. What it does then stands below.";
/// It is the very period that is in force.
pub const SAME: &str = "This is the period in force.";
/// While there is nothing to foretell.
pub const NO_CONSEQUENCE: &str = "Type a period to see how long a token created now would work.";

/// Advice: nobody can be warned.
pub const ADVICE_NO_NOTICE: &str = "Shorter than 7 days: no notice can be sent ahead, and every automation needs a new token that often or it stops.";
/// Advice: a stolen token is worth much.
pub const ADVICE_LONG: &str =
    "Long: whoever steals a token can use it for all that time. Shorter periods end that sooner.";

/// Why the tile is locked.
pub const LOCKED: &str = "Expiration periods come with the Business and Enterprise plans.";
/// What it means.
pub const LOCKED_ABOUT: &str =
    "On a Pro plan, tokens work until their owners revoke them. Nothing can be set here.";

/// What it does to tokens that work.
pub const TURN_OFF_ALIVE: &str =
    "Tokens that still work keep working until somebody revokes them. New ones never expire.";
/// What it does not do.
pub const TURN_OFF_DEAD: &str = "Tokens that have expired stay dead. Their owners need new ones.";

/// The heading of the panel that shows another admin's change.
pub const CONFLICT_TITLE: &str = "Somebody changed this while you were editing";
/// Nothing of one's own is lost.
pub const CONFLICT_KEPT: &str = "Your change was not made. What you typed is kept.";
/// Who made the change in force.
pub const CONFLICT_THEIRS: &str = "In force now";
/// What was typed here.
pub const CONFLICT_MINE: &str = "Yours";
/// Takes the other's policy.
pub const USE_THEIRS: &str = "Use theirs";
/// Makes one's own change all the same.
pub const APPLY_MINE: &str = "Apply mine on top";

/// The heading of the list of versions.
pub const HISTORY: &str = "Versions";
/// Its columns.
pub const HISTORY_COLUMNS: [&str; 5] = ["Version", "Period", "In force since", "Set by", "Effect"];
/// The page of the history alone, and the way there.
pub const HISTORY_PAGE: &str = "Policy history";
/// A version that is to come.
pub const HISTORY_SCHEDULED: &str = "Scheduled";
/// A version that was to come.
pub const HISTORY_CANCELLED: &str = "Cancelled";
/// The effect of a version that is to come.
pub const HISTORY_TO_COME: &str = "Not in force yet";
/// The effect of a version that was cancelled.
pub const HISTORY_NEVER_CAME: &str = "Never came into force";
/// The effect of a version that has just come into force by itself.
pub const HISTORY_UNCOUNTED: &str = "Being counted";
/// The list before the first change.
pub const HISTORY_EMPTY: &str =
    "Nobody has set a period yet. Each change will be listed here, with who made it and when.";
/// A version without a period.
pub const HISTORY_OFF: &str = "Off";
/// Nobody made the first version.
pub const HISTORY_NOBODY: &str = "The plan began with it";
/// The version in force.
pub const HISTORY_CURRENT: &str = "In force";

/// The server was not reached by a change of the period.
pub const UNREACHED: &str =
    "This page will look whether your change was made once the connection is back.";
/// The connection came back, and the new period is not in force.
pub const NOT_ACTIVATED: &str = "The connection is back. Your change was not made; what you typed is kept. Press Activate again.";
/// The connection came back, and the policy is still on.
pub const NOT_TURNED_OFF: &str =
    "The connection is back. The expiration period is still on. Press Turn off again.";
/// Before the instant until which a token would work.
pub const UNTIL: &str = "A token created now would work until";
/// In place of one's own period, when what is typed is none.
pub const CONFLICT_INVALID: &str = "Not a period yet";

/// The unit as the select has it.
#[must_use]
pub const fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Minutes => "Minutes",
        Unit::Hours => "Hours",
        Unit::Days => "Days",
        Unit::Months => "Months",
        Unit::Years => "Years",
    }
}

/// The dialog that turns the policy off.
#[must_use]
pub const fn turn_off_title(terms: Terms) -> &'static str {
    match (terms.period, terms.inactivity) {
        (Some(_), Some(_)) => "Turn off both rules?",
        (None, Some(_)) => "Turn off the expiry of unused tokens?",
        _ => "Turn off the expiration period?",
    }
}

/// Which rules that ends.
#[must_use]
pub fn turn_off_rules(terms: Terms) -> String {
    let rules = super::schedule::rules(terms);
    match (terms.period, terms.inactivity) {
        (Some(_), Some(_)) => format!("Both rules end: {rules}."),
        _ => format!("This rule ends: {rules}."),
    }
}

/// From when on one's own change shall count, in a conflict.
#[must_use]
pub fn to_be_scheduled(at: &str) -> String {
    format!("To be scheduled for {at}.")
}

/// Below the page's heading.
#[must_use]
pub fn plan_line(plan: &str, tier: Tier) -> String {
    let tier = shell::tier(tier);
    format!("{plan}, {tier} plan")
}

/// Since when the policy is in force.
#[must_use]
pub fn since(at: &str) -> String {
    format!("Since {at}")
}

/// By whom it was set, and which version it is; follows [`since`].
#[must_use]
pub fn set_by(by: Option<&str>, version: u32) -> String {
    by.map_or_else(
        || format!(" · version {version}"),
        |by| format!(", set by {by} · version {version}"),
    )
}

/// Tokens that die the moment the button is pressed.
#[must_use]
pub fn at_once(before: &str) -> String {
    format!("Tokens created before {before} stop working the moment you press Activate.")
}

/// A change was made.
#[must_use]
pub fn activated(terms: Terms, at: &str) -> String {
    format!("In force since {at}: {}.", super::schedule::rules(terms))
}

/// The policy was ended.
#[must_use]
pub fn turned_off(at: &str) -> String {
    format!("Off since {at}: no further token expires.")
}

/// The rules of a version.
#[must_use]
pub fn rules(period: Option<Period>, inactivity: Option<Period>) -> String {
    let period = period.map(format::period);
    let unused = inactivity.map(|it| format!("unused for {}", format::period(it)));
    match (period, unused) {
        (None, None) => HISTORY_OFF.to_owned(),
        (Some(one), None) | (None, Some(one)) => one,
        (Some(period), Some(unused)) => format!("{period}, or {unused}"),
    }
}

/// What a version ended the moment it came into force.
#[must_use]
pub fn ended(tokens: u64) -> String {
    match tokens {
        0 => "Ended no token at once".to_owned(),
        count => format!("Ended {} at once", super::impact::tokens(count)),
    }
}

/// When a version was to come that was cancelled.
#[must_use]
pub fn would_have_come(at: &str) -> String {
    format!("Would have come into force on {at}")
}

/// When a version was decided on.
#[must_use]
pub fn decided(at: &str) -> String {
    format!("Decided {at}")
}

/// Who cancelled a version, and when.
#[must_use]
pub fn cancelled(by: Option<&str>, at: &str) -> String {
    match by {
        Some(by) => format!("Cancelled by {by}, {at}"),
        None => format!("Cancelled {at}"),
    }
}

/// Who made a version, and when.
#[must_use]
pub fn attribution(by: Option<&str>, at: &str, version: u32) -> String {
    let by = by.unwrap_or("Somebody");
    format!("{by} set it on {at} (version {version}).")
}

/// What to do about a failed change.
#[must_use]
pub fn kept(remedy: &str) -> String {
    format!("{remedy} What you typed is kept.")
}
