//! Data that comes from the server, in the four states that every view has.
//!
//! What is fetched has many types, and all that is done about it is there once: an [`AnyRemote`] holds it
//! without knowing what it is, and a [`Remote`] is the door to it that knows.

use core::marker::PhantomData;
use std::sync::Arc;

use futures::future::{AbortHandle, abortable};
use leptos::{prelude::*, task::spawn_local};
use tenure_domain::{id::PlanId, live::Topic};

use super::{connection::Connection, live::Live};
use crate::{
    api::{
        ApiError,
        call::{AnyAnswer, AnyCall, Data, IntoCall, any},
    },
    reactive::effect,
};

/// Something that is fetched. Cheap to copy.
pub struct Remote<T> {
    any: AnyRemote,
    holds: PhantomData<fn() -> T>,
}

impl<T> Clone for Remote<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Remote<T> {}

impl<T: Clone + Send + Sync + 'static> Remote<T> {
    /// Fetches now, whenever a signal that `fetch` reads changes, on [`Remote::reload`], and when the
    /// connection comes back after a fetch that found none. The last fetch wins; an earlier one is
    /// given up, and so is every fetch when the page goes.
    pub fn new<C: IntoCall<Data = T>>(fetch: impl Fn() -> C + 'static) -> Self {
        AnyRemote::new(Box::new(move || fetch().into_call().any())).holding()
    }

    /// The same, for those who need not know what it is.
    #[must_use]
    pub const fn any(self) -> AnyRemote {
        self.any
    }

    /// The latest answer; none before the first. Tracked.
    #[must_use]
    pub fn get(self) -> Option<Result<T, ApiError>> {
        match self.any.get()? {
            Ok(data) => typed(&data).map(Ok),
            Err(error) => Some(Err(error)),
        }
    }

    /// The data, once it is there. Tracked.
    #[must_use]
    pub fn data(self) -> Option<T> {
        typed(&self.any.data()?)
    }

    /// Whether the first answer, good or bad, is there. Tracked.
    #[must_use]
    pub fn has_answered(self) -> bool {
        self.any.has_answered()
    }

    /// Whether an answer is on its way.
    #[must_use]
    pub fn loading(self) -> Signal<bool> {
        self.any.loading()
    }

    /// Fetches again. The last answer stays until the next one is there.
    pub fn reload(self) {
        self.any.reload();
    }

    /// Fetches quietly whenever one of these topics changes elsewhere, in this plan or in any.
    #[must_use]
    pub fn live(self, plan: Option<PlanId>, topics: &'static [Topic]) -> Self {
        self.any.live(plan, topics);
        self
    }

    /// Fetches again without a word: what is on show stays until the new is there, and stays if it does not
    /// come.
    pub fn refresh(self) {
        self.any.refresh();
    }

    /// Puts data in place that came by another call, such as the answer to a change.
    pub fn set(self, data: T) {
        self.any.set(any(data));
    }
}

/// Data of any type that many look at.
pub type Shared = Arc<Data>;

/// The data as what it is.
#[must_use]
pub fn typed<T: Clone + 'static>(data: &Shared) -> Option<T> {
    (***data).downcast_ref().cloned()
}

/// Fetches data of any type.
pub type Fetch = Box<dyn Fn() -> AnyCall>;

/// Something that is fetched, whatever it is. Cheap to copy.
#[derive(Clone, Copy)]
pub struct AnyRemote(StoredValue<Parts>);

/// What it is made of.
#[derive(Clone, Copy)]
struct Parts {
    answer: RwSignal<Option<Result<Shared, ApiError>>>,
    loading: RwSignal<bool>,
    retries: RwSignal<u32>,
    work: StoredValue<Work>,
}

/// What is being fetched.
#[derive(Clone, Copy, Default)]
struct Work {
    running: bool,
    /// Nobody asked for it.
    quiet: bool,
    /// It may be old by the time it comes.
    stale: bool,
}

impl Parts {
    /// Whether what is fetched now was asked for by nobody.
    fn begin(self) -> bool {
        let begun = self.work.try_update_value(|work| {
            let quiet = core::mem::take(&mut work.quiet);
            *work = Work {
                running: true,
                ..Work::default()
            };
            quiet
        });
        begun == Some(true)
    }
}

impl AnyRemote {
    /// What [`Remote::new`] does.
    #[must_use]
    pub fn new(fetch: Fetch) -> Self {
        let connection = expect_context::<Connection>();
        let parts = Parts {
            answer: RwSignal::new(None),
            loading: RwSignal::new(false),
            retries: RwSignal::new(0),
            work: StoredValue::new(Work::default()),
        };
        let this = Self(StoredValue::new(parts));
        let running = StoredValue::new_local(None::<AbortHandle>);
        let give_up = move || {
            if let Some(handle) = running.try_update_value(Option::take).flatten() {
                handle.abort();
            }
        };
        effect(move || {
            parts.retries.track();
            give_up();
            let quiet = parts.begin();
            if !quiet {
                parts.loading.set(true);
            }
            let (fetching, handle) = abortable(fetch());
            running.set_value(Some(handle));
            spawn_local(async move {
                if let Ok(answer) = fetching.await {
                    this.end(answer, quiet);
                }
            });
        });
        effect(move || {
            let recoveries = connection.recoveries();
            let failed = parts
                .answer
                .with_untracked(|answer| matches!(answer, Some(Err(ApiError::Offline))));
            if recoveries > 0 && failed {
                this.reload();
            }
        });
        on_cleanup(give_up);
        this
    }

    fn end(self, answer: AnyAnswer, quiet: bool) {
        let Some(parts) = self.0.try_get_value() else {
            return;
        };
        parts.loading.try_set(false);
        let has_data = parts
            .answer
            .try_get_untracked()
            .flatten()
            .is_some_and(|it| it.is_ok());
        if !(quiet && answer.is_err() && has_data) {
            parts.answer.try_set(Some(answer.map(Arc::new)));
        }
        let was = parts.work.try_update_value(core::mem::take);
        if was.is_some_and(|was| was.stale) {
            self.refresh();
        }
    }

    fn live(self, plan: Option<PlanId>, topics: &'static [Topic]) {
        if let Some(live) = use_context::<Live>() {
            live.on(plan, topics, Box::new(move || self.refresh()));
        }
    }

    /// Fetches again without a word; after what is being fetched, which may be old by then.
    fn refresh(self) {
        let parts = self.0.try_get_value();
        let waits = parts.and_then(|it| {
            it.work.try_update_value(|work| {
                work.stale = work.running;
                work.quiet = !work.running;
                work.running
            })
        });
        if waits == Some(false) {
            self.reload();
        }
    }

    /// The door for those who know that it is a `T`.
    #[must_use]
    pub const fn holding<T>(self) -> Remote<T> {
        Remote {
            any: self,
            holds: PhantomData,
        }
    }

    /// The latest answer; none before the first. Tracked.
    #[must_use]
    pub fn get(self) -> Option<Result<Shared, ApiError>> {
        self.0.get_value().answer.get()
    }

    /// The data, once it is there. Tracked.
    #[must_use]
    pub fn data(self) -> Option<Shared> {
        self.get()?.ok()
    }

    fn has_answered(self) -> bool {
        self.0.get_value().answer.with(Option::is_some)
    }

    /// Whether an answer is on its way.
    #[must_use]
    pub fn loading(self) -> Signal<bool> {
        self.0.get_value().loading.into()
    }

    /// Fetches again. The last answer stays until the next one is there.
    pub fn reload(self) {
        if let Some(parts) = self.0.try_get_value() {
            parts.retries.try_update(|count| *count += 1);
        }
    }

    /// Puts data in place that came by another call.
    pub fn set(self, data: Data) {
        if let Some(parts) = self.0.try_get_value() {
            parts.answer.try_set(Some(Ok(Arc::new(data))));
        }
    }
}
