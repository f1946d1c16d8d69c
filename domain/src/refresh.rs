//! What becomes of a refresh token that is presented (R9): renewed, healed, or the end of its grant.
//!
//! A grant is one consent's line of token pairs; at any time one pair of it is live. A pair is replaced
//! by presenting its refresh token. When one that was replaced already is presented again, somebody got
//! no answer, or somebody else holds a copy; which of both is decided here.

use crate::{period::Period, time::Timestamp, token::Expiry};

/// How long a refresh token that nobody uses lives where the operator says nothing else.
pub const DEFAULT_IDLE: Period = Period::days_within_ten_years(90);

/// What is known of a refresh token and its grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefreshFacts {
    /// When it was issued.
    pub issued_at: Timestamp,
    /// Where it stands in its grant.
    pub place: Place,
    /// Whether the grant has ended, by whomever.
    pub grant_ended: bool,
}

/// Where a refresh token stands in its grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// It is the newest.
    Live,
    /// It was replaced by a pair of which neither token was ever used.
    Replaced,
    /// It was replaced by a pair that was used.
    Outlived,
    /// It was issued in an answer that the grant has gone on without.
    Voided,
}

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Decision {
    /// Replace it by a new pair.
    Renew,
    /// Its successor never reached anybody: void that, and give a new pair in its stead.
    Heal,
    /// Somebody holds a copy: end the grant, and mark it suspicious.
    Replay,
    /// Nobody has presented it for too long: end the grant.
    TooOld,
    /// Its grant has ended already.
    Ended,
}

/// Decides over a refresh token that is presented at `now`, where one that nobody uses lives for `idle`.
///
/// The policy's period does not cut refresh tokens, or OAuth could never renew.
#[must_use]
pub fn decide(facts: &RefreshFacts, idle: Period, now: Timestamp) -> Decision {
    if facts.grant_ended {
        return Decision::Ended;
    }
    match facts.place {
        Place::Voided | Place::Outlived => Decision::Replay,
        Place::Live | Place::Replaced
            if Expiry::of(Some(idle), facts.issued_at) <= Expiry::At(now) =>
        {
            Decision::TooOld
        }
        Place::Replaced => Decision::Heal,
        Place::Live => Decision::Renew,
    }
}
