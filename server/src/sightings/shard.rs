//! One shard of the memory: what has room in it, and how a sighting is found.

use std::hash::BuildHasher as _;

use hashbrown::{DefaultHashBuilder, HashMap, HashTable};
use tenure_domain::wire::auth_health::Outcome;
use uuid::Uuid;

use super::subject::{Refusal, Sighting, Subject, Tally};

/// Sightings that differ, in each shard.
pub(super) const SIGHTINGS: usize = 512;
/// The same, of plans and outcomes alone: they have some more room.
pub(super) const COARSE: usize = 64;
/// Of one token, in all details: callers choose some of them, and a loud one leaves room for others.
pub(super) const OF_TOKEN: usize = 32;
/// Of one token, where beyond that only the addresses are told apart.
pub(super) const BY_ADDRESS: usize = 64;
/// Refused calls that are kept one by one, in each shard.
pub(super) const REFUSALS: usize = 64;
/// Those of one token, so that a loud one leaves room for others; a plan's without a known token count as one.
pub(super) const REFUSALS_OF_TOKEN: usize = 16;

/// What every call writes comes first.
#[derive(Default)]
#[repr(C)]
pub(super) struct Shard {
    sightings: HashTable<Kept>,
    /// How many of them are of each token.
    of_token: HashMap<Uuid, usize, DefaultHashBuilder>,
    /// By outcome, since the start.
    pub(super) seen: [u64; Outcome::ALL.len()],
    refusals: Vec<Refusal>,
}

/// A sighting, and what it is found by.
pub(super) struct Kept {
    fingerprint: Fingerprint,
    tally: Tally,
    subject: Box<Subject>,
}

/// Two hashes of the same, seeded by chance in each process and shown to nobody: 128 bits, so that two subjects do not
/// meet, though callers choose their texts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Fingerprint {
    /// Where it lies in its shard.
    place: u64,
    rest: u64,
}

/// Makes fingerprints: with seeds of its own each.
#[derive(Default)]
pub(super) struct Fingerprints(DefaultHashBuilder, DefaultHashBuilder);

impl Fingerprints {
    /// That of what a sighting is of.
    pub(super) fn of(&self, subject: &Subject<&str>) -> Fingerprint {
        Fingerprint {
            place: self.0.hash_one(subject),
            rest: self.1.hash_one(subject),
        }
    }
}

/// Whether there was room for a sighting.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Room {
    /// There was, or it was there before.
    Found,
    /// There is for others, and not for so many of its token.
    TokenIsLoud,
    /// There is not.
    None,
}

impl Shard {
    /// What was seen since the last time; the table keeps its room for the next ones.
    pub(super) fn take(&mut self) -> (Vec<Kept>, Vec<Refusal>) {
        self.of_token.clear();
        let kept = self.sightings.drain().collect();
        (kept, std::mem::take(&mut self.refusals))
    }

    /// Keeps a refused call of this subject, if there is room.
    pub(super) fn add_refusal(
        &mut self,
        subject: &Subject<&str>,
        refusal: impl FnOnce() -> Refusal,
    ) {
        if self.has_room_for_refusal(subject) {
            self.refusals.push(refusal());
        }
    }

    fn has_room_for_refusal(&self, subject: &Subject<&str>) -> bool {
        let whose = (subject.plan, subject.token);
        let of_token = self.refusals.iter();
        let of_token = of_token.filter(|it| (it.subject.plan, it.subject.token) == whose);
        self.refusals.len() < REFUSALS && of_token.count() < REFUSALS_OF_TOKEN
    }

    /// Counts calls of this subject, where there are at most so many others.
    pub(super) fn add(
        &mut self,
        fingerprint: Fingerprint,
        subject: &Subject<&str>,
        tally: &Tally,
        most: usize,
    ) -> Room {
        let is_known = |kept: &Kept| kept.fingerprint == fingerprint;
        if let Some(known) = self.sightings.find_mut(fingerprint.place, is_known) {
            known.tally.add(tally);
            return Room::Found;
        }
        if self.sightings.len() >= most {
            return Room::None;
        }
        if let Some(token) = subject.token {
            let of_token = self.of_token.entry(token).or_default();
            let share = if subject.is_by_address() {
                BY_ADDRESS
            } else {
                OF_TOKEN
            };
            if *of_token >= share {
                return Room::TokenIsLoud;
            }
            *of_token += 1;
        }
        let kept = Kept {
            fingerprint,
            tally: *tally,
            subject: Box::new(subject.to_owned()),
        };
        let place_of = |kept: &Kept| kept.fingerprint.place;
        self.sightings
            .insert_unique(fingerprint.place, kept, place_of);
        Room::Found
    }
}

impl From<Kept> for Sighting {
    fn from(kept: Kept) -> Self {
        Self {
            subject: *kept.subject,
            tally: kept.tally,
        }
    }
}
