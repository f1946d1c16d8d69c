//! Tenure's rules as laws: they hold for every input, also those that nobody thought of.
//!
//! - `period`: never shorter than the period says, creation order is expiry order, the inverse.
//! - `life`: half-open, and one function whose every answer agrees with the effective expiry.
//! - `death`: nothing lives again, whatever the policy and the clock do.
//! - `totality`: no function panics, over the whole range of its arguments.
//! - `network`: no parser that meets the network panics, and what it lets through keeps its promise.
//! - `notices`: nobody is told twice, and nobody too late.
//! - `round_trips`: what is written is read back: text, JSON, tokens.
//!
//! The cases that somebody did think of are in `tables.rs`.

#[path = "laws/death.rs"]
mod death;
#[path = "laws/life.rs"]
mod life;
#[path = "laws/network.rs"]
mod network;
#[path = "laws/notices.rs"]
mod notices;
#[path = "laws/period.rs"]
mod period;
#[path = "laws/round_trips.rs"]
mod round_trips;
#[path = "laws/strategies.rs"]
mod strategies;
#[path = "laws/totality.rs"]
mod totality;
