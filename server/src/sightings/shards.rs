//! The memory: sightings that were not written yet, counted together where they are alike.
//!
//! It is bounded, and with it what one write costs. Where a token has used up its share, its sightings are told apart by
//! address alone; where there is no room for that either, they count for plan and outcome alone; and where not even for
//! that, they are counted as lost.
//!
//! A sighting is found by a fingerprint of what it is of, which lies beside its numbers in one line of the
//! processor's cache: what it is of is looked at again only when it is written.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use tenure_domain::{time::Timestamp, wire::auth_health::Outcome};

use super::{
    shard::{COARSE, Fingerprint, Fingerprints, Room, SIGHTINGS, Shard},
    subject::{Refusal, Sighting, Subject, Tally},
};

/// Calls that are noted at the same time seldom meet in the same shard.
const SHARDS: usize = 8;

/// Two processors seldom write to the same shard at once; so that they do not share a line of their caches either,
/// each has lines of its own.
#[derive(Default)]
#[repr(align(128))]
struct Padded(Mutex<Shard>);

/// The memory.
#[derive(Default)]
pub(super) struct Shards {
    shards: [Padded; SHARDS],
    fingerprints: Fingerprints,
    closed: AtomicBool,
    coarse: AtomicU64,
    lost: AtomicU64,
}

/// How many calls could not be kept as they were seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Of these only the plan and the outcome are counted, or the token and the address beside them.
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
        let fingerprint = self.fingerprints.of(subject);
        let mut shard = self.shard(subject);
        if let Some(seen) = shard.seen.get_mut(subject.outcome as usize) {
            *seen += 1;
        }
        self.add(&mut shard, fingerprint, subject, &Tally::once(at));
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
        self.shard(subject).add_refusal(subject, refusal);
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
            let (kept, refusals) = lock(shard).take();
            taken.sightings.extend(kept.into_iter().map(Sighting::from));
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
            let fingerprint = self.fingerprints.of(&subject);
            let mut shard = self.shard(&subject);
            self.add(&mut shard, fingerprint, &subject, &sighting.tally);
        }
        for refusal in taken.refusals {
            let subject = refusal.subject.clone();
            self.note_refusal(&subject.borrowed(), || refusal);
        }
    }

    fn add(
        &self,
        shard: &mut Shard,
        fingerprint: Fingerprint,
        subject: &Subject<&str>,
        tally: &Tally,
    ) {
        let mut room = shard.add(fingerprint, subject, tally, SIGHTINGS);
        if room == Room::Found {
            return;
        }
        self.coarse.fetch_add(tally.calls, Ordering::Relaxed);
        if room == Room::TokenIsLoud {
            let by_address = subject.by_address();
            let fingerprint = self.fingerprints.of(&by_address);
            room = shard.add(fingerprint, &by_address, tally, SIGHTINGS);
        }
        if room != Room::Found {
            let coarse = subject.coarse();
            let fingerprint = self.fingerprints.of(&coarse);
            room = shard.add(fingerprint, &coarse, tally, SIGHTINGS + COARSE);
        }
        if room != Room::Found {
            self.lost.fetch_add(tally.calls, Ordering::Relaxed);
        }
    }

    fn shard(&self, subject: &Subject<&str>) -> MutexGuard<'_, Shard> {
        // The last byte of an id is random.
        let id = subject.token.or(subject.plan);
        let byte = id.map_or(0, |id| id.as_bytes()[15]);
        lock(&self.shards[usize::from(byte) % SHARDS])
    }
}

fn lock(Padded(shard): &Padded) -> MutexGuard<'_, Shard> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            shard::{BY_ADDRESS, OF_TOKEN, REFUSALS, REFUSALS_OF_TOKEN},
            subject::{Resource, tests::subject},
        },
        *,
    };
    use uuid::Uuid;

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
    fn a_loud_token_leaves_room_for_others_and_its_addresses_are_still_told_apart() {
        let shards = Shards::default();
        let agents: Vec<String> = (0..1_000).map(|agent| format!("agent-{agent}")).collect();
        for agent in &agents {
            shards.note(&subject(8, agent), at(1));
        }
        let elsewhere = Subject {
            address: Some([198, 51, 100, 1].into()),
            ..subject(8, "curl")
        };
        shards.note(&elsewhere, at(1));
        // Of the same shard.
        shards.note(&subject(16, "curl"), at(1));
        let taken = shards.take();
        assert_eq!(calls(&taken), 1_002);
        let of = |token| {
            let of_token = taken.sightings.iter();
            of_token.filter(move |it| it.subject.token == Some(Uuid::from_u128(token)))
        };
        assert_eq!(of(8).count(), OF_TOKEN + 2);
        assert_eq!(of(16).count(), 1);
        let found = of(8).find(|it| it.subject.address == elsewhere.address);
        let resource = found.map(|it| &it.subject.resource);
        assert!(resource.is_some_and(Resource::sees_holder), "{resource:?}");
        for address in 0..200 {
            let subject = Subject {
                address: Some([10, 0, 0, address].into()),
                ..subject(8, "curl")
            };
            shards.note(&subject, at(1));
        }
        let taken = shards.take();
        let of_token = taken
            .sightings
            .iter()
            .filter(|it| it.subject.token.is_some());
        assert_eq!(of_token.count(), BY_ADDRESS);
        assert_eq!(calls(&taken), 200);
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
