//! Randomness, as the rest of the server is given it, and the ids that are made of it.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use tenure_domain::time::Timestamp;

/// Where random bytes come from: the operating system, or a test's seed. Cheap to clone.
#[derive(Clone)]
pub struct Random {
    /// For secrets: the operating system, unless a seed was given.
    secrets: Option<Generator>,
    /// For ids, of which every call needs one: as hard to guess as its seed, and without asking the
    /// operating system each time.
    ids: Generator,
}

type Generator = Arc<Mutex<StdRng>>;

impl Random {
    /// The operating system's generator, which is good enough for secrets.
    ///
    /// # Panics
    /// As [`bytes`](Self::bytes).
    #[must_use]
    pub fn system() -> Self {
        let mut seed = [0; 32];
        fill_from_system(&mut seed);
        Self {
            secrets: None,
            ids: Arc::new(Mutex::new(StdRng::from_seed(seed))),
        }
    }

    /// The same bytes on every run. For tests and sample data alone.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        let generator = Arc::new(Mutex::new(StdRng::seed_from_u64(seed)));
        Self {
            secrets: Some(Arc::clone(&generator)),
            ids: generator,
        }
    }

    /// Random bytes, good enough for secrets.
    ///
    /// # Panics
    /// When the operating system has no randomness to give: no secret can be made then, and a
    /// predictable one is worse than none.
    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        match &self.secrets {
            Some(generator) => next(generator),
            None => {
                let mut bytes = [0; N];
                fill_from_system(&mut bytes);
                bytes
            }
        }
    }

    /// A new id: a UUID of version 7 (RFC 9562, section 5.7), so that ids sort by the time of making.
    #[must_use]
    pub fn id(&self, now: Timestamp) -> String {
        let millis = u64::try_from(now.as_millis()).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &next(&self.ids))
            .into_uuid()
            .to_string()
    }
}

fn next<const N: usize>(generator: &Generator) -> [u8; N] {
    let mut bytes = [0; N];
    generator
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .fill_bytes(&mut bytes);
    bytes
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
        f.write_str(match self.secrets {
            None => "Random::system",
            Some(_) => "Random::seeded",
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
