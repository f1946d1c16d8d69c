//! A plan's policy through time: which version is in force, which is to come, and what each has ended (R7).
//!
//! A scheduled version comes into force by the clock, here and nowhere else: no job writes anything
//! when its instant comes. What the version before it had ended by then is computed from the two.

use super::{AccessLifetime, Change, PolicyVersion, Seen, Watermarks};
use crate::time::Timestamp;

/// The versions of one plan's policy, oldest first. Never empty.
///
/// The last one may lie ahead; then it is *scheduled*. Those that were cancelled are not among them.
/// Watermarks never fall from one version to the next: however the versions came together, what an
/// earlier one has ended, a later one does not bring back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    versions: Vec<PolicyVersion>,
    /// For each version: what it and those before it have ended once the next one is in force.
    ended: Vec<Watermarks>,
    /// The highest number that a version ever had, cancelled ones among them.
    counted_to: u32,
    access: AccessLifetime,
}

impl History {
    /// The history of these versions, oldest first; `None` when there is none.
    #[must_use]
    pub fn new(versions: Vec<PolicyVersion>) -> Option<Self> {
        let counted_to = versions.iter().map(|version| version.version).max()?;
        let history = Self {
            versions,
            ended: Vec::new(),
            counted_to,
            access: AccessLifetime::NONE,
        };
        Some(history.settled())
    }

    /// This history in a plan whose versions were counted so far, those that were cancelled among them.
    #[must_use]
    pub fn counted_to(mut self, number: u32) -> Self {
        self.counted_to = self.counted_to.max(number);
        self
    }

    /// This history on a server that lets OAuth access tokens live so long.
    #[must_use]
    pub const fn with_access_lifetime(mut self, access: AccessLifetime) -> Self {
        self.access = access;
        self
    }

    /// How long OAuth access tokens live at most.
    #[must_use]
    pub const fn access_lifetime(&self) -> &AccessLifetime {
        &self.access
    }

    /// Every version, oldest first; the scheduled one, if there is one, last.
    pub fn versions(&self) -> impl DoubleEndedIterator<Item = &PolicyVersion> {
        self.versions.iter()
    }

    /// The highest number that a version ever had.
    #[must_use]
    pub const fn latest_number(&self) -> u32 {
        self.counted_to
    }

    /// The version in force at `now`.
    #[must_use]
    #[expect(
        clippy::missing_panics_doc,
        reason = "the place of a version is in bounds"
    )]
    pub fn in_force_at(&self, now: Timestamp) -> &PolicyVersion {
        &self.versions[self.place_at(now)]
    }

    /// The version that is to come into force after `now`, if there is one.
    #[must_use]
    pub fn scheduled_at(&self, now: Timestamp) -> Option<&PolicyVersion> {
        self.versions.get(self.place_at(now).saturating_add(1))
    }

    /// What somebody sees who looks at `now`.
    #[must_use]
    pub fn seen_at(&self, now: Timestamp) -> Seen {
        Seen {
            in_force: self.in_force_at(now).version,
            scheduled: self.scheduled_at(now).map(|next| next.version),
        }
    }

    /// What is dead at `now`. Never below what is kept.
    #[must_use]
    pub fn watermarks_at(&self, now: Timestamp) -> Watermarks {
        self.watermarks_in(self.place_at(now), now)
    }

    /// The versions that have come into force by `now`, each with what it and those before it have ended.
    pub fn endings_at(&self, now: Timestamp) -> impl Iterator<Item = (&PolicyVersion, Watermarks)> {
        let place = self.place_at(now);
        let current = self.watermarks_in(place, now);
        let closed = self.versions.iter().zip(self.ended.iter().copied());
        let in_force = self.versions.get(place).map(|version| (version, current));
        closed.take(place).chain(in_force)
    }

    /// What is dead for good, whatever the clock says: what was stored.
    #[must_use]
    pub fn kept(&self) -> Watermarks {
        let last = self.versions.last();
        last.map_or(Watermarks::NONE, PolicyVersion::watermarks)
    }

    /// The version whose period ended something created at `created_at` by `now`, if one did: the
    /// first. Later versions change nothing about that.
    #[must_use]
    pub fn killer(&self, created_at: Timestamp, now: Timestamp) -> Option<&PolicyVersion> {
        self.first_above(now, |marks| created_at < marks.dead_before)
    }

    /// The version whose inactivity rule ended something last active at `last_active` by `now`, if one
    /// did: the first.
    #[must_use]
    pub fn idle_killer(&self, last_active: Timestamp, now: Timestamp) -> Option<&PolicyVersion> {
        self.first_above(now, |marks| last_active < marks.idle_before)
    }

    /// This history with all that has died by `now` kept in the watermarks of the version in force.
    ///
    /// Whoever tells somebody that a token is dead stores this first: then it stays dead, whatever
    /// the clock or the policy does next.
    #[must_use]
    pub fn observed_at(mut self, now: Timestamp) -> Self {
        let place = self.place_at(now);
        let marks = self.watermarks_in(place, now);
        self.raise(place, marks);
        self.access.dead_before = self.access.dead_before_at(now);
        self.settled()
    }

    /// This history after a change.
    #[must_use]
    pub fn changed(mut self, change: Change) -> Self {
        let closed = &change.closed;
        let place = self
            .versions
            .iter()
            .position(|version| version.version == closed.version);
        if let Some(place) = place {
            self.raise(place, closed.watermarks());
        }
        if let Some(cancelled) = change.cancelled {
            self.versions.retain(|version| version.version != cancelled);
        }
        if let Some(opened) = change.opened {
            self.counted_to = self.counted_to.max(opened.version);
            self.versions.push(opened);
        }
        self.settled()
    }

    /// The place of the version in force.
    ///
    /// A scheduled version whose watermarks lie above its predecessor's was in force for somebody who
    /// said so; a clock that is behind does not undo that.
    fn place_at(&self, now: Timestamp) -> usize {
        let is_in_force = |place: usize, version: &PolicyVersion| {
            !version.was_scheduled()
                || version.in_force_since <= now
                || version.watermarks().exceed(self.stored_before(place))
        };
        let in_force = self
            .versions
            .iter()
            .enumerate()
            .rev()
            .find(|(place, version)| is_in_force(*place, version));
        in_force.map_or(0, |(place, _)| place)
    }

    fn stored_before(&self, place: usize) -> Watermarks {
        let before = place
            .checked_sub(1)
            .and_then(|place| self.versions.get(place));
        before.map_or(Watermarks::NONE, PolicyVersion::watermarks)
    }

    /// What is dead at `now` if the version in this place is in force.
    fn watermarks_in(&self, place: usize, now: Timestamp) -> Watermarks {
        let before = place.checked_sub(1).and_then(|place| self.ended.get(place));
        let own = self
            .versions
            .get(place)
            .map(|version| version.watermarks_at(now));
        own.unwrap_or(Watermarks::NONE)
            .max(before.copied().unwrap_or(Watermarks::NONE))
    }

    fn first_above(
        &self,
        now: Timestamp,
        is_below: impl Fn(&Watermarks) -> bool,
    ) -> Option<&PolicyVersion> {
        let place = self.place_at(now);
        if !is_below(&self.watermarks_in(place, now)) {
            return None;
        }
        let closed = self.ended.get(..place).unwrap_or_default();
        self.versions
            .get(closed.partition_point(|marks| !is_below(marks)))
    }

    fn raise(&mut self, place: usize, marks: Watermarks) {
        if let Some(version) = self.versions.get_mut(place) {
            *version = version.clone().raised_to(marks);
        }
    }

    /// Lets no watermark fall, and works out what each version has ended.
    fn settled(mut self) -> Self {
        let mut floor = Watermarks::NONE;
        for version in &mut self.versions {
            *version = version.clone().raised_to(floor);
            floor = version.watermarks();
        }
        let mut ended = Watermarks::NONE;
        self.ended = (0..self.versions.len())
            .map(|place| {
                ended = ended.max(self.ended_in(place));
                ended
            })
            .collect();
        self
    }

    /// What the version in this place had ended when the next one came into force.
    ///
    /// Where the next one was decided on in that very moment, that was stored. Where it came by the
    /// clock, nobody was there to store it.
    fn ended_in(&self, place: usize) -> Watermarks {
        let (version, next) = (
            self.versions.get(place),
            self.versions.get(place.saturating_add(1)),
        );
        match (version, next.filter(|next| next.was_scheduled())) {
            (Some(version), Some(next)) => version.watermarks_at(next.in_force_since),
            (Some(version), None) => version.watermarks(),
            (None, _) => Watermarks::NONE,
        }
    }
}
