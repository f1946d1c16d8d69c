//! The pages of a user's own tokens, over all of their plans.
//!
//! Each plan's tokens come from the store in the order that an index has; here the plans are merged.
//! Expiry order is creation order within a plan (R3), so merging never looks further than one page of
//! each. The cursor is where each plan's tokens were left.

use std::collections::{BTreeMap, btree_map::Entry};

use serde::{Deserialize, Serialize};
use tenure_domain::{
    id::PlanId,
    time::Timestamp,
    token::{Expiry, Status},
    wire::{
        page::Page,
        session::{Membership, PlanRef, UserRef},
        tokens::{Section, Token},
    },
};

use super::view::Surroundings;
use crate::{
    error::{ApiError, ApiResult},
    ops::observe::is_kept,
    routes::paging,
    store::{
        Tx, memberships,
        policies::{self, PlanPolicies},
        tokens::{self, Position},
        users::User,
    },
};

/// Where a list was left.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Cursor {
    section: Section,
    /// The last token seen of each plan: its creation, in milliseconds, and its id.
    left: BTreeMap<String, (i64, String)>,
}

impl Cursor {
    const fn beginning(section: Section) -> Self {
        Self {
            section,
            left: BTreeMap::new(),
        }
    }

    fn position(&self, plan: &PlanId) -> Option<Position> {
        let (created_at, id) = self.left.get(plan.as_str())?;
        Some(Position {
            created_at: Timestamp::from_millis(*created_at),
            id: id.clone(),
        })
    }
}

/// What is asked for.
pub(super) struct Asked {
    /// Only one section, or both in a row.
    pub(super) section: Option<Section>,
    /// Where the page before ended.
    pub(super) cursor: Option<Cursor>,
    /// How many tokens.
    pub(super) limit: usize,
}

/// A page, and the plans in which it tells of a death that no watermark covers yet (R7).
pub(super) struct Listed {
    pub(super) page: Page<Token>,
    pub(super) to_observe: Vec<PlanId>,
}

/// Lists a user's tokens as they stand at `now`.
pub(super) async fn list(
    tx: &mut Tx,
    owner: &User,
    asked: &Asked,
    now: Timestamp,
) -> ApiResult<Listed> {
    let plans = plans(tx, owner).await?;
    let first = asked.section.unwrap_or(Section::Working);
    let mut cursor = asked.cursor.clone().unwrap_or(Cursor::beginning(first));
    if asked
        .section
        .is_some_and(|section| section != cursor.section)
    {
        return Err(paging::foreign_cursor());
    }
    let mut lister = Lister {
        tx,
        owner: owner.reference(),
        plans: &plans,
        now,
        items: Vec::new(),
    };
    let mut more = lister.fill(&mut cursor, asked.limit).await?;
    if !more && cursor.section == Section::Working && asked.section.is_none() {
        cursor = Cursor::beginning(Section::Ended);
        more = lister.fill(&mut cursor, asked.limit).await?;
    }
    let items = lister.items;
    let to_observe = to_observe(&plans, &items);
    let next_cursor = more.then(|| paging::encode(&cursor));
    Ok(Listed {
        page: Page { items, next_cursor },
        to_observe,
    })
}

/// A plan that the owner is in, with its policy.
struct Plan {
    plan: PlanRef,
    policies: PlanPolicies,
}

async fn plans(tx: &mut Tx, owner: &User) -> ApiResult<Vec<Plan>> {
    let mut plans = Vec::new();
    for Membership { id, name, .. } in memberships::of_user(tx, &owner.id).await? {
        let policies = policies::history(tx, &id).await?;
        let policies = policies.ok_or_else(|| ApiError::internal("a plan without a policy"))?;
        let plan = PlanRef { id, name };
        plans.push(Plan { plan, policies });
    }
    Ok(plans)
}

/// The plans whose stored watermark does not cover every expired token of the page.
fn to_observe(plans: &[Plan], items: &[Token]) -> Vec<PlanId> {
    let uncovered = |plan: &&Plan| {
        items.iter().any(|token| {
            token.status == Status::Expired
                && token.plan.id == plan.plan.id
                && !is_kept(&plan.policies, token.created_at)
        })
    };
    plans
        .iter()
        .filter(uncovered)
        .map(|plan| plan.plan.id.clone())
        .collect()
}

struct Lister<'a> {
    tx: &'a mut Tx,
    owner: UserRef,
    plans: &'a [Plan],
    now: Timestamp,
    items: Vec<Token>,
}

impl Lister<'_> {
    /// Adds tokens of the cursor's section until there are `limit`, and moves the cursor behind them.
    /// Says whether there are more.
    async fn fill(&mut self, cursor: &mut Cursor, limit: usize) -> ApiResult<bool> {
        let wanted = limit.saturating_sub(self.items.len());
        let mut candidates = Vec::new();
        for plan in self.plans {
            let found = self.of_plan(plan, cursor, wanted).await?;
            let around = Surroundings {
                plan: &plan.plan,
                owner: &self.owner,
                policies: &plan.policies,
                now: self.now,
            };
            candidates.extend(found.iter().map(|token| {
                (
                    Place::of(cursor.section, around.expiry(token), token),
                    around.view(token),
                )
            }));
        }
        candidates.sort_by(|(left, _), (right, _)| left.cmp(right));
        let more = candidates.len() > wanted;
        for (_, token) in candidates.into_iter().take(wanted) {
            let last = (token.created_at.as_millis(), token.id.0.clone());
            match cursor.left.entry(token.plan.id.0.clone()) {
                Entry::Occupied(mut left) => *left.get_mut() = last,
                Entry::Vacant(left) => drop(left.insert(last)),
            }
            self.items.push(token);
        }
        Ok(more)
    }

    /// One plan's next tokens in the section's order: one more than wanted, to see whether there are.
    async fn of_plan(
        &mut self,
        plan: &Plan,
        cursor: &Cursor,
        wanted: usize,
    ) -> ApiResult<Vec<tokens::Token>> {
        let limit = i64::try_from(wanted).unwrap_or(i64::MAX).saturating_add(1);
        let dead_before = plan.policies.history.current().dead_before_at(self.now);
        let (owner, id) = (&self.owner.id, &plan.plan.id);
        let left = cursor.position(id);
        let found = match cursor.section {
            Section::Working => {
                let alive = Position::before(dead_before);
                let after = left.map_or(alive.clone(), |left| left.max(alive));
                tokens::working_page(self.tx, owner, id, &after, limit).await?
            }
            Section::Ended => {
                let below = left.unwrap_or(Position::before(Timestamp::MAX));
                tokens::ended_page(self.tx, owner, id, dead_before, &below, limit).await?
            }
        };
        Ok(found)
    }
}

/// Where a token stands in its section: soonest expiry first, or youngest first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Working(Expiry, Timestamp, String),
    Ended(std::cmp::Reverse<(Timestamp, String)>),
}

impl Place {
    fn of(section: Section, expiry: Expiry, token: &tokens::Token) -> Self {
        let (created_at, id) = (token.facts.created_at, token.id.0.clone());
        match section {
            Section::Working => Self::Working(expiry, created_at, id),
            Section::Ended => Self::Ended(std::cmp::Reverse((created_at, id))),
        }
    }
}
