//! The authorization server, by the names that its standards give to what can go wrong.

mod authorization_errors;
mod flow;
mod fuzz;
mod introspection;
mod metadata;
mod refresh;
mod revocation;
mod token_errors;
pub(crate) mod world;
