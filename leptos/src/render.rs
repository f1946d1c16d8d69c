//! Elements on the page: made, kept up to date, and made anew.

use upstream::{
    prelude::{Mountable, Render, RenderHtml},
    reactive::effect::RenderEffect,
    tachys::{
        html::attribute::{
            Attribute,
            any_attribute::{AnyAttribute, AnyAttributeState, IntoAnyAttribute},
        },
        hydration::Cursor,
        renderer::{
            RemoveEventHandler, Rndr,
            types::{Element as DomElement, Node},
        },
        view::{Position, PositionState, add_attr::AddAnyAttr, any_view::AnyViewState},
    },
};
use wasm_bindgen::JsValue;

use crate::{
    element::{Element, Part},
    value::Value,
};

/// An element that stands on the page, with what follows signals in it.
pub struct ElementState {
    tag: &'static str,
    element: DomElement,
    parts: Vec<Kept>,
    children: Vec<AnyViewState>,
}

/// A part that has been set. Dropped, it follows nothing and hears nothing any more.
enum Kept {
    Value(
        Slot,
        #[expect(dead_code, reason = "it runs for as long as it is kept")] Option<RenderEffect<()>>,
    ),
    Listener(
        #[expect(dead_code, reason = "it is removed when it is dropped")]
        RemoveEventHandler<DomElement>,
    ),
    Foreign(#[expect(dead_code, reason = "it runs for as long as it is kept")] AnyAttributeState),
    Nothing,
}

/// Where a value is set.
#[derive(Clone, Copy)]
enum Slot {
    Attribute(&'static str),
    Class(&'static str),
    Property(&'static str),
}

impl Slot {
    /// Sets the value, and again whenever it changes.
    fn follow(self, element: &DomElement, value: Value) -> Kept {
        let effect = match value {
            Value::Live(mut make) => {
                let element = element.clone();
                Some(RenderEffect::new(move |_| {
                    let mut value = make();
                    while let Value::Live(mut inner) = value {
                        value = inner();
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

    fn set(self, element: &DomElement, value: Value) {
        match self {
            Self::Attribute(name) => match value {
                Value::Text(text) => Rndr::set_attribute(element, name, &text),
                Value::Flag(true) => Rndr::set_attribute(element, name, ""),
                _ => Rndr::remove_attribute(element, name),
            },
            Self::Class(name) => {
                let classes = Rndr::class_list(element);
                if matches!(value, Value::Flag(true)) {
                    Rndr::add_class(&classes, name);
                } else {
                    Rndr::remove_class(&classes, name);
                }
            }
            Self::Property(name) => {
                let value = match value {
                    Value::Text(text) => JsValue::from_str(&text),
                    Value::Flag(flag) => JsValue::from_bool(flag),
                    _ => JsValue::UNDEFINED,
                };
                Rndr::set_property_or_value(element, name, &value);
            }
        }
    }
}

impl Part {
    fn apply(self, element: &DomElement) -> Kept {
        match self {
            Self::Attribute(name, value) => Slot::Attribute(name).follow(element, value),
            Self::Class(name, value) => Slot::Class(name).follow(element, value),
            Self::Property(name, value) => Slot::Property(name).follow(element, value),
            Self::Listener(name, handle) => {
                Kept::Listener(Rndr::add_event_listener(element, &name, handle.take()))
            }
            Self::Ready(tell) => {
                tell(element);
                Kept::Nothing
            }
            Self::Foreign(attribute) => Kept::Foreign(attribute.build(element)),
        }
    }
}

fn apply(parts: Vec<Part>, element: &DomElement) -> Vec<Kept> {
    parts.into_iter().map(|part| part.apply(element)).collect()
}

impl Render for Element {
    type State = ElementState;

    fn build(self) -> ElementState {
        let plan = *self.0;
        let element = Rndr::create_element(plan.tag, plan.namespace);
        let parts = apply(plan.parts, &element);
        let children = plan.children.into_iter().map(|child| {
            let mut child = child.build();
            child.mount(&element, None);
            child
        });
        ElementState {
            children: children.collect(),
            tag: plan.tag,
            parts,
            element,
        }
    }

    /// Keeps the element where the tag is the same, and with it the focus and what a live region says.
    fn rebuild(self, state: &mut ElementState) {
        let plan = &self.0;
        if plan.tag != state.tag || plan.children.len() != state.children.len() {
            let mut new = self.build();
            state.insert_before_this(&mut new);
            state.unmount();
            *state = new;
            return;
        }
        let plan = *self.0;
        for part in core::mem::take(&mut state.parts) {
            if let Kept::Value(slot @ (Slot::Attribute(_) | Slot::Class(_)), _) = part {
                slot.set(&state.element, Value::Absent);
            }
        }
        state.parts = apply(plan.parts, &state.element);
        for (new, old) in plan.children.into_iter().zip(&mut state.children) {
            new.rebuild(old);
        }
    }
}

impl Mountable for ElementState {
    fn unmount(&mut self) {
        self.element.unmount();
    }

    fn mount(&mut self, parent: &DomElement, marker: Option<&Node>) {
        self.element.mount(parent, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        self.element.insert_before_this(child)
    }

    fn elements(&self) -> Vec<DomElement> {
        vec![self.element.clone()]
    }
}

impl AddAnyAttr for Element {
    type Output<A: Attribute> = Self;

    fn add_any_attr<A: Attribute>(self, attribute: A) -> Self {
        self.with(Part::Foreign(attribute.into_any_attr()))
    }
}

/// Leptos asks every view for this, also where only the browser renders: then none of it is called.
impl RenderHtml for Element {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(
        self,
        _: &mut String,
        _: &mut Position,
        _: bool,
        _: bool,
        _: Vec<AnyAttribute>,
    ) {
    }

    fn hydrate<const FROM_SERVER: bool>(self, _: &Cursor, _: &PositionState) -> ElementState {
        self.build()
    }

    fn into_owned(self) -> Self {
        self
    }
}
