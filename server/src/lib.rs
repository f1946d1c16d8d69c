//! The Tenure server: issues, verifies, expires and revokes API tokens over a REST API.

pub mod address;
mod answer;
mod api_page;
pub mod attempts;
pub mod auth;
pub mod cli;
pub mod clock;
pub mod config;
mod console;
pub mod cookie;
pub mod csv;
pub mod demo;
pub mod error;
pub mod extract;
pub mod ics;
pub mod jobs;
pub mod links;
pub mod live;
pub mod mail;
pub mod monitoring;
mod oauth;
mod openapi;
pub mod ops;
pub mod password;
pub mod random;
pub mod router;
mod routes;
pub mod secret;
pub mod serve;
pub mod sightings;
pub mod state;
pub mod store;
pub mod telemetry;
pub mod verifier;
pub mod zone;

pub use state::{App, AppState, Settings, Tools};
