//! Where a pair is kept: a trait for whoever has a place of their own, and one that keeps nothing.

use std::{
    io,
    sync::{Mutex, PoisonError},
};

use crate::pair::Pair;

/// Keeps one pair. Both functions are called on a thread that may block, and never at the same time.
pub trait PairStore: Send + Sync + 'static {
    /// The pair that was kept last, if one ever was.
    ///
    /// # Errors
    /// When it cannot be read.
    fn load(&self) -> io::Result<Option<Pair>>;

    /// Keeps the pair in the place of the one before. When this returns, the pair must survive a crash, and
    /// whatever happens before it returns, either of the two must be there whole: nobody else has it.
    ///
    /// # Errors
    /// When it cannot be kept; then the one before must still be there.
    fn save(&self, pair: &Pair) -> io::Result<()>;
}

/// Keeps the pair until the program ends: for tests, and for tools that ask for consent each time.
#[derive(Debug, Default)]
pub struct MemoryStore(Mutex<Option<Pair>>);

impl PairStore for MemoryStore {
    fn load(&self) -> io::Result<Option<Pair>> {
        Ok(self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone())
    }

    fn save(&self, pair: &Pair) -> io::Result<()> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(pair.clone());
        Ok(())
    }
}
