//! The Tenure server: issues, verifies, expires and revokes API tokens over a REST API.

pub mod address;
pub mod attempts;
pub mod clock;
pub mod jobs;
pub mod ops;
pub mod password;
pub mod random;
pub mod secret;
pub mod state;
pub mod store;
pub mod verifier;

pub use state::{App, AppState, Settings};
