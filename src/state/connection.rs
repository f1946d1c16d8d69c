//! Whether the server can be reached, and how often it came back.

use leptos::prelude::*;

use crate::reactive::lasting;

/// The connection to the server. Cheap to copy, and found in the context of every page.
#[derive(Clone, Copy)]
pub struct Connection(&'static Parts);

/// What it is made of.
struct Parts {
    online: RwSignal<bool>,
    recoveries: RwSignal<u32>,
}

impl Default for Connection {
    fn default() -> Self {
        Self::new()
    }
}

impl Connection {
    /// A connection that nothing bad is known of.
    #[must_use]
    pub fn new() -> Self {
        Self(lasting(Parts {
            online: RwSignal::new(true),
            recoveries: RwSignal::new(0),
        }))
    }

    /// Whether the latest call reached the server. Tracked.
    #[must_use]
    pub fn is_online(self) -> bool {
        self.0.online.try_get().unwrap_or(true)
    }

    /// Whether the latest call reached the server, at this moment.
    #[must_use]
    pub fn is_online_now(self) -> bool {
        self.0.online.try_get_untracked().unwrap_or(true)
    }

    /// How often the connection came back. Tracked: what failed offline tries again when it changes.
    #[must_use]
    pub fn recoveries(self) -> u32 {
        self.0.recoveries.try_get().unwrap_or(0)
    }

    /// A call did not reach the server.
    pub fn lost(self) {
        if self.0.online.try_get_untracked() == Some(true) {
            self.0.online.try_set(false);
        }
    }

    /// A call reached the server.
    pub fn found(self) {
        if self.0.online.try_get_untracked() == Some(false) {
            self.0.online.try_set(true);
            self.0.recoveries.try_update(|count| *count += 1);
        }
    }
}
