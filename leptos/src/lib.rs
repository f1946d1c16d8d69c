//! Leptos, with one type for every view, and one kind of box for what every signal holds.
//!
//! Leptos has a type for each tag, for each attribute with each type of value, for each closure and for each
//! signal; and it compiles its machinery anew for every one of them. Here a view is one type, which is a
//! pointer, what is to be set on an element is one list of values, and a signal is a typed door to the one
//! signal there is.
//!
//! The macros write absolute paths (`::leptos::tachys::html::element::div()`), so the console knows this crate
//! under the name `leptos`. Its views are Leptos' own language, and compile against Leptos itself as well,
//! which only costs size. docs/decisions/0010 has the measure of it.
//!
//! Lives here: views (`view`, `element`, `value`), what they become on the page (`page`), and signals.
//! Everything that is not named here is Leptos' own. Deliberately not here: rendering on a server, spread
//! attributes, `style:`, `bind:` and `use:`, which the console has no use for.

extern crate self as leptos;

mod attributes;
pub mod component;
mod element;
mod node_ref;
mod page;
mod signals;
pub mod tachys;
pub mod task;
mod upstream;
mod value;
mod view;

pub use upstream::*;

/// Children of components.
pub mod children {
    pub use crate::view::{Children, ChildrenFn, ChildrenOptContainer, ToChildren, ViewFn};
}

/// Contexts.
pub mod context {
    pub use crate::upstream::context::*;

    pub use crate::view::Provider;
}

/// The first view of all.
pub mod mount {
    pub use crate::page::{UnmountHandle, mount_to, mount_to_body};
}

/// What Leptos' prelude has, with this crate's types in place of their namesakes.
pub mod prelude {
    pub use crate::upstream::prelude::*;

    pub use crate::{
        children::{Children, ChildrenFn, ToChildren, ViewFn},
        element::Element,
        mount::{mount_to, mount_to_body},
        node_ref::NodeRef,
        signals::{Callback, Memo, RwSignal, Signal, StoredValue, untrack},
        value::IntoAttributeValue,
        view::{
            AnyView, CollectView, For, ForProps, IntoAny, IntoRender, IntoView, View, ViewMarker,
        },
    };
}
