//! The time and the randomness, as the rest of the crate is told them. Nothing else here reads either.

use std::{
    hash::{BuildHasher as _, RandomState},
    time::SystemTime,
};

/// Says what time it is. A test has its own, and moves it.
pub trait Clock: Send + Sync + 'static {
    /// The time now.
    fn now(&self) -> SystemTime;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this module is where the time is read"
    )]
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}

/// Spreads the renewals of many programs that got their pairs at the same time.
pub trait Jitter: Send + Sync + 'static {
    /// A number from 0 (included) to 1 (excluded), another one each time.
    fn fraction(&self) -> f64;
}

/// The standard library's randomness: good enough to spread load, and for nothing else.
#[derive(Clone, Copy, Debug, Default)]
pub struct RandomJitter;

impl Jitter for RandomJitter {
    fn fraction(&self) -> f64 {
        // Each `RandomState` hashes by keys of its own. 32 bits are exact in an f64.
        let bits = RandomState::new().hash_one(0_u8) >> 32;
        f64::from(u32::try_from(bits).unwrap_or_default()) / (f64::from(u32::MAX) + 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_jitter_stays_within_its_bounds_and_varies() {
        let drawn: Vec<f64> = (0..100).map(|_| RandomJitter.fraction()).collect();
        assert!(drawn.iter().all(|one| (0.0..1.0).contains(one)));
        assert!(drawn.iter().any(|one| one.total_cmp(&drawn[0]).is_ne()));
    }
}
