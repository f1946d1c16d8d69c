//! Where rules about what was seen hear of it.
//!
//! Every few seconds [`flush`](super::Sightings::flush) hands over what was seen since the last time: each
//! [`Sighting`] once, counted together by token, address, agent, resource, outcome, scope and minute, sorted by
//! token. The rows of `token_callers` ([`store::token_callers`](crate::store::token_callers)) have them already, in
//! the same transaction: what was seen earlier is there, by UTC day, and what this process and all others saw.
//!
//! What a rule may rely on:
//! - sightings without a `token` are of calls without a known one; those whose memory ran out as well;
//! - where `resource.sees_holder()` says no, the address is a resource server's, not that of a token's holder;
//! - a sighting may come again after a failed write, so whatever is written here must bear being written twice;
//! - several processes each hand over what they saw themselves.
//!
//! The transaction stands beside the queue of writers and cannot append to the audit log. A rule that has to
//! makes `flush` begin with [`Store::write`](crate::store::Store::write) when there is something to append.

use tenure_domain::time::Timestamp;

use super::Sighting;
use crate::store::{StoreError, Tx};

/// Judges what was seen, before it is committed. No rule is there yet.
///
/// # Errors
/// When the database does not answer; then nothing of it is written, and it all comes again.
#[expect(
    clippy::unused_async,
    reason = "rules read and write what they judge by"
)]
pub async fn judge(_tx: &mut Tx, _seen: &[Sighting], _now: Timestamp) -> Result<(), StoreError> {
    Ok(())
}
