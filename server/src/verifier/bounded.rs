//! A map that holds so many entries and no more, and little beside them: five bytes for each place in
//! its index and one to know what is used. A million small entries must fit, and what links entries to
//! lists, as other caches do, would cost a fifth of them.
//!
//! What makes room is what was not used since the search for room last came by (the CLOCK algorithm).

use std::{
    hash::{BuildHasher as _, Hash, RandomState},
    sync::{
        PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
        atomic::{AtomicBool, Ordering},
    },
};

use hashbrown::{HashTable, hash_table::OccupiedEntry};

/// Callers that come at the same time seldom meet in the same shard.
const SHARDS: usize = 16;

/// The map.
pub(super) struct Bounded<K, V> {
    shards: [RwLock<Shard<K, V>>; SHARDS],
    /// Entries that each shard holds.
    room: usize,
    hashing: RandomState,
}

struct Shard<K, V> {
    entries: Vec<(K, V)>,
    /// Whether the entry of the same place was used since the hand was there.
    used: Vec<AtomicBool>,
    /// The places of the entries, by the hash of their keys.
    index: HashTable<u32>,
    /// The place where the search for room goes on.
    hand: usize,
}

impl<K: Copy + Eq + Hash, V: Clone> Bounded<K, V> {
    /// An empty map for about so many entries: keys spread over shards by chance, and no shard holds
    /// more than its part.
    pub(super) fn new(entries: usize) -> Self {
        Self {
            shards: std::array::from_fn(|_| RwLock::new(Shard::new())),
            room: entries.div_ceil(SHARDS),
            hashing: RandomState::new(),
        }
    }

    pub(super) fn get(&self, key: &K) -> Option<V> {
        let hash = self.hashing.hash_one(key);
        let shard = read(self.shard(hash));
        let place = shard.place(hash, key)?;
        shard.used[place].store(true, Ordering::Relaxed);
        Some(shard.entries[place].1.clone())
    }

    pub(super) fn insert(&self, key: K, value: V) {
        let hash = self.hashing.hash_one(key);
        let mut shard = write(self.shard(hash));
        if let Some(place) = shard.place(hash, &key) {
            shard.entries[place].1 = value;
            return;
        }
        if shard.entries.len() >= self.room {
            shard.make_room(&self.hashing);
        }
        shard.push(hash, (key, value), &self.hashing);
    }

    pub(super) fn remove(&self, key: &K) {
        let hash = self.hashing.hash_one(key);
        let mut shard = write(self.shard(hash));
        if let Some(place) = shard.place(hash, key) {
            shard.remove(place, &self.hashing);
        }
    }

    pub(super) fn clear(&self) {
        for shard in &self.shards {
            *write(shard) = Shard::new();
        }
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.shards
            .iter()
            .map(|shard| read(shard).entries.len())
            .sum()
    }

    fn shard(&self, hash: u64) -> &RwLock<Shard<K, V>> {
        // The index goes by the lowest and the highest bits; these are in the middle.
        let [.., middle, _, _] = hash.to_le_bytes();
        &self.shards[usize::from(middle) % SHARDS]
    }
}

impl<K: Copy + Eq + Hash, V> Shard<K, V> {
    const fn new() -> Self {
        Self {
            entries: Vec::new(),
            used: Vec::new(),
            index: HashTable::new(),
            hand: 0,
        }
    }

    fn place(&self, hash: u64, key: &K) -> Option<usize> {
        let is_it = |place: &u32| self.entries[at(*place)].0 == *key;
        self.index.find(hash, is_it).map(|place| at(*place))
    }

    fn push(&mut self, hash: u64, entry: (K, V), hashing: &RandomState) {
        let Ok(place) = u32::try_from(self.entries.len()) else {
            return;
        };
        self.entries.push(entry);
        self.used.push(AtomicBool::new(false));
        let entries = &self.entries;
        self.index
            .insert_unique(hash, place, |place| hashing.hash_one(entries[at(*place)].0));
    }

    /// Drops the first entry that was not used since the hand was there. That is found within one turn,
    /// because the hand leaves no mark behind.
    fn make_room(&mut self, hashing: &RandomState) {
        let mut place = self.hand % self.entries.len();
        while std::mem::take(self.used[place].get_mut()) {
            place = (place + 1) % self.entries.len();
        }
        self.remove(place, hashing);
        // The youngest entry has come to its place, and is not to be the next that goes.
        self.hand = place + 1;
    }

    /// Removes the entry of this place; the last one takes it.
    fn remove(&mut self, place: usize, hashing: &RandomState) {
        let last = self.entries.len() - 1;
        if let Some(gone) = self.index_entry(place, hashing) {
            gone.remove();
        }
        if let (Some(mut moved), Ok(place)) =
            (self.index_entry(last, hashing), u32::try_from(place))
        {
            *moved.get_mut() = place;
        }
        self.entries.swap_remove(place);
        self.used.swap_remove(place);
    }

    /// What the index holds of the entry of this place; nothing when it was just removed from there.
    fn index_entry(
        &mut self,
        place: usize,
        hashing: &RandomState,
    ) -> Option<OccupiedEntry<'_, u32>> {
        let hash = hashing.hash_one(self.entries[place].0);
        self.index
            .find_entry(hash, |known| at(*known) == place)
            .ok()
    }
}

const fn at(place: u32) -> usize {
    place as usize
}

fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};

    use super::*;

    #[test]
    fn it_holds_what_a_map_holds() {
        let (bounded, mut map) = (Bounded::new(100_000), HashMap::new());
        let mut chances = StdRng::seed_from_u64(1);
        for step in 0..200_000 {
            let key: u16 = chances.random_range(0..5_000);
            match chances.random_range(0..10) {
                0..4 => {
                    bounded.insert(key, step);
                    map.insert(key, step);
                }
                4..7 => {
                    bounded.remove(&key);
                    map.remove(&key);
                }
                _ => assert_eq!(bounded.get(&key), map.get(&key).copied()),
            }
        }
        assert_eq!(bounded.len(), map.len());
        for (key, value) in map {
            assert_eq!(bounded.get(&key), Some(value));
        }
        bounded.clear();
        assert_eq!((bounded.len(), bounded.get(&1)), (0, None));
    }

    #[test]
    fn it_holds_no_more_than_it_has_room_for() {
        let bounded = Bounded::new(1_600);
        for key in 0..100_000 {
            bounded.insert(key, ());
            bounded.remove(&(key / 2));
        }
        for key in 100_000..110_000 {
            bounded.insert(key, ());
        }
        assert_eq!(bounded.len(), 1_600);
        let found = (0..110_000).filter(|key| bounded.get(key).is_some());
        assert_eq!(found.count(), 1_600);
    }

    #[test]
    fn what_is_used_stays() {
        let bounded = Bounded::new(1_600);
        for key in 0..100_000 {
            bounded.insert(key, ());
            for used in 0..50.min(key + 1) {
                assert!(bounded.get(&used).is_some(), "{used} went for {key}");
            }
        }
    }
}
