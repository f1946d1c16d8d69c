//! Posting to programs of others: where that may be, how a post is signed, and sending it.
//!
//! Deliberately not here: what is posted and when (`ops::alerts`), and the outbox (`store::webhooks`, `jobs::courier`).

pub mod address;
pub mod post;
pub mod signature;
