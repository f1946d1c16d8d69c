//! One listener's stream of events (WHATWG HTML, section 9.2), from a place in the log until it ends.
//!
//! It ends when its session or token does, when its reader is too slow, and when the server stops. Whoever comes
//! back names the last event's id and misses nothing.

use std::{collections::VecDeque, convert::Infallible, time::Duration};

use axum::response::sse::Event;
use futures_util::{Stream, stream::unfold};
use tenure_domain::wire::live::{CHANGE, Change, RESET};
use tokio::{
    sync::broadcast::Receiver,
    time::{Interval, MissedTickBehavior, interval},
};

use super::{Live, News, Place, between, listener::Listener};
use crate::{
    error::{ApiError, ApiResult},
    state::AppState,
    store::{StoreError, audit, news::Item},
};

/// Often enough that no proxy takes the connection for dead; and that a session which ended by the clock, or
/// without an event, is noticed.
pub(crate) const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// When a browser should come back after the connection broke.
const COME_BACK: Duration = Duration::from_secs(1);
/// When to try again who has too many streams open.
const TOO_MANY: Duration = Duration::from_secs(30);

/// A stream's state between two events.
struct Open {
    app: AppState,
    listener: Listener,
    news: Receiver<News>,
    ticks: Interval,
    /// The place in the log up to which the listener has been told.
    position: i64,
    ready: VecDeque<Event>,
    over: bool,
    _place: Place,
}

/// Opens the stream of `listener` behind the place `after`. Without one, or when it is too far back, it begins
/// by telling that everything is to be loaded.
pub(crate) async fn open(
    app: AppState,
    listener: Listener,
    after: Option<i64>,
) -> ApiResult<impl Stream<Item = Result<Event, Infallible>> + Send + 'static> {
    let place = app.live.place(&listener.user);
    let place = place.ok_or_else(|| ApiError::too_many(TOO_MANY))?;
    let mut open = Open {
        news: app.live.subscribe().await?,
        ticks: ticks(),
        position: 0,
        ready: VecDeque::from([Event::default().comment("open").retry(COME_BACK)]),
        over: false,
        listener,
        app,
        _place: place,
    };
    open.catch_up(after).await?;
    Ok(unfold(open, |mut open| async move {
        open.next().await.map(|event| (Ok(event), open))
    }))
}

fn ticks() -> Interval {
    let mut ticks = interval(KEEP_ALIVE);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks.reset();
    ticks
}

impl Open {
    /// Tells what happened since the listener was last told.
    async fn catch_up(&mut self, after: Option<i64>) -> Result<(), StoreError> {
        let mut tx = self.app.store.peek().await?;
        let head = audit::head(&mut tx).await?.seq;
        let missed = match after {
            Some(after) => between(&mut tx, after, head).await?,
            None => None,
        };
        drop(tx);
        match missed {
            Some(items) => {
                self.position = after.unwrap_or(head);
                for item in items {
                    self.hear(&item).await?;
                }
                self.position = head;
            }
            None => self.reset(head),
        }
        Ok(())
    }

    /// The next event, as soon as there is one.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            if self.over || self.listener.is_over(self.app.clock.now()) {
                return None;
            }
            let live: &Live = &self.app.live;
            let heard = tokio::select! {
                // Whoever lags so far behind is dropped as well, and reads the log when they come back.
                news = self.news.recv() => self.take(news.ok()?).await,
                _ = self.ticks.tick() => self.keep_alive().await,
                () = live.closed() => return None,
            };
            // What cannot be known now is told to whoever comes back.
            heard.ok()?;
        }
    }

    async fn take(&mut self, news: News) -> Result<(), StoreError> {
        match news {
            News::Item(item) => self.hear(&item).await,
            News::Lost(head) => {
                self.look_again().await?;
                self.reset(head);
                Ok(())
            }
        }
    }

    async fn hear(&mut self, item: &Item) -> Result<(), StoreError> {
        if item.seq <= self.position || self.over {
            return Ok(());
        }
        self.over = self.listener.is_over(self.app.clock.now());
        self.position = item.seq;
        let Some(action) = item.action.filter(|_| !self.over) else {
            return Ok(());
        };
        if self.listener.is_touched_by(action, item) {
            self.look_again().await?;
        }
        let topics = self.listener.told(action, item);
        if !topics.is_empty() {
            let plan = item.plan.clone();
            self.tell(CHANGE, &Change { plan, topics });
        }
        Ok(())
    }

    /// Sees whether the listener may still listen, and to what.
    async fn look_again(&mut self) -> Result<(), StoreError> {
        match self.listener.look_again(&self.app).await? {
            Some(listener) => self.listener = listener,
            None => {
                self.listener.forget_plans();
                self.over = true;
            }
        }
        Ok(())
    }

    async fn keep_alive(&mut self) -> Result<(), StoreError> {
        self.look_again().await?;
        // An id alone is no event, but moves the place from which the browser goes on.
        let event = Event::default().comment("").id(self.position.to_string());
        self.ready.push_back(event);
        Ok(())
    }

    fn reset(&mut self, head: i64) {
        self.position = head;
        self.tell(RESET, &());
    }

    fn tell(&mut self, name: &str, data: &impl serde::Serialize) {
        let data = serde_json::to_string(data).unwrap_or_default();
        let id = self.position.to_string();
        self.ready
            .push_back(Event::default().event(name).id(id).data(data));
    }
}
