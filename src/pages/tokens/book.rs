//! The pages of a list that is too long to hold: the cursor of each that was fetched, and the tokens of
//! those near to what is on show. What is let go of is fetched again when somebody comes back to it.
//!
//! One fetch runs at a time. Deliberately not here: what is on show, and what it looks like (`reel`).

use std::{ops::Range, sync::Arc};

use leptos::prelude::*;
use tenure_domain::{
    id::{PlanId, TokenId},
    time::Timestamp,
    wire::{page::Page, tokens::Token},
};

use crate::{
    api::{ApiError, Client, inventory as api},
    pages::filter::Filter,
    reactive::effect,
    state::connection::Connection,
};

/// Rows beyond those on show that are fetched before anybody sees them.
const AHEAD: usize = 60;
/// Rows beyond those on show whose tokens are kept.
const KEPT: usize = 600;

/// A page.
#[derive(Clone, Default)]
struct Sheet {
    cursor: Option<String>,
    count: usize,
    tokens: Option<Vec<Arc<Token>>>,
    /// It is to be fetched again, and stays on show until then.
    stale: bool,
}

impl Sheet {
    /// Its tokens, where they are here.
    fn tokens(&self) -> &[Arc<Token>] {
        self.tokens.as_deref().unwrap_or_default()
    }
}

/// All pages so far.
#[derive(Clone, Default)]
struct Sheets {
    all: Vec<Sheet>,
    /// The cursor of the page behind them.
    next: Option<String>,
    ended: bool,
    /// The rows on show: from the first on, and before the second.
    shown: (usize, usize),
    /// They are those of the order before, which stay on show until the first page of this one has come.
    turning: bool,
    /// Raised when the list becomes another one: answers for an earlier one do not count.
    list: u32,
    /// Raised when tokens have changed: an answer that was asked for before may be as old as what is here.
    news: u32,
}

/// How far the list is known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extent {
    /// How many rows.
    pub rows: usize,
    /// Whether these are all.
    pub all: bool,
    /// Whether any page has come.
    pub begun: bool,
    /// Why the latest page did not come.
    pub trouble: Option<ApiError>,
    /// Raised with every page that comes.
    pub version: u32,
}

/// The list. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Book {
    /// Whom it asks.
    pub client: Client,
    plan: StoredValue<PlanId>,
    asked: Memo<Filter>,
    sheets: StoredValue<Sheets>,
    /// How far it is known.
    pub extent: RwSignal<Extent>,
    /// Whether a page is on its way.
    pub busy: RwSignal<bool>,
}

impl Book {
    /// The tokens that are asked for. Nothing is fetched before it is told to [begin](Self::begin).
    pub fn new(plan: StoredValue<PlanId>, asked: Memo<Filter>) -> Self {
        let this = Self {
            client: expect_context(),
            plan,
            asked,
            sheets: StoredValue::new(Sheets::default()),
            extent: RwSignal::new(Extent::default()),
            busy: RwSignal::new(false),
        };
        let connection = expect_context::<Connection>();
        effect(move || {
            let offline = this
                .extent
                .with_untracked(|it| it.trouble == Some(ApiError::Offline));
            if connection.recoveries() > 0 && offline {
                this.retry();
            }
        });
        this
    }

    /// Fetches from the beginning, because something else is asked for. The `same` tokens in another order stay on
    /// show until then, and the focus with them.
    pub fn begin(self, same: bool) {
        self.sheets.update_value(|sheets| {
            let before = core::mem::take(&mut sheets.all);
            let all: Vec<_> = before.into_iter().filter(|_| same).collect();
            *sheets = Sheets {
                turning: !all.is_empty(),
                ended: sheets.ended && same,
                all,
                list: sheets.list + 1,
                shown: (0, 1),
                ..Sheets::default()
            };
        });
        self.busy.set(false);
        self.tell(None);
        self.work();
    }

    /// Fetches again what is on show, and what is behind it when somebody comes there.
    pub fn refresh(self) {
        self.sheets.update_value(|sheets| {
            sheets.news += 1;
            for sheet in &mut sheets.all {
                sheet.stale = true;
            }
        });
        self.work();
    }

    /// Fetches what did not come.
    pub fn retry(self) {
        self.extent.update(|extent| extent.trouble = None);
        self.work();
    }

    /// These rows are on show now: they are fetched, and those far from them let go.
    pub fn show(self, first: usize, end: usize) {
        self.sheets.update_value(|sheets| {
            sheets.shown = (first, end);
            sheets.let_go();
        });
        self.work();
    }

    /// The tokens of these rows, where they are there.
    #[must_use]
    pub fn tokens(self, rows: Range<usize>) -> Vec<Option<Arc<Token>>> {
        let mut found = Vec::new();
        self.sheets.with_value(|sheets| {
            let mut first = 0;
            for sheet in &sheets.all {
                let last = first + sheet.count;
                for row in rows.start.max(first)..rows.end.min(last) {
                    found.push(sheet.tokens().get(row - first).cloned());
                }
                first = last;
            }
        });
        found
    }

    /// When the first of those that are here stands otherwise by time alone. Tracked.
    #[must_use]
    pub fn soonest(self) -> Option<Timestamp> {
        self.extent.track();
        self.sheets.with_value(|sheets| {
            // What is stale has been asked about, and waits until somebody looks at it.
            let fresh = sheets.all.iter().filter(|sheet| !sheet.stale);
            fresh
                .flat_map(Sheet::tokens)
                .filter_map(|token| token.changes_at())
                .min()
        })
    }

    /// Fetches what is missing next, unless something is on its way.
    fn work(self) {
        let failed = self.extent.with_untracked(|it| it.trouble.is_some());
        if failed || self.busy.get_untracked() {
            return;
        }
        let missing = self.sheets.with_value(|sheets| {
            let missing = sheets.missing();
            missing.map(|missing| (missing, sheets.list, sheets.news))
        });
        let Some(((place, cursor), list, news)) = missing else {
            return;
        };
        self.busy.set(true);
        let query = self.asked.get_untracked().asked();
        let plan = self.plan.get_value();
        let call = api::list(self.client, &plan, &query, cursor.as_deref());
        call.then(move |answer| {
            // The page may be gone by now, or the list another one.
            let now = self.sheets.try_with_value(|now| (now.list, now.news));
            if let Some((_, newest)) = now.filter(|now| now.0 == list) {
                self.take(place, answer, news != newest);
            }
        });
    }

    /// Takes over an answer, which is `stale` where tokens have changed since it was asked for.
    fn take(self, place: usize, answer: Result<Page<Token>, ApiError>, stale: bool) {
        self.busy.set(false);
        let trouble = match answer {
            Ok(page) => {
                self.sheets
                    .update_value(|sheets| sheets.put(place, page, stale));
                None
            }
            Err(error) => {
                self.sheets.update_value(Sheets::turn);
                Some(error)
            }
        };
        self.tell(trouble);
        self.work();
    }

    /// Tells how far the list is known.
    fn tell(self, trouble: Option<ApiError>) {
        let (rows, all, begun) = self
            .sheets
            .with_value(|sheets| (sheets.rows(), sheets.ended, !sheets.all.is_empty()));
        self.extent.update(|extent| {
            *extent = Extent {
                rows,
                all,
                begun,
                trouble,
                version: extent.version + 1,
            };
        });
    }

    /// The place of a token, if it is there. Tracked.
    #[must_use]
    pub fn place(self, id: &TokenId) -> Option<usize> {
        self.extent.track();
        self.sheets.with_value(|sheets| {
            let mut first = 0;
            for sheet in &sheets.all {
                let place = sheet.tokens().iter().position(|token| token.id == *id);
                if let Some(place) = place {
                    return Some(first + place);
                }
                first += sheet.count;
            }
            None
        })
    }
}

impl Sheets {
    fn rows(&self) -> usize {
        self.all.iter().map(|sheet| sheet.count).sum()
    }

    /// Those of the order before have gone.
    fn turn(&mut self) {
        if core::mem::take(&mut self.turning) {
            self.all.clear();
            self.ended = false;
        }
    }

    /// The next page to fetch: one on show, one near it, or the one behind all. Its place, and its cursor.
    fn missing(&self) -> Option<(usize, Option<String>)> {
        if self.turning {
            return Some((0, None));
        }
        let on_show = self.within(0, |sheet| sheet.tokens.is_none() || sheet.stale);
        let near = || self.within(AHEAD, |sheet| sheet.tokens.is_none());
        let behind = || {
            let near = !self.ended && self.rows() < self.shown.1 + AHEAD;
            near.then(|| (self.all.len(), self.next.clone()))
        };
        on_show.or_else(near).or_else(behind)
    }

    /// The first of the wanted pages that have rows on show, or within so many of those.
    fn within(
        &self,
        reach: usize,
        wanted: impl Fn(&Sheet) -> bool,
    ) -> Option<(usize, Option<String>)> {
        let (from, end) = self.shown;
        // Where the list has become shorter, what was on show is behind its end.
        let from = from.min(self.rows()).saturating_sub(reach);
        let mut first = 0;
        for (place, sheet) in self.all.iter().enumerate() {
            // One without tokens may have some by now.
            let seen = first < end + reach && from < first + sheet.count.max(1);
            if seen && wanted(sheet) {
                return Some((place, sheet.cursor.clone()));
            }
            first += sheet.count;
        }
        None
    }

    fn put(&mut self, place: usize, page: Page<Token>, stale: bool) {
        self.turn();
        let cursor = match self.all.get(place) {
            Some(sheet) => sheet.cursor.clone(),
            None => self.next.take(),
        };
        let sheet = Sheet {
            cursor,
            count: page.items.len(),
            tokens: Some(page.items.into_iter().map(Arc::new).collect()),
            stale,
        };
        match self.all.get_mut(place) {
            Some(old) => *old = sheet,
            None => self.all.push(sheet),
        }
        // What stood at its end may stand behind it now, where tokens have come before it.
        match (self.all.get_mut(place + 1), page.next_cursor) {
            (Some(behind), Some(cursor)) => {
                let cursor = Some(cursor);
                behind.stale |= behind.cursor != cursor;
                behind.cursor = cursor;
            }
            (_, next) => {
                self.all.truncate(place + 1);
                self.ended = next.is_none();
                self.next = next;
            }
        }
    }

    fn let_go(&mut self) {
        let (from, end) = self.shown;
        let mut first = 0;
        for sheet in &mut self.all {
            let last = first + sheet.count;
            if last + KEPT < from || end + KEPT < first {
                sheet.tokens = None;
            }
            first = last;
        }
    }
}
