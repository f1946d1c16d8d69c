//! Elements of a fixed text of HTML, which the macros make of what never changes.

use super::{AnyView, IntoAny, Namespace, What};

/// An element with what stands in it, as HTML.
pub struct InertElement(&'static str);

/// An element of a drawing, as SVG.
pub struct InertSvgElement(&'static str);

macro_rules! inert {
    ($($name:ident $namespace:ident)+) => {$(
        impl $name {
            /// The element that the text describes.
            #[must_use]
            pub fn new(html: &'static str) -> Self {
                Self(html)
            }
        }

        impl IntoAny for $name {
            fn into_any(self) -> AnyView {
                AnyView::of(What::Inert(self.0, Namespace::$namespace))
            }
        }
    )+};
}

inert! {
    InertElement Html
    InertSvgElement Svg
}
