//! `audit verify`: whether the log is as it was written.

use serde_json::{Value, json};

use crate::store::{Store, StoreError, audit, audit::Verified};

/// Walks the whole log. The JSON to print, and whether the log is whole.
///
/// # Errors
/// When the database does not answer; that says nothing about the log.
pub async fn verify(store: &Store) -> Result<(Value, bool), StoreError> {
    let mut tx = store.read().await?;
    let found = audit::verify(&mut tx).await?;
    let head = audit::head(&mut tx).await?;
    Ok(match found {
        Verified::Whole { events } => {
            let hash: String = head.hash.iter().map(|byte| format!("{byte:02x}")).collect();
            (
                json!({ "whole": true, "events": events, "hash": hash }),
                true,
            )
        }
        Verified::Broken { seq, fault } => (
            json!({ "whole": false, "first_bad_seq": seq, "fault": fault.to_string() }),
            false,
        ),
    })
}
