//! Last uses: noted in memory at each call, written together.
//!
//! A token has one note, its latest, however often it is used between two writes. The notes are
//! bounded, and with them what one write costs: when there is no room, a use is left out, and a
//! later use of that token is noted instead. A crash loses the notes since the last write. Uses on which
//! a token's life depends are written at once, by the [`recorder`](super::recorder).

use std::{
    collections::{HashMap, hash_map::Entry},
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
};

use tenure_domain::time::Timestamp;
use uuid::Uuid;

use super::{cache::Cache, recorder::Called};
use crate::store::{Store, StoreError, tokens, tokens::Use};

/// Callers that note at the same time seldom meet in the same shard.
const SHARDS: usize = 8;
/// Tokens that have a note, in each shard.
const NOTES: usize = 512;

/// Notes that are written in one transaction.
const CHUNK: usize = 200;

type Notes = HashMap<Uuid, (Timestamp, Option<IpAddr>)>;

/// The notes.
#[derive(Default)]
pub(super) struct Uses {
    shards: [Mutex<Notes>; SHARDS],
}

impl Uses {
    /// Notes a use; says whether there was room.
    pub(super) fn note(&self, token: Uuid, at: Timestamp, from: Option<IpAddr>) -> bool {
        let mut notes = self.shard(token);
        let room = notes.len() < NOTES;
        match notes.entry(token) {
            Entry::Occupied(mut note) => {
                if note.get().0 <= at {
                    note.insert((at, from));
                }
            }
            Entry::Vacant(place) if room => {
                place.insert((at, from));
            }
            Entry::Vacant(_) => return false,
        }
        true
    }

    /// The use of this token that waits to be written.
    pub(super) fn noted(&self, token: Uuid) -> Option<Called> {
        let (at, from) = self.shard(token).get(&token).copied()?;
        Some(Called { token, at, from })
    }

    /// Whether a use of this token waits to be written.
    pub(super) fn has(&self, token: Uuid) -> bool {
        self.shard(token).contains_key(&token)
    }

    /// Writes the notes. Those that could not be written are noted again.
    ///
    /// They are sorted, so that two processes that write the same tokens take them in the same order,
    /// and committed by the [`CHUNK`], so that nobody waits for them all.
    pub(super) async fn flush(&self, store: &Store, cache: &Cache) -> Result<(), StoreError> {
        let mut notes: Vec<_> = (0..SHARDS)
            .flat_map(|shard| std::mem::take(&mut *self.lock(shard)))
            .collect();
        notes.sort_unstable_by_key(|(token, _)| *token);
        let mut written = Ok(());
        for chunk in notes.chunks(CHUNK) {
            if written.is_ok() {
                written = write(store, cache, chunk).await;
            }
            if written.is_err() {
                for (token, (at, from)) in chunk {
                    self.note(*token, *at, *from);
                }
            }
        }
        written
    }

    fn shard(&self, token: Uuid) -> MutexGuard<'_, Notes> {
        // The last byte of an id is random.
        self.lock(usize::from(token.as_bytes()[15]) % SHARDS)
    }

    fn lock(&self, shard: usize) -> MutexGuard<'_, Notes> {
        self.shards[shard]
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

async fn write(
    store: &Store,
    cache: &Cache,
    notes: &[(Uuid, (Timestamp, Option<IpAddr>))],
) -> Result<(), StoreError> {
    let uses: Vec<Use> = notes
        .iter()
        .map(|(token, (at, from))| {
            let (token, at, from) = (*token, *at, *from);
            Called { token, at, from }.record()
        })
        .collect();
    let mut tx = store.write_aside().await?;
    let recorded = tokens::record_uses(&mut tx, &uses).await?;
    tx.commit().await?;
    for (token, at) in recorded {
        // An id that is none has no activity that is kept.
        if let Ok(token) = Uuid::try_parse(token.as_str()) {
            cache.raise_activity(token, at);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    #[test]
    fn the_latest_use_stays() {
        let (uses, token) = (Uses::default(), Uuid::from_u128(5));
        uses.note(token, at(1), None);
        uses.note(token, at(3), Some([10, 0, 0, 1].into()));
        uses.note(token, at(2), None);
        let noted = uses.shard(token).get(&token).copied();
        assert_eq!(noted, Some((at(3), Some([10, 0, 0, 1].into()))));
    }

    #[test]
    fn there_is_room_for_so_many_tokens_and_no_more() {
        let uses = Uses::default();
        for token in 0..10_000 {
            uses.note(Uuid::from_u128(token), at(1), None);
        }
        let noted: usize = (0..SHARDS).map(|shard| uses.lock(shard).len()).sum();
        assert_eq!(noted, SHARDS * NOTES);
        // One that has a note still gets its later uses noted.
        let known = *uses.lock(0).keys().next().expect("a note");
        uses.note(known, at(9), None);
        assert_eq!(uses.shard(known).get(&known), Some(&(at(9), None)));
    }
}
