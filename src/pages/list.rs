//! A list that comes in pages by cursor: *Show more* appends the next one and keeps the focus.
//!
//! Deliberately not here: what a row looks like, and in which order the server lists.

use core::future::Future;
use std::rc::Rc;

use futures::future::LocalBoxFuture;
use leptos::{prelude::*, task::spawn_local};
use tenure_domain::wire::page::Page;

use crate::{
    api::ApiError,
    components::{button::Button, problem_view::ProblemView},
    form::{focus_soon, unique_id},
    state::remote::Remote,
    text::{self, problems},
};

type Answer<T> = Result<Page<T>, ApiError>;
type Fetch<T> = Rc<dyn Fn(Option<String>) -> LocalBoxFuture<'static, Answer<T>>>;

/// A paged list. Cheap to copy.
pub struct List<T: Clone + Send + Sync + 'static> {
    id: StoredValue<String>,
    fetch: StoredValue<Fetch<T>, LocalStorage>,
    items: Remote<Vec<T>>,
    next: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
    trouble: RwSignal<Option<ApiError>>,
}

impl<T: Clone + Send + Sync + 'static> Clone for List<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Clone + Send + Sync + 'static> Copy for List<T> {}

impl<T: Clone + Send + Sync + 'static> List<T> {
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

    /// The element id of the row at `index`, which takes the focus when the last page has come.
    #[must_use]
    pub fn row_id(self, index: usize) -> String {
        let id = self.id.get_value();
        format!("{id}-{index}")
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
                let first_new = items.len();
                items.extend(page.items);
                let was_last = page.next_cursor.is_none();
                self.next.set(page.next_cursor);
                self.items.set(items);
                if was_last {
                    // The button goes, and the focus with it, unless it moves on.
                    focus_soon(self.row_id(first_new));
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

/// The button below a list that has more, and the problem when the next page did not come.
#[component]
pub fn MoreButton<T>(
    /// The list.
    list: List<T>,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
{
    let has_more = Memo::new(move |_| list.next.with(Option::is_some));
    let trouble = move || {
        let error = list.trouble.get()?;
        Some(view! { <ProblemView words=problems::words(&error)/> })
    };
    move || {
        has_more.get().then(|| {
            view! {
                <div class="more">
                    {trouble}
                    <Button busy=list.busy on_press=Callback::new(move |()| list.more())>
                        {text::parts::SHOW_MORE}
                    </Button>
                </div>
            }
        })
    }
}
