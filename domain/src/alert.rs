//! When the health of a plan's authentication wants a person's attention: rules with a threshold and a window,
//! which raise one alert each and take it back.
//!
//! A rule is told how much was seen within its window and whether its alert is raised, and says what becomes of
//! it. Deliberately not here: counting, and how people and programs hear of it.

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    json::from_json,
    problem::FieldError,
    time::{MINUTE, Timestamp},
};

/// The most that a threshold can be.
pub const MAX_THRESHOLD: u32 = 1_000_000;
/// The longest window, in minutes: for so long calls are counted by the minute.
pub const MAX_MINUTES: u32 = 24 * 60;

/// What a rule counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AlertKind {
    /// Refresh tokens for which there was no new pair, where they are more than those for which there was.
    RefreshFailing,
    /// Calls with a token that does not work: 401.
    CallsRefused,
    /// Calls whose token lacks a scope: 403.
    ScopesLacking,
    /// Tokens that became suspicious.
    SuspiciousTokens,
}

from_json! {
    AlertKind:
    "refresh_failing" => RefreshFailing,
    "calls_refused" => CallsRefused,
    "scopes_lacking" => ScopesLacking,
    "suspicious_tokens" => SuspiciousTokens,
}

impl AlertKind {
    /// Every kind, the most urgent first.
    pub const ALL: [Self; 4] = [
        Self::SuspiciousTokens,
        Self::RefreshFailing,
        Self::CallsRefused,
        Self::ScopesLacking,
    ];

    /// The kind's name on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RefreshFailing => "refresh_failing",
            Self::CallsRefused => "calls_refused",
            Self::ScopesLacking => "scopes_lacking",
            Self::SuspiciousTokens => "suspicious_tokens",
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// The rule that a plan has while nobody has set another one.
    ///
    /// One suspicious token is one too many. An integration that cannot refresh fails at each try, so a few
    /// failures are enough; expired tokens that are presented are daily life, so that it takes many.
    #[must_use]
    pub const fn default_rule(self) -> Rule {
        let (threshold, minutes) = match self {
            Self::SuspiciousTokens => (1, 60),
            Self::RefreshFailing => (5, 15),
            Self::CallsRefused => (200, 10),
            Self::ScopesLacking => (50, 10),
        };
        Rule {
            threshold,
            minutes,
            on: true,
        }
    }
}

/// From how much on, within how long, an alert is raised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rule {
    /// At least so much raises it: 1 to [`MAX_THRESHOLD`].
    pub threshold: u32,
    /// Within so many minutes: 1 to [`MAX_MINUTES`].
    pub minutes: u32,
    /// Whether it raises one at all.
    pub on: bool,
}

/// Why something is no rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleError {
    /// The threshold is not within its bounds.
    Threshold,
    /// The window is not within its bounds.
    Minutes,
}

impl RuleError {
    /// The error as a problem reports it.
    #[must_use]
    pub fn field(self) -> FieldError {
        let (pointer, code) = match self {
            Self::Threshold => ("/threshold", "threshold_out_of_range"),
            Self::Minutes => ("/minutes", "window_out_of_range"),
        };
        FieldError {
            pointer: pointer.to_owned(),
            code: code.to_owned(),
            detail: self.to_string(),
        }
    }
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Threshold => write!(f, "it is a whole number from 1 to {MAX_THRESHOLD}"),
            Self::Minutes => write!(f, "it is a whole number from 1 to {MAX_MINUTES}, a day"),
        }
    }
}

impl core::error::Error for RuleError {}

impl Rule {
    /// The rule of these values.
    ///
    /// # Errors
    /// Every value that is out of its bounds.
    pub fn new(threshold: u32, minutes: u32, on: bool) -> Result<Self, Vec<RuleError>> {
        let within = |value: u32, most: u32| (1..=most).contains(&value);
        let checks = [
            (within(threshold, MAX_THRESHOLD), RuleError::Threshold),
            (within(minutes, MAX_MINUTES), RuleError::Minutes),
        ];
        let errors: Vec<_> = checks
            .into_iter()
            .filter_map(|(holds, error)| (!holds).then_some(error))
            .collect();
        match errors.as_slice() {
            [] => Ok(Self {
                threshold,
                minutes,
                on,
            }),
            _ => Err(errors),
        }
    }

    /// The length of the window, in milliseconds.
    #[must_use]
    pub fn window(self) -> i64 {
        i64::from(self.minutes).saturating_mul(MINUTE)
    }

    /// The first minute that lies in the window at `now`: the minute of `now` is its last, whole or not.
    #[must_use]
    pub fn since(self, now: Timestamp) -> Timestamp {
        let millis = now.as_millis();
        let begun = millis.saturating_sub(millis.rem_euclid(MINUTE));
        Timestamp::from_millis(begun.saturating_add(MINUTE).saturating_sub(self.window()))
    }
}

/// What was seen within a rule's window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// What the rule counts.
    pub count: u64,
    /// What went well meanwhile, where the rule asks for it.
    pub well: u64,
}

/// What becomes of an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It is raised.
    Fire,
    /// It is taken back.
    Clear,
    /// All stays as it is.
    Stay,
}

/// Whether the rule holds of what was seen.
#[must_use]
pub fn holds(kind: AlertKind, rule: Rule, seen: Seen) -> bool {
    let enough = rule.on && seen.count >= u64::from(rule.threshold);
    match kind {
        AlertKind::RefreshFailing => enough && seen.count > seen.well,
        AlertKind::CallsRefused | AlertKind::ScopesLacking | AlertKind::SuspiciousTokens => enough,
    }
}

/// What becomes of a rule's alert, `raised` being since when it is raised.
///
/// It is raised when the rule holds. It is taken back when the rule does not hold and a whole window has passed
/// since it was raised, so that a count that swings around the threshold raises one alert in a window and not many;
/// a rule that was turned off has no alert at once.
#[must_use]
pub fn decide(
    kind: AlertKind,
    rule: Rule,
    seen: Seen,
    raised: Option<Timestamp>,
    now: Timestamp,
) -> Step {
    match (raised, holds(kind, rule, seen)) {
        (None, true) => Step::Fire,
        (Some(at), false) if !rule.on || now.millis_since(at) >= rule.window() => Step::Clear,
        (None, false) | (Some(_), _) => Step::Stay,
    }
}

/// Whom or what most of it concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Most {
    /// A client's name, or what was called.
    pub name: String,
    /// How much of what was counted.
    pub count: u64,
}

/// What an alert says, in one sentence.
#[must_use]
pub fn sentence(kind: AlertKind, rule: Rule, seen: Seen, most: Option<&Most>) -> String {
    let span = match rule.minutes {
        1 => "one minute".to_owned(),
        minutes if minutes % 60 == 0 && minutes > 60 => format!("{} hours", minutes / 60),
        60 => "an hour".to_owned(),
        minutes => format!("{minutes} minutes"),
    };
    let Seen { count, well } = seen;
    let most = |word: &str| {
        most.filter(|most| !most.name.is_empty())
            .map_or_else(String::new, |most| {
                format!(", {} of them {word} {}", most.count, most.name)
            })
    };
    let s = if count == 1 { "" } else { "s" };
    match kind {
        AlertKind::RefreshFailing => format!(
            "{count} attempt{s} to refresh tokens failed within {span}{}, and {well} succeeded.",
            most("by")
        ),
        AlertKind::CallsRefused => format!(
            "{count} call{s} with tokens that do not work came within {span}{}.",
            most("to")
        ),
        AlertKind::ScopesLacking => format!(
            "{count} call{s} came within {span} whose token lacks a scope{}.",
            most("to")
        ),
        AlertKind::SuspiciousTokens => {
            format!("{count} token{s} became suspicious within {span}.")
        }
    }
}
