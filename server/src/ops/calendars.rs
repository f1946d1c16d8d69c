//! What is in a calendar of expiries, and who has a secret address for one.
//!
//! A person's calendar has the tokens that they generated and that work: an event each, at its effective
//! expiry. A plan's has an event a day, with the number of tokens that end. Tokens of apps are in neither:
//! apps refresh theirs, and most live for days.

use std::collections::{BTreeMap, btree_map::Entry};

use serde_json::json;
use tenure_domain::{
    id::{PlanId, UserId},
    time::{DAY, Timestamp},
    token::{Expiry, effective_expiry},
    why::why,
};

use super::Actor;
use crate::{
    ics::Moment,
    links,
    store::{
        StoreError, Tx,
        audit::{self, Action, Event},
        audit_log::{Lead, Place, Walk},
        calendars::{self, Subscription},
        memberships, plans,
        policies::{self, PlanPolicies},
        tokens::{self, Position, Token},
        users,
    },
};

/// Tokens that are read at a time.
const STRIDE: i64 = 500;
/// The most tokens of a person in a plan that are in their calendar, oldest first.
const MOST_OF_A_PERSON: usize = 1_000;
/// The most tokens of a plan that are counted for its calendar, oldest first.
const MOST_OF_A_PLAN: usize = 20_000;
/// The most tokens of a day that are named.
const NAMED: usize = 5;
/// The longest that a rotated token works beside its successor.
const LONGEST_OVERLAP: i64 = DAY;
/// What may change the expiry of every token of a plan.
const POLICY_CHANGES: [Action; 3] = [
    Action::PolicyChanged,
    Action::PolicyScheduled,
    Action::PolicyScheduleCancelled,
];

/// Gives a subscription this address, in place of the one that it had.
///
/// # Errors
/// When the database does not answer.
pub async fn share(
    tx: &mut Tx,
    now: Timestamp,
    actor: &Actor,
    of: &Subscription,
    hash: &[u8; 32],
) -> Result<(), StoreError> {
    calendars::delete(tx, of).await?;
    calendars::insert(tx, hash, of, now).await?;
    audit::append(tx, &event(now, actor, Action::CalendarShared, of)).await
}

/// Takes a subscription's address away, if it has one.
///
/// # Errors
/// When the database does not answer.
pub async fn unshare(
    tx: &mut Tx,
    now: Timestamp,
    actor: &Actor,
    of: &Subscription,
) -> Result<(), StoreError> {
    if calendars::delete(tx, of).await? {
        audit::append(tx, &event(now, actor, Action::CalendarUnshared, of)).await?;
    }
    Ok(())
}

fn event(now: Timestamp, actor: &Actor, action: Action, of: &Subscription) -> Event {
    let target = of.plan.as_ref().map_or(&of.user.0, |plan| &plan.0);
    Event {
        at: now,
        plan: of.plan.clone(),
        actor: actor.user.clone(),
        actor_address: actor.address.clone(),
        action,
        target: Some(target.clone()),
        details: json!({}),
    }
}

/// Where the server is and what time it is, for what is said in a calendar.
#[derive(Clone, Copy, Debug)]
pub struct Here<'a> {
    /// Where people reach the console, without a slash at the end.
    pub public_url: &'a str,
    /// The instant asked about.
    pub now: Timestamp,
}

impl Here<'_> {
    /// What makes ids unique among servers.
    fn host(&self) -> &str {
        let url = self.public_url;
        url.split_once("://").map_or(url, |(_, host)| host)
    }
}

/// The expiries of the tokens that a person generated, in those plans that they act in which are within reach.
///
/// # Errors
/// When the database does not answer.
pub async fn of_person(
    tx: &mut Tx,
    user: &UserId,
    reaches: impl Fn(&PlanId) -> bool + Send,
    here: Here<'_>,
) -> Result<Vec<Moment>, StoreError> {
    let mut moments = Vec::new();
    let url = links::api_access(here.public_url);
    for plan in memberships::of_user(tx, user).await? {
        if !reaches(&plan.id) {
            continue;
        }
        let terms = Terms::load(tx, &plan.id, here.now).await?;
        for token in working(tx, &plan.id, Some(user), &terms, MOST_OF_A_PERSON).await? {
            let Expiry::At(at) = terms.expiry(&token) else {
                continue;
            };
            let name = |id: &UserId| terms.name(id);
            let why = why(&token.facts, &terms.policies.history, here.now);
            let why = why.sentence(&in_words, &name);
            moments.push(Moment {
                uid: format!("token-{}@{}", token.id, here.host()),
                at,
                summary: format!("Token {} of {} stops working", token.name, plan.name),
                description: format!(
                    "{}…{}. {why} Generate or rotate it before: {url}",
                    token.facts.kind.prefix(),
                    token.last_four,
                ),
                url: url.clone(),
                modified_at: terms.modified_at(&token),
            });
        }
    }
    moments.sort_by(|left, right| (left.at, &left.uid).cmp(&(right.at, &right.uid)));
    Ok(moments)
}

/// The days on which tokens of a plan end (in UTC), with how many and the names of the first.
///
/// # Errors
/// When the database does not answer.
pub async fn of_plan(
    tx: &mut Tx,
    plan: &PlanId,
    here: Here<'_>,
) -> Result<Vec<Moment>, StoreError> {
    let terms = Terms::load(tx, plan, here.now).await?;
    let plan_name = plans::get(tx, plan)
        .await?
        .map_or_else(String::new, |plan| plan.name);
    let latest = latest(tx, plan, Lead::Plan).await?.unwrap_or(here.now);
    let mut days: BTreeMap<i64, Vec<(Timestamp, Token)>> = BTreeMap::new();
    for token in working(tx, plan, None, &terms, MOST_OF_A_PLAN).await? {
        if let Expiry::At(at) = terms.expiry(&token) {
            days.entry(at.as_millis().div_euclid(DAY))
                .or_default()
                .push((at, token));
        }
    }
    let mut owners = BTreeMap::new();
    let mut moments = Vec::with_capacity(days.len());
    for (day, mut tokens) in days {
        tokens.sort_by(|(left, one), (right, other)| (left, &one.id).cmp(&(right, &other.id)));
        let mut lines = Vec::new();
        for (at, token) in tokens.iter().take(NAMED) {
            let owner = owner(tx, &mut owners, &token.owner).await?;
            lines.push(format!("{} of {owner}, {}", token.name, in_words(*at)));
        }
        if tokens.len() > NAMED {
            lines.push(format!("and {} more", tokens.len() - NAMED));
        }
        let Some((first, _)) = tokens.first() else {
            continue;
        };
        let used = tokens
            .iter()
            .map(|(_, token)| terms.modified_at(token))
            .max();
        moments.push(Moment {
            uid: format!("day-{day}-of-plan-{plan}@{}", here.host()),
            at: *first,
            summary: match tokens.len() {
                1 => format!("1 token of {plan_name} stops working"),
                count => format!("{count} tokens of {plan_name} stop working"),
            },
            description: lines.join("\n"),
            url: links::security_control(here.public_url, plan),
            modified_at: used.unwrap_or(latest).max(latest),
        });
    }
    Ok(moments)
}

/// An instant as people read it, in UTC.
fn in_words(at: Timestamp) -> String {
    at.to_datetime().map_or_else(
        |_| at.to_string(),
        |at| at.format("%-d %B %Y, %H:%M UTC").to_string(),
    )
}

async fn owner(
    tx: &mut Tx,
    known: &mut BTreeMap<UserId, String>,
    id: &UserId,
) -> Result<String, StoreError> {
    Ok(match known.entry(id.clone()) {
        Entry::Occupied(name) => name.get().clone(),
        Entry::Vacant(place) => {
            let name = users::get(tx, id)
                .await?
                .map_or_else(String::new, |user| user.name);
            place.insert(name).clone()
        }
    })
}

/// The tokens that work, of a person in a plan or of the whole plan: the oldest, at most so many.
async fn working(
    tx: &mut Tx,
    plan: &PlanId,
    owner: Option<&UserId>,
    terms: &Terms,
    most: usize,
) -> Result<Vec<Token>, StoreError> {
    let marks = terms.policies.history.watermarks_at(terms.now);
    let (mut found, mut after) = (Vec::new(), Position::before(Timestamp::MIN));
    loop {
        let page = match owner {
            Some(owner) => tokens::working_page(tx, owner, plan, marks, &after, STRIDE).await?,
            None => tokens::working_of_plan(tx, plan, marks, &after, STRIDE).await?,
        };
        let Some(last) = page.last() else { break };
        after = Position::of(last);
        found.extend(page);
        if found.len() >= most {
            break;
        }
    }
    found.truncate(most);
    // A rotated token whose overlap has passed is dead, and may not be marked so yet.
    found.retain(|token| token.facts.retires_at.is_none_or(|at| terms.now < at));
    Ok(found)
}

/// The policy of a plan, and when it was changed last.
struct Terms {
    policies: PlanPolicies,
    changed_at: Timestamp,
    now: Timestamp,
}

impl Terms {
    async fn load(tx: &mut Tx, plan: &PlanId, now: Timestamp) -> Result<Self, StoreError> {
        let policies = policies::history(tx, plan)
            .await?
            .ok_or(StoreError::Corrupt {
                place: "policy_versions",
            })?;
        let mut changed_at = Timestamp::MIN;
        for action in POLICY_CHANGES {
            let latest = latest(tx, plan, Lead::Action(action.as_str())).await?;
            changed_at = changed_at.max(latest.unwrap_or(Timestamp::MIN));
        }
        Ok(Self {
            policies,
            changed_at,
            now,
        })
    }

    fn expiry(&self, token: &Token) -> Expiry {
        effective_expiry(&token.facts, &self.policies.history, self.now)
    }

    /// When the token's expiry last became another one, or may have.
    fn modified_at(&self, token: &Token) -> Timestamp {
        let facts = &token.facts;
        let history = &self.policies.history;
        let in_force = history.in_force_at(self.now);
        let counts_uses = in_force.inactivity.is_some()
            || history
                .scheduled_at(self.now)
                .is_some_and(|next| next.inactivity.is_some());
        let used = facts.last_used_at.filter(|_| counts_uses);
        // When it was rotated is not kept; it was not earlier than this.
        let rotated = facts
            .retires_at
            .map(|at| at.saturating_add(-LONGEST_OVERLAP));
        let all = [Some(self.changed_at), used, rotated];
        let latest = all
            .into_iter()
            .flatten()
            .fold(facts.created_at, Timestamp::max);
        latest.min(self.now)
    }

    fn name(&self, id: &UserId) -> String {
        let user = self.policies.user(id);
        user.map_or_else(|| "somebody".to_owned(), |user| user.name)
    }
}

/// When the newest of these events happened.
async fn latest(
    tx: &mut Tx,
    plan: &PlanId,
    lead: Lead<'_>,
) -> Result<Option<Timestamp>, StoreError> {
    let walk = Walk {
        plan,
        lead,
        since: Timestamp::MIN,
    };
    let newest = walk.below(tx, Place::before(Timestamp::MAX), 1).await?;
    Ok(newest.first().map(|entry| entry.place().at))
}
