//! An element on the page, and what is set on it.

use crate::upstream::reactive::effect::RenderEffect;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Element, Event, Node};

use super::{State, build, rebuild_all};
use crate::{
    element::{Hear, Part},
    signals::OnOwnAccount,
    value::Value,
    view::AnyView,
};

/// An element that stands on the page, with what follows signals in it.
pub(crate) struct ElementState {
    tag: &'static str,
    element: Element,
    parts: Vec<Kept>,
    children: Vec<State>,
}

/// A part that has been set. Dropped, it follows nothing and hears nothing any more.
enum Kept {
    Value(
        Slot,
        #[expect(dead_code, reason = "it runs for as long as it is kept")] Option<RenderEffect<()>>,
    ),
    Listener(#[expect(dead_code, reason = "it hears for as long as it is kept")] Listener),
    Nothing,
}

/// Where a value is set.
#[derive(Clone, Copy)]
enum Slot {
    Attribute(&'static str),
    Class(&'static str),
    Property(&'static str),
}

impl ElementState {
    pub(super) fn new(
        tag: &'static str,
        element: Element,
        parts: Vec<Part>,
        children: Vec<AnyView>,
    ) -> Self {
        let parts = apply(parts, &element);
        let child = |view| {
            let child = build(view);
            child.mount(&element, None);
            child
        };
        Self {
            children: children.into_iter().map(child).collect(),
            tag,
            parts,
            element,
        }
    }

    pub(super) fn node(&self) -> &Node {
        &self.element
    }

    /// Whether an element of this tag and with so many children can be made of this one.
    pub(super) fn takes(&self, tag: &str, children: usize) -> bool {
        self.tag == tag && self.children.len() == children
    }

    pub(super) fn rebuild(&mut self, parts: Vec<Part>, children: Vec<AnyView>) {
        for part in core::mem::take(&mut self.parts) {
            if let Kept::Value(slot @ (Slot::Attribute(_) | Slot::Class(_)), _) = part {
                slot.set(&self.element, Value::Absent);
            }
        }
        self.parts = apply(parts, &self.element);
        rebuild_all(children, &mut self.children);
    }
}

fn apply(parts: Vec<Part>, element: &Element) -> Vec<Kept> {
    let apply = |part| match part {
        Part::Attribute(name, value) => Slot::Attribute(name).follow(element, value),
        Part::Class(name, value) => Slot::Class(name).follow(element, value),
        Part::Property(name, value) => Slot::Property(name).follow(element, value),
        Part::Listener(name, handle) => {
            Kept::Listener(Listener::new(element, &name, handle.take()))
        }
        Part::Ready(place) => {
            place.fill(element);
            Kept::Nothing
        }
    };
    parts.into_iter().map(apply).collect()
}

impl Slot {
    /// Sets the value, and again whenever it changes.
    fn follow(self, element: &Element, value: Value) -> Kept {
        let effect = match value {
            Value::Live(mut make) => {
                let element = element.clone();
                Some(RenderEffect::new(move |_| {
                    let _account = OnOwnAccount::begin();
                    let mut value = make.make();
                    while let Value::Live(mut inner) = value {
                        value = inner.make();
                    }
                    self.set(&element, value);
                }))
            }
            value => {
                self.set(element, value);
                None
            }
        };
        Kept::Value(self, effect)
    }

    fn set(self, element: &Element, value: Value) {
        // The browser refuses names that are none, and nothing else.
        let _ = match self {
            Self::Attribute(name) => match value {
                Value::Text(text) => element.set_attribute(name, &text),
                Value::Flag(true) => element.set_attribute(name, ""),
                _ => element.remove_attribute(name),
            },
            Self::Class(name) => {
                let classes = element.class_list();
                if matches!(value, Value::Flag(true)) {
                    classes.add_1(name)
                } else {
                    classes.remove_1(name)
                }
            }
            Self::Property(name) => {
                let value = match value {
                    Value::Text(text) => JsValue::from_str(&text),
                    Value::Flag(flag) => JsValue::from_bool(flag),
                    _ => JsValue::UNDEFINED,
                };
                set_property(element, name, value);
                Ok(())
            }
        };
    }
}

/// Sets a property. A value is set once all that is being put on the page stands there: that of a select
/// means nothing before its options do.
fn set_property(element: &Element, name: &'static str, value: JsValue) {
    let element = element.clone();
    let set = move || {
        let _ = js_sys::Reflect::set(&element, &name.into(), &value);
    };
    if name == "value" {
        wasm_bindgen_futures::spawn_local(async move { set() });
    } else {
        set();
    }
}

/// What an element hears, until it is dropped.
struct Listener {
    element: Element,
    name: String,
    handle: Closure<dyn FnMut(Event)>,
}

impl Listener {
    fn new(element: &Element, name: &str, mut handle: Box<dyn Hear>) -> Self {
        let handle = Closure::<dyn FnMut(Event)>::new(move |event| handle.hear(event));
        let function = handle.as_ref().unchecked_ref();
        let _ = element.add_event_listener_with_callback(name, function);
        Self {
            element: element.clone(),
            name: name.to_owned(),
            handle,
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let function = self.handle.as_ref().unchecked_ref();
        let _ = self
            .element
            .remove_event_listener_with_callback(&self.name, function);
    }
}
