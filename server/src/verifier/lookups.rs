//! Looking tokens up in the database: what many callers ask for at the same time goes into one
//! statement.
//!
//! Nobody waits for company. Whoever asks while nothing runs is served at once; what arrives while
//! a statement runs goes together into the next one.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use tokio::sync::oneshot;

use super::{cache::Cache, kept::Kept};
use crate::{
    secret::SecretHash,
    store::{
        Store, StoreError,
        tokens::{self, HASHES},
    },
};

type Answer = Result<Option<Kept>, StoreError>;

/// The questions that wait, and who answers them.
pub(super) struct Lookups {
    store: Store,
    cache: Arc<Cache>,
    waiting: Mutex<Waiting>,
    asked: AtomicU64,
}

#[derive(Default)]
struct Waiting {
    questions: Vec<(SecretHash, oneshot::Sender<Answer>)>,
    /// Whether a task answers them.
    answering: bool,
}

impl Lookups {
    pub(super) fn new(store: Store, cache: Arc<Cache>) -> Arc<Self> {
        Arc::new(Self {
            store,
            cache,
            waiting: Mutex::default(),
            asked: AtomicU64::new(0),
        })
    }

    /// How often the database was asked for a token.
    pub(super) fn asked(&self) -> u64 {
        self.asked.load(Ordering::Relaxed)
    }

    /// The token of this hash, read after this was called, and kept in memory.
    pub(super) async fn ask(self: &Arc<Self>, hash: &SecretHash) -> Answer {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let (answer, answered) = oneshot::channel();
        let begin = {
            let mut waiting = self.waiting();
            waiting.questions.push((*hash, answer));
            !std::mem::replace(&mut waiting.answering, true)
        };
        if begin {
            // A task of its own: a caller that goes away leaves nobody without an answer.
            tokio::spawn(Arc::clone(self).answer_all());
        }
        answered.await.unwrap_or(Err(StoreError::interrupted()))
    }

    async fn answer_all(self: Arc<Self>) {
        let _last = Resting(&self);
        while let Some(questions) = self.next() {
            let hashes: Vec<SecretHash> = questions.iter().map(|(hash, _)| *hash).collect();
            let found = self.look_up(&hashes).await.map_err(Arc::new);
            for (hash, answer) in questions {
                // Whoever has gone away needs no answer.
                let _ = answer.send(match &found {
                    Ok(found) => Ok(found.get(&hash).cloned()),
                    // One row that no version of this server writes must not fail its neighbours.
                    Err(error) if matches!(**error, StoreError::Corrupt { .. }) => self
                        .look_up(&[hash])
                        .await
                        .map(|found| found.get(&hash).cloned()),
                    Err(error) => Err(StoreError::Shared(Arc::clone(error))),
                });
            }
        }
    }

    /// The next questions, or `None` when there are no more; then nobody answers any more either.
    fn next(&self) -> Option<Vec<(SecretHash, oneshot::Sender<Answer>)>> {
        let mut waiting = self.waiting();
        let count = waiting.questions.len().min(HASHES);
        if count == 0 {
            waiting.answering = false;
            return None;
        }
        Some(waiting.questions.drain(..count).collect())
    }

    pub(super) async fn look_up(
        &self,
        hashes: &[SecretHash],
    ) -> Result<HashMap<SecretHash, Kept>, StoreError> {
        let seen = self.cache.generation();
        let mut tx = self.store.peek().await?;
        let mut found = HashMap::with_capacity(hashes.len());
        for token in tokens::by_hashes(&mut tx, hashes).await? {
            let hash = token.hash;
            let kept = self.cache.kept(token)?;
            self.cache.keep_token(seen, &hash, &kept);
            found.insert(hash, kept);
        }
        Ok(found)
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Sees to it that a task which panics leaves no question behind that nobody will answer.
struct Resting<'a>(&'a Lookups);

impl Drop for Resting<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            *self.0.waiting() = Waiting::default();
        }
    }
}
