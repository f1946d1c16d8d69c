//! Views: what is to stand on the page, before it does.
//!
//! Every view is one type, [`AnyView`], which is a pointer: whatever holds or passes views copies that, and
//! the machinery that puts them on the page (`page`) is there once. Leptos has a type for each kind of view,
//! and four words for one whose type is forgotten.

mod children;
mod closures;
mod inert;
mod into;
mod owned;
mod rows;

use std::borrow::Cow;

use crate::upstream::prelude::Owner;

use crate::element::Part;

pub use children::{Children, ChildrenFn, ChildrenOptContainer, ToChildren, ViewFn};
pub use closures::IntoRender;
pub(crate) use closures::Make;
pub use inert::{InertElement, InertSvgElement};
pub use into::{CollectView, IntoAny, IntoView, View, ViewMarker};
pub use owned::Provider;
pub(crate) use rows::Row;
pub use rows::{For, ForProps};

/// A view of any kind.
pub struct AnyView(pub(crate) Box<Plan>);

/// What makes a view: what it is, what is set on it, and what stands in it.
pub(crate) struct Plan {
    pub(crate) what: What,
    pub(crate) parts: Vec<Part>,
    pub(crate) children: Vec<AnyView>,
}

/// The kinds of views.
pub(crate) enum What {
    /// Nothing that is seen.
    Nothing,
    /// A text.
    Text(Cow<'static, str>),
    /// An element of a fixed text of HTML, in its namespace.
    Inert(&'static str, Namespace),
    /// An element: its tag, what is set on it and what stands in it.
    Element(&'static str, Namespace),
    /// Views one after the other: always as many, where nothing else is known.
    Fragment,
    /// Views one after the other, more or fewer of them the next time.
    List,
    /// A view that is made anew whenever a signal that it reads has changed.
    Live(Box<dyn Make>),
    /// Rows that come, move and go by their keys.
    Rows(Vec<Row>),
    /// A view that belongs to an owner of its own.
    Owned(Owner, AnyView),
}

/// What an element belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Namespace {
    Html,
    Svg,
}

impl AnyView {
    #[inline(never)]
    pub(crate) fn of(what: What) -> Self {
        Self(Box::new(Plan {
            what,
            parts: Vec::new(),
            children: Vec::new(),
        }))
    }

    #[inline(never)]
    fn text(text: Cow<'static, str>) -> Self {
        Self::of(What::Text(text))
    }

    #[inline(never)]
    fn nothing() -> Self {
        Self::of(What::Nothing)
    }

    #[inline(never)]
    fn several(what: What, children: Vec<Self>) -> Self {
        let mut view = Self::of(what);
        view.0.children = children;
        view
    }
}
