//! A plan's policy through time: which version is in force, which is to come, and what each has ended (R7).
//!
//! A scheduled version comes into force by the clock, here and nowhere else: no job writes anything
//! when its instant comes. What the version before it had ended by then is computed from the two.

use super::{AccessLifetime, Change, PolicyVersion, Seen, Watermarks};
use crate::{period::Period, time::Timestamp};

/// The versions of one plan's policy, oldest first. Never empty.
///
/// The last one may lie ahead; then it is *scheduled*. Those that were cancelled are not among them.
/// Watermarks never fall from one version to the next: however the versions came together, what an
/// earlier one has ended, a later one does not bring back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    first: PolicyVersion,
    later: Vec<PolicyVersion>,
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
        let mut versions = versions.into_iter();
        let history = Self {
            first: versions.next()?,
            later: versions.collect(),
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
        core::iter::once(&self.first).chain(&self.later)
    }

    /// The highest number that a version ever had.
    #[must_use]
    pub const fn latest_number(&self) -> u32 {
        self.counted_to
    }

    /// The version in force at `now`.
    #[must_use]
    pub fn in_force_at(&self, now: Timestamp) -> &PolicyVersion {
        self.version(self.place_at(now)).unwrap_or(&self.first)
    }

    /// The version that is to come into force after `now`, if there is one.
    #[must_use]
    pub fn scheduled_at(&self, now: Timestamp) -> Option<&PolicyVersion> {
        self.later.get(self.place_at(now))
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
        let closed = self.versions().zip(self.ended.iter().copied());
        let in_force = self.version(place).map(|version| (version, current));
        closed.take(place).chain(in_force)
    }

    /// The shortest idle period that counts at `now`, or will by what is scheduled, in milliseconds;
    /// `None` while no inactivity rule does.
    #[must_use]
    pub fn shortest_idle_at(&self, now: Timestamp) -> Option<i64> {
        let versions = [Some(self.in_force_at(now)), self.scheduled_at(now)];
        let rules = versions
            .into_iter()
            .flatten()
            .filter_map(|version| version.inactivity);
        rules.map(Period::at_least).min()
    }

    /// What is dead for good, whatever the clock says: what was stored.
    #[must_use]
    pub fn kept(&self) -> Watermarks {
        self.later.last().unwrap_or(&self.first).watermarks()
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
            .versions()
            .position(|version| version.version == closed.version);
        if let Some(place) = place {
            self.raise(place, closed.watermarks());
        }
        if let Some(cancelled) = change.cancelled {
            self.later.retain(|version| version.version != cancelled);
        }
        if let Some(opened) = change.opened {
            self.counted_to = self.counted_to.max(opened.version);
            self.later.push(opened);
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
        let places = (1..=self.later.len()).rev().zip(self.later.iter().rev());
        let in_force = places
            .into_iter()
            .find(|(place, version)| is_in_force(*place, version));
        in_force.map_or(0, |(place, _)| place)
    }

    fn version(&self, place: usize) -> Option<&PolicyVersion> {
        match place.checked_sub(1) {
            None => Some(&self.first),
            Some(place) => self.later.get(place),
        }
    }

    fn stored_before(&self, place: usize) -> Watermarks {
        let before = place.checked_sub(1).and_then(|place| self.version(place));
        before.map_or(Watermarks::NONE, PolicyVersion::watermarks)
    }

    /// What is dead at `now` if the version in this place is in force.
    fn watermarks_in(&self, place: usize, now: Timestamp) -> Watermarks {
        let before = place.checked_sub(1).and_then(|place| self.ended.get(place));
        let own = self.version(place).unwrap_or(&self.first);
        own.watermarks_at(now)
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
        self.version(closed.partition_point(|marks| !is_below(marks)))
    }

    fn raise(&mut self, place: usize, marks: Watermarks) {
        let version = match place.checked_sub(1) {
            None => &mut self.first,
            Some(place) => match self.later.get_mut(place) {
                Some(version) => version,
                None => return,
            },
        };
        version.raise_to(marks);
    }

    /// Lets no watermark fall, and works out what each version has ended.
    fn settled(mut self) -> Self {
        let mut floor = self.first.watermarks();
        for version in &mut self.later {
            version.raise_to(floor);
            floor = version.watermarks();
        }
        let mut ended = Watermarks::NONE;
        let next = self.later.iter().map(Some).chain([None]);
        self.ended = self
            .versions()
            .zip(next)
            .map(|(version, next)| {
                ended = ended.max(ended_by(version, next));
                ended
            })
            .collect();
        self
    }
}

/// What a version had ended when the next one came into force.
///
/// Where the next one was decided on in that very moment, that was stored. Where it came by the clock,
/// nobody was there to store it.
fn ended_by(version: &PolicyVersion, next: Option<&PolicyVersion>) -> Watermarks {
    match next.filter(|next| next.was_scheduled()) {
        Some(next) => version.watermarks_at(next.in_force_since),
        None => version.watermarks(),
    }
}
