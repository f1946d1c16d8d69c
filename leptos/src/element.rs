//! An element that is still to be made: its tag, what is to be set on it, and what stands in it.

use send_wrapper::SendWrapper;
use upstream::{
    ev::EventDescriptor,
    html::ElementType,
    prelude::{AnyView, Owner},
    tachys::{
        html::attribute::any_attribute::AnyAttribute,
        renderer::types::{Element as DomElement, Event},
    },
};
use wasm_bindgen::JsCast;

use crate::{
    any::IntoAny,
    node_ref::NodeRef,
    value::{IntoAttributeValue, Value},
};

/// An element. On the heap, so that a view which is being put together moves a pointer.
pub struct Element(pub(crate) Box<Plan>);

/// What makes an element.
pub(crate) struct Plan {
    pub(crate) tag: &'static str,
    pub(crate) namespace: Option<&'static str>,
    pub(crate) parts: Vec<Part>,
    pub(crate) children: Vec<AnyView>,
}

/// One thing that is set on an element.
pub(crate) enum Part {
    Attribute(&'static str, Value),
    Class(&'static str, Value),
    Property(&'static str, Value),
    Listener(std::borrow::Cow<'static, str>, SendWrapper<Handler>),
    Ready(Box<dyn FnOnce(&DomElement) + Send>),
    Foreign(AnyAttribute),
}

pub(crate) type Handler = Box<dyn FnMut(Event)>;

/// What `class` may be given: classes, or the name of one and whether it is there.
pub trait IntoClass {
    /// The part that it becomes.
    #[doc(hidden)]
    fn add_to(self, element: Element) -> Element;
}

impl<V: IntoAttributeValue> IntoClass for V {
    fn add_to(self, element: Element) -> Element {
        element.attr("class", self)
    }
}

impl<V: IntoAttributeValue> IntoClass for (&'static str, V) {
    fn add_to(self, element: Element) -> Element {
        element.with(Part::Class(self.0, self.1.into_attribute_value()))
    }
}

impl Element {
    pub(crate) fn new(tag: &'static str, namespace: Option<&'static str>) -> Self {
        Self(Box::new(Plan {
            tag,
            namespace,
            parts: Vec::new(),
            children: Vec::new(),
        }))
    }

    #[inline(never)]
    pub(crate) fn with(mut self, part: Part) -> Self {
        self.0.parts.push(part);
        self
    }

    #[inline(never)]
    fn with_child(mut self, child: AnyView) -> Self {
        self.0.children.push(child);
        self
    }

    #[inline(never)]
    fn with_attribute(self, name: &'static str, value: Value) -> Self {
        self.with(Part::Attribute(name, value))
    }

    /// Puts a view into it, after those that are there.
    #[must_use]
    pub fn child<V: IntoAny>(self, child: V) -> Self {
        self.with_child(child.into_any())
    }

    /// Sets an attribute.
    #[must_use]
    pub fn attr<V: IntoAttributeValue>(self, name: &'static str, value: V) -> Self {
        self.with_attribute(name, value.into_attribute_value())
    }

    /// Sets its classes, or one of them.
    #[must_use]
    pub fn class<V: IntoClass>(self, class: V) -> Self {
        class.add_to(self)
    }

    /// Sets a property of the JavaScript object.
    #[must_use]
    pub fn prop<V: IntoAttributeValue>(self, name: &'static str, value: V) -> Self {
        self.with(Part::Property(name, value.into_attribute_value()))
    }

    /// Listens for an event, with the contexts of the view that it stands in.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "the macros pass it so")]
    pub fn on<E>(self, event: E, mut handle: impl FnMut(E::EventType) + 'static) -> Self
    where
        E: EventDescriptor,
        E::EventType: From<Event>,
    {
        self.listening(
            event.name(),
            Box::new(move |event| handle(E::EventType::from(event))),
        )
    }

    fn listening(self, name: std::borrow::Cow<'static, str>, mut handle: Handler) -> Self {
        let owner = Owner::current().unwrap_or_default();
        let handle: Handler = Box::new(move |event| {
            #[cfg(debug_assertions)]
            let _untracked = upstream::reactive::diagnostics::SpecialNonReactiveZone::enter();
            owner.with(|| handle(event));
        });
        self.with(Part::Listener(name, SendWrapper::new(handle)))
    }

    /// Gives the element to whoever holds `place`, once it exists.
    #[must_use]
    pub fn node_ref<E>(self, place: NodeRef<E>) -> Self
    where
        E: ElementType,
        E::Output: JsCast,
    {
        self.with(Part::Ready(Box::new(move |element| place.fill(element))))
    }
}
