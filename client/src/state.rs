//! What a client holds, and the one refresh that may be under way for it.
//!
//! Every change of what is held happens under one lock, for an instant; a refresh itself holds a place in
//! a queue of one, so that it and [`adopt`](Shared::adopt) do not run into each other.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use futures_util::{FutureExt as _, future};
use tokio::{spawn, sync, task::spawn_blocking};

use crate::{
    clock::{Clock, Jitter},
    error::Error,
    pair::Pair,
    registration::Registration,
    store::PairStore,
    transport::Transport,
};

/// What the clones of a client share.
pub(crate) struct Shared {
    pub(crate) registration: Registration,
    pub(crate) transport: Transport,
    pub(crate) store: Arc<dyn PairStore>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) jitter: Arc<dyn Jitter>,
    state: Mutex<State>,
    turn: sync::Mutex<()>,
}

/// A pair, and when it is due.
pub(crate) struct Held {
    pub(crate) pair: Pair,
    renew_at: Option<SystemTime>,
}

struct State {
    holding: Holding,
    /// A renewal ahead of time that failed is not tried again before.
    paused_until: Option<SystemTime>,
    flight: Option<Flight>,
}

#[derive(Clone)]
enum Holding {
    Nothing,
    /// Kept, so it may be used.
    Kept(Arc<Held>),
    /// Received but not kept yet, so it must not be used: a crash would lose it.
    Received(Arc<Held>),
    /// The server refused its refresh token.
    Ended(Error),
}

/// A refresh that is under way, for all who wait for it.
type Flight = future::Shared<future::BoxFuture<'static, Result<Arc<Held>, Error>>>;

impl Shared {
    pub(crate) fn new(
        registration: Registration,
        transport: Transport,
        store: Arc<dyn PairStore>,
        clock: Arc<dyn Clock>,
        jitter: Arc<dyn Jitter>,
    ) -> Self {
        let state = State {
            holding: Holding::Nothing,
            paused_until: None,
            flight: None,
        };
        Self {
            registration,
            transport,
            store,
            clock,
            jitter,
            state: Mutex::new(state),
            turn: sync::Mutex::new(()),
        }
    }

    /// Takes what was kept before this program started.
    pub(crate) async fn load(&self) -> Result<(), Error> {
        let store = Arc::clone(&self.store);
        let kept = spawn_blocking(move || store.load()).await;
        if let Some(pair) = kept.map_err(|_| Error::Interrupted)?? {
            self.hold(Holding::Kept(self.held(pair)));
        }
        Ok(())
    }

    /// A pair that may be used now. One that is due is renewed first; if that fails for the moment, the
    /// old one serves as long as it can.
    pub(crate) async fn usable(self: &Arc<Self>) -> Result<Arc<Held>, Error> {
        let now = self.clock.now();
        let (holding, paused_until) = {
            let state = self.state();
            (state.holding.clone(), state.paused_until)
        };
        let held = match holding {
            Holding::Kept(held) => held,
            Holding::Received(held) => return self.after(&held).await,
            Holding::Nothing => return Err(Error::NoPair),
            Holding::Ended(error) => return Err(error),
        };
        let ended = held.pair.has_ended(now);
        let due = held.renew_at.is_some_and(|at| at <= now);
        let paused = paused_until.is_some_and(|until| now < until);
        if !ended && (!due || paused) {
            return Ok(held);
        }
        match self.after(&held).await {
            Err(error) if error.is_passing() && !ended => Ok(held),
            outcome => outcome,
        }
    }

    /// The pair after `old`: the one that is held, if that is another one already; else that of the refresh
    /// under way, which is begun if there is none.
    pub(crate) async fn after(self: &Arc<Self>, old: &Arc<Held>) -> Result<Arc<Held>, Error> {
        let flight = {
            let mut state = self.state();
            match &state.holding {
                Holding::Kept(held) if !Arc::ptr_eq(held, old) => return Ok(Arc::clone(held)),
                Holding::Ended(error) => return Err(error.clone()),
                _ => self.flight(&mut state, old),
            }
        };
        flight.await
    }

    /// A task of its own, so that a caller who gives up does not lose a pair that was received.
    fn flight(self: &Arc<Self>, state: &mut State, old: &Arc<Held>) -> Flight {
        let under_way = state.flight.as_ref();
        if let Some(flight) = under_way.filter(|flight| flight.peek().is_none()) {
            return flight.clone();
        }
        let (shared, old) = (Arc::clone(self), Arc::clone(old));
        let task = spawn(async move {
            let _turn = shared.turn.lock().await;
            let outcome = shared.renew(&old).await;
            shared.land(&outcome);
            outcome
        });
        let flight = task
            .map(|landed| landed.unwrap_or(Err(Error::Interrupted)))
            .boxed()
            .shared();
        state.flight = Some(flight.clone());
        flight
    }

    async fn renew(&self, old: &Arc<Held>) -> Result<Arc<Held>, Error> {
        let holding = self.state().holding.clone();
        let received = match holding {
            Holding::Received(held) => held,
            Holding::Kept(held) if Arc::ptr_eq(&held, old) => {
                let now = self.clock.now();
                let next = self.registration.next(&old.pair, &self.transport, now);
                self.held(next.await?)
            }
            // Somebody adopted another one while this waited for its turn.
            Holding::Kept(held) => return Ok(held),
            Holding::Ended(error) => return Err(error),
            Holding::Nothing => return Err(Error::NoPair),
        };
        self.hold(Holding::Received(Arc::clone(&received)));
        self.keep(&received).await?;
        self.hold(Holding::Kept(Arc::clone(&received)));
        Ok(received)
    }

    /// The end of a refresh, however it went.
    fn land(&self, outcome: &Result<Arc<Held>, Error>) {
        let now = self.clock.now();
        let mut state = self.state();
        state.flight = None;
        match (outcome, &state.holding) {
            (Err(error @ Error::ConsentNeeded { .. }), _) => {
                state.holding = Holding::Ended(error.clone());
            }
            (Err(error), Holding::Kept(held)) if error.is_passing() => {
                state.paused_until = now.checked_add(held.pair.pause());
            }
            _ => {}
        }
    }

    /// Takes a pair from elsewhere in the place of whatever is held.
    pub(crate) async fn adopt(self: &Arc<Self>, pair: Pair) -> Result<(), Error> {
        let shared = Arc::clone(self);
        let task = spawn(async move {
            let _turn = shared.turn.lock().await;
            let held = shared.held(pair);
            shared.keep(&held).await?;
            shared.hold(Holding::Kept(held));
            Ok(())
        });
        task.await.unwrap_or(Err(Error::Interrupted))
    }

    async fn keep(&self, held: &Arc<Held>) -> Result<(), Error> {
        let (store, held) = (Arc::clone(&self.store), Arc::clone(held));
        let kept = spawn_blocking(move || store.save(&held.pair)).await;
        Ok(kept.map_err(|_| Error::Interrupted)??)
    }

    fn held(&self, pair: Pair) -> Arc<Held> {
        let renew_at = pair.renew_at(self.jitter.fraction());
        Arc::new(Held { pair, renew_at })
    }

    fn hold(&self, holding: Holding) {
        let mut state = self.state();
        state.holding = holding;
        state.paused_until = None;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
