//! Leptos' own parts, under the names that they have in Leptos.

pub use leptos_dom;
pub use leptos_macro::*;
pub use tachys::html::{element as html, event as ev};
pub use typed_builder;
pub use typed_builder_macro;

/// Signals and what follows them.
pub mod reactive {
    pub use reactive_graph::*;

    /// Who hears of whom.
    pub mod graph {
        pub use reactive_graph::graph::*;

        pub use crate::signals::untrack as untrack_with_diagnostics;
    }
}

/// Contexts.
pub(crate) mod context {
    pub use reactive_graph::owner::{provide_context, use_context};
}

/// What the browser's console is told.
pub mod logging {
    pub use leptos_dom::{error, log, warn};
}

/// What Leptos' prelude has of these parts.
pub(crate) mod prelude {
    pub use leptos_dom::helpers::*;
    pub use leptos_macro::*;
    pub use reactive_graph::{
        callback::*, computed::*, effect::*, owner::*, prelude::*, signal::*,
    };
}
