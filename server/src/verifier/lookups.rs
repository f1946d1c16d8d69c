//! Looking tokens up in the database: what many callers ask for at the same time goes into one
//! statement ([`together`](super::together)).

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use super::{cache::Cache, kept::Kept, together::Together};
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
    together: Together<SecretHash, Answer>,
    asked: AtomicU64,
}

impl Lookups {
    pub(super) fn new(store: Store, cache: Arc<Cache>) -> Arc<Self> {
        Arc::new(Self {
            store,
            cache,
            together: Together::default(),
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
        let (answered, begin) = self.together.ask(*hash);
        if begin {
            tokio::spawn(Arc::clone(self).answer_all());
        }
        answered.await.unwrap_or(Err(StoreError::interrupted()))
    }

    async fn answer_all(self: Arc<Self>) {
        let _last = self.together.resting();
        while let Some(questions) = self.together.next(HASHES) {
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
}
