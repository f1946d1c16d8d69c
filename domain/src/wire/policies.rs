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
    policy::PolicyVersion,
    problem::FieldError,
    time::Timestamp,
};

/// The policy in force, or an earlier version of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExpirationPolicy {
    /// Counts the changes, from 0; also the `ETag`.
    pub version: u32,
    /// How long tokens live, or null while the policy is off.
    pub period: Option<Period>,
    /// How long an unused token lives, or null while that policy is off.
    pub inactivity: Option<Period>,
    /// When this version came into force.
    pub in_force_since: Timestamp,
    /// Who put it into force; null for the version that a plan starts with.
    pub changed_by: Option<UserRef>,
    /// Every token created before this is dead for good, whatever comes next; null while none is.
    pub dead_before: Option<Timestamp>,
}

from_json! {
    ExpirationPolicy { version, period, inactivity, in_force_since, changed_by, dead_before }
}

impl From<&ExpirationPolicy> for PolicyVersion {
    fn from(policy: &ExpirationPolicy) -> Self {
        Self {
            version: policy.version,
            period: policy.period,
            in_force_since: policy.in_force_since,
            changed_by: policy.changed_by.as_ref().map(|by| by.id.clone()),
            dead_before: policy.dead_before.unwrap_or(Timestamp::MIN),
        }
    }
}

impl ExpirationPolicy {
    /// The entity tag of this version (RFC 9110, section 8.8.3).
    #[must_use]
    pub fn etag(&self) -> String {
        etag(self.version)
    }
}

/// The entity tag of a version.
#[must_use]
pub fn etag(version: u32) -> String {
    format!("\"{version}\"")
}

/// The version that an entity tag names: the exact inverse of [`etag`], but for space around it.
#[must_use]
pub fn version_of(tag: &str) -> Option<u32> {
    let tag = tag.trim();
    let version = tag.strip_prefix('"')?.strip_suffix('"')?.parse().ok()?;
    (etag(version) == tag).then_some(version)
}

/// A policy that somebody asks for. Needs `If-Match`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutExpirationPolicy {
    /// How long tokens shall live, or null to turn the policy off. The member itself is required.
    #[serde(deserialize_with = "object_or_null")]
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub period: Option<PeriodInput>,
    /// Must be null or absent: tokens do not expire by inactivity here yet.
    #[serde(
        default,
        deserialize_with = "object_or_null",
        skip_serializing_if = "Option::is_none"
    )]
    pub inactivity: Option<PeriodInput>,
    /// Must be null or absent: a change is in force at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_at: Option<Timestamp>,
    /// Refused, with `more_would_end`, where more tokens than this would stop working the moment it comes into force.
    /// Without it, any number may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at_most: Option<u64>,
}

impl PutExpirationPolicy {
    /// The request for this period, or to turn the policy off.
    #[must_use]
    pub fn new(period: Option<Period>) -> Self {
        Self {
            period: period.map(PeriodInput::from),
            inactivity: None,
            effective_at: None,
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

    /// The period that is asked for.
    ///
    /// # Errors
    /// Every value that is not valid, each with its pointer.
    pub fn parse(&self) -> Result<Option<Period>, Vec<FieldError>> {
        let period = self.period.as_ref().map(PeriodInput::parse).transpose();
        let not_offered = |pointer: &str| FieldError {
            pointer: pointer.to_owned(),
            code: "not_offered".to_owned(),
            detail: "this server does not offer it yet; leave it out or send null".to_owned(),
        };
        let wrong_period = period.err().map(|error| error.at("/period"));
        let inactivity = self.inactivity.as_ref().map(|_| not_offered("/inactivity"));
        let effective_at = self.effective_at.map(|_| not_offered("/effective_at"));
        let errors: Vec<_> = [wrong_period, inactivity, effective_at]
            .into_iter()
            .flatten()
            .collect();
        match period {
            Ok(period) if errors.is_empty() => Ok(period),
            _ => Err(errors),
        }
    }
}

/// Refuses an array: serde would take the members of an object in their order as well.
fn object_or_null<'de, D: Deserializer<'de>>(from: D) -> Result<Option<PeriodInput>, D::Error> {
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
