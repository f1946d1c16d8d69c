//! Short messages about what has just happened.
//!
//! Only for good news and for what needs no answer: a problem stays where it happened until it is solved.

use leptos::prelude::*;

use crate::{clock::Clock, reactive::lasting};

/// A message goes after this many milliseconds.
const STAYS: u32 = 8_000;

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toast {
    /// Tells it from the others.
    pub id: u32,
    /// What happened.
    pub text: String,
}

/// The messages on show. Cheap to copy, and found in the context of every page.
#[derive(Clone, Copy)]
pub struct Toasts(&'static Parts);

/// What it is made of.
struct Parts {
    clock: Clock,
    shown: RwSignal<Vec<Toast>>,
    next: RwSignal<u32>,
}

impl Toasts {
    /// No messages yet.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self(lasting(Parts {
            clock,
            shown: RwSignal::new(Vec::new()),
            next: RwSignal::new(0),
        }))
    }

    /// Says what has just happened. What is said again takes the place of what was said before.
    pub fn say(self, text: impl Into<String>) {
        let Some(id) = self.0.next.try_update(|next| {
            *next += 1;
            *next
        }) else {
            return;
        };
        let text = text.into();
        self.0.shown.try_update(|all| {
            all.retain(|toast| toast.text != text);
            all.push(Toast { id, text });
        });
        self.0.clock.after(STAYS, move || self.dismiss(id));
    }

    /// Takes a message away.
    pub fn dismiss(self, id: u32) {
        self.0
            .shown
            .try_update(|all| all.retain(|toast| toast.id != id));
    }

    /// The messages, the oldest first. Tracked.
    #[must_use]
    pub fn shown(self) -> Vec<Toast> {
        self.0.shown.get()
    }
}
