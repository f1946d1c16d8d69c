//! Instants as everything here counts them: UTC, whole milliseconds.

use core::{fmt, str::FromStr};

use chrono::{DateTime, Datelike, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

use crate::json::{Fault, FromJson, Json};

/// Milliseconds in a second.
pub const SECOND: i64 = 1_000;
/// Milliseconds in a minute.
pub const MINUTE: i64 = 60 * SECOND;
/// Milliseconds in an hour.
pub const HOUR: i64 = 60 * MINUTE;
/// Milliseconds in a day, which is 24 hours long.
pub const DAY: i64 = 24 * HOUR;

/// An instant: milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
///
/// On the wire it is an RFC 3339 date-time in UTC with exactly three fractional digits; any offset
/// is accepted on the way in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// The instant lies outside the calendar (about 262 000 years either way).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfRange;

impl fmt::Display for OutOfRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the instant lies outside the calendar")
    }
}

impl core::error::Error for OutOfRange {}

impl Timestamp {
    /// Before every other instant: nothing was created earlier.
    pub const MIN: Self = Self(i64::MIN);
    /// After every other instant.
    pub const MAX: Self = Self(i64::MAX);

    const CALENDAR_START: Self = Self(DateTime::<Utc>::MIN_UTC.timestamp_millis());
    const CALENDAR_END: Self = Self(DateTime::<Utc>::MAX_UTC.timestamp_millis());

    /// The instant that lies this many milliseconds after the epoch.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the epoch.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// This instant moved by `millis`, held at the ends of the range.
    #[must_use]
    pub const fn saturating_add(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// Milliseconds from `earlier` to this instant, negative when it lies before.
    #[must_use]
    pub const fn millis_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The instant in the calendar.
    ///
    /// # Errors
    /// [`OutOfRange`] outside the calendar's range.
    pub fn to_datetime(self) -> Result<DateTime<Utc>, OutOfRange> {
        DateTime::from_timestamp_millis(self.0).ok_or(OutOfRange)
    }

    /// The instant in the calendar that lies nearest.
    pub(crate) fn within_calendar(self) -> Self {
        self.clamp(Self::CALENDAR_START, Self::CALENDAR_END)
    }

    /// The instant as RFC 3339 writes it, which ends with the year 9999.
    fn to_rfc3339(self) -> Option<String> {
        let at = self.to_datetime().ok()?;
        (0..=9999)
            .contains(&at.year())
            .then(|| at.to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(at: DateTime<Utc>) -> Self {
        Self(at.timestamp_millis())
    }
}

/// Writes RFC 3339, and outside its years (0000 to 9999) the milliseconds.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to_rfc3339() {
            Some(text) => f.write_str(&text),
            None => write!(f, "{} ms", self.0),
        }
    }
}

/// Reads an RFC 3339 date-time (section 5.6); digits beyond the millisecond are dropped.
impl FromStr for Timestamp {
    type Err = chrono::ParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        DateTime::parse_from_rfc3339(text).map(|at| at.to_utc().into())
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self
            .to_rfc3339()
            .ok_or_else(|| ser::Error::custom("RFC 3339 has only the years 0000 to 9999"))?;
        serializer.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Timestamp;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an RFC 3339 date-time")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Timestamp, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Visitor)
    }
}

impl FromJson for Timestamp {
    fn take(json: Json, fault: &mut Fault) -> Self {
        fault.unless(json.parsed(), Self::default())
    }
}

#[cfg(feature = "openapi")]
mod openapi {
    use utoipa::openapi::{KnownFormat, ObjectBuilder, RefOr, Schema, SchemaFormat, schema::Type};

    impl utoipa::PartialSchema for super::Timestamp {
        fn schema() -> RefOr<Schema> {
            ObjectBuilder::new()
                .schema_type(Type::String)
                .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
                .description(Some("RFC 3339, UTC, with milliseconds"))
                .examples(["2026-02-20T09:33:07.000Z"])
                .into()
        }
    }

    impl utoipa::ToSchema for super::Timestamp {}
}
