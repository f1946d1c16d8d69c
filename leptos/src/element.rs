//! An element that is still to be made: its tag, what is to be set on it, and what stands in it.

use std::borrow::Cow;

use crate::upstream::{ev::EventDescriptor, html::ElementType, prelude::Owner};
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;

use crate::{
    node_ref::NodeRef,
    value::{Attribute, Class, IntoAttributeValue, Value},
    view::{AnyView, IntoAny, Namespace, What},
};

/// An element: a view whose tag is known and which may still be given more.
pub struct Element(pub(crate) AnyView);

/// One thing that is set on an element.
pub(crate) enum Part {
    Attribute(&'static str, Value),
    Class(&'static str, Value),
    Property(&'static str, Value),
    Listener(Cow<'static, str>, SendWrapper<Box<dyn Hear>>),
    Ready(Box<dyn Place>),
}

/// Hears an event. A trait of its own in place of `FnMut`, so that its table has this one function.
pub(crate) trait Hear {
    fn hear(&mut self, event: web_sys::Event);
}

/// A closure that hears events of one kind.
struct Ear<F, E>(F, core::marker::PhantomData<E>);

impl<E: JsCast, F: FnMut(E)> Hear for Ear<F, E> {
    fn hear(&mut self, event: web_sys::Event) {
        (self.0)(event.unchecked_into());
    }
}

/// Hears an event with the contexts of the view that it stands in.
struct InContext(Owner, Box<dyn Hear>);

impl Hear for InContext {
    fn hear(&mut self, event: web_sys::Event) {
        #[cfg(debug_assertions)]
        let _untracked = crate::upstream::reactive::diagnostics::SpecialNonReactiveZone::enter();
        let Self(owner, handle) = self;
        owner.with(|| handle.hear(event));
    }
}

/// A place for an element that somebody needs once it exists.
pub(crate) trait Place: Send {
    fn fill(&self, element: &web_sys::Element);
}

impl Element {
    #[inline(never)]
    pub(crate) fn html(tag: &'static str) -> Self {
        Self(AnyView::of(What::Element(tag, Namespace::Html)))
    }

    #[inline(never)]
    pub(crate) fn svg(tag: &'static str) -> Self {
        Self(AnyView::of(What::Element(tag, Namespace::Svg)))
    }

    #[inline(never)]
    pub(crate) fn with(mut self, part: Part) -> Self {
        self.0.0.parts.push(part);
        self
    }

    #[inline(never)]
    pub(crate) fn with_child(mut self, child: AnyView) -> Self {
        self.0.0.children.push(child);
        self
    }

    /// Puts a view into it, after those that are there.
    #[must_use]
    pub fn child<V: IntoAny>(self, child: V) -> Self {
        child.put_into(self)
    }

    /// Sets an attribute.
    #[must_use]
    pub fn attr<V: Attribute>(self, name: &'static str, value: V) -> Self {
        value.set_on(self, name)
    }

    /// Sets its classes, or one of them.
    #[must_use]
    pub fn class<V: Class>(self, class: V) -> Self {
        class.add_to(self)
    }

    /// Sets a property of the JavaScript object.
    #[must_use]
    pub fn prop<V: IntoAttributeValue<Output: Into<Value>>>(
        self,
        name: &'static str,
        value: V,
    ) -> Self {
        self.with_property(name, value.into_attribute_value().into())
    }

    #[inline(never)]
    fn with_property(self, name: &'static str, value: Value) -> Self {
        self.with(Part::Property(name, value))
    }

    #[inline(never)]
    pub(crate) fn with_class(self, name: &'static str, value: Value) -> Self {
        self.with(Part::Class(name, value))
    }

    /// Listens for an event, with the contexts of the view that it stands in.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "the macros pass it so")]
    pub fn on<E>(self, event: E, handle: impl FnMut(E::EventType) + 'static) -> Self
    where
        E: EventDescriptor,
        E::EventType: JsCast + 'static,
    {
        self.listening(
            event.name(),
            Box::new(Ear(handle, core::marker::PhantomData)),
        )
    }

    #[inline(never)]
    fn listening(self, name: Cow<'static, str>, handle: Box<dyn Hear>) -> Self {
        let handle: Box<dyn Hear> =
            Box::new(InContext(Owner::current().unwrap_or_default(), handle));
        self.with(Part::Listener(name, SendWrapper::new(handle)))
    }

    /// Gives the element to whoever holds `place`, once it exists.
    #[must_use]
    pub fn node_ref<E>(self, place: NodeRef<E>) -> Self
    where
        E: ElementType,
        E::Output: JsCast,
    {
        self.with(Part::Ready(Box::new(place.erased())))
    }
}
