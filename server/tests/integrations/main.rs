//! What others build on Tenure, as the guide for integrators shows it: the very files of docs/integrating,
//! run against the real server, a client in another language, and a
//! calendar program's reader.
//!
//! `cargo xtask test integrations` finds or installs the programs that are needed; without one of them a
//! test fails, and says which.

mod calendar;
mod gateway;
mod guide;
mod other_client;
mod people;
mod program;
mod resource_server;
mod tenure;
mod toy_api;
