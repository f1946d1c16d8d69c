//! `/api/v1/plans/{plan}/expiration-policy`: the plan's one rule, and its history.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{MapAccess, Visitor, value::MapAccessDeserializer},
};

use super::session::UserRef;
use crate::{
    json::from_json,
    period::{Period, PeriodError, Unit},
    policy::{History, PolicyVersion, Refusal, Seen, Terms, Wanted},
    problem::FieldError,
    time::Timestamp,
};

/// The policy in force, and what is scheduled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExpirationPolicy {
    /// Counts the changes, from 0.
    pub version: u32,
    /// How long tokens live, or null while that rule is off.
    pub period: Option<Period>,
    /// How long a token lives that nobody uses, or null while that rule is off.
    pub inactivity: Option<Period>,
    /// When this version came into force.
    pub in_force_since: Timestamp,
    /// Who put it into force; null for the version that a plan starts with.
    pub changed_by: Option<UserRef>,
    /// Every token created before this is dead for good, whatever comes next; null while none is.
    pub dead_before: Option<Timestamp>,
    /// Every token last active before this is dead for good, whatever comes next; null while none is.
    pub idle_before: Option<Timestamp>,
    /// What takes its place, and when; null while nothing is scheduled.
    pub scheduled: Option<ScheduledPolicy>,
}

from_json! {
    ExpirationPolicy {
        version, period, inactivity, in_force_since, changed_by, dead_before, idle_before, scheduled
    }
}

/// A version that is to come into force by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ScheduledPolicy {
    /// Counts the changes.
    pub version: u32,
    /// How long tokens will live, or null where that rule will be off.
    pub period: Option<Period>,
    /// How long a token will live that nobody uses, or null where that rule will be off.
    pub inactivity: Option<Period>,
    /// When it comes into force.
    pub effective_at: Timestamp,
    /// When somebody decided on it.
    pub decided_at: Timestamp,
    /// Who.
    pub changed_by: Option<UserRef>,
}

from_json! {
    ScheduledPolicy { version, period, inactivity, effective_at, decided_at, changed_by }
}

/// A version in a policy's history: in force, past, scheduled or cancelled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecordedPolicy {
    /// Counts the changes, from 0.
    pub version: u32,
    /// How long tokens live, or null where that rule is off.
    pub period: Option<Period>,
    /// How long a token lives that nobody uses, or null where that rule is off.
    pub inactivity: Option<Period>,
    /// When it came into force, or will, or would have.
    pub in_force_since: Timestamp,
    /// When somebody decided on it.
    pub decided_at: Timestamp,
    /// Who decided; null for the version that a plan starts with.
    pub changed_by: Option<UserRef>,
    /// How many tokens stopped working the moment it came into force; null until that is counted.
    pub ended: Option<u64>,
    /// Scheduled, and then cancelled: it never came into force.
    pub cancelled: Option<PolicyCancellation>,
}

from_json! {
    RecordedPolicy { version, period, inactivity, in_force_since, decided_at, changed_by, ended, cancelled }
}

/// That a scheduled version does not come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PolicyCancellation {
    /// When somebody decided so.
    pub at: Timestamp,
    /// Who.
    pub by: Option<UserRef>,
}

from_json!(PolicyCancellation { at, by });

impl From<&ExpirationPolicy> for PolicyVersion {
    fn from(policy: &ExpirationPolicy) -> Self {
        Self {
            version: policy.version,
            period: policy.period,
            inactivity: policy.inactivity,
            in_force_since: policy.in_force_since,
            decided_at: policy.in_force_since,
            changed_by: policy.changed_by.as_ref().map(|by| by.id.clone()),
            dead_before: policy.dead_before.unwrap_or(Timestamp::MIN),
            idle_before: policy.idle_before.unwrap_or(Timestamp::MIN),
        }
    }
}

impl ExpirationPolicy {
    /// What whoever has read this has seen.
    #[must_use]
    pub fn seen(&self) -> Seen {
        Seen {
            in_force: self.version,
            scheduled: self.scheduled.as_ref().map(|next| next.version),
        }
    }

    /// What it says.
    #[must_use]
    pub const fn terms(&self) -> Terms {
        Terms {
            period: self.period,
            inactivity: self.inactivity,
        }
    }

    /// The policy through time from here on, for the functions that decide.
    #[must_use]
    pub fn history(&self) -> Option<History> {
        let next = self.scheduled.as_ref().map(|next| PolicyVersion {
            version: next.version,
            period: next.period,
            inactivity: next.inactivity,
            in_force_since: next.effective_at,
            decided_at: next.decided_at,
            ..PolicyVersion::from(self)
        });
        let versions = core::iter::once(PolicyVersion::from(self)).chain(next);
        History::new(versions.collect())
    }

    /// The entity tag of what it says (RFC 9110, section 8.8.3). It changes with every change, and when
    /// a scheduled version comes into force.
    #[must_use]
    pub fn etag(&self) -> String {
        etag(self.seen())
    }
}

impl ScheduledPolicy {
    /// What it says.
    #[must_use]
    pub const fn terms(&self) -> Terms {
        Terms {
            period: self.period,
            inactivity: self.inactivity,
        }
    }
}

/// The entity tag of what somebody has seen.
#[must_use]
pub fn etag(seen: Seen) -> String {
    format!("\"{seen}\"")
}

/// What an entity tag names: the exact inverse of [`etag`], but for space around it.
#[must_use]
pub fn seen_of(tag: &str) -> Option<Seen> {
    let tag = tag.trim();
    let seen = tag.strip_prefix('"')?.strip_suffix('"')?.parse().ok()?;
    (etag(seen) == tag).then_some(seen)
}

/// A policy that somebody asks for. Needs `If-Match`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutExpirationPolicy {
    /// How long tokens shall live, or null to turn that rule off. The member itself is required.
    #[serde(deserialize_with = "object_or_null")]
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub period: Option<PeriodInput>,
    /// How long a token shall live that nobody uses; null or absent to turn that rule off.
    #[serde(
        default,
        deserialize_with = "object_or_null",
        skip_serializing_if = "Option::is_none"
    )]
    pub inactivity: Option<PeriodInput>,
    /// From when on, at most a year ahead; null or absent for at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_at: Option<Timestamp>,
    /// Refused, with `more_would_end`, where more tokens than this would stop working the moment it comes into force.
    /// Without it, any number may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at_most: Option<u64>,
}

impl PutExpirationPolicy {
    /// The request for this period at once and no other rule, or to turn the policy off.
    #[must_use]
    pub fn new(period: Option<Period>) -> Self {
        Self::of(Terms::of_period(period), None)
    }

    /// The request for these terms, at once or from that instant on.
    #[must_use]
    pub fn of(terms: Terms, effective_at: Option<Timestamp>) -> Self {
        Self {
            period: terms.period.map(PeriodInput::from),
            inactivity: terms.inactivity.map(PeriodInput::from),
            effective_at,
            ends_at_most: None,
        }
    }

    /// The same, if it ends no more tokens than that.
    #[must_use]
    pub fn ending_at_most(self, tokens: u64) -> Self {
        Self {
            ends_at_most: Some(tokens),
            ..self
        }
    }

    /// What is asked for.
    ///
    /// # Errors
    /// Every value that is not valid, each with its pointer.
    pub fn parse(&self) -> Result<Wanted, Vec<FieldError>> {
        let parse = |input: &Option<PeriodInput>, pointer: &str| {
            let parsed = input.as_ref().map(PeriodInput::parse).transpose();
            parsed.map_err(|error| error.at(pointer))
        };
        let period = parse(&self.period, "/period");
        let inactivity = parse(&self.inactivity, "/inactivity");
        let terms = match (period, inactivity) {
            (Ok(period), Ok(inactivity)) => Terms { period, inactivity },
            (period, inactivity) => {
                return Err(period.err().into_iter().chain(inactivity.err()).collect());
            }
        };
        Ok(match self.effective_at {
            Some(at) => Wanted::From(at, terms),
            None => Wanted::Now(terms),
        })
    }
}

/// What is wrong with the instant at which a version is to come into force, if that is why it was refused.
#[must_use]
pub fn wrong_instant(refusal: Refusal) -> Option<FieldError> {
    let (code, detail) = match refusal {
        Refusal::NotAhead => ("not_ahead", "it must be an instant that is still to come"),
        Refusal::TooFarAhead => ("too_far_ahead", "it can be at most 366 days ahead"),
        Refusal::Forbidden(_) | Refusal::Stale | Refusal::Exhausted => return None,
    };
    Some(FieldError {
        pointer: "/effective_at".to_owned(),
        code: code.to_owned(),
        detail: detail.to_owned(),
    })
}

/// Refuses an array: serde would take the members of an object in their order as well.
pub(super) fn object_or_null<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<PeriodInput>, D::Error> {
    struct ObjectOrNull;

    impl<'de> Visitor<'de> for ObjectOrNull {
        type Value = Option<PeriodInput>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object or null")
        }

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Self::Value, A::Error> {
            PeriodInput::deserialize(MapAccessDeserializer::new(object)).map(Some)
        }
    }

    from.deserialize_any(ObjectOrNull)
}

/// A period as it arrives: any JSON number or text for the amount, any text for the unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PeriodInput {
    /// 1 to 9999, and at most ten years.
    #[cfg_attr(feature = "openapi", schema(value_type = u16, minimum = 1, maximum = 9999))]
    pub amount: AmountInput,
    /// `minutes`, `hours`, `days`, `months` or `years`.
    #[cfg_attr(feature = "openapi", schema(value_type = Unit))]
    pub unit: String,
}

/// An amount as it arrives. Only a whole number is valid; the others have errors of their own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum AmountInput {
    /// A whole number.
    Whole(i64),
    /// A number with a decimal point or an exponent, or a huge one. JSON does not tell 90.0 from 90.
    Fraction(f64),
    /// Text, which is no number.
    Text(String),
}

impl PeriodInput {
    /// The period, checked.
    ///
    /// # Errors
    /// Says whether the amount or the unit is wrong, and how.
    pub fn parse(&self) -> Result<Period, PeriodError> {
        let amount = match &self.amount {
            AmountInput::Whole(amount) => *amount,
            // The conversion is held at the ends of the range, which are far out of bounds.
            AmountInput::Fraction(amount) if amount.fract() == 0.0 => *amount as i64,
            AmountInput::Fraction(_) => return Err(PeriodError::AmountNotWhole),
            AmountInput::Text(_) => return Err(PeriodError::AmountNotANumber),
        };
        Period::new(amount, self.unit.parse::<Unit>()?)
    }
}

impl From<Period> for PeriodInput {
    fn from(period: Period) -> Self {
        Self {
            amount: AmountInput::Whole(period.amount().into()),
            unit: period.unit().as_str().to_owned(),
        }
    }
}
