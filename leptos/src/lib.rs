//! Leptos, with one type for every element, and one kind of box for what every signal holds.
//!
//! Leptos has a type for each tag, for each attribute with each type of value, for each closure and for each
//! signal; and it compiles its machinery anew for every one of them. Here an element is one type, what is to
//! be set on it is one list of values, and a signal is a typed door to the one signal there is.
//!
//! The macros write absolute paths (`::leptos::tachys::html::element::div()`), so the console knows this crate
//! under the name `leptos`. Its views are Leptos' own language, and compile against Leptos itself as well,
//! which only costs size. docs/decisions/0007 has the measure of it.
//!
//! Everything that is not named here is Leptos' own. Deliberately not here: rendering on a server, spread
//! attributes, `style:`, `bind:` and `use:`, which the console has no use for.

mod any;
mod attributes;
mod closures;
mod element;
mod node_ref;
mod render;
mod signals;
pub mod tachys;
mod value;

pub use upstream::*;

pub use closures::as_reactive as __as_shared_reactive_fn;

/// What Leptos' prelude has, with this crate's types in place of their namesakes.
pub mod prelude {
    pub use upstream::prelude::*;

    pub use crate::{
        any::{IntoAny, IntoMaybeErased, View, ViewMarker},
        closures::IntoRender,
        element::Element,
        node_ref::NodeRef,
        signals::{Memo, RwSignal, Signal, StoredValue},
        value::IntoAttributeValue,
    };
}
