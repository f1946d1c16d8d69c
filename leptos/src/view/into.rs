//! Whatever may stand in a view, as an [`AnyView`].

use std::borrow::Cow;

use super::{AnyView, What};
use crate::{
    element::Element,
    signals::{Memo, RwSignal, Signal},
};

/// Makes an [`AnyView`].
pub trait IntoAny: Sized {
    /// The view as an [`AnyView`].
    fn into_any(self) -> AnyView;

    /// Puts the view into an element, after those that are there.
    #[doc(hidden)]
    fn put_into(self, element: Element) -> Element {
        element.with_child(self.into_any())
    }
}

/// Whatever a component may return.
pub trait IntoView: IntoAny {}

impl<V: IntoAny> IntoView for V {}

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

/// Collects views into a list of them.
pub trait CollectView {
    /// One view after the other.
    fn collect_view(self) -> AnyView;
}

impl<V: IntoAny, I: IntoIterator<Item = V>> CollectView for I {
    fn collect_view(self) -> AnyView {
        let mut views = Vec::new();
        // In place of `collect`, which is compiled in two ways for each type of iterator.
        for view in self {
            push(&mut views, view.into_any());
        }
        list(views)
    }
}

#[inline(never)]
fn push(views: &mut Vec<AnyView>, view: AnyView) {
    views.push(view);
}

#[inline(never)]
fn list(views: Vec<AnyView>) -> AnyView {
    AnyView::several(What::List, views)
}

impl IntoAny for AnyView {
    fn into_any(self) -> AnyView {
        self
    }
}

impl IntoAny for Element {
    fn into_any(self) -> AnyView {
        self.0
    }
}

impl IntoAny for () {
    fn into_any(self) -> AnyView {
        AnyView::nothing()
    }
}

impl IntoAny for &'static str {
    fn into_any(self) -> AnyView {
        AnyView::text(Cow::Borrowed(self))
    }
}

impl IntoAny for String {
    fn into_any(self) -> AnyView {
        AnyView::text(Cow::Owned(self))
    }
}

impl IntoAny for Cow<'static, str> {
    fn into_any(self) -> AnyView {
        AnyView::text(self)
    }
}

macro_rules! numbers {
    ($($number:ty)+) => {$(
        impl IntoAny for $number {
            fn into_any(self) -> AnyView {
                self.to_string().into_any()
            }
        }
    )+};
}

numbers!(u8 u16 u32 u64 usize i32 i64);

impl<V: IntoAny> IntoAny for Option<V> {
    fn into_any(self) -> AnyView {
        match self {
            Some(view) => view.into_any(),
            None => AnyView::nothing(),
        }
    }
}

impl<V: IntoAny> IntoAny for Vec<V> {
    fn into_any(self) -> AnyView {
        self.collect_view()
    }
}

/// Views side by side. Each is put in its place by a call; a list of them would be built first, and then given.
macro_rules! side_by_side {
    ($($($view:ident)+;)+) => {$(
        impl<$($view: IntoAny),+> IntoAny for ($($view,)+) {
            #[inline(always)]
            fn into_any(self) -> AnyView {
                self.put_into(Element(AnyView::of(What::Fragment))).into_any()
            }

            #[inline(always)]
            #[expect(non_snake_case, reason = "a view's variable is called as its type")]
            fn put_into(self, element: Element) -> Element {
                let ($($view,)+) = self;
                $(let element = $view.put_into(element);)+
                element
            }
        }
    )+};
}

side_by_side! {
    A B;
    A B C;
    A B C D;
    A B C D E;
    A B C D E F;
    A B C D E F G;
    A B C D E F G H;
    A B C D E F G H I;
    A B C D E F G H I J;
    A B C D E F G H I J K;
    A B C D E F G H I J K L;
}

macro_rules! signals {
    ($($signal:ident)+) => {$(
        impl<T: IntoAny + Clone + 'static> IntoAny for $signal<T> {
            fn into_any(self) -> AnyView {
                (move || self.get()).into_any()
            }
        }
    )+};
}

signals!(Memo RwSignal Signal);
