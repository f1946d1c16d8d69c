//! The console: a WebAssembly app in which people set, and see, how long API tokens live.
//!
//! Lives here: pages, the components that they are made of, the client of the API, the little state
//! that pages share, and every sentence that people read (`text`).
//!
//! Deliberately not here: rules. Periods, expiry, status, who may change what and what a valid value
//! is come from `tenure_domain`, the code that the server enforces them with.

pub mod api;
pub mod app;
pub mod clock;
pub mod components;
pub mod form;
pub mod format;
pub mod js;
pub mod pages;
pub mod reactive;
pub mod route;
pub mod router;
pub mod state;
pub mod text;

use leptos::prelude::*;

/// Mounts the console on the page's body. Called once. Who sees a panic is told by panic.js; where the
/// build keeps the words of it, the log has them.
pub fn start() {
    console_error_panic_hook::set_once();
    mount_to_body(|| {
        let env = app::Environment::browser();
        view! { <app::App env /> }
    });
}
