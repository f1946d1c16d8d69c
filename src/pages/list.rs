//! A list that comes in pages by cursor: *Show more* appends the next one and keeps the focus.
//!
//! One fetch runs at a time; what is asked for meanwhile waits for its end. So a late answer never
//! replaces a newer one, and nothing piles up while the server is slow or the session has ended. The first page
//! alone waits for nothing: something else is listed from then on, and what is under way for the old is given up.
//!
//! Deliberately not here: what it looks like (`list_view`), and in which order the server lists.

mod kind;

use core::marker::PhantomData;
use std::rc::Rc;

use futures::future::{AbortHandle, LocalBoxFuture, abortable};
use leptos::{
    prelude::*,
    task::{spawn_local, tick},
};
use tenure_domain::{id::PlanId, live::Topic, wire::page::Page};

use self::kind::{Kind, Portion, fetch_at_least};
use crate::{
    api::{
        ApiError,
        call::{AnyCall, IntoCall},
    },
    components::dialog::focus_is_lost,
    form::{focus, unique_id},
    reactive::effect,
    state::{
        connection::Connection,
        live::Live,
        remote::{AnyRemote, Remote},
    },
};

/// Why the latest fetch did not come, and what was fetched.
type Trouble = (ApiError, Fetching);

/// Something that is listed.
pub trait Listed: Clone + Send + Sync + 'static {
    /// What tells it from the others, for as long as it exists.
    fn id(&self) -> String;

    /// All that its row shows, as a text that nobody reads: it begins with the [`id`](Self::id). A row is
    /// made anew when this changes, and only then.
    fn shown(&self) -> String;
}

/// What is fetched once the first page is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fetching {
    /// The next page.
    More,
    /// As many pages as are on show.
    Anew,
}

/// A paged list. Cheap to copy.
pub struct List<T> {
    any: AnyList,
    holds: PhantomData<fn() -> T>,
}

/// A paged list of whatever it is, by code that is there once. Cheap to copy.
#[derive(Clone, Copy)]
pub struct AnyList(StoredValue<Parts>);

/// What it is made of.
#[derive(Clone, Copy)]
struct Parts {
    id: StoredValue<String>,
    fetch: StoredValue<Fetch, LocalStorage>,
    items: AnyRemote,
    next: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
    trouble: RwSignal<Option<Trouble>>,
    work: StoredValue<Work, LocalStorage>,
    kind: Kind,
}

type Fetch = Rc<dyn Fn(Option<String>) -> AnyCall>;

/// What is being fetched, and what is to be fetched after it.
#[derive(Default)]
struct Work {
    running: bool,
    handle: Option<AbortHandle>,
    refresh: bool,
    more: bool,
}

impl<T> Clone for List<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for List<T> {}

impl<T: Listed> List<T> {
    /// Fetches the first page now; `fetch` is given the cursor of the page that it shall fetch.
    /// Needs the page's context, and gives up with it.
    pub fn new<C: IntoCall<Data = Page<T>>>(fetch: impl Fn(Option<String>) -> C + 'static) -> Self {
        let fetch = move |cursor| fetch(cursor).into_call().any();
        Self {
            any: AnyList::new(Rc::new(fetch), Kind::of::<T>()),
            holds: PhantomData,
        }
    }

    /// Fetches anew whenever one of these topics changes elsewhere, in this plan or in any.
    #[must_use]
    pub fn live(self, plan: Option<PlanId>, topics: &'static [Topic]) -> Self {
        self.any.live(plan, topics);
        self
    }

    /// The same, for those who need not know what is listed.
    #[must_use]
    pub const fn any(self) -> AnyList {
        self.any
    }

    /// What has been fetched so far, in the four states of every view.
    #[must_use]
    pub fn items(self) -> Remote<Vec<T>> {
        self.any.items().holding()
    }

    /// The element id of an item's row, which takes the focus when the last page has come.
    #[must_use]
    pub fn row_id(self, item: &T) -> String {
        self.any.row_id(&item.id())
    }

    /// Fetches the next page, or once more what did not come, unless that is under way.
    pub fn go_on(self) {
        self.any.go_on();
    }

    /// Fetches anew as many pages as are on show. What is on show stays until they have come, and
    /// stays if they do not.
    pub fn refresh(self) {
        self.any.refresh();
    }
}

impl AnyList {
    fn new(fetch: Fetch, kind: Kind) -> Self {
        let (next, busy) = (RwSignal::new(None), RwSignal::new(false));
        let work = StoredValue::new_local(Work::default());
        let first = Rc::clone(&fetch);
        let items = AnyRemote::new(Box::new(move || {
            give_up(work);
            work.update_value(|work| work.running = true);
            busy.set(true);
            let page = first(None);
            Box::pin(async move {
                let page = (kind.portion)(page.await?)?;
                next.try_set(page.next);
                Ok(page.items)
            })
        }));
        let this = Self(StoredValue::new(Parts {
            id: StoredValue::new(unique_id("list")),
            fetch: StoredValue::new_local(fetch),
            items,
            next,
            busy,
            trouble: RwSignal::new(None),
            work,
            kind,
        }));
        this.mend_when_back_online();
        effect(move || {
            if !items.loading().get() {
                this.finish(Fetching::Anew, Ok(()));
            }
        });
        on_cleanup(move || give_up(work));
        this
    }

    fn parts(self) -> Parts {
        self.0.get_value()
    }

    /// What has been fetched so far.
    #[must_use]
    pub fn items(self) -> AnyRemote {
        self.parts().items
    }

    fn row_id(self, item: &str) -> String {
        let list = self.parts().id.get_value();
        format!("{list}-{item}")
    }

    /// Whether there is another page. Tracked.
    #[must_use]
    pub fn has_more(self) -> bool {
        self.parts().next.with(Option::is_some)
    }

    /// Whether what a person asked for is on its way.
    #[must_use]
    pub fn busy(self) -> Signal<bool> {
        self.parts().busy.into()
    }

    /// Why the latest fetch did not come, and what was fetched. Tracked.
    #[must_use]
    pub fn trouble(self) -> Option<Trouble> {
        self.parts().trouble.get()
    }

    /// Fetches the next page, or once more what did not come, unless that is under way.
    pub fn go_on(self) {
        if !self.parts().busy.get_untracked() {
            self.parts().busy.set(true);
            let anew = self
                .parts()
                .trouble
                .with_untracked(|it| matches!(it, Some((_, Fetching::Anew))));
            self.parts().work.update_value(|work| match anew {
                true => work.refresh = true,
                false => work.more = true,
            });
            self.work_on();
        }
    }

    /// Fetches anew as many pages as are on show. What is on show stays until they have come, and
    /// stays if they do not.
    pub fn refresh(self) {
        self.parts().work.update_value(|work| work.refresh = true);
        self.work_on();
    }

    fn live(self, plan: Option<PlanId>, topics: &'static [Topic]) {
        if let Some(live) = use_context::<Live>() {
            live.on(plan, topics, Box::new(move || self.refresh()));
        }
    }

    /// Does what is to be done next, unless something is being done. The next page comes first: a
    /// refresh after it fetches that page too.
    fn work_on(self) {
        let next = self.parts().work.try_update_value(|work| {
            if work.running {
                return None;
            }
            let more = core::mem::take(&mut work.more);
            let refresh = !more && core::mem::take(&mut work.refresh);
            work.running = more || refresh;
            work.running.then_some(more)
        });
        match next.flatten() {
            Some(true) => self.fetch_more(),
            Some(false) => self.fetch_anew(),
            None => {}
        }
    }

    fn fetch_more(self) {
        let cursor = self.parts().next.get_untracked();
        let Some(cursor) = cursor else {
            // A refresh has found the end of the list in the meantime.
            return self.finish(Fetching::More, Ok(()));
        };
        let fetching = self.parts().fetch.with_value(|fetch| fetch(Some(cursor)));
        let fetch = async move {
            let page = (self.parts().kind.portion)(fetching.await?)?;
            self.append(page);
            Ok(())
        };
        self.run(Fetching::More, Box::pin(fetch));
    }

    fn fetch_anew(self) {
        let shown = untrack(|| self.parts().items.data())
            .map_or(0, |items| (self.parts().kind.count)(&items));
        let fetch = self.parts().fetch.get_value();
        let fetch = async move {
            let page = fetch_at_least(&fetch, self.parts().kind, shown).await?;
            let row = focused_row();
            self.parts().next.set(page.next);
            self.parts().items.set(page.items);
            if let Some(row) = row {
                tick().await;
                // The row was made anew around what had the focus.
                if focus_is_lost() {
                    focus(&row);
                }
            }
            Ok(())
        };
        self.run(Fetching::Anew, Box::pin(fetch));
    }

    /// Runs a fetch to its end, unless the page goes first.
    fn run(self, what: Fetching, fetch: LocalBoxFuture<'static, Result<(), ApiError>>) {
        let (fetching, handle) = abortable(fetch);
        self.parts()
            .work
            .update_value(|work| work.handle = Some(handle));
        spawn_local(async move {
            if let Ok(result) = fetching.await {
                self.finish(what, result);
            }
        });
    }

    fn finish(self, what: Fetching, result: Result<(), ApiError>) {
        self.parts()
            .trouble
            .set(result.err().map(|error| (error, what)));
        let waits = self.parts().work.try_update_value(|work| {
            work.running = false;
            work.handle = None;
            work.more
        });
        self.parts().busy.set(waits == Some(true));
        self.work_on();
    }

    fn append(self, page: Portion) {
        let first_new = (self.parts().kind.first)(&page.items).map(|item| self.row_id(&item));
        let was_last = page.next.is_none();
        self.parts().next.set(page.next);
        self.parts()
            .items
            .set(match untrack(|| self.parts().items.data()) {
                Some(items) => (self.parts().kind.join)(&items, &page.items),
                None => page.items,
            });
        // The button goes, and the focus with it, unless it moves on.
        if let Some(row) = first_new.filter(|_| was_last) {
            spawn_local(async move {
                tick().await;
                if focus_is_lost() {
                    focus(&row);
                }
            });
        }
    }

    fn mend_when_back_online(self) {
        let connection = expect_context::<Connection>();
        effect(move || {
            let failed = self
                .parts()
                .trouble
                .with_untracked(|it| matches!(it, Some((ApiError::Offline, _))));
            if connection.recoveries() > 0 && failed {
                self.go_on();
            }
        });
    }
}

/// Gives up what is being fetched, and what was to be fetched after it.
fn give_up(work: StoredValue<Work, LocalStorage>) {
    let was = work.try_update_value(core::mem::take);
    if let Some(handle) = was.and_then(|was| was.handle) {
        handle.abort();
    }
}

/// The element id of the row that has the focus, or has in it what has.
fn focused_row() -> Option<String> {
    let row = document().active_element()?.closest("tr[id]").ok()??;
    Some(row.id())
}
