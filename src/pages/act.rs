//! What a person has done by pressing a button: one call, whether it is under way, and why it failed.
//!
//! Deliberately not here: what is asked, what becomes of an answer, and the button. The page brings them.

use leptos::prelude::*;

use crate::{
    api::{
        ApiError, Call,
        call::{AnyAnswer, AnyCall, Data, owned, send},
    },
    components::problem_view::ProblemView,
    reactive::dynamic,
    text::problems,
};

/// The state of what a person has done. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Act {
    /// It is under way.
    pub busy: RwSignal<bool>,
    /// Why it did not work.
    pub trouble: RwSignal<Option<ApiError>>,
}

impl Default for Act {
    fn default() -> Self {
        Self {
            busy: RwSignal::new(false),
            trouble: RwSignal::new(None),
        }
    }
}

impl Act {
    /// Nothing has been done yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sends `call`, unless something is under way, and hands its answer to `take`, unless the page is gone by
    /// then.
    pub fn run<T>(self, call: Call<T>, take: impl FnOnce(Result<T, ApiError>) + 'static)
    where
        T: Send + Sync + 'static,
    {
        self.run_any(call.any(), Box::new(move |answer| take(owned(answer))));
    }

    /// The same, where a failure is nothing but trouble.
    pub fn done<T>(self, call: Call<T>, take: impl FnOnce(T) + 'static)
    where
        T: Send + Sync + 'static,
    {
        self.done_any(
            call.any(),
            Box::new(move |data| drop(owned(Ok(data)).map(take))),
        );
    }

    fn done_any(self, call: AnyCall, take: Box<dyn FnOnce(Data)>) {
        let take = move |answer| match answer {
            Ok(data) => take(data),
            Err(error) => self.fail(error),
        };
        self.run_any(call, Box::new(take));
    }

    fn run_any(self, call: AnyCall, take: Box<dyn FnOnce(AnyAnswer)>) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.trouble.set(None);
        let take = move |answer| {
            // The page may be gone by now, and its signals with it.
            if self.busy.try_set(false).is_none() {
                take(answer);
            }
        };
        send(call, Box::new(take));
    }

    /// It did not work.
    pub fn fail(self, error: ApiError) {
        self.trouble.set(Some(error));
    }

    /// Why it did not work, once it did not. `unreached` says what to do when the server was not reached.
    #[must_use]
    pub fn trouble(self, unreached: &'static str) -> AnyView {
        dynamic(move || {
            let words = problems::words_of_call(&self.trouble.get()?, unreached);
            Some(view! { <ProblemView words/> })
        })
    }
}
