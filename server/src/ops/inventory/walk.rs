//! Merging strands into one list. Each has the list's order, so the next token of the list is the next of one
//! of them; a cursor is where each was left.

use std::collections::VecDeque;

use tenure_domain::token::{EndsBy, ends_by};

use super::{Cursor, List, Listed, Place, Sort, lead::Strands};
use crate::store::{
    StoreError, Tx,
    tokens::{Behind, Strand, Token},
};

/// Tokens that are read at a time once the first of a strand did not suffice. Where a strand has the order of hours,
/// each time the rows of the hour that it goes on in are sorted again.
const STRIDE: usize = 1_000;

/// Strands that are walked side by side.
pub(super) struct Walk<'a> {
    list: &'a List<'a>,
    strands: Strands,
    walkers: Vec<Walker>,
    read: usize,
}

/// How far one strand was walked.
#[derive(Default)]
struct Walker {
    /// The last token of it that the list is done with.
    behind: Option<Behind>,
    /// Those that were read, and their places; none for those that another strand has.
    ahead: VecDeque<(Option<Place>, Token)>,
    /// Whether more was read before.
    began: bool,
    ended: bool,
}

/// The list's place of a token.
pub(super) fn place(list: &List<'_>, token: &Token) -> Place {
    Place::of(token, list.asked.sort, (list.history, list.now))
}

/// Whether a token is this strand's to give, where other strands have it as well.
pub(super) fn belongs(strand: &Strand, token: &Token, strands: &Strands) -> bool {
    let is_rotated = token.facts.retires_at.is_some();
    let has = |other: &Strand| strands.iter().any(|(strand, _)| strand == other);
    match strand {
        Strand::OfKind(_) => !(is_rotated && has(&Strand::Rotated)),
        Strand::Rotated => !(token.facts.revoked.is_some() && has(&Strand::Revoked)),
        _ => true,
    }
}

impl<'a> Walk<'a> {
    pub(super) fn new(list: &'a List<'a>, strands: Strands, behind: Vec<Option<Behind>>) -> Self {
        let walker = |behind| Walker {
            behind,
            ..Walker::default()
        };
        Self {
            list,
            strands,
            walkers: behind.into_iter().map(walker).collect(),
            read: 0,
        }
    }

    /// The next tokens of the list, at most `limit`, and fewer where few of those looked at pass.
    pub(super) async fn page(mut self, tx: &mut Tx, limit: usize) -> Result<Listed, StoreError> {
        let mut tokens = Vec::new();
        loop {
            for number in 0..self.walkers.len() {
                if !self.look_ahead(tx, number, limit).await? {
                    return Ok(self.left(tokens));
                }
            }
            let Some(number) = self.next() else {
                return Ok(Listed { tokens, next: None });
            };
            if tokens.len() == limit {
                return Ok(self.left(tokens));
            }
            if let Some(token) = self.step(number)
                && self.list.has(&token)
            {
                tokens.push(token);
            }
        }
    }

    /// Where the list goes on.
    fn left(self, tokens: Vec<Token>) -> Listed {
        let behind = self.walkers.into_iter().map(|walker| walker.behind);
        Listed {
            tokens,
            next: Some(Cursor::Walked(behind.collect())),
        }
    }

    /// Reads on in a strand until its next token is known, or that it has none. Says whether that was possible
    /// without looking at too many.
    async fn look_ahead(
        &mut self,
        tx: &mut Tx,
        number: usize,
        limit: usize,
    ) -> Result<bool, StoreError> {
        loop {
            while let Some((None, _)) = self.front(number) {
                self.step(number);
            }
            let Some(walker) = self.walkers.get(number) else {
                return Ok(true);
            };
            if walker.ended || !walker.ahead.is_empty() {
                return Ok(true);
            }
            // Of each strand, some are looked at on every page: so each page goes on.
            if walker.began && self.read >= self.list.asked.reach.most_read {
                return Ok(false);
            }
            self.read_on(tx, number, limit).await?;
        }
    }

    async fn read_on(
        &mut self,
        tx: &mut Tx,
        number: usize,
        limit: usize,
    ) -> Result<(), StoreError> {
        let Some(((strand, bounds), walker)) =
            self.strands.get(number).zip(self.walkers.get_mut(number))
        else {
            return Ok(());
        };
        let stride = if walker.began { STRIDE } else { limit + 1 };
        let descending = self.list.asked.descending;
        let found = strand
            .page(
                tx,
                self.list.plan,
                (*bounds, descending),
                walker.behind.as_ref(),
                i64::try_from(stride).unwrap_or(i64::MAX),
            )
            .await?;
        walker.began = true;
        walker.ended = found.len() < stride;
        self.read += found.len();
        for token in found {
            let gives = gives(self.list, strand, &token, &self.strands);
            let place = gives.then(|| place(self.list, &token));
            walker.ahead.push_back((place, token));
        }
        Ok(())
    }

    fn front(&self, number: usize) -> Option<&(Option<Place>, Token)> {
        self.walkers.get(number)?.ahead.front()
    }

    /// The strand whose next token is the list's.
    fn next(&self) -> Option<usize> {
        let fronts = (0..self.walkers.len())
            .filter_map(|number| Some((number, self.front(number)?.0.as_ref()?)));
        let next = fronts.min_by(|(_, left), (_, right)| self.list.order(left, right));
        next.map(|(number, _)| number)
    }

    /// Leaves a strand's next token behind.
    fn step(&mut self, number: usize) -> Option<Token> {
        let (strand, _) = self.strands.get(number)?;
        let walker = self.walkers.get_mut(number)?;
        let (_, token) = walker.ahead.pop_front()?;
        walker.behind = Some(strand.behind(&token));
        Some(token)
    }
}

/// Whether a strand gives this token to the list: one of them does.
fn gives(list: &List<'_>, strand: &Strand, token: &Token, strands: &Strands) -> bool {
    if list.asked.sort != Sort::Expires {
        return belongs(strand, token, strands);
    }
    let (_, by) = ends_by(&token.facts, list.history, list.now);
    match strand {
        Strand::Active => by == EndsBy::Inactivity,
        Strand::RetiringByEnd => by == EndsBy::Retirement,
        _ => by == EndsBy::Age,
    }
}
