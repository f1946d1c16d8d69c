//! Counting what a policy would end (R17), and what the one in force will.
//!
//! Whatever a number is asked for, the preview, Activate and the history of versions ask here.

use tenure_domain::{
    id::{PlanId, TokenId},
    impact::{Edge, Impact, Outlook, ended_by_coming_into_force},
    policy::History,
    time::Timestamp,
    token::TokenKind,
    wire::impact::EndingToken,
};

use crate::store::{
    StoreError, Tx,
    token_counts::{self, Counts},
    tokens::{self, Ending},
};

/// How many of the tokens that end at once are named.
pub const FIRST: usize = 50;
/// Tokens that are read at a time where each is looked at.
const STRIDE: i64 = 500;

/// Counts what the outlook's change ends, and when. The transaction should be one snapshot.
///
/// # Errors
/// When the database does not answer.
pub async fn count(tx: &mut Tx, plan: &PlanId, outlook: &Outlook) -> Result<Impact, StoreError> {
    let mut impact = Impact::default();
    for kind in TokenKind::ALL {
        let counts = token_counts::of_kind(tx, plan, kind).await?;
        count_kind(tx, &counts, outlook, &mut impact).await?;
    }
    let mut retiring = Retiring::after(outlook.takes_effect_at());
    while let Some(tokens) = retiring.next(tx, plan).await? {
        for token in tokens {
            impact.count_token(outlook, &token.token.facts);
        }
    }
    Ok(impact)
}

async fn count_kind(
    tx: &mut Tx,
    counts: &Counts,
    outlook: &Outlook,
    impact: &mut Impact,
) -> Result<(), StoreError> {
    let edges = outlook.edges(counts.kind());
    let (mut from, mut rest) = (Edge::LOWEST, counts.total());
    for (place, to) in edges.iter().enumerate() {
        // The last edge is for all time: where it lies above all, what is left need not be looked at.
        let tokens = match to.is_above_all() {
            true => rest,
            false => counts.between(tx, [from, *to]).await?,
        };
        impact.count_range(outlook, place, tokens);
        rest = rest.saturating_sub(tokens);
        from = *to;
    }
    impact.count_range(outlook, edges.len(), rest);
    Ok(())
}

/// How many tokens work until the outlook's change, and no longer.
///
/// # Errors
/// When the database does not answer.
pub async fn ended_at_once(
    tx: &mut Tx,
    plan: &PlanId,
    outlook: &Outlook,
) -> Result<u64, StoreError> {
    let at = outlook.takes_effect_at();
    between(tx, plan, at, |kind| outlook.at_the_change(kind)).await
}

/// Whether the outlook's change would end tokens so soon that their owners could not be warned seven days ahead.
///
/// # Errors
/// When the database does not answer.
pub async fn is_unwarned(
    tx: &mut Tx,
    plan: &PlanId,
    outlook: &Outlook,
) -> Result<bool, StoreError> {
    for kind in TokenKind::ALL {
        let counts = token_counts::of_kind(tx, plan, kind).await?;
        if counts.any_between(tx, outlook.unwarned(kind)).await? {
            return Ok(true);
        }
    }
    let mut retiring = Retiring::after(outlook.soon());
    while let Some(tokens) = retiring.next(tx, plan).await? {
        if tokens.iter().any(|it| outlook.is_unwarned(&it.token.facts)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// How many tokens a version ended the moment it came into force. `None` where it has not by `now`.
///
/// # Errors
/// When the database does not answer.
pub async fn ended_by(
    tx: &mut Tx,
    plan: &PlanId,
    history: &History,
    version: u32,
    now: Timestamp,
) -> Result<Option<u64>, StoreError> {
    let of = |kind| ended_by_coming_into_force(history, version, kind, now);
    let Some((at, _)) = of(TokenKind::UserAccess) else {
        return Ok(None);
    };
    let edges = |kind| of(kind).map_or([Edge::LOWEST; 2], |(_, edges)| edges);
    between(tx, plan, at, edges).await.map(Some)
}

/// How many tokens that were not retired by `at` lie between these edges of their kind.
async fn between(
    tx: &mut Tx,
    plan: &PlanId,
    at: Timestamp,
    edges: impl Fn(TokenKind) -> [Edge; 2],
) -> Result<u64, StoreError> {
    let mut number = 0;
    for kind in TokenKind::ALL {
        let counts = token_counts::of_kind(tx, plan, kind).await?;
        number += counts.between(tx, edges(kind)).await?;
    }
    let mut retiring = Retiring::after(at);
    while let Some(tokens) = retiring.next(tx, plan).await? {
        let facts = tokens.iter().map(|token| &token.token.facts);
        let found = facts.filter(|facts| {
            let [from, to] = edges(facts.kind);
            !from.is_above(facts) && to.is_above(facts)
        });
        number += found.count() as u64;
    }
    Ok(number)
}

/// The first [`FIRST`] of so many tokens that work until the outlook's change, and no longer: those of the latest
/// hour of activity first.
///
/// # Errors
/// When the database does not answer.
pub async fn first(
    tx: &mut Tx,
    plan: &PlanId,
    outlook: &Outlook,
    number: u64,
) -> Result<Vec<EndingToken>, StoreError> {
    let mut found = Vec::new();
    for kind in TokenKind::ALL {
        let edges = outlook.at_the_change(kind);
        if number > 0 && edges[0] != edges[1] {
            let limit = FIRST as i64;
            found.extend(tokens::latest_ending(tx, (plan, kind), edges, number, limit).await?);
        }
    }
    let mut retiring = Retiring::after(outlook.takes_effect_at());
    while let Some(tokens) = retiring.next(tx, plan).await? {
        let ending = tokens.into_iter();
        found.extend(ending.filter(|token| outlook.ends_at_once(&token.token.facts)));
    }
    found.sort_by_key(|ending| std::cmp::Reverse(ending.token.facts.last_active_at()));
    found.truncate(FIRST);
    Ok(found.into_iter().map(wire).collect())
}

fn wire(ending: Ending) -> EndingToken {
    let Ending { token, owner } = ending;
    EndingToken {
        id: token.id,
        name: token.name,
        kind: token.facts.kind,
        last_four: token.last_four,
        owner,
        created_at: token.facts.created_at,
        last_used_at: token.facts.last_used_at,
    }
}

/// The tokens that were rotated and still work beside their successors, page by page. An overlap is at most a
/// day long, so these are few.
pub struct Retiring {
    after: (Timestamp, TokenId),
}

impl Retiring {
    /// Those that retire later than `at`.
    #[must_use]
    pub const fn after(at: Timestamp) -> Self {
        Self {
            after: (at.saturating_add(1), TokenId(String::new())),
        }
    }

    /// The next of them; `None` after the last.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn next(
        &mut self,
        tx: &mut Tx,
        plan: &PlanId,
    ) -> Result<Option<Vec<Ending>>, StoreError> {
        let (at, id) = &self.after;
        let page = tokens::retiring_page(tx, plan, (*at, id), STRIDE).await?;
        let Some(last) = page.last() else {
            return Ok(None);
        };
        let retires_at = last.token.facts.retires_at.unwrap_or(*at);
        self.after = (retires_at, last.token.id.clone());
        Ok(Some(page))
    }
}
