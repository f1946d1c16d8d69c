//! What changed elsewhere, as the server tells it: whoever shows a thing loads it again.
//!
//! One connection for all that is on show, and none while nobody looks. What comes by the clock is no news:
//! `pages::passing_time` waits for that. Deliberately not here: what changed. Pages ask for it as they always do.

use core::cell::Cell;
use std::rc::Rc;

use leptos::prelude::*;
use tenure_domain::{
    id::PlanId,
    live::Topic,
    wire::{live::Change, session::Session},
};

use crate::{
    api::{
        Client,
        live::{News, listen},
        transport::{Listening, is_hidden, on_visibility},
    },
    clock::Clock,
    reactive::{effect, lasting},
    state::{
        connection::Connection,
        session::{Phase, SessionState},
    },
};

/// News come together: they are gathered for this many milliseconds.
const GATHER: u32 = 100;
/// The first try to listen again comes after this many milliseconds; the wait doubles.
const FIRST_RETRY: u32 = 1_000;
/// The longest wait between two tries, in milliseconds.
const LAST_RETRY: u32 = 30_000;

/// Hears of changes. Cheap to copy, and found in the context of every page.
#[derive(Clone, Copy)]
pub struct Live(&'static Parts);

/// What it is made of.
struct Parts {
    client: Client,
    session: SessionState,
    clock: Clock,
    state: StoredValue<State, LocalStorage>,
}

#[derive(Default)]
struct State {
    followers: Vec<Rc<Follower>>,
    made: u32,
    listening: Option<Listening>,
    /// The place up to which all is known.
    position: String,
    wait: u32,
    gathering: bool,
}

/// Something that is loaded again.
struct Follower {
    id: u32,
    plan: Option<PlanId>,
    topics: &'static [Topic],
    due: Cell<bool>,
    again: Box<dyn Fn()>,
}

impl Follower {
    fn shows(&self, change: &Change) -> bool {
        (self.plan.is_none() || self.plan == change.plan)
            && change
                .topics
                .iter()
                .any(|topic| self.topics.contains(topic))
    }
}

impl Live {
    /// Hears nothing until it is told [who](Self::follow_session) is signed in.
    #[must_use]
    pub fn new(client: Client, session: SessionState, clock: Clock) -> Self {
        Self(lasting(Parts {
            client,
            session,
            clock,
            state: StoredValue::new_local(State::default()),
        }))
    }

    /// Listens for as long as somebody is signed in and looks, and the page that asks for it is there.
    pub fn follow_session(self, connection: Connection) {
        effect(move || {
            let _back_online = connection.recoveries();
            if let Phase::SignedIn(session) = self.0.session.phase() {
                self.begin(&session);
            }
        });
        on_visibility(move || {
            if is_hidden() {
                self.close();
            } else {
                self.open();
            }
        });
        on_cleanup(move || {
            self.close();
            self.0
                .state
                .try_update_value(|state| state.position.clear());
        });
    }

    /// Calls `again` when one of these topics changes, in this plan or in any, until the page goes.
    pub fn on(self, plan: Option<PlanId>, topics: &'static [Topic], again: Box<dyn Fn()>) {
        let id = self.0.state.try_update_value(|state| {
            state.made += 1;
            state.followers.push(Rc::new(Follower {
                id: state.made,
                plan,
                topics,
                due: Cell::new(false),
                again,
            }));
            state.made
        });
        on_cleanup(move || {
            self.0
                .state
                .try_update_value(|state| state.followers.retain(|it| Some(it.id) != id));
        });
    }

    fn begin(self, session: &Session) {
        self.0.state.update_value(|state| {
            if state.position.is_empty() {
                state.position = session.position.to_string();
            }
        });
        self.open();
    }

    /// Listens from where it stopped.
    fn open(self) {
        let after = self
            .0
            .state
            .try_with_value(|state| state.listening.is_none().then(|| state.position.clone()));
        let Some(after) = after.flatten().filter(|after| !after.is_empty()) else {
            return;
        };
        if is_hidden() || self.0.session.is_over() {
            return;
        }
        let listening = listen(
            self.0.client,
            &after,
            Rc::new(move |id, news| self.hear(id, &news)),
        );
        self.0
            .state
            .update_value(|state| state.listening = listening);
    }

    fn close(self) {
        self.0
            .state
            .try_update_value(|state| state.listening.take());
    }

    fn hear(self, id: Option<String>, news: &News) {
        if *news == News::Ended {
            return self.try_again();
        }
        let gathers = self.0.state.try_update_value(|state| {
            state.wait = 0;
            state.position = id.unwrap_or_else(|| core::mem::take(&mut state.position));
            for follower in &state.followers {
                let shows = match news {
                    News::Change(change) => follower.shows(change),
                    _ => true,
                };
                if shows {
                    follower.due.set(true);
                }
            }
            core::mem::replace(&mut state.gathering, true)
        });
        if gathers == Some(false) {
            self.0.clock.after(GATHER, move || self.tell());
        }
    }

    /// Has everything loaded that is due.
    fn tell(self) {
        let due = self.0.state.try_update_value(|state| {
            state.gathering = false;
            let mut due = state.followers.clone();
            due.retain(|follower| follower.due.take());
            due
        });
        // Once the session is over, only a person may ask for signing in again.
        if !self.0.session.is_over() {
            for follower in due.into_iter().flatten() {
                (follower.again)();
            }
        }
    }

    /// The browser has given up: it comes back by itself only where the connection broke.
    fn try_again(self) {
        let wait = self.0.state.try_update_value(|state| {
            let wait = state.wait.max(FIRST_RETRY);
            state.wait = (wait * 2).min(LAST_RETRY);
            wait
        });
        if let Some(wait) = wait {
            self.0.clock.after(wait, move || {
                self.close();
                self.open();
            });
        }
    }
}
