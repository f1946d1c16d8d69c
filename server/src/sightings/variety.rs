//! How many rows of counts a plan can get within an hour: callers choose hosts, paths and scopes.

use std::collections::{HashMap, HashSet};

use tenure_domain::{time::HOUR, wire::auth_health::Outcome};
use uuid::Uuid;

/// Combinations of outcome, resource, client and scope that are told apart, for each plan and hour, by each process.
const MOST: usize = 200;
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

/// What was told apart within the hour.
#[derive(Default)]
pub(super) struct Variety {
    hour: i64,
    kinds: HashMap<Option<Uuid>, HashSet<Kind>>,
}

impl Variety {
    /// As what a sighting counts in its plan at this instant, in milliseconds.
    pub(super) fn bound(&mut self, plan: Option<Uuid>, at: i64, kind: Kind) -> Kind {
        let hour = at.div_euclid(HOUR);
        if hour != self.hour {
            self.hour = hour;
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
    use super::*;

    fn kind(resource: usize) -> Kind {
        Kind {
            outcome: Outcome::Works,
            resource: resource.to_string(),
            client: String::new(),
            scope: String::new(),
        }
    }

    #[test]
    fn what_is_known_stays_and_the_rest_is_other_until_the_next_hour() {
        let (mut variety, plan) = (Variety::default(), Some(Uuid::from_u128(1)));
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
