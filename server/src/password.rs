//! People's passwords: argon2id with its defaults (19 MiB, two passes), off the async threads and
//! few at a time, so that a burst of sign-ins costs waiting and not memory.

use std::sync::Arc;

use argon2::{Argon2, PasswordHasher as _, PasswordVerifier as _};
use tokio::sync::Semaphore;

use crate::random::Random;

/// Hashes at once. Each takes 19 MiB while it runs.
const AT_ONCE: usize = 2;
/// Hashes at once and those that wait for their turn: about a second of waiting. Further ones are
/// refused, so that a flood of attempts does not make everybody wait for all of them.
const QUEUE: usize = 64;

/// A hash of a password that nobody knows. Checking against it takes as long as any other check, so
/// the time of an answer does not tell whether an address has an account.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGhhcyB0aGlz$0000000000000000000000000000000000000000000";

/// The password was not hashed or checked. It says nothing about the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordFailure {
    /// Too many others wait already; a later attempt may succeed.
    Busy,
    /// The process is out of memory or is being stopped.
    Broken,
}

impl std::fmt::Display for PasswordFailure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Busy => "too many passwords wait to be hashed",
            Self::Broken => "the password could not be hashed",
        })
    }
}

impl std::error::Error for PasswordFailure {}

/// Hashes and checks passwords. Cheap to clone; clones share the limit.
#[derive(Clone, Debug)]
pub struct Passwords {
    queue: Arc<Semaphore>,
    permits: Arc<Semaphore>,
    random: Random,
}

impl Passwords {
    /// With salts from `random`.
    #[must_use]
    pub fn new(random: Random) -> Self {
        Self {
            queue: Arc::new(Semaphore::new(QUEUE)),
            permits: Arc::new(Semaphore::new(AT_ONCE)),
            random,
        }
    }

    /// The PHC string to keep of a password, with a salt of its own.
    ///
    /// # Errors
    /// When too many wait already, or the process is out of memory or is being stopped.
    pub async fn hash(&self, password: String) -> Result<String, PasswordFailure> {
        let salt = self.random.bytes::<16>();
        self.run(move || {
            let hash = Argon2::default()
                .hash_password_with_salt(password.as_bytes(), &salt)
                .map_err(|_| PasswordFailure::Broken)?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether the password is the one of this PHC string. Without a string it is not, and finding
    /// that out takes as long.
    ///
    /// # Errors
    /// When too many wait already, or the process is out of memory or is being stopped.
    pub async fn matches(
        &self,
        password: String,
        kept: Option<String>,
    ) -> Result<bool, PasswordFailure> {
        self.run(move || {
            let somebodys = kept.is_some();
            let kept = kept.unwrap_or_else(|| NOBODYS.to_owned());
            let right = Argon2::default()
                .verify_password(password.as_bytes(), kept.as_str())
                .is_ok();
            Ok(right && somebodys)
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PasswordFailure> + Send + 'static,
    ) -> Result<T, PasswordFailure> {
        let place = Arc::clone(&self.queue)
            .try_acquire_owned()
            .map_err(|_| PasswordFailure::Busy)?;
        let permit = Arc::clone(&self.permits)
            .acquire_owned()
            .await
            .map_err(|_| PasswordFailure::Broken)?;
        // Both go with the work: a caller that goes away does not free them early.
        tokio::task::spawn_blocking(move || {
            let result = work();
            drop((permit, place));
            result
        })
        .await
        .map_err(|_| PasswordFailure::Broken)?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_matches_its_own_hash_alone() {
        let passwords = Passwords::new(Random::seeded(1));
        let kept = passwords.hash("correct horse".to_owned()).await;
        let kept = kept.expect("hashed");
        assert!(
            kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{kept}"
        );
        let matches =
            |text: &str, kept: &str| passwords.matches(text.to_owned(), Some(kept.to_owned()));
        assert_eq!(matches("correct horse", &kept).await, Ok(true));
        assert_eq!(matches("wrong horse", &kept).await, Ok(false));
        assert_eq!(matches("correct horse", "no hash at all").await, Ok(false));
        assert_eq!(passwords.matches("x".to_owned(), None).await, Ok(false));
    }

    #[tokio::test]
    async fn a_queue_that_is_full_refuses() {
        let passwords = Passwords::new(Random::seeded(1));
        let queue = passwords.queue.try_acquire_many(QUEUE as u32);
        let refused = passwords.hash("correct horse".to_owned()).await;
        assert_eq!(refused, Err(PasswordFailure::Busy));
        drop(queue);
        assert_eq!(passwords.matches("x".to_owned(), None).await, Ok(false));
    }

    #[test]
    fn nobodys_hash_takes_as_long_as_any_other() {
        // It must parse, or the check would be over at once.
        let parsed = argon2::password_hash::phc::PasswordHash::new(NOBODYS).expect("parses");
        assert_eq!(parsed.hash.expect("has an output").len(), 32);
        assert!(parsed.salt.is_some());
    }
}
