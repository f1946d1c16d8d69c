//! The hash chain of the audit log. Pure: bytes in, bytes out.
//!
//! Each event's hash covers every column of it and the hash before it, so an event cannot be
//! changed, removed, added or moved without all later hashes changing too.

use sha2::{Digest as _, Sha256};

/// A SHA-256.
pub type Hash = [u8; 32];

/// What the first event names as the hash before it.
pub const GENESIS: Hash = [0; 32];

/// The columns of an event, as they are kept.
#[derive(Clone, Copy, Debug)]
pub struct Columns<'a> {
    /// Counts the events, from 1 and without a gap.
    pub seq: i64,
    /// When it happened, in UTC milliseconds.
    pub at: i64,
    /// The plan that it concerns.
    pub plan_id: Option<&'a str>,
    /// Who did it.
    pub actor_id: Option<&'a str>,
    /// From which address.
    pub actor_address: Option<&'a str>,
    /// What was done.
    pub action: &'a str,
    /// What it was done to.
    pub target: Option<&'a str>,
    /// More of it, as JSON.
    pub details: &'a str,
}

/// The hash of an event that follows `previous`.
///
/// Every column goes in with a mark of whether it is there and with its length in front, so no two
/// different events are the same bytes.
#[must_use]
pub fn hash(previous: &Hash, event: &Columns<'_>) -> Hash {
    let mut digest = Sha256::new();
    digest.update(b"tenure-audit-1");
    digest.update(previous);
    digest.update(event.seq.to_be_bytes());
    digest.update(event.at.to_be_bytes());
    let texts = [
        event.plan_id,
        event.actor_id,
        event.actor_address,
        Some(event.action),
        event.target,
        Some(event.details),
    ];
    for text in texts {
        match text {
            None => digest.update([0]),
            Some(text) => {
                digest.update([1]);
                digest.update((text.len() as u64).to_be_bytes());
                digest.update(text.as_bytes());
            }
        }
    }
    digest.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT: Columns<'static> = Columns {
        seq: 1,
        at: 2,
        plan_id: Some("p"),
        actor_id: None,
        actor_address: Some("::1"),
        action: "token_generated",
        target: Some("t"),
        details: "{}",
    };

    #[test]
    fn every_column_counts() {
        let changed = [
            Columns { seq: 2, ..EVENT },
            Columns { at: 3, ..EVENT },
            Columns {
                plan_id: None,
                ..EVENT
            },
            Columns {
                actor_id: Some(""),
                ..EVENT
            },
            Columns {
                actor_address: Some("::2"),
                ..EVENT
            },
            Columns {
                action: "token_revoked",
                ..EVENT
            },
            Columns {
                target: Some("u"),
                ..EVENT
            },
            Columns {
                details: "{ }",
                ..EVENT
            },
        ];
        let original = hash(&GENESIS, &EVENT);
        for event in changed {
            assert_ne!(hash(&GENESIS, &event), original, "{event:?}");
        }
        assert_ne!(hash(&[1; 32], &EVENT), original);
    }

    #[test]
    fn text_cannot_move_from_one_column_to_the_next() {
        let left = Columns {
            plan_id: Some("ab"),
            actor_id: Some("c"),
            ..EVENT
        };
        let right = Columns {
            plan_id: Some("a"),
            actor_id: Some("bc"),
            ..EVENT
        };
        assert_ne!(hash(&GENESIS, &left), hash(&GENESIS, &right));
    }
}
