//! Randomness, as the rest of the server is given it, and the ids that are made of it.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use tenure_domain::time::Timestamp;

/// Where random bytes come from: the operating system, or a test's seed.
#[derive(Clone)]
pub struct Random(Source);

#[derive(Clone)]
enum Source {
    System,
    Seeded(Arc<Mutex<StdRng>>),
}

impl Random {
    /// The operating system's generator, which is good enough for secrets.
    #[must_use]
    pub const fn system() -> Self {
        Self(Source::System)
    }

    /// The same bytes on every run. For tests and sample data alone.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        let generator = StdRng::seed_from_u64(seed);
        Self(Source::Seeded(Arc::new(Mutex::new(generator))))
    }

    /// Random bytes.
    ///
    /// # Panics
    /// When the operating system has no randomness to give: no secret can be made then, and a
    /// predictable one is worse than none.
    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        match &self.0 {
            Source::System => fill_from_system(&mut bytes),
            Source::Seeded(generator) => generator
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .fill_bytes(&mut bytes),
        }
        bytes
    }

    /// A new id: a UUID of version 7 (RFC 9562, section 5.7), so that ids sort by the time of making.
    #[must_use]
    pub fn id(&self, now: Timestamp) -> String {
        let millis = u64::try_from(now.as_millis()).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &self.bytes())
            .into_uuid()
            .to_string()
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this module is where randomness is read"
)]
fn fill_from_system(bytes: &mut [u8]) {
    // Deliberate: see `Random::bytes`.
    getrandom::fill(bytes).expect("the operating system gives randomness");
}

impl fmt::Debug for Random {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Source::System => "Random::System",
            Source::Seeded(_) => "Random::Seeded",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_bytes_again() {
        let first: [u8; 32] = Random::seeded(7).bytes();
        assert_eq!(first, Random::seeded(7).bytes());
        assert_ne!(first, Random::seeded(8).bytes());
    }

    #[test]
    fn clones_share_the_sequence() {
        let random = Random::seeded(7);
        assert_ne!(random.bytes::<16>(), random.clone().bytes::<16>());
    }

    #[test]
    fn ids_sort_by_time() {
        let random = Random::system();
        let earlier = random.id(Timestamp::from_millis(1_000));
        let later = random.id(Timestamp::from_millis(1_001));
        assert!(earlier < later, "{earlier} {later}");
        assert_eq!(earlier.len(), 36);
    }
}
