//! Whether the audit log is as it was written: a walk along its chain, a page at a time.
//!
//! Each page is read for itself, so nobody who writes waits, however long the log is. What is logged while
//! the walk goes on is left for the next one.

use std::fmt;

use super::{
    Store,
    audit::{self, Head, Logged},
    audit_chain::{self, GENESIS, Hash},
    error::StoreError,
};

/// Events that are read at a time.
const STRIDE: i64 = 1_000;

/// What a walk over the whole chain found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verified {
    /// Every event is as it was written.
    Whole(Head),
    /// Somebody tampered with the log.
    Broken {
        /// The first event that is not as it was written, or that is missing.
        seq: i64,
        /// What is wrong there.
        fault: Fault,
    },
}

/// What is wrong with an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is not there.
    Missing,
    /// It does not name the hash of the event before it.
    Unchained,
    /// It is not what was hashed.
    Altered,
    /// It comes after what was written last, or differs from it.
    BeyondTheEnd,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "the event is missing",
            Self::Unchained => "the event does not follow the one before it",
            Self::Altered => "the event was altered",
            Self::BeyondTheEnd => "the event was added after the end of the log",
        })
    }
}

/// Walks the chain from its first event to what is its end when the walk begins; `seen` is shown every event
/// that is as it was written, with its hash.
///
/// It finds any event that was changed, removed, added or moved, and a log that was cut short. Somebody
/// who rewrites every event from some place on, and the end as well, leaves no trace in the database: a
/// hash that was noted elsewhere before is then in no event.
///
/// # Errors
/// When the database does not answer; that says nothing about the log.
pub async fn verify(
    store: &Store,
    mut seen: impl FnMut(&Logged, &Hash) + Send,
) -> Result<Verified, StoreError> {
    let mut tx = store.read().await?;
    let end = audit::head(&mut tx).await?;
    let last = audit::last(&mut tx).await?;
    drop(tx);
    let mut place = Link {
        seq: 0,
        hash: GENESIS,
    };
    loop {
        let mut tx = store.peek().await?;
        let events = audit::up_to(&mut tx, place.seq, end.seq, STRIDE).await?;
        drop(tx);
        if events.is_empty() {
            return Ok(place.compared_with(&end, last));
        }
        for event in &events {
            match place.follow(event) {
                Ok(next) => place = next,
                Err((seq, fault)) => return Ok(Verified::Broken { seq, fault }),
            }
            seen(event, &place.hash);
        }
    }
}

/// The walker's place in the chain.
struct Link {
    seq: i64,
    hash: Hash,
}

impl Link {
    fn follow(&self, event: &Logged) -> Result<Self, (i64, Fault)> {
        let expected = self.seq + 1;
        if event.seq != expected {
            return Err((expected, Fault::Missing));
        }
        if event.prev_hash != self.hash {
            return Err((expected, Fault::Unchained));
        }
        let hash = audit_chain::hash(&self.hash, &event.columns());
        if event.hash != hash {
            return Err((expected, Fault::Altered));
        }
        Ok(Self {
            seq: expected,
            hash,
        })
    }

    /// `last` is the last event that is there, whatever the end of the chain says.
    fn compared_with(&self, end: &Head, last: i64) -> Verified {
        let broken = |seq, fault| Verified::Broken { seq, fault };
        if self.seq < end.seq {
            broken(self.seq + 1, Fault::Missing)
        } else if last > end.seq {
            broken(end.seq + 1, Fault::BeyondTheEnd)
        } else if self.hash != end.hash {
            broken(self.seq, Fault::Altered)
        } else {
            Verified::Whole(*end)
        }
    }
}
