//! What changed elsewhere, told to whoever has a page open, as it happens.
//!
//! The audit log is the feed: nothing changes without an event there, and an event's number is a place to go
//! on from. One follower for the process reads what is new in it, at once after a commit of this process and a
//! moment after one of another, and hands it to every [`stream`]. Deliberately not here: who is told what
//! (`tenure_domain::live`), and HTTP.

pub(crate) mod listener;
pub(crate) mod stream;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tenure_domain::id::UserId;
use tokio::sync::{Mutex as AsyncMutex, broadcast};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

use crate::store::{
    Store, StoreError, Tx, audit,
    news::{self, Item},
};

/// With more news than this, loading anew is cheaper than hearing of each.
const MOST_NEWS: i64 = 1_000;
/// What a stream may lag behind, in events. Its reader is dropped then, and goes on from the log.
const LAG: usize = 1_024;
/// The most streams of one person in this process: each is a connection.
const STREAMS: usize = 20;

/// What the follower tells every stream.
#[derive(Clone, Debug)]
pub(crate) enum News {
    /// Something was done.
    Item(Arc<Item>),
    /// So much was done up to this place, or the log is another one, that whatever is on show may be old.
    Lost(i64),
}

/// The follower and its streams. Cheap to clone; clones are one.
#[derive(Clone)]
pub struct Live(Arc<Inner>);

struct Inner {
    store: Store,
    news: broadcast::Sender<News>,
    /// The place up to which the streams have been told; nothing while there are none.
    told: AsyncMutex<Option<i64>>,
    open: Mutex<HashMap<UserId, usize>>,
    closing: CancellationToken,
}

impl Live {
    /// Follows this store's log, as soon as somebody listens.
    pub(crate) fn new(store: Store) -> Self {
        Self(Arc::new(Inner {
            store,
            news: broadcast::Sender::new(LAG),
            told: AsyncMutex::new(None),
            open: Mutex::default(),
            closing: CancellationToken::new(),
        }))
    }

    /// Tells the streams what is new in the log. A job calls it several times a second and after every
    /// commit; while nobody listens it does nothing.
    ///
    /// # Errors
    /// When the database does not answer; the next call tells what this one did not.
    pub async fn follow(&self) -> Result<(), StoreError> {
        let mut told = self.0.told.lock().await;
        if self.0.news.receiver_count() == 0 {
            *told = None;
        }
        let Some(from) = *told else { return Ok(()) };
        let mut tx = self.0.store.peek().await?;
        let head = audit::head(&mut tx).await?.seq;
        let news = match between(&mut tx, from, head).await? {
            Some(items) => items.into_iter().map(Arc::new).map(News::Item).collect(),
            None => vec![News::Lost(head)],
        };
        for news in news {
            // The last listener may have just gone.
            let _ = self.0.news.send(news);
        }
        *told = Some(head);
        Ok(())
    }

    /// Ends every stream, and those that are opened from now on: the server stops.
    pub fn close(&self) {
        self.0.closing.cancel();
    }

    /// How many streams are open.
    #[must_use]
    pub fn streams(&self) -> usize {
        self.0.news.receiver_count()
    }

    /// What is told after a place in the log that is read after this call.
    async fn subscribe(&self) -> Result<broadcast::Receiver<News>, StoreError> {
        let mut told = self.0.told.lock().await;
        let news = self.0.news.subscribe();
        if told.is_none() {
            *told = Some(audit::head(&mut self.0.store.peek().await?).await?.seq);
        }
        Ok(news)
    }

    fn closed(&self) -> WaitForCancellationFutureOwned {
        self.0.closing.clone().cancelled_owned()
    }

    /// A place for another stream of this person, unless they have too many.
    fn place(&self, user: &UserId) -> Option<Place> {
        let mut open = self.0.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(user.clone()).or_default();
        (*count < STREAMS).then(|| {
            *count += 1;
            Place {
                live: self.clone(),
                user: user.clone(),
            }
        })
    }
}

/// A stream's place among those of its person. It is free again when this is dropped.
struct Place {
    live: Live,
    user: UserId,
}

impl Drop for Place {
    fn drop(&mut self) {
        let open = self.live.0.open.lock();
        let mut open = open.unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.user) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.user);
            }
        }
    }
}

/// What was done between two places in the log; nothing where that is too much, or where the log has gone
/// back because another one was restored.
async fn between(tx: &mut Tx, from: i64, head: i64) -> Result<Option<Vec<Item>>, StoreError> {
    if from == head {
        return Ok(Some(Vec::new()));
    }
    if !(from..=from.saturating_add(MOST_NEWS)).contains(&head) {
        return Ok(None);
    }
    news::since(tx, from, head - from).await.map(Some)
}
