//! Leptos' own parts, under the names that they have in Leptos.

pub use leptos_dom;
pub use leptos_macro::*;
pub use reactive_graph as reactive;
pub use tachys::html::{element as html, event as ev};
pub use typed_builder;
pub use typed_builder_macro;

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
        callback::*, computed::*, effect::*, graph::untrack, owner::*, prelude::*, signal::*,
    };
}
