//! How many rows of counts a plan can get within an hour or a day: callers choose hosts, paths and scopes.

use std::collections::{HashMap, HashSet};

use tenure_domain::wire::auth_health::Outcome;
use uuid::Uuid;

/// What all others count as.
pub(super) const OTHER: &str = "other";

/// What counts are told apart by, within a plan.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Kind {
    pub(super) outcome: Outcome,
    pub(super) resource: String,
    pub(super) client: String,
    pub(super) scope: String,
}

/// What was told apart within a span of so many milliseconds: so many combinations of outcome, resource, client and
/// scope at most, for each plan, by each process.
#[derive(Default)]
pub(super) struct Variety<const SPAN: i64, const MOST: usize> {
    span: i64,
    kinds: HashMap<Option<Uuid>, HashSet<Kind>>,
}

impl<const SPAN: i64, const MOST: usize> Variety<SPAN, MOST> {
    /// As what a sighting counts in its plan at this instant, in milliseconds.
    pub(super) fn bound(&mut self, plan: Option<Uuid>, at: i64, kind: Kind) -> Kind {
        let span = at.div_euclid(SPAN);
        if span != self.span {
            self.span = span;
            self.kinds.clear();
        }
        let known = self.kinds.entry(plan).or_default();
        if known.contains(&kind) {
            return kind;
        }
        if known.len() < MOST {
            known.insert(kind.clone());
            return kind;
        }
        Kind {
            resource: OTHER.to_owned(),
            client: String::new(),
            scope: String::new(),
            ..kind
        }
    }
}

#[cfg(test)]
mod tests {
    use tenure_domain::time::HOUR;

    use super::*;

    const MOST: usize = 20;

    fn kind(resource: usize) -> Kind {
        Kind {
            outcome: Outcome::Works,
            resource: resource.to_string(),
            client: String::new(),
            scope: String::new(),
        }
    }

    #[test]
    fn what_is_known_stays_and_the_rest_is_other_until_the_next_span() {
        let (mut variety, plan) = (Variety::<HOUR, MOST>::default(), Some(Uuid::from_u128(1)));
        for resource in 0..MOST {
            assert_eq!(variety.bound(plan, 1, kind(resource)), kind(resource));
        }
        assert_eq!(variety.bound(plan, 1, kind(MOST)).resource, OTHER);
        assert_eq!(variety.bound(plan, 1, kind(0)), kind(0));
        let other = Some(Uuid::from_u128(2));
        assert_eq!(variety.bound(other, 1, kind(MOST)), kind(MOST));
        assert_eq!(variety.bound(plan, HOUR, kind(MOST)), kind(MOST));
    }
}
