//! Closures in views: the macros mark them, and what they make is a view or a value.

use upstream::prelude::AnyView;

use crate::{
    any::IntoAny,
    signals::{Memo, RwSignal, Signal},
    value::{IntoAttributeValue, Value},
};

/// A closure that stands in a view.
pub struct Reactive<F>(F);

/// Marks a closure. The macros call it by Leptos' name for it.
pub fn as_reactive<T, F: FnMut() -> T + Send + 'static>(make: F) -> Reactive<F> {
    Reactive(make)
}

/// Makes a view of whatever stands in braces. Bears the name that the macros call.
pub trait IntoRender {
    /// The view.
    type Output;

    /// Makes it.
    fn into_render(self) -> Self::Output;
}

impl<V: upstream::prelude::Render> IntoRender for V {
    type Output = V;

    fn into_render(self) -> V {
        self
    }
}

/// A view that is made anew whenever a signal that it reads has changed, of one type.
type Live = Box<dyn FnMut() -> AnyView + Send>;

impl<V: IntoAny, F: FnMut() -> V + Send + 'static> IntoRender for Reactive<F> {
    type Output = Live;

    fn into_render(mut self) -> Live {
        Box::new(move || (self.0)().into_any())
    }
}

macro_rules! signals {
    ($($signal:ident)+) => {$(
        impl<T: IntoAny + Clone + 'static> IntoRender for $signal<T> {
            type Output = Live;

            fn into_render(self) -> Live {
                Box::new(move || self.get().into_any())
            }
        }
    )+};
}

signals!(Memo RwSignal Signal);

impl<V: IntoAttributeValue, F: FnMut() -> V + Send + 'static> IntoAttributeValue for Reactive<F> {
    fn into_attribute_value(mut self) -> Value {
        Value::Live(Box::new(move || (self.0)().into_attribute_value()))
    }
}
