//! `audit verify`: whether the log is as it was written.

use serde_json::{Value, json};

use crate::store::{
    Store, StoreError,
    audit_chain::Hash,
    audit_walk::{Verified, verify as walk},
};

/// Walks the whole log. The JSON to print, and whether the log is whole.
///
/// `expected` is the hash that an earlier run printed and that was kept elsewhere: it must be that of an event
/// still, or somebody has written the log anew, its end and all.
///
/// # Errors
/// When the database does not answer; that says nothing about the log.
pub async fn verify(store: &Store, expected: Option<Hash>) -> Result<(Value, bool), StoreError> {
    let mut is_there = expected.is_none();
    let found = walk(store, |_, hash| is_there |= Some(*hash) == expected).await?;
    Ok(match found {
        Verified::Whole(head) if is_there => {
            let hash = hex(&head.hash);
            (
                json!({ "whole": true, "events": head.seq, "hash": hash }),
                true,
            )
        }
        Verified::Whole(head) => {
            let fault = "no event has the hash that was expected: the log was written anew";
            let hash = hex(&head.hash);
            let found = json!({ "whole": false, "events": head.seq, "hash": hash, "fault": fault });
            (found, false)
        }
        Verified::Broken { seq, fault } => (
            json!({ "whole": false, "first_bad_seq": seq, "fault": fault.to_string() }),
            false,
        ),
    })
}

/// A hash as it is printed.
#[must_use]
pub fn hex(hash: &[u8]) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A hash as it was printed.
#[must_use]
pub fn unhex(text: &str) -> Option<Hash> {
    let mut hash = Hash::default();
    if !text.is_ascii() || text.len() != 2 * hash.len() {
        return None;
    }
    for (place, byte) in hash.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * place..2 * place + 2)?, 16).ok()?;
    }
    Some(hash)
}
