//! Views of any type as the one type [`AnyView`], which is made once however often it is asked for.

use core::any::Any;
use std::borrow::Cow;

use upstream::prelude::{AnyView, RenderHtml};

/// Makes an [`AnyView`].
pub trait IntoAny {
    /// The view as an [`AnyView`].
    fn into_any(self) -> AnyView;
}

impl<V: RenderHtml> IntoAny for V {
    fn into_any(self) -> AnyView {
        let mut view = Some(self.into_owned());
        // Leptos would wrap an AnyView in another one.
        let known = (&mut view as &mut dyn Any).downcast_mut::<Option<AnyView>>();
        match known {
            Some(any) => any.take(),
            None => view.map(upstream::prelude::IntoAny::into_any),
        }
        .unwrap_or_else(|| upstream::prelude::IntoAny::into_any(()))
    }
}

/// Makes an [`AnyView`]. Bears the name that the macros call.
pub trait IntoMaybeErased {
    /// The view as an [`AnyView`].
    fn into_maybe_erased(self) -> AnyView;
}

impl<V: IntoAny> IntoMaybeErased for V {
    fn into_maybe_erased(self) -> AnyView {
        self.into_any()
    }
}

/// What `view!` makes of its content: an [`AnyView`].
pub struct View;

impl View {
    /// The content as a view.
    #[expect(clippy::new_ret_no_self, reason = "the macros call it so")]
    pub fn new<V: IntoAny>(content: V) -> AnyView {
        content.into_any()
    }
}

/// What the macros add in debug builds.
pub trait ViewMarker {
    /// The view as it is: markers serve hot reloading, which is not used.
    #[must_use]
    fn with_view_marker(self, marker: impl Into<Cow<'static, str>>) -> Self;
}

impl ViewMarker for AnyView {
    fn with_view_marker(self, _marker: impl Into<Cow<'static, str>>) -> Self {
        self
    }
}
