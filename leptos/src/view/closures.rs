//! Closures in views: the macros mark them, and what they make is a view or a value.

use super::{AnyView, IntoAny, What};

/// Makes a view. A trait of its own in place of `FnMut`, so that its table has this one function.
pub(crate) trait Make: Send {
    fn make(&mut self) -> AnyView;
}

impl<V: IntoAny, F: FnMut() -> V + Send> Make for F {
    fn make(&mut self) -> AnyView {
        self().into_any()
    }
}

#[inline(never)]
fn live(make: Box<dyn Make>) -> AnyView {
    AnyView::of(What::Live(make))
}

/// A view that is made anew whenever a signal that it reads has changed.
impl<V: IntoAny, F: FnMut() -> V + Send + 'static> IntoAny for F {
    fn into_any(self) -> AnyView {
        live(Box::new(self))
    }
}

/// What the macros ask of whatever stands in braces: it is a view as it is.
pub trait IntoRender {
    /// The view.
    type Output;

    /// The view.
    fn into_render(self) -> Self::Output;
}

impl<V: IntoAny> IntoRender for V {
    type Output = V;

    fn into_render(self) -> V {
        self
    }
}
