//! The memory: sightings that were not written yet, counted together where they are alike.
//!
//! It is bounded, and with it what one write costs. Where there is no room for a sighting as it is, it counts for
//! its plan and outcome alone; where not even for that, it is counted as lost.

use std::{
    hash::BuildHasher as _,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use hashbrown::{DefaultHashBuilder, Equivalent as _, HashTable};
use tenure_domain::{time::Timestamp, wire::auth_health::Outcome};
use uuid::Uuid;

use super::subject::{Refusal, Resource, Sighting, Subject, Tally};

/// Calls that are noted at the same time seldom meet in the same shard.
const SHARDS: usize = 8;
/// Sightings that differ, in each shard.
const SIGHTINGS: usize = 512;
/// The same, of plans and outcomes alone: they have some more room.
const COARSE: usize = 64;
/// Refused calls that are kept one by one, in each shard.
const REFUSALS: usize = 64;
/// Those of one token, so that a loud one leaves room for others; those without a known token count as one.
const REFUSALS_OF_TOKEN: usize = 16;

/// Two processors seldom write to the same shard at once; so that they do not share a line of their caches either,
/// each has lines of its own, and what every call writes comes first.
#[derive(Default)]
#[repr(align(128))]
struct Padded(Mutex<Shard>);

#[derive(Default)]
#[repr(C)]
struct Shard {
    sightings: HashTable<Sighting>,
    /// By outcome, since the start.
    seen: [u64; Outcome::ALL.len()],
    refusals: Vec<Refusal>,
}

/// The memory.
#[derive(Default)]
pub(super) struct Shards {
    shards: [Padded; SHARDS],
    /// Seeded by chance in each process. Whoever finds texts that meet all the same gains little: a shard is small.
    hasher: DefaultHashBuilder,
    closed: AtomicBool,
    coarse: AtomicU64,
    lost: AtomicU64,
}

/// How many calls could not be kept as they were seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Of these only the plan and the outcome are counted.
    pub details: u64,
    /// These are counted nowhere.
    pub calls: u64,
}

/// What was seen since the last time.
#[derive(Debug, Default)]
pub(super) struct Taken {
    /// In one order everywhere, so that two processes write in the same.
    pub(super) sightings: Vec<Sighting>,
    pub(super) refusals: Vec<Refusal>,
}

impl Shards {
    /// From here on nothing is noted.
    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::Relaxed);
    }

    /// Whether anything is noted.
    pub(super) fn is_open(&self) -> bool {
        !self.closed.load(Ordering::Relaxed)
    }

    pub(super) fn note(&self, subject: &Subject<&str>, at: Timestamp) {
        // Whatever can be done before the shard is locked is.
        let hash = self.hasher.hash_one(subject);
        let mut shard = self.shard(subject);
        if let Some(seen) = shard.seen.get_mut(subject.outcome as usize) {
            *seen += 1;
        }
        self.add(&mut shard, hash, subject, &Tally::once(at));
    }

    /// How often each outcome was seen, since the start.
    pub(super) fn totals(&self) -> Vec<(Outcome, u64)> {
        let seen = |outcome: &Outcome| {
            let shards = self.shards.iter();
            let of_shards = shards.map(|shard| lock(shard).seen.get(*outcome as usize).copied());
            (*outcome, of_shards.map(Option::unwrap_or_default).sum())
        };
        Outcome::ALL.iter().map(seen).collect()
    }

    /// Keeps a refused call, if there is room.
    pub(super) fn note_refusal(&self, subject: &Subject<&str>, refusal: impl FnOnce() -> Refusal) {
        let mut shard = self.shard(subject);
        if shard.has_room_for_refusal(subject.token) {
            shard.refusals.push(refusal());
        }
    }

    pub(super) fn left_out(&self) -> LeftOut {
        LeftOut {
            details: self.coarse.load(Ordering::Relaxed),
            calls: self.lost.load(Ordering::Relaxed),
        }
    }

    pub(super) fn take(&self) -> Taken {
        let mut taken = Taken::default();
        for shard in &self.shards {
            let (sightings, refusals) = {
                let mut shard = lock(shard);
                let sightings = std::mem::take(&mut shard.sightings);
                (sightings, std::mem::take(&mut shard.refusals))
            };
            taken.sightings.extend(sightings);
            taken.refusals.extend(refusals);
        }
        taken
            .sightings
            .sort_unstable_by(|one, other| one.subject.cmp(&other.subject));
        taken
            .refusals
            .sort_unstable_by(|one, other| (one.at, &one.request).cmp(&(other.at, &other.request)));
        taken
    }

    /// Notes again what could not be written.
    pub(super) fn give_back(&self, taken: Taken) {
        for sighting in taken.sightings {
            let subject = sighting.subject.borrowed();
            let hash = self.hasher.hash_one(&subject);
            self.add(&mut self.shard(&subject), hash, &subject, &sighting.tally);
        }
        for refusal in taken.refusals {
            let subject = refusal.subject.clone();
            self.note_refusal(&subject.borrowed(), || refusal);
        }
    }

    fn add(&self, shard: &mut Shard, hash: u64, subject: &Subject<&str>, tally: &Tally) {
        if shard.add((hash, &self.hasher), subject, tally, SIGHTINGS) {
            return;
        }
        self.coarse.fetch_add(tally.calls, Ordering::Relaxed);
        let coarse = Subject {
            token: None,
            client: None,
            address: None,
            agent: "",
            scope: "",
            resource: Resource::Other,
            ..subject.clone()
        };
        let hash = self.hasher.hash_one(&coarse);
        if !shard.add((hash, &self.hasher), &coarse, tally, SIGHTINGS + COARSE) {
            self.lost.fetch_add(tally.calls, Ordering::Relaxed);
        }
    }

    fn shard(&self, subject: &Subject<&str>) -> MutexGuard<'_, Shard> {
        // The last byte of an id is random.
        let byte = subject.token.map_or(0, |token| token.as_bytes()[15]);
        lock(&self.shards[usize::from(byte) % SHARDS])
    }
}

impl Shard {
    fn has_room_for_refusal(&self, token: Option<Uuid>) -> bool {
        let of_token = self.refusals.iter().filter(|it| it.subject.token == token);
        self.refusals.len() < REFUSALS && of_token.count() < REFUSALS_OF_TOKEN
    }

    fn add(
        &mut self,
        (hash, hasher): (u64, &DefaultHashBuilder),
        subject: &Subject<&str>,
        tally: &Tally,
        room: usize,
    ) -> bool {
        let known = |sighting: &Sighting| subject.equivalent(&sighting.subject);
        if let Some(known) = self.sightings.find_mut(hash, known) {
            known.tally.add(tally);
            return true;
        }
        let has_room = self.sightings.len() < room;
        if has_room {
            let sighting = Sighting {
                subject: subject.to_owned(),
                tally: *tally,
            };
            let hash_of = |sighting: &Sighting| hasher.hash_one(&sighting.subject);
            self.sightings.insert_unique(hash, sighting, hash_of);
        }
        has_room
    }
}

fn lock(Padded(shard): &Padded) -> MutexGuard<'_, Shard> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::{super::subject::tests::subject, *};

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    fn refusal(subject: &Subject<&str>) -> Refusal {
        Refusal {
            request: "r".into(),
            at: at(1),
            subject: subject.to_owned(),
            since: None,
        }
    }

    fn calls(taken: &Taken) -> u64 {
        taken.sightings.iter().map(|seen| seen.tally.calls).sum()
    }

    #[test]
    fn what_is_alike_is_counted_together() {
        let shards = Shards::default();
        shards.note(&subject(1, "curl"), at(5));
        shards.note(&subject(1, "curl"), at(3));
        shards.note(&subject(1, "wget"), at(4));
        let taken = shards.take();
        let tallies: Vec<_> = taken.sightings.iter().map(|seen| seen.tally).collect();
        let twice = Tally {
            calls: 2,
            first: at(3),
            last: at(5),
        };
        assert_eq!(tallies, [twice, Tally::once(at(4))]);
        assert_eq!(shards.take().sightings, []);
    }

    #[test]
    fn without_room_the_plan_and_the_outcome_are_still_counted() {
        let shards = Shards::default();
        for token in 0..10_000 {
            shards.note(&subject(token, "curl"), at(1));
        }
        let taken = shards.take();
        assert_eq!(calls(&taken), 10_000);
        assert_eq!(taken.sightings.len(), SHARDS * (SIGHTINGS + 1));
        let left_out = shards.left_out();
        let details = 10_000 - (SHARDS * SIGHTINGS) as u64;
        assert_eq!(left_out, LeftOut { details, calls: 0 });
    }

    #[test]
    fn the_memory_has_an_end() {
        let shards = Shards::default();
        for minute in 0..10_000 {
            let subject = Subject {
                minute: at(minute),
                // All of the same shard.
                ..subject(8 * u128::from(minute.unsigned_abs()), "curl")
            };
            shards.note(&subject, at(1));
            shards.note_refusal(&subject, || refusal(&subject));
        }
        let taken = shards.take();
        assert_eq!(taken.sightings.len(), SIGHTINGS + COARSE);
        assert_eq!(taken.refusals.len(), REFUSALS);
        assert_eq!(calls(&taken) + shards.left_out().calls, 10_000);
    }

    #[test]
    fn a_loud_token_leaves_room_for_the_refused_calls_of_others() {
        let shards = Shards::default();
        let nobodys = Subject {
            token: None,
            ..subject(0, "curl")
        };
        for loud in [&subject(8, "curl"), &nobodys] {
            for _ in 0..1_000 {
                shards.note_refusal(loud, || refusal(loud));
            }
        }
        // Of the same shard.
        let quiet = subject(16, "curl");
        shards.note_refusal(&quiet, || refusal(&quiet));
        let taken = shards.take();
        let kept = [Some(8), None, Some(16)].map(|token| {
            let token = token.map(Uuid::from_u128);
            let of_token = taken.refusals.iter();
            of_token.filter(|it| it.subject.token == token).count()
        });
        assert_eq!(kept, [REFUSALS_OF_TOKEN, REFUSALS_OF_TOKEN, 1]);
    }

    #[test]
    fn what_could_not_be_written_is_not_lost() {
        let shards = Shards::default();
        shards.note(&subject(1, "curl"), at(5));
        let taken = shards.take();
        shards.note(&subject(1, "curl"), at(7));
        shards.give_back(taken);
        assert_eq!(calls(&shards.take()), 2);
    }
}
