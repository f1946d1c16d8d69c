//! How often somebody may try a password: per place and email, so that nobody locks others out.
//!
//! In memory, per process: it slows guessing, it is no record (the audit log is). Each attempt counts
//! before the password is looked at, so that parallel ones cannot slip through; a right one clears the
//! count, so that people and programs who know their password are never in the way of themselves.

use std::{
    collections::HashMap,
    net::IpAddr,
    num::NonZeroU32,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use governor::{
    NotUntil, Quota, RateLimiter,
    clock::{Clock as _, Reference as _},
    middleware::NoOpMiddleware,
    nanos::Nanos,
    state::StateStore,
};

use crate::{address::ClientAddress, clock::Clock};

/// Wrong passwords in a row before a pause.
const BURST: NonZeroU32 = NonZeroU32::new(10).unwrap();
/// After them, one more attempt in this time.
const PAUSE: Duration = Duration::from_secs(30);
/// Beyond this many counts, those that have run down are forgotten.
const MANY: usize = 10_000;

/// Whose attempts are counted together: a place and an email, in lower case.
pub type Who = (Option<IpAddr>, String);

/// Counts attempts to sign in.
pub struct Attempts {
    counts: Counts,
    limiter: RateLimiter<Who, Counts, Uptime, NoOpMiddleware<Nanos>>,
    clock: Uptime,
    started: Nanos,
}

impl Attempts {
    /// Nobody has tried anything yet.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        let quota = Quota::with_period(PAUSE)
            .unwrap_or_else(|| Quota::per_minute(BURST))
            .allow_burst(BURST);
        let (counts, clock) = (Counts::default(), Uptime(clock));
        Self {
            limiter: RateLimiter::new(quota, counts.clone(), clock.clone()),
            started: clock.now(),
            counts,
            clock,
        }
    }

    /// Counts one more attempt.
    ///
    /// # Errors
    /// How long to wait, when there were too many.
    pub fn count(&self, address: ClientAddress, email: &str) -> Result<(), Duration> {
        self.counts
            .forget_old(self.clock.now().duration_since(self.started));
        self.limiter
            .check_key(&who(address, email))
            .map_err(|refusal: NotUntil<Nanos>| refusal.wait_time_from(self.clock.now()))
    }

    /// The password was right: earlier attempts do not count any more.
    pub fn clear(&self, address: ClientAddress, email: &str) {
        self.counts.lock().remove(&who(address, email));
    }
}

fn who(address: ClientAddress, email: &str) -> Who {
    // No address of ours is longer (RFC 5321, section 4.5.3.1.3), and the map must stay small.
    let email = email.trim().chars().take(254).collect::<String>();
    (address.place(), email.to_lowercase())
}

/// The limiter's state: for each key how long after the limiter's start its count has run down.
#[derive(Clone, Default)]
struct Counts(Arc<Mutex<HashMap<Who, Nanos>>>);

impl Counts {
    fn lock(&self) -> MutexGuard<'_, HashMap<Who, Nanos>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn forget_old(&self, now: Nanos) {
        let mut counts = self.lock();
        if counts.len() > MANY {
            counts.retain(|_, run_down| *run_down > now);
        }
    }
}

impl StateStore for Counts {
    type Key = Who;

    fn measure_and_replace<T, F, E>(&self, key: &Who, f: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let mut counts = self.lock();
        let (answer, count) = f(counts.get(key).copied())?;
        counts.insert(key.clone(), count);
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
    fn counts_that_have_run_down_are_forgotten() {
        let (attempts, clock) = attempts();
        for number in 0..=MANY {
            assert_eq!(attempts.count(HERE, &number.to_string()), Ok(()));
        }
        clock.advance(PAUSE * 2);
        assert_eq!(attempts.count(HERE, "the next one"), Ok(()));
        assert_eq!(attempts.counts.lock().len(), 1);
    }
}
