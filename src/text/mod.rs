//! Every sentence that people read, one module for each part of the console.
//!
//! A sentence is a constant, or a function of typed values. Nothing is glued together from halves in a
//! view, so that a translation can change the order of words. Dates, numbers and plurals of
//! units come worded from `format`.

pub mod audit;
pub mod auth_health;
pub mod authorize;
pub mod calendar;
pub mod checks;
pub mod common;
pub mod connected_apps;
pub mod impact;
pub mod inventory;
pub mod invitations;
pub mod notices;
pub mod oauth_clients;
pub mod policy;
pub mod problems;
pub mod reasons;
pub mod schedule;
pub mod setup;
pub mod shell;
pub mod sign_in;
pub mod token;
pub mod tokens;
pub mod users;
pub mod webhook;
