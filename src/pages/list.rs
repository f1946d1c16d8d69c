//! A list that comes in pages by cursor: *Show more* appends the next one and keeps the focus.
//!
//! Deliberately not here: what it looks like (`list_view`), and in which order the server lists.

use core::{future::Future, hash::Hash};
use std::rc::Rc;

use futures::future::LocalBoxFuture;
use leptos::{prelude::*, task::spawn_local};
use tenure_domain::wire::page::Page;

use crate::{
    api::ApiError,
    form::{focus_soon, unique_id},
    state::remote::Remote,
};

type Answer<T> = Result<Page<T>, ApiError>;
type Fetch<T> = Rc<dyn Fn(Option<String>) -> LocalBoxFuture<'static, Answer<T>>>;

/// Something that is listed.
pub trait Listed: Clone + Send + Sync + 'static {
    /// All that a row shows of it.
    type Shown: Eq + Hash + 'static;

    /// What tells it from the others, for as long as it exists.
    fn id(&self) -> String;

    /// All that its row shows. A row is made anew when this changes, and only then.
    fn shown(&self) -> Self::Shown;
}

/// A paged list. Cheap to copy.
pub struct List<T: Listed> {
    id: StoredValue<String>,
    fetch: StoredValue<Fetch<T>, LocalStorage>,
    items: Remote<Vec<T>>,
    next: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
    trouble: RwSignal<Option<ApiError>>,
}

impl<T: Listed> Clone for List<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Listed> Copy for List<T> {}

impl<T: Listed> List<T> {
    /// Fetches the first page now; `fetch` is given the cursor of the page that it shall fetch.
    pub fn new<F, Fut>(fetch: F) -> Self
    where
        F: Fn(Option<String>) -> Fut + 'static,
        Fut: Future<Output = Answer<T>> + 'static,
    {
        let fetch: Fetch<T> = Rc::new(move |cursor| Box::pin(fetch(cursor)));
        let next = RwSignal::new(None);
        let first = Rc::clone(&fetch);
        let items = Remote::new(move || {
            let page = first(None);
            async move {
                let page = page.await?;
                next.try_set(page.next_cursor);
                Ok(page.items)
            }
        });
        Self {
            id: StoredValue::new(unique_id("list")),
            fetch: StoredValue::new_local(fetch),
            items,
            next,
            busy: RwSignal::new(false),
            trouble: RwSignal::new(None),
        }
    }

    /// What has been fetched so far, in the four states of every view.
    #[must_use]
    pub const fn items(self) -> Remote<Vec<T>> {
        self.items
    }

    /// Whether there is another page. Tracked.
    #[must_use]
    pub fn has_more(self) -> bool {
        self.next.with(Option::is_some)
    }

    /// Whether the next page is on its way.
    #[must_use]
    pub fn busy(self) -> Signal<bool> {
        self.busy.into()
    }

    /// Why the next page did not come. Tracked.
    #[must_use]
    pub fn trouble(self) -> Option<ApiError> {
        self.trouble.get()
    }

    /// The element id of an item's row, which takes the focus when the last page has come.
    #[must_use]
    pub fn row_id(self, item: &T) -> String {
        let (list, item) = (self.id.get_value(), item.id());
        format!("{list}-{item}")
    }

    /// Fetches the next page, unless that is under way.
    pub fn more(self) {
        let Some(cursor) = self.next.get_untracked() else {
            return;
        };
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.trouble.set(None);
        let fetching = self.fetch.with_value(|fetch| fetch(Some(cursor.clone())));
        spawn_local(async move {
            let answer = fetching.await;
            // The page may be gone, or the list may have been fetched anew in the meantime.
            let gone = self.busy.try_set(false).is_some();
            if !gone && self.next.get_untracked().as_ref() == Some(&cursor) {
                self.append(answer);
            }
        });
    }

    /// Fetches anew as many pages as are on show. What is on show stays until they have come, and
    /// stays if they do not.
    pub fn refresh(self) {
        let shown = untrack(|| self.items.data()).map_or(0, |items| items.len());
        let fetch = self.fetch.get_value();
        spawn_local(async move {
            if let Ok(Page { items, next_cursor }) = fetch_at_least(&fetch, shown).await {
                self.next.try_set(next_cursor);
                self.items.set(items);
            }
        });
    }

    fn append(self, answer: Answer<T>) {
        match answer {
            Ok(page) => {
                let mut items = untrack(|| self.items.data()).unwrap_or_default();
                let first_new = page.items.first().map(|item| self.row_id(item));
                let was_last = page.next_cursor.is_none();
                items.extend(page.items);
                self.next.set(page.next_cursor);
                self.items.set(items);
                // The button goes, and the focus with it, unless it moves on.
                if let Some(row) = first_new.filter(|_| was_last) {
                    focus_soon(row);
                }
            }
            Err(error) => self.trouble.set(Some(error)),
        }
    }
}

async fn fetch_at_least<T>(fetch: &Fetch<T>, count: usize) -> Answer<T> {
    let mut all = fetch(None).await?;
    while all.items.len() < count
        && let Some(cursor) = all.next_cursor.take()
    {
        let page = fetch(Some(cursor)).await?;
        all.items.extend(page.items);
        all.next_cursor = page.next_cursor;
    }
    Ok(all)
}
