//! Telling owners ahead: one digest per owner and day. What is due is decided in `domain::notice`; here it is
//! looked for among the tokens that expire soon, and queued.

use std::collections::{BTreeMap, BTreeSet};

use tenure_domain::{
    id::{PlanId, UserId},
    notice::{self, Due, NoticeKind},
    policy::History,
    time::{HOUR, Timestamp},
};

use super::{begin, key, zone_of};
use crate::store::{
    Store, StoreError, Tx,
    notices::{self, announcements},
    plans, policies,
    tokens::{self, Position, Token},
    users::{self, User},
};

/// Tokens that are read at a time.
const STRIDE: i64 = 500;
/// Owners whose digests are queued in one transaction.
const OWNERS: usize = 25;
/// No zone's tomorrow ends later than this from now: two days, and an hour that clocks are put back.
const TOMORROW_ENDS_WITHIN: i64 = 49 * HOUR;

/// What owners are to hear of their tokens in several plans.
type DueByOwner = BTreeMap<UserId, (User, BTreeSet<(Due, PlanId)>)>;

/// Queues today's digest of everybody who has to hear something and has not got it; says how many.
///
/// Run it as often as you like, in as many processes as you like: what was told is told once.
///
/// # Errors
/// When the database does not answer.
pub async fn plan(store: &Store, now: Timestamp) -> Result<usize, StoreError> {
    let mut due = DueByOwner::new();
    for plan in plans::all(&mut store.peek().await?).await? {
        of_plan(&mut store.read().await?, &plan.id, &mut due, now).await?;
    }
    let mut queued = 0;
    let owners: Vec<_> = due.into_values().collect();
    for some in owners.chunks(OWNERS) {
        let mut tx = store.write_aside().await?;
        for (owner, tokens) in some {
            queued += usize::from(queue(&mut tx, owner, tokens, now).await?);
        }
        tx.commit().await?;
    }
    Ok(queued)
}

/// Adds what owners of a plan's tokens are to hear.
async fn of_plan(
    tx: &mut Tx,
    plan: &PlanId,
    due: &mut DueByOwner,
    now: Timestamp,
) -> Result<(), StoreError> {
    // A change that owners do not know of yet tells of these tokens itself.
    if announcements::count_open_of_plan(tx, plan).await? > 0 {
        return Ok(());
    }
    let Some(policies) = policies::history(tx, plan).await? else {
        return Ok(());
    };
    let history = &policies.history;
    let latest = notice::told_before(now.saturating_add(TOMORROW_ENDS_WITHIN));
    let dead = history.watermarks_at(now);
    let ending = notice::ending_before(history, latest, now);
    let mut after = Position::before(dead.dead_before);
    while after.created_at < ending.dead_before {
        let before = ending.dead_before;
        let page = tokens::timed_page(tx, plan, &after, before, STRIDE).await?;
        let Some(last) = page.last() else { break };
        after = Position::of(last);
        add(tx, plan, history, &page, due, now).await?;
    }
    let mut after = Position::before(dead.idle_before);
    while after.created_at < ending.idle_before {
        let before = ending.idle_before;
        let page = tokens::timed_idle_page(tx, plan, &after, before, STRIDE).await?;
        let Some(last) = page.last() else { break };
        after = Position::of_activity(last);
        add(tx, plan, history, &page, due, now).await?;
    }
    Ok(())
}

/// Adds what is due of a page of tokens.
async fn add(
    tx: &mut Tx,
    plan: &PlanId,
    history: &History,
    page: &[Token],
    due: &mut DueByOwner,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut candidates = Vec::new();
    for token in page {
        let owner = match due.get(&token.owner) {
            Some((owner, _)) => owner.clone(),
            None => match users::get(tx, &token.owner).await? {
                Some(owner) => due
                    .entry(owner.id.clone())
                    .or_insert((owner, BTreeSet::new()))
                    .0
                    .clone(),
                None => continue,
            },
        };
        let tomorrow_ends = zone_of(&owner).day(now).tomorrow_ends;
        if let Some(expiry) = notice::to_tell(&token.facts, history, tomorrow_ends, now) {
            let token_id = token.id.clone();
            candidates.push((
                owner.id,
                Due {
                    expiry,
                    token: token_id,
                },
            ));
        }
    }
    let instants = candidates.iter().map(|(_, due)| due.expiry);
    let (Some(from), Some(until)) = (instants.clone().min(), instants.max()) else {
        return Ok(());
    };
    let told = notices::told(tx, plan, NoticeKind::Digest, (from, until)).await?;
    let told: BTreeSet<Due> = told.into_iter().collect();
    for (owner, one) in candidates {
        if let (false, Some((_, tokens))) = (told.contains(&one), due.get_mut(&owner)) {
            tokens.insert((one, plan.clone()));
        }
    }
    Ok(())
}

/// Queues an owner's digest of today, unless today's is on its way already: then tomorrow's tells it.
async fn queue(
    tx: &mut Tx,
    owner: &User,
    tokens: &BTreeSet<(Due, PlanId)>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    if tokens.is_empty() {
        return Ok(false);
    }
    let day = zone_of(owner).day(now);
    let key = key(NoticeKind::Digest, owner, &day.date);
    let Some(id) = begin(tx, (owner, NoticeKind::Digest), &key, now, now).await? else {
        return Ok(false);
    };
    let mut by_plan: BTreeMap<&PlanId, i64> = BTreeMap::new();
    for (due, plan) in tokens {
        if notices::tell(tx, (&id, NoticeKind::Digest), plan, due).await? {
            *by_plan.entry(plan).or_default() += 1;
        }
    }
    for (plan, count) in &by_plan {
        notices::add_tokens(tx, &id, plan, *count).await?;
    }
    if by_plan.is_empty() {
        // Another process was faster with each of them.
        notices::discard_empty(tx, &id).await?;
    }
    Ok(!by_plan.is_empty())
}
