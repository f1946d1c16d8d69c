//! Tenure's rules, shared by the server that enforces them and the console that explains them.
//!
//! Lives here: periods and their calendar arithmetic, policy versions and what they end, the one
//! function that decides whether a token works and the sentence that says why, what becomes of a refresh
//! token, when a token's use looks like somebody else's, when authentication wants attention, scopes, redirect URIs, the form of a token's text,
//! and the words of the API (`wire`, `problem`).
//!
//! Deliberately not here: a clock (every function takes `now`), randomness, storage, HTTP, and all other
//! sentences for people (the console's `src/text/` and the server's mails word what is decided here).
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::string_slice,
        clippy::unreachable,
        clippy::arithmetic_side_effects
    )
)]

pub mod account;
pub mod alert;
pub mod audit;
pub mod id;
pub mod impact;
pub mod invitation;
pub mod json;
pub mod life;
pub mod live;
pub mod locale;
pub mod membership;
pub mod network;
pub mod notice;
pub mod period;
pub mod plan;
pub mod policy;
pub mod problem;
pub mod redirect;
pub mod refresh;
pub mod rotation;
pub mod scope;
pub mod suspicion;
pub mod time;
pub mod token;
pub mod token_text;
pub mod why;
pub mod wire;
