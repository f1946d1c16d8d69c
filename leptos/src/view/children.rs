//! What components are given to show inside of them.

use std::sync::Arc;

use super::{AnyView, IntoAny};

/// Children that are made once.
pub type Children = Box<dyn FnOnce() -> AnyView + Send>;

/// Children that are made as often as they are asked for.
pub type ChildrenFn = Arc<dyn Fn() -> AnyView + Send + Sync>;

/// Makes children of a closure. Bears the name that the macros call.
pub trait ToChildren<F> {
    /// The children.
    fn to_children(from: F) -> Self;
}

/// Children that the macros know to be a text.
pub struct ChildrenOptContainer<T>(pub T);

impl<V: IntoAny, F: FnOnce() -> V + Send + 'static> ToChildren<F> for Children {
    fn to_children(from: F) -> Self {
        Box::new(move || from().into_any())
    }
}

impl<V: IntoAny + Send + 'static> ToChildren<ChildrenOptContainer<V>> for Children {
    fn to_children(from: ChildrenOptContainer<V>) -> Self {
        Box::new(move || from.0.into_any())
    }
}

impl<V: IntoAny, F: Fn() -> V + Send + Sync + 'static> ToChildren<F> for ChildrenFn {
    fn to_children(from: F) -> Self {
        Arc::new(move || from().into_any())
    }
}

impl<V> ToChildren<ChildrenOptContainer<V>> for ChildrenFn
where
    V: IntoAny + Clone + Send + Sync + 'static,
{
    fn to_children(from: ChildrenOptContainer<V>) -> Self {
        Arc::new(move || from.0.clone().into_any())
    }
}

/// What makes a view, for a component that is given one besides its children.
#[derive(Clone)]
pub struct ViewFn(ChildrenFn);

impl<V: IntoAny, F: Fn() -> V + Send + Sync + 'static> From<F> for ViewFn {
    fn from(make: F) -> Self {
        Self(Arc::new(move || make().into_any()))
    }
}

impl ViewFn {
    /// The view.
    #[must_use]
    pub fn run(&self) -> AnyView {
        (self.0)()
    }
}
