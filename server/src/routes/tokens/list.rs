//! The pages of a user's own tokens, over all of their plans.
//!
//! Each plan's tokens come from the store in the order that an index has; here the plans are merged.
//! Expiry order is creation order within a plan (R3), so merging never looks further than one page of
//! each; a rotated token keeps its place until it retires. The cursor is where each plan's tokens were
//! left.

use std::collections::{BTreeMap, btree_map::Entry};

use serde::{Deserialize, Serialize};
use tenure_domain::{
    id::{PlanId, TokenId},
    time::Timestamp,
    token::{End, Expiry, Revocation, Status, TokenFacts, Verdict, verdict},
    wire::{
        page::Page,
        session::{Membership, PlanRef, UserRef},
        tokens::{Section, Token},
    },
};

use super::view::{Surroundings, revoker};
use crate::{
    auth::{Acting, TokensRead},
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

/// A page, and the deaths that it tells of which are not kept yet (R7).
pub(super) struct Listed {
    pub(super) page: Page<Token>,
    /// Plans whose watermark does not cover every expired token of the page.
    pub(super) to_observe: Vec<PlanId>,
    /// Rotated tokens whose overlap has passed.
    pub(super) to_settle: Vec<(TokenId, Revocation)>,
}

/// Lists a user's tokens as they stand at `now`.
pub(super) async fn list(
    tx: &mut Tx,
    caller: &Acting<TokensRead>,
    asked: &Asked,
    now: Timestamp,
) -> ApiResult<Listed> {
    let owner = caller.user();
    let mut plans = plans(tx, owner).await?;
    plans.retain(|plan| caller.reaches(&plan.plan.id));
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
        to_settle: Vec::new(),
    };
    let mut more = lister.fill(&mut cursor, asked.limit).await?;
    if !more && cursor.section == Section::Working && asked.section.is_none() {
        cursor = Cursor::beginning(Section::Ended);
        more = lister.fill(&mut cursor, asked.limit).await?;
    }
    let (items, to_settle) = (lister.items, lister.to_settle);
    let to_observe = to_observe(&plans, &items);
    let next_cursor = more.then(|| paging::encode(&cursor));
    Ok(Listed {
        page: Page { items, next_cursor },
        to_observe,
        to_settle,
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
                && !is_kept(&plan.policies, &facts(token))
        })
    };
    plans
        .iter()
        .filter(uncovered)
        .map(|plan| plan.plan.id.clone())
        .collect()
}

/// What of a listed token says whether its death is kept.
fn facts(token: &Token) -> TokenFacts {
    TokenFacts {
        last_used_at: token.last_used_at,
        ..TokenFacts::created(token.kind, token.created_at)
    }
}

struct Lister<'a> {
    tx: &'a mut Tx,
    owner: UserRef,
    plans: &'a [Plan],
    now: Timestamp,
    items: Vec<Token>,
    to_settle: Vec<(TokenId, Revocation)>,
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
            for token in &found {
                let history = &plan.policies.history;
                if token.facts.revoked.is_none()
                    && let Verdict::Dead(End::Revoked(retired)) =
                        verdict(&token.facts, history, self.now)
                {
                    self.to_settle.push((token.id.clone(), retired));
                }
                let by_period =
                    Expiry::of(history.in_force_at(self.now).period, token.facts.created_at);
                let place = Place::of(cursor.section, by_period, token);
                let by = revoker(self.tx, token, &self.owner).await?;
                candidates.push((place, around.view(token, by)));
            }
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
        let marks = plan.policies.history.watermarks_at(self.now);
        let (owner, id) = (&self.owner.id, &plan.plan.id);
        let left = cursor.position(id);
        let found = match cursor.section {
            Section::Working => {
                let after = left.unwrap_or(Position::before(Timestamp::MIN));
                tokens::working_page(self.tx, owner, id, marks, &after, limit).await?
            }
            Section::Ended => {
                let below = left.unwrap_or(Position::before(Timestamp::MAX));
                tokens::ended_page(self.tx, owner, id, marks, &below, limit).await?
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
