//! A context for some views alone.

#![expect(
    unreachable_pub,
    reason = "the macro leaves the function that it wraps as it is"
)]

use crate::upstream::prelude::{Owner, provide_context};

use super::{AnyView, Children, IntoView, What};

/// Gives `value` to the children's context, and to nobody else's.
#[crate::upstream::prelude::component]
pub fn Provider<T: Send + Sync + 'static>(
    /// What they find.
    value: T,
    /// Who finds it.
    children: Children,
) -> impl IntoView {
    owned(Box::new(move || provide_context(value)), children)
}

fn owned(provide: Box<dyn FnOnce()>, children: Children) -> AnyView {
    let make = move || {
        provide();
        children()
    };
    under(&Owner::current().unwrap_or_default(), Box::new(make))
}

/// A view that owns what is made for it, below `parent`.
pub(super) fn under(parent: &Owner, make: Box<dyn FnOnce() -> AnyView>) -> AnyView {
    let owner = parent.child();
    let view = owner.with(make);
    AnyView::of(What::Owned(owner, view))
}
