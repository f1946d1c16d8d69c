//! Every token of a plan as a list: filtered, in one of four orders, page by page.
//!
//! A page is a merge of strands (`store::tokens::Strand`), each an index's range in the order of the list; a
//! page looks at so many tokens at most ([`Reach`]), and where few of them pass it is short and says where to go on. What
//! a filter leaves few of is read as a whole and sorted, so that an order which no index has costs nothing.
//! Status and expiry are decided by `domain`, token by token. Revoking what is listed: [`revoke`].

mod filter;
mod lead;
pub mod revoke;
mod walk;

use serde::{Deserialize, Serialize};
use tenure_domain::{
    id::{PlanId, TokenId},
    policy::History,
    time::Timestamp,
    token::ends_by,
};

pub use self::filter::Filter;
use self::{
    lead::Lead,
    walk::{Walk, place},
};
use crate::store::{
    StoreError, Tx,
    tokens::{self, Behind, Token, name_key},
};

/// How far one page may look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// How many tokens a walk looks at before the page ends, whatever it has found.
    pub most_read: usize,
    /// So many are read as a whole and sorted, where the order is not an index's.
    pub few: usize,
}

impl Default for Reach {
    fn default() -> Self {
        Self {
            most_read: 3_000,
            few: 1_500,
        }
    }
}

impl Reach {
    /// How many are few for a page that begins here. A list that was read as a whole is so to its end, also when
    /// there are more of them meanwhile.
    const fn few_for(self, cursor: Option<&Cursor>) -> usize {
        match cursor {
            Some(Cursor::Sorted(_)) => self.few.saturating_mul(2),
            _ => self.few,
        }
    }
}

/// Tokens of the same last four characters that are listed first.
const ALIKE: i64 = 20;

/// By what a list is in order. What is equal is in the order of creation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// When they were created.
    #[default]
    Created,
    /// When they were last used; those that never were come before all others.
    LastUsed,
    /// By name, letters of ASCII alike.
    Name,
    /// When they end by themselves under the policy as it is, and never last. Those that were revoked count
    /// by their age.
    Expires,
}

/// What is listed, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Which tokens.
    pub filter: Filter,
    /// In which order.
    pub sort: Sort,
    /// The last first.
    pub descending: bool,
    /// How far a page may look for them.
    pub reach: Reach,
}

/// A page, and where the next one begins; nowhere after the last.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The tokens.
    pub tokens: Vec<Token>,
    /// The next page's beginning.
    pub next: Option<Cursor>,
}

/// Where a page ended.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub enum Cursor {
    /// Behind this one of the tokens that the text means, which come first.
    Meant(TokenId),
    /// Behind this place of a list that was read as a whole; without one, at its beginning.
    Sorted(Option<Place>),
    /// Behind a token of each strand.
    Walked(Vec<Option<Behind>>),
}

/// A token's place in the order of a list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
pub struct Place {
    at: i64,
    name: String,
    created_at: i64,
    id: String,
}

impl Place {
    fn of(token: &Token, sort: Sort, (history, now): (&History, Timestamp)) -> Self {
        let facts = &token.facts;
        let at = match sort {
            Sort::Created | Sort::Name => 0,
            Sort::LastUsed => facts.last_used_at.map_or(i64::MIN, Timestamp::as_millis),
            Sort::Expires => {
                let (expiry, _) = ends_by(facts, history, now);
                expiry.instant().map_or(i64::MAX, Timestamp::as_millis)
            }
        };
        Self {
            at,
            name: match sort {
                Sort::Name => name_key(&token.name),
                _ => String::new(),
            },
            // By name, equal ones come by id, which is the order of creation.
            created_at: match sort {
                Sort::Name => 0,
                _ => facts.created_at.as_millis(),
            },
            id: token.id.0.clone(),
        }
    }
}

/// A page of a plan's tokens as they stand at `now`; `None` when the cursor belongs to another list.
///
/// # Errors
/// When the database does not answer.
pub async fn page(
    tx: &mut Tx,
    plan: &PlanId,
    asked: &Asked,
    (history, now): (&History, Timestamp),
    cursor: Option<&Cursor>,
    limit: usize,
) -> Result<Option<Listed>, StoreError> {
    let lead = Lead {
        filter: &asked.filter,
        history,
        now,
    };
    let list = List {
        plan,
        asked,
        history,
        now,
    };
    let mut tokens = match cursor {
        None => list.meant(tx, None).await?,
        Some(Cursor::Meant(last)) => list.meant(tx, Some(last)).await?,
        Some(Cursor::Sorted(_) | Cursor::Walked(_)) => Vec::new(),
    };
    if tokens.len() > limit {
        tokens.truncate(limit);
        let next = tokens.last().map(|last| Cursor::Meant(last.id.clone()));
        return Ok(Some(Listed { tokens, next }));
    }
    let limit = limit.saturating_sub(tokens.len());
    let walk = lead.walk(asked.sort);
    let few = match (cursor, lead.narrowest()) {
        (Some(Cursor::Walked(_)), _) | (_, None) => None,
        (_, Some(few)) if few == walk => None,
        (_, Some(few)) => list.few(tx, &few, asked.reach.few_for(cursor)).await?,
    };
    let listed = match (few, cursor) {
        (Some(few), Some(Cursor::Sorted(place))) => list.sorted(few, place.as_ref(), limit),
        (Some(few), _) => list.sorted(few, None, limit),
        (None, Some(Cursor::Sorted(_))) => return Ok(None),
        (None, walked) => {
            let behind = match walked {
                Some(Cursor::Walked(behind)) if behind.len() != walk.len() => return Ok(None),
                Some(Cursor::Walked(behind)) => behind.clone(),
                _ => vec![None; walk.len()],
            };
            Walk::new(&list, walk, behind).page(tx, limit).await?
        }
    };
    tokens.extend(listed.tokens);
    Ok(Some(Listed {
        tokens,
        next: listed.next,
    }))
}

/// One list.
struct List<'a> {
    plan: &'a PlanId,
    asked: &'a Asked,
    history: &'a History,
    now: Timestamp,
}

impl List<'_> {
    /// The tokens that the text means by their id or their last characters, behind this one of them, the newest
    /// first: these come before all others.
    async fn meant(&self, tx: &mut Tx, after: Option<&TokenId>) -> Result<Vec<Token>, StoreError> {
        let Some(text) = &self.asked.filter.text else {
            return Ok(Vec::new());
        };
        let by_id = tokens::get(tx, &TokenId(text.clone())).await?;
        let mut meant: Vec<_> = by_id
            .into_iter()
            .filter(|token| token.plan == *self.plan)
            .collect();
        meant.extend(tokens::by_last_four(tx, self.plan, text, ALIKE).await?);
        let filter = &self.asked.filter;
        meant.retain(|token| {
            after.is_none_or(|after| token.id < *after)
                && filter.passes_but_text(token, self.history, self.now)
        });
        meant.sort_unstable_by(|left, right| right.id.cmp(&left.id));
        Ok(meant)
    }

    /// Whether the list has this token, where those that the text means are there already.
    fn has(&self, token: &Token) -> bool {
        let filter = &self.asked.filter;
        filter.is_named(token)
            && !filter.text_means(token)
            && filter.passes_but_text(token, self.history, self.now)
    }

    /// All tokens of these strands, if they are so few.
    async fn few(
        &self,
        tx: &mut Tx,
        strands: &lead::Strands,
        most: usize,
    ) -> Result<Option<Vec<Token>>, StoreError> {
        let mut few: Vec<Token> = Vec::new();
        for (strand, bounds) in strands {
            let room = (most + 1).saturating_sub(few.len());
            let limit = i64::try_from(room).unwrap_or(i64::MAX);
            let found = strand.page(tx, self.plan, (*bounds, true), None, limit);
            let found = found.await?;
            few.extend(
                found
                    .into_iter()
                    .filter(|token| walk::belongs(strand, token, strands)),
            );
            if few.len() > most {
                return Ok(None);
            }
        }
        Ok(Some(few))
    }

    fn sorted(&self, few: Vec<Token>, after: Option<&Place>, limit: usize) -> Listed {
        let listed = few.into_iter().filter(|token| self.has(token));
        let mut placed: Vec<(Place, Token)> =
            listed.map(|token| (place(self, &token), token)).collect();
        placed.sort_unstable_by(|(left, _), (right, _)| self.order(left, right));
        let is_behind = |place: &Place| {
            after.is_none_or(|after| self.order(after, place) == std::cmp::Ordering::Less)
        };
        placed.retain(|(place, _)| is_behind(place));
        let more = placed.len() > limit;
        placed.truncate(limit);
        let last = placed.last().map(|(place, _)| place).or(after).cloned();
        Listed {
            next: more.then_some(Cursor::Sorted(last)),
            tokens: placed.into_iter().map(|(_, token)| token).collect(),
        }
    }

    fn order(&self, left: &Place, right: &Place) -> std::cmp::Ordering {
        match self.asked.descending {
            false => left.cmp(right),
            true => right.cmp(left),
        }
    }
}
