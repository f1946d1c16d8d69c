//! What a review changes: a finding that a System Admin has reviewed does not colour its token any more,
//! and neither does the same evidence when it is seen again. Evidence that the review did not know does.

use super::{Finding, Rule};
use crate::time::Timestamp;

/// Findings of one rule that wait for a review, for one token. More of them would say nothing new, and
/// whoever calls from everywhere must not fill the database.
pub const OPEN_AT_MOST: usize = 10;

/// A finding as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// By which rule it was found.
    pub rule: Rule,
    /// What makes its evidence the same when it is seen again ([`Evidence::key`](super::Evidence::key)).
    pub key: String,
    /// When the rule held first.
    pub first_at: Timestamp,
    /// When a System Admin reviewed it.
    pub reviewed_at: Option<Timestamp>,
}

impl Kept {
    /// Whether it waits for a review.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.reviewed_at.is_none()
    }
}

/// Since when a token with these findings is suspicious: since the first that waits for a review.
#[must_use]
pub fn suspicious_since(findings: &[Kept]) -> Option<Timestamp> {
    let open = findings.iter().filter(|finding| finding.is_open());
    open.map(|finding| finding.first_at).min()
}

/// What to do with something that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Admission {
    /// Keep it: it is evidence that nobody knew.
    New,
    /// The same evidence is kept, reviewed or not: note that it was seen again.
    Again,
    /// So many wait for a review already that it is dropped.
    Enough,
}

/// What to do with `found`, where `known` are the findings that are kept of the token.
#[must_use]
pub fn admit(known: &[Kept], found: &Finding) -> Admission {
    let key = found.evidence.key();
    let mut of_rule = known.iter().filter(|kept| kept.rule == found.rule);
    if of_rule.clone().any(|kept| kept.key == key) {
        return Admission::Again;
    }
    if of_rule.by_ref().filter(|kept| kept.is_open()).count() >= OPEN_AT_MOST {
        return Admission::Enough;
    }
    Admission::New
}
