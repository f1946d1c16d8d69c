//! The API as callers meet it: in process, on SQLite, with a clock that only the tests move. What
//! callers send to find a hole is sent on PostgreSQL too.
//!
//! What the rules say is tested in `domain`, what is kept in `tests/store`; here is what travels:
//! status, codes, pointers, headers, and who may do what.

mod alerts;
mod answers;
mod app;
mod audit_events;
mod auth_health;
mod bad_input;
mod calendars;
mod callers;
mod checks;
mod connected_apps;
mod console;
mod cross_origin;
mod deactivated_sign_in;
mod documents;
mod events;
mod guesses;
#[path = "../store/hand.rs"]
#[expect(dead_code, reason = "these tests tamper, and count in other ways")]
mod hand;
mod impact;
mod inactivity;
mod inventory;
mod invitations;
mod logs;
mod long_answers;
mod matrix;
mod monitoring;
mod notices;
mod oauth;
mod oauth_clients;
mod offers;
mod people_list;
mod policy;
#[path = "../store/postgres.rs"]
mod postgres;
mod roles;
mod rotate;
mod schedule;
mod scopes;
mod sessions;
mod setup;
mod sightings;
mod sightings_end;
mod socket;
mod suspicion;
mod token_life;
mod token_scopes;
mod tokens;
mod users;
mod verify;
