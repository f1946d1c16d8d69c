//! Journeys: what people do in the console, in a real browser, against the real server and database.
//!
//! Each file is a story. The clock of the server is moved by hand, never waited for; the sweeper is
//! off, so that nothing here can depend on it.

mod accessibility;
mod alert;
mod conflict;
mod enforcement;
mod forbidden;
mod impact;
mod inactivity;
mod invitation;
mod keyboard;
mod leaving;
mod live;
mod oauth;
mod outage;
mod schedule;
mod session;
mod setup;
mod suspicion;
mod tokens;
