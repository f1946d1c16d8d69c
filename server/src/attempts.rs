//! How often somebody may try a password, per place and per place and email; and how often a place may
//! show what was never issued.
//!
//! In memory, per process: it slows guessing, it is no record (the audit log is). Each attempt counts
//! before the password is looked at, so that parallel ones cannot slip through; a right one does not
//! count, so that people and programs who know their password are never in the way of themselves.
//!
//! Whoever has not signed in chooses the keys here, so the memory is bounded, an attempt costs the same
//! however many keys there are, and the rows that refusals put into the audit log are limited as well.

use std::{
    collections::HashMap,
    hash::Hash,
    net::IpAddr,
    num::NonZeroU32,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use governor::{
    NotUntil, Quota, RateLimiter,
    clock::{Clock as _, Reference as _},
    middleware::NoOpMiddleware,
    nanos::Nanos,
    state::{InMemoryState, NotKeyed, StateStore},
};

use crate::{address::ClientAddress, clock::Clock, secret, store::users};

/// Wrong passwords of one email, from one place, in a row before a pause.
const BURST: NonZeroU32 = NonZeroU32::new(10).unwrap();
/// After them, one more attempt in this time.
const PAUSE: Duration = Duration::from_secs(30);
/// Wrong passwords from one place, whosever they are: that many at once, and that many a minute.
const PER_PLACE: NonZeroU32 = NonZeroU32::new(30).unwrap();
/// Refusals of all places that go into the audit log one by one: that many at once, and that many a
/// minute. Further ones are only counted.
const ROWS: NonZeroU32 = NonZeroU32::new(60).unwrap();
/// The most counts that are kept. Beyond them, keys that are not known yet are refused.
const MANY: usize = 50_000;

/// Counts attempts to sign in.
pub struct Attempts {
    places: Limit<Option<IpAddr>>,
    people: Limit<(Option<IpAddr>, [u8; 32])>,
    rows: RateLimiter<NotKeyed, InMemoryState, Uptime, NoOpMiddleware<Nanos>>,
    unwritten: AtomicU64,
}

impl Attempts {
    /// Nobody has tried anything yet.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        let clock = Uptime(clock);
        let person = Quota::with_period(PAUSE)
            .unwrap_or_else(|| Quota::per_minute(BURST))
            .allow_burst(BURST);
        Self {
            places: Limit::new(Quota::per_minute(PER_PLACE), clock.clone()),
            people: Limit::new(person, clock.clone()),
            rows: RateLimiter::direct_with_clock(Quota::per_minute(ROWS), clock),
            unwritten: AtomicU64::new(0),
        }
    }

    /// Counts one more attempt.
    ///
    /// # Errors
    /// How long to wait, when there were too many.
    pub fn count(&self, address: ClientAddress, email: &str) -> Result<(), Duration> {
        let place = address.place();
        self.places.count(&place)?;
        self.people.count(&(place, person(email)))
    }

    /// The password was right: the attempt does not count, nor do the person's earlier ones.
    pub fn clear(&self, address: ClientAddress, email: &str) {
        let place = address.place();
        self.places.take_back(&place);
        self.people.forget(&(place, person(email)));
    }

    /// Whether a refusal may go into the audit log now; if so, how many before it did not.
    pub fn row(&self) -> Option<u64> {
        if self.rows.check().is_ok() {
            Some(self.unwritten.swap(0, Ordering::Relaxed))
        } else {
            self.unwritten.fetch_add(1, Ordering::Relaxed);
            None
        }
    }
}

/// Secrets and tokens that nobody ever got, from one place: that many at once, and that many a minute.
const GUESSES: NonZeroU32 = NonZeroU32::new(100).unwrap();

/// Counts what cannot be anything but a guess, or a program that is badly configured: client secrets that
/// are wrong, codes and tokens that were never issued.
pub struct Guesses(Limit<Option<IpAddr>>);

impl Guesses {
    /// Nobody has guessed anything yet.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self(Limit::new(Quota::per_minute(GUESSES), Uptime(clock)))
    }

    /// Counts one more guess.
    ///
    /// # Errors
    /// How long to wait, when there were too many.
    pub fn count(&self, address: ClientAddress) -> Result<(), Duration> {
        self.0.count(&address.place())
    }
}

/// An email as a key: whatever its length, it takes 32 bytes.
fn person(email: &str) -> [u8; 32] {
    secret::hash(&users::normal_email(email))
}

/// One limit, counted for each key.
struct Limit<K: Clone + Eq + Hash> {
    counts: Counts<K>,
    limiter: RateLimiter<K, Counts<K>, Uptime, NoOpMiddleware<Nanos>>,
    interval: Nanos,
    clock: Uptime,
    started: Nanos,
}

impl<K: Clone + Eq + Hash> Limit<K> {
    fn new(quota: Quota, clock: Uptime) -> Self {
        let counts = Counts::default();
        Self {
            limiter: RateLimiter::new(quota, counts.clone(), clock.clone()),
            interval: quota.replenish_interval().into(),
            started: clock.now(),
            counts,
            clock,
        }
    }

    fn count(&self, key: &K) -> Result<(), Duration> {
        let now = self.clock.now();
        if !self.counts.has_room(key, now.duration_since(self.started)) {
            return Err(PAUSE);
        }
        self.limiter
            .check_key(key)
            .map_err(|refusal: NotUntil<Nanos>| refusal.wait_time_from(now))
    }

    fn take_back(&self, key: &K) {
        if let Some(run_down) = self.counts.lock().by_key.get_mut(key) {
            *run_down = run_down.saturating_sub(self.interval);
        }
    }

    fn forget(&self, key: &K) {
        self.counts.lock().by_key.remove(key);
    }
}

/// A limiter's state.
struct Counts<K>(Arc<Mutex<Kept<K>>>);

struct Kept<K> {
    /// For each key how long after the limiter's start its count has run down.
    by_key: HashMap<K, Nanos>,
    /// Counts that have run down are not looked for before this time after the start.
    look_again: Nanos,
}

impl<K> Default for Counts<K> {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Kept {
            by_key: HashMap::new(),
            look_again: Nanos::default(),
        })))
    }
}

impl<K> Clone for Counts<K> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K: Clone + Eq + Hash> Counts<K> {
    fn lock(&self) -> MutexGuard<'_, Kept<K>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether this key can be counted. Walking through all counts takes a while: it happens only when
    /// there are many, and not more often than they run down.
    fn has_room(&self, key: &K, now: Nanos) -> bool {
        let mut kept = self.lock();
        if kept.by_key.len() >= MANY && now >= kept.look_again {
            kept.look_again = now + PAUSE;
            kept.by_key.retain(|_, run_down| *run_down > now);
        }
        kept.by_key.len() < MANY || kept.by_key.contains_key(key)
    }
}

impl<K: Clone + Eq + Hash> StateStore for Counts<K> {
    type Key = K;

    fn measure_and_replace<T, F, E>(&self, key: &K, f: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let mut kept = self.lock();
        let (answer, count) = f(kept.by_key.get(key).copied())?;
        kept.by_key.insert(key.clone(), count);
        Ok(answer)
    }
}

/// The server's clock as the limiter reads it. It only measures: no setting of the wall clock moves it.
#[derive(Clone)]
struct Uptime(Clock);

impl governor::clock::Clock for Uptime {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        self.0.uptime().into()
    }
}

#[cfg(test)]
mod tests {
    use tenure_domain::time::Timestamp;

    use super::*;

    const HERE: ClientAddress = ClientAddress(None);

    fn attempts() -> (Attempts, Clock) {
        let clock = Clock::mock(Timestamp::from_millis(0));
        (Attempts::new(clock.clone()), clock)
    }

    #[test]
    fn after_ten_attempts_there_is_a_pause() {
        let (attempts, clock) = attempts();
        for _ in 0..10 {
            assert_eq!(attempts.count(HERE, "a@acme.example"), Ok(()));
        }
        let wait = attempts.count(HERE, " A@acme.example").unwrap_err();
        assert!(wait <= PAUSE && wait > Duration::ZERO);
        clock.advance(wait);
        assert_eq!(attempts.count(HERE, "a@acme.example"), Ok(()));
        assert!(attempts.count(HERE, "a@acme.example").is_err());
    }

    #[test]
    fn others_are_not_hindered() {
        let (attempts, _clock) = attempts();
        while attempts.count(HERE, "a@acme.example").is_ok() {}
        assert_eq!(attempts.count(HERE, "b@acme.example"), Ok(()));
        let elsewhere = ClientAddress(Some(IpAddr::from([192, 0, 2, 1])));
        assert_eq!(attempts.count(elsewhere, "a@acme.example"), Ok(()));
    }

    #[test]
    fn the_right_password_clears_the_count() {
        let (attempts, _clock) = attempts();
        for _ in 0..100 {
            assert_eq!(attempts.count(HERE, "a@acme.example"), Ok(()));
            attempts.clear(HERE, "a@acme.example");
        }
    }

    #[test]
    fn a_place_that_tries_many_emails_is_slowed_down() {
        let (attempts, clock) = attempts();
        let mut emails = (0..).map(|number| format!("{number}@acme.example"));
        let mut next = || attempts.count(HERE, &emails.next().unwrap_or_default());
        for _ in 0..PER_PLACE.get() {
            assert_eq!(next(), Ok(()));
        }
        let wait = next().unwrap_err();
        let elsewhere = ClientAddress(Some(IpAddr::from([192, 0, 2, 1])));
        assert_eq!(attempts.count(elsewhere, "0@acme.example"), Ok(()));
        clock.advance(wait);
        assert_eq!(next(), Ok(()));
        assert!(next().is_err());
    }

    #[test]
    fn the_counts_have_an_end_and_those_that_have_run_down_are_forgotten() {
        let (attempts, clock) = attempts();
        let place = |number: usize| {
            let number = u32::try_from(number).unwrap_or_default();
            ClientAddress(Some(IpAddr::from(number.to_be_bytes())))
        };
        for number in 0..MANY {
            assert_eq!(attempts.count(place(number), "a@acme.example"), Ok(()));
        }
        assert_eq!(attempts.count(place(0), "a@acme.example"), Ok(()));
        assert_eq!(attempts.count(place(MANY), "a@acme.example"), Err(PAUSE));
        clock.advance(PAUSE * 2);
        assert_eq!(attempts.count(place(MANY), "a@acme.example"), Ok(()));
        assert_eq!(attempts.people.counts.lock().by_key.len(), 1);
    }

    #[test]
    fn refusals_beyond_the_rows_of_a_minute_are_counted() {
        let (attempts, clock) = attempts();
        for _ in 0..ROWS.get() {
            assert_eq!(attempts.row(), Some(0));
        }
        assert_eq!((attempts.row(), attempts.row()), (None, None));
        clock.advance(Duration::from_secs(1));
        assert_eq!(attempts.row(), Some(2));
    }
}
