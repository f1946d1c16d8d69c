//! Data that comes from the server, in the four states that every view has.

use core::future::Future;

use futures::future::{AbortHandle, abortable};
use leptos::{prelude::*, task::spawn_local};

use super::connection::Connection;
use crate::api::ApiError;
use crate::reactive::effect;

/// Something that is fetched. Cheap to copy.
pub struct Remote<T: Send + Sync + 'static> {
    answer: RwSignal<Option<Result<T, ApiError>>>,
    loading: RwSignal<bool>,
    retries: RwSignal<u32>,
}

impl<T: Send + Sync + 'static> Clone for Remote<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Remote<T> {}

impl<T: Clone + Send + Sync + 'static> Remote<T> {
    /// Fetches now, whenever a signal that `fetch` reads changes, on [`Remote::reload`], and when the
    /// connection comes back after a fetch that found none. The last fetch wins; an earlier one is
    /// given up, and so is every fetch when the page goes.
    pub fn new<F, Fut>(fetch: F) -> Self
    where
        F: Fn() -> Fut + 'static,
        Fut: Future<Output = Result<T, ApiError>> + 'static,
    {
        let connection = expect_context::<Connection>();
        let this = Self {
            answer: RwSignal::new(None),
            loading: RwSignal::new(false),
            retries: RwSignal::new(0),
        };
        let running = StoredValue::new_local(None::<AbortHandle>);
        let give_up = move || {
            if let Some(handle) = running.try_update_value(Option::take).flatten() {
                handle.abort();
            }
        };
        effect(move || {
            this.retries.track();
            give_up();
            this.loading.set(true);
            let (fetching, handle) = abortable(fetch());
            running.set_value(Some(handle));
            spawn_local(async move {
                if let Ok(answer) = fetching.await {
                    this.loading.try_set(false);
                    this.answer.try_set(Some(answer));
                }
            });
        });
        effect(move || {
            let recoveries = connection.recoveries();
            let failed = this
                .answer
                .with_untracked(|answer| matches!(answer, Some(Err(ApiError::Offline))));
            if recoveries > 0 && failed {
                this.reload();
            }
        });
        on_cleanup(give_up);
        this
    }

    /// The latest answer; none before the first. Tracked.
    #[must_use]
    pub fn get(self) -> Option<Result<T, ApiError>> {
        self.answer.get()
    }

    /// The data, once it is there. Tracked.
    #[must_use]
    pub fn data(self) -> Option<T> {
        self.answer.get().and_then(Result::ok)
    }

    /// Whether the first answer, good or bad, is there. Tracked.
    #[must_use]
    pub fn has_answered(self) -> bool {
        self.answer.with(Option::is_some)
    }

    /// Whether an answer is on its way.
    #[must_use]
    pub fn loading(self) -> Signal<bool> {
        self.loading.into()
    }

    /// Fetches again. The last answer stays until the next one is there.
    pub fn reload(self) {
        self.retries.try_update(|count| *count += 1);
    }

    /// Puts data in place that came by another call, such as the answer to a change.
    pub fn set(self, data: T) {
        self.answer.try_set(Some(Ok(data)));
    }
}
