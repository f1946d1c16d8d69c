//! The console in a real browser, against a fake server and a clock that tests move. Run by wasm-pack.
//!
//! One binary, a module for each area. What is tested: what people see and can do, found by role and
//! accessible name. Not here: rules (the domain's own tests) and the real server (the journeys).
#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::wildcard_imports,
    reason = "a page's tests share what its module sets up"
)]
#![allow(unreachable_pub, reason = "a test binary shows nothing to anybody")]

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

mod api_access;
mod audit_log;
mod auth_health;
mod authorize;
mod axe;
mod boot;
mod calendar;
mod connected_apps;
mod fixtures;
mod harness;
mod invitation;

mod checks;
mod clock;
mod components;
mod form;
mod format;
mod live;
mod notices;
mod oauth_clients;
mod offline;
mod profile;
mod remote;
mod routing;
mod security_control;
mod session;
mod setup;
mod shell;
mod sign_in;
mod theme;
mod token;
mod tokens;
mod transport;
mod users;
