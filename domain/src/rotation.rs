//! Rotating a user access token: a new secret now, and how long the old one works beside it.

use core::fmt;

use crate::{
    period::{Period, Unit},
    problem::FieldError,
    time::{DAY, Timestamp},
    token::Expiry,
};

/// The longest overlap, in milliseconds.
pub const MAX_OVERLAP: i64 = DAY;

/// The overlap is longer than [`MAX_OVERLAP`], or of a unit that has no fixed length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OverlapTooLong;

impl OverlapTooLong {
    /// A stable name for programs.
    pub const CODE: &'static str = "overlap_too_long";

    /// The error as a problem reports it.
    #[must_use]
    pub fn at(self, pointer: &str) -> FieldError {
        FieldError {
            pointer: pointer.to_owned(),
            code: Self::CODE.to_owned(),
            detail: self.to_string(),
        }
    }
}

impl fmt::Display for OverlapTooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the old token can work for at most 24 hours more")
    }
}

impl core::error::Error for OverlapTooLong {}

/// When a token that is rotated at `now` retires: after the overlap, and never later than it would have
/// ended by itself. `None` is no overlap: at once.
///
/// # Errors
/// [`OverlapTooLong`].
pub fn retires_at(
    now: Timestamp,
    overlap: Option<Period>,
    expiry: Expiry,
) -> Result<Timestamp, OverlapTooLong> {
    let Some(overlap) = overlap else {
        return Ok(now);
    };
    let exact = matches!(overlap.unit(), Unit::Minutes | Unit::Hours | Unit::Days);
    let end = overlap.end(now).map_err(|_| OverlapTooLong)?;
    if !exact || end.millis_since(now) > MAX_OVERLAP {
        return Err(OverlapTooLong);
    }
    Ok(match expiry {
        Expiry::At(expiry) => end.min(expiry),
        Expiry::Never => end,
    })
}
