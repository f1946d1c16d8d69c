//! By what a token will end, for lists in the order of expiry: each rule has an order of its own in which its
//! tokens end, and a list is those orders merged.

use super::{End, Expiry, TokenFacts, Verdict, effective_expiry, verdict};
use crate::{policy::History, time::Timestamp};

/// What gives a token its effective expiry. Of several that give the same, the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EndsBy {
    /// Its age, by the policy's period or the server's lifetime: in the order of creation, within a kind.
    /// So does a token that nothing ends.
    Age,
    /// Nobody uses it: in the order of last activity.
    Inactivity,
    /// It was rotated: in the order in which the overlaps end.
    Retirement,
}

/// When a token ends by itself as things stand at `now`, and by what. One that was revoked counts by its age
/// alone: nobody waits for it to be used.
#[must_use]
pub fn ends_by(token: &TokenFacts, history: &History, now: Timestamp) -> (Expiry, EndsBy) {
    let used_for_ever = TokenFacts {
        last_used_at: Some(Timestamp::MAX),
        retires_at: None,
        ..token.clone()
    };
    let by_age = effective_expiry(&used_for_ever, history, now);
    let expiry = effective_expiry(token, history, now);
    if token.revoked.is_some() || expiry == by_age {
        return (by_age, EndsBy::Age);
    }
    let not_rotated = TokenFacts {
        retires_at: None,
        ..token.clone()
    };
    match effective_expiry(&not_rotated, history, now) == expiry {
        true => (expiry, EndsBy::Inactivity),
        false => (expiry, EndsBy::Retirement),
    }
}

/// The expiry that is told of a token at `now`: when it expired, or when it would have or will by itself.
#[must_use]
pub fn told_expiry(token: &TokenFacts, history: &History, now: Timestamp) -> Expiry {
    match verdict(token, history, now) {
        Verdict::Works(expiry) => expiry,
        Verdict::Dead(end) if end.is_expiry() => Expiry::At(End::at(&end)),
        Verdict::Dead(_) | Verdict::NotYet => effective_expiry(token, history, now),
    }
}
