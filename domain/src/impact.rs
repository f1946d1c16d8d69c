//! What a change of the policy would do, before it is made (R17).
//!
//! Lives here: which ranges of tokens end at once, within seven days, later or never, by the same functions
//! that [`verdict`] asks. Days are UTC days. Deliberately not here: counting, which the store does over these
//! ranges ([`Outlook::edges`]), and the few tokens that no range describes, which are judged one by one
//! ([`Impact::count_token`]).
//!
//! Nobody knows who will use what: all numbers hold for tokens that are not used from now on.

use std::collections::BTreeMap;

use crate::{
    policy::{Change, History, Terms, Wanted, Watermarks, next_change},
    time::{DAY, Timestamp},
    token::{EXPIRING_WITHIN, Expiry, TokenFacts, TokenKind, Verdict, effective_expiry, verdict},
};

/// Coming expiries are told by the day for so many days, today among them; then they are *later*.
pub const DAYS_AHEAD: usize = 90;

/// 9999-12-31T23:59:59.999Z: no token is created or used later, because nobody could write it (RFC 3339).
const BEYOND: Timestamp = Timestamp::from_millis(253_402_300_799_999);

/// What has ended at some instant, of the tokens of one kind that were neither revoked nor rotated.
///
/// It is the whole rule for them, so counting rows below an edge is counting verdicts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Whatever was created before this is dead.
    pub created: Timestamp,
    /// Whatever was last active before this is dead.
    pub active: Timestamp,
}

impl Edge {
    /// Nothing lies below it.
    pub const LOWEST: Self = Self {
        created: Timestamp::MIN,
        active: Timestamp::MIN,
    };

    /// What has ended of this kind at `at`.
    #[must_use]
    pub fn of(history: &History, kind: TokenKind, at: Timestamp) -> Self {
        let marks = history.watermarks_at(at);
        let by_lifetime = match kind {
            TokenKind::UserAccess => Timestamp::MIN,
            TokenKind::OauthAccess => history.access_lifetime().dead_before_at(at),
        };
        Self {
            created: marks.dead_before.max(by_lifetime),
            active: marks.idle_before,
        }
    }

    /// Whether a token lies below it, if it is of the kind and was neither revoked nor rotated.
    #[must_use]
    pub fn is_above(self, token: &TokenFacts) -> bool {
        token.created_at < self.created || token.last_active_at() < self.active
    }

    /// Whether everything lies below it that a calendar of this age can date.
    #[must_use]
    pub fn is_above_all(self) -> bool {
        self.created.max(self.active) > BEYOND
    }

    /// What has ended by either.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            created: self.created.max(other.created),
            active: self.active.max(other.active),
        }
    }
}

/// The edges between which lie the tokens of a kind that a version ended the moment it came into force: those
/// that the versions before it had spared. `None` where there is no such version in force by `now`.
///
/// What it has ended since is not among them, so the answer is the same whenever somebody asks.
#[must_use]
pub fn ended_by_coming_into_force(
    history: &History,
    version: u32,
    kind: TokenKind,
    now: Timestamp,
) -> Option<(Timestamp, [Edge; 2])> {
    let mut before = Watermarks::NONE;
    for (one, marks) in history.endings_at(now) {
        if one.version == version {
            let at = one.in_force_since;
            let edge = |marks: Watermarks| Edge {
                created: marks.dead_before.max(by_lifetime(history, kind, at)),
                active: marks.idle_before,
            };
            let after = before.max(one.terms().ended_before(at));
            return Some((at, [edge(before), edge(after)]));
        }
        before = before.max(marks);
    }
    None
}

/// Below this, the server's lifetime alone had ended the kind's tokens at `at`.
fn by_lifetime(history: &History, kind: TokenKind, at: Timestamp) -> Timestamp {
    let period = history.access_lifetime().period;
    match kind {
        TokenKind::UserAccess => Timestamp::MIN,
        TokenKind::OauthAccess => period.map_or(Timestamp::MIN, |period| period.ended_before(at)),
    }
}

/// A policy beside another one, from the instant at which it would take its place.
#[derive(Clone, Debug)]
pub struct Outlook {
    before: History,
    after: History,
    at: Timestamp,
    cuts: Vec<Timestamp>,
}

impl Outlook {
    /// What `after` would end that `before` would not have ended by `at`, the instant of the change.
    #[must_use]
    pub fn new(before: History, after: History, at: Timestamp) -> Self {
        Self {
            before,
            after,
            at,
            cuts: cuts(at),
        }
    }

    /// What this policy ends from `now` on by itself, with what is scheduled.
    #[must_use]
    pub fn forecast(history: History, now: Timestamp) -> Self {
        Self::new(history.clone(), history, now)
    }

    /// What a change would end that was decided on at `now`, once it takes effect. Without it, nothing that is
    /// scheduled comes either: it takes that place.
    #[must_use]
    pub fn of_change(
        history: &History,
        wanted: Wanted,
        change: Option<Change>,
        now: Timestamp,
    ) -> Self {
        let opened = change.as_ref().and_then(|change| change.opened.as_ref());
        let opened = opened.map(|version| version.in_force_since);
        let is_so = || match wanted {
            Wanted::From(..) => history.scheduled_at(now).map(|next| next.in_force_since),
            Wanted::Now(_) | Wanted::Unscheduled => None,
        };
        let at = opened
            .or_else(|| is_so().filter(|_| change.is_none()))
            .unwrap_or(now);
        let unscheduled = next_change(history, Wanted::Unscheduled, None, now);
        let before = changed(history, unscheduled.ok().flatten());
        Self::new(before, changed(history, change), at)
    }

    /// What these terms would end at once, beside all that is to come already: from this follows who could
    /// not be warned.
    #[must_use]
    pub fn at_once(history: &History, terms: Terms, now: Timestamp) -> Self {
        let change = next_change(history, Wanted::Now(terms), None, now);
        let change = change.ok().flatten();
        let opened = change.as_ref().and_then(|change| change.opened.as_ref());
        let at = opened.map_or(now, |version| version.in_force_since);
        Self::new(history.clone(), changed(history, change), at)
    }

    /// The instant at which the change takes effect.
    #[must_use]
    pub const fn takes_effect_at(&self) -> Timestamp {
        self.at
    }

    /// The edges between which a kind's tokens are to be counted, none below the one before it.
    ///
    /// Below the first is what had ended before. Up to the second is what the change ends at once. The last
    /// is for all time, so what lies beyond it never ends.
    #[must_use]
    pub fn edges(&self, kind: TokenKind) -> Vec<Edge> {
        let first = Edge::of(&self.before, kind, self.at);
        let after = self
            .cuts
            .iter()
            .map(|cut| Edge::of(&self.after, kind, *cut));
        let mut highest = first;
        core::iter::once(first)
            .chain(after.map(|edge| {
                highest = highest.or(edge);
                highest
            }))
            .collect()
    }

    /// The two edges between which lie the tokens that the change ends at once.
    #[must_use]
    pub fn at_the_change(&self, kind: TokenKind) -> [Edge; 2] {
        let before = Edge::of(&self.before, kind, self.at);
        [before, before.or(Edge::of(&self.after, kind, self.at))]
    }

    /// The two edges between which lie the tokens that the change would end so soon that nobody can be warned
    /// seven days ahead, and that would have lived on without it.
    #[must_use]
    pub fn unwarned(&self, kind: TokenKind) -> [Edge; 2] {
        let before = Edge::of(&self.before, kind, self.soon());
        [before, before.or(Edge::of(&self.after, kind, self.soon()))]
    }

    /// Whether a token is among the [`unwarned`](Self::unwarned).
    #[must_use]
    pub fn is_unwarned(&self, token: &TokenFacts) -> bool {
        !is_dead(token, &self.before, self.soon()) && is_dead(token, &self.after, self.soon())
    }

    /// The last instant for which seven days' warning is too late.
    #[must_use]
    pub const fn soon(&self) -> Timestamp {
        self.at.saturating_add(EXPIRING_WITHIN.saturating_sub(1))
    }

    /// How a token stands at the change without it.
    #[must_use]
    pub fn before(&self, token: &TokenFacts) -> Verdict {
        verdict(token, &self.before, self.at)
    }

    /// Whether a token works until the change, and no longer.
    #[must_use]
    pub fn ends_at_once(&self, token: &TokenFacts) -> bool {
        !is_dead(token, &self.before, self.at) && is_dead(token, &self.after, self.at)
    }
}

fn changed(history: &History, change: Option<Change>) -> History {
    match change {
        Some(change) => history.clone().changed(change),
        None => history.clone(),
    }
}

fn is_dead(token: &TokenFacts, history: &History, at: Timestamp) -> bool {
    matches!(verdict(token, history, at), Verdict::Dead(_))
}

/// The instants by which ends are told apart: the change, the last of each day, seven days on, and all time.
fn cuts(at: Timestamp) -> Vec<Timestamp> {
    let today = day_of(at);
    let days = (1_i64..).take(DAYS_AHEAD);
    let last_of_days =
        days.map(|day| today.saturating_add(day.saturating_mul(DAY).saturating_sub(1)));
    let mut cuts: Vec<_> = last_of_days
        .chain([at, at.saturating_add(EXPIRING_WITHIN), Timestamp::MAX])
        .collect();
    cuts.sort_unstable();
    cuts.dedup();
    // At the last millisecond of a day, the change is that day's last instant as well.
    cuts
}

/// The first instant of the UTC day of `at`.
#[must_use]
pub const fn day_of(at: Timestamp) -> Timestamp {
    let millis = at.as_millis();
    Timestamp::from_millis(millis.saturating_sub(millis.rem_euclid(DAY)))
}

/// How many tokens a change ends, and when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Impact {
    /// They work until the change, and no longer.
    pub now: u64,
    /// They end within seven days of it.
    pub within_7_days: u64,
    /// They end later than that.
    pub later: u64,
    /// Time does not end them.
    pub never: u64,
    /// They had expired before the change, and no change brings them back. Those that somebody revoked, or
    /// that were rotated, are not counted: nobody expects them back.
    pub already_dead: u64,
    /// The ends by UTC day, those of the change among them, for [`DAYS_AHEAD`] days. No day has none.
    pub by_day: BTreeMap<Timestamp, u64>,
}

impl Impact {
    /// Counts tokens that lie below the edge of this place in [`Outlook::edges`], and not below the one before
    /// it; the place behind the last is for what lies below none.
    pub fn count_range(&mut self, outlook: &Outlook, place: usize, tokens: u64) {
        match place.checked_sub(1) {
            None => add(&mut self.already_dead, tokens),
            Some(cut) => self.count_end(outlook, outlook.cuts.get(cut).copied(), tokens),
        }
    }

    /// Counts one token, whatever has become of it.
    pub fn count_token(&mut self, outlook: &Outlook, token: &TokenFacts) {
        match verdict(token, &outlook.before, outlook.at) {
            Verdict::Dead(end) if end.is_expiry() && token.retires_at.is_none() => {
                add(&mut self.already_dead, 1);
            }
            Verdict::Dead(_) => {}
            _ if is_dead(token, &outlook.after, outlook.at) => {
                self.count_end(outlook, Some(outlook.at), 1);
            }
            _ => {
                let end = match effective_expiry(token, &outlook.after, outlook.at) {
                    Expiry::At(end) => outlook.cuts.iter().find(|cut| end <= **cut),
                    Expiry::Never => None,
                };
                self.count_end(outlook, end.copied(), 1);
            }
        }
    }

    /// Counts tokens that end by this cut, and not by the one before it.
    fn count_end(&mut self, outlook: &Outlook, by: Option<Timestamp>, tokens: u64) {
        let Some(by) = by else {
            return add(&mut self.never, tokens);
        };
        let soon = outlook.at.saturating_add(EXPIRING_WITHIN);
        let number = match by {
            _ if by <= outlook.at => &mut self.now,
            _ if by <= soon => &mut self.within_7_days,
            _ => &mut self.later,
        };
        add(number, tokens);
        if by < Timestamp::MAX && tokens > 0 {
            add(self.by_day.entry(day_of(by)).or_default(), tokens);
        }
    }

    /// How many work until the change.
    #[must_use]
    pub const fn working(&self) -> u64 {
        self.now
            .saturating_add(self.within_7_days)
            .saturating_add(self.later)
            .saturating_add(self.never)
    }

    /// The day on which most end; of several, the first.
    #[must_use]
    pub fn heaviest(&self) -> Option<(Timestamp, u64)> {
        let by_number = |(day, tokens): (&Timestamp, &u64)| (*tokens, core::cmp::Reverse(*day));
        let (tokens, core::cmp::Reverse(day)) = self.by_day.iter().map(by_number).max()?;
        Some((day, tokens))
    }
}

fn add(number: &mut u64, more: u64) {
    *number = number.saturating_add(more);
}
