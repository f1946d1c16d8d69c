//! `…/expiration-policy/preview` and `…/forecast`: what a policy would end, and what the one in force will.

use core::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::session::User;
use crate::{
    id::TokenId,
    impact::{self, day_of},
    json::{Fault, FromJson, Json, from_json},
    time::Timestamp,
    token::TokenKind,
};

/// A UTC day, written `2026-12-01`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(Timestamp);

impl Day {
    /// The day of this instant.
    #[must_use]
    pub const fn of(at: Timestamp) -> Self {
        Self(day_of(at))
    }

    /// Its first instant.
    #[must_use]
    pub const fn start(self) -> Timestamp {
        self.0
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.to_string();
        f.write_str(text.split('T').next().unwrap_or_default())
    }
}

impl FromStr for Day {
    type Err = chrono::ParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        format!("{text}T00:00:00Z").parse().map(Self)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

impl FromJson for Day {
    fn take(json: Json, fault: &mut Fault) -> Self {
        fault.unless(json.parsed(), Self(Timestamp::default()))
    }
}

/// How many tokens end on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DayCount {
    /// The UTC day.
    #[cfg_attr(
        feature = "openapi",
        schema(value_type = String, format = Date, example = "2026-12-01")
    )]
    pub date: Day,
    /// How many tokens.
    pub count: u64,
}

from_json!(DayCount { date, count });

/// A token that would stop working at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EndingToken {
    /// The token's id, which is no secret.
    pub id: TokenId,
    /// What the owner calls it.
    pub name: String,
    /// What it is for.
    pub kind: TokenKind,
    /// What its text ends with.
    pub last_four: String,
    /// Whose it is.
    pub owner: User,
    /// When it was generated.
    pub created_at: Timestamp,
    /// The latest successful use, a few seconds late; null when it was never used.
    pub last_used_at: Option<Timestamp>,
}

from_json! {
    EndingToken { id, name, kind, last_four, owner, created_at, last_used_at }
}

/// What a policy would end if it were activated. All numbers hold for tokens that are not used meanwhile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PolicyImpact {
    /// The instant that this holds for.
    pub at: Timestamp,
    /// When the policy would come into force.
    pub takes_effect_at: Timestamp,
    /// Tokens that would work until then, and stop in that moment.
    pub now: u64,
    /// Tokens that would stop within seven days of it.
    pub within_7_days: u64,
    /// Tokens that would stop later than that.
    pub later: u64,
    /// Tokens that no time would end.
    pub never: u64,
    /// Tokens that will have expired before it comes into force, which stay so. Revoked and rotated ones are not
    /// counted.
    pub already_dead: u64,
    /// The ends by UTC day, for 90 days; days without one are left out.
    pub days: Vec<DayCount>,
    /// The first 50 of those that would stop at once, the most recently used first.
    pub first: Vec<EndingToken>,
    /// The earliest instant for which this policy can be scheduled so that nobody loses a token that they were
    /// not told of seven days ahead; `at` where nobody does anyway.
    pub earliest_with_notice: Timestamp,
}

from_json! {
    PolicyImpact {
        at, takes_effect_at, now, within_7_days, later, never, already_dead, days, first, earliest_with_notice,
    }
}

/// What the policy in force will end, with the one that is scheduled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Forecast {
    /// The instant that this holds for.
    pub at: Timestamp,
    /// The coming ends by UTC day, for 90 days; days without one are left out.
    pub days: Vec<DayCount>,
    /// Tokens that end after those days.
    pub later: u64,
    /// Tokens that no time ends.
    pub never: u64,
    /// All tokens that work.
    pub total: u64,
    /// The day on which most end; of several, the first.
    pub heaviest: Option<DayCount>,
}

from_json!(Forecast {
    at,
    days,
    later,
    never,
    total,
    heaviest
});

impl Forecast {
    /// The forecast that was counted at `at`.
    #[must_use]
    pub fn of(impact: &impact::Impact, at: Timestamp) -> Self {
        let by_day: u64 = impact.by_day.values().sum();
        let ending = impact.working().saturating_sub(impact.never);
        Self {
            at,
            days: days(impact),
            later: ending.saturating_sub(by_day),
            never: impact.never,
            total: impact.working(),
            heaviest: impact.heaviest().map(|(day, count)| DayCount {
                date: Day::of(day),
                count,
            }),
        }
    }

    /// The day on which more than a tenth of all tokens end, if there is one. A single token is no crowd.
    #[must_use]
    pub fn crowded(&self) -> Option<DayCount> {
        self.heaviest
            .filter(|day| day.count > 1 && day.count.saturating_mul(10) > self.total)
    }
}

/// The ends by day, as they travel.
#[must_use]
pub fn days(impact: &impact::Impact) -> Vec<DayCount> {
    let by_day = impact.by_day.iter();
    by_day
        .map(|(day, count)| DayCount {
            date: Day::of(*day),
            count: *count,
        })
        .collect()
}
