//! The whole of Tenure in a real browser: what a test needs to tell a journey as a story.
//!
//! Lives here: a [`Stack`](stack::Stack) (the server in process under a mock clock, a database of its
//! own), a [`Browser`](browser::Browser) that finds things as people and screen readers do, by role
//! and accessible name, and the [`screens`] that journeys speak about.
//!
//! Deliberately not here: an assertion about a rule (journeys and the rings below make those), a
//! selector by class or id, and waiting for time to pass: what is awaited is always a condition.

pub mod api;
pub mod browser;
pub mod needs;
pub mod other_client;
pub mod receiver;
pub mod screens;
pub mod stack;
pub mod wait;
