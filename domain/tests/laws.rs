//! Tenure's rules as laws: they hold for every input, also those that nobody thought of.
//!
//! - `period`: never shorter than the period says, creation order is expiry order, the inverse.
//! - `life`: half-open, and one function whose every answer agrees with the effective expiry.
//! - `schedule`: inactivity, the earlier of two rules, and versions that come into force by the clock.
//! - `death`: nothing lives again, whatever the policy and the clock do.
//! - `impact`: what a change is said to end is what the one function then says.
//! - `totality`: no function panics, over the whole range of its arguments.
//! - `network`: no parser that meets the network panics, and what it lets through keeps its promise.
//! - `notices`: nobody is told twice, and nobody too late.
//! - `people`: what is said of people and of those who are invited; whom a System Admin may change.
//! - `suspicion`: bursts and networks by their definition, and nothing reviewed colours again.
//! - `round_trips`: what is written is read back: text, JSON, tokens.
//!
//! The cases that somebody did think of are in `tables.rs`.

#[path = "laws/death.rs"]
mod death;
#[path = "laws/impact.rs"]
mod impact;
#[path = "laws/life.rs"]
mod life;
#[path = "laws/network.rs"]
mod network;
#[path = "laws/notices.rs"]
mod notices;
#[path = "laws/people.rs"]
mod people;
#[path = "laws/period.rs"]
mod period;
#[path = "laws/round_trips.rs"]
mod round_trips;
#[path = "laws/schedule.rs"]
mod schedule;
#[path = "laws/strategies.rs"]
mod strategies;
#[path = "laws/suspicion.rs"]
mod suspicion;
#[path = "laws/totality.rs"]
mod totality;
