//! What an attribute, a class or a property is set to: one type, whatever the view was given.

use std::borrow::Cow;

use crate::{
    element::{Element, Part},
    signals::{Memo, RwSignal, Signal},
};

/// A value, or what makes one anew whenever a signal that it reads has changed.
pub enum Value {
    /// The attribute is not there.
    Absent,
    /// The attribute is there without a value, or it is not there.
    Flag(bool),
    /// The attribute has this value.
    Text(Cow<'static, str>),
    /// The value follows signals.
    Live(Box<dyn MakeValue>),
}

/// Makes a value. A trait of its own in place of `FnMut`, so that its table has this one function.
pub trait MakeValue: Send {
    /// The value as it is now.
    fn make(&mut self) -> Value;
}

impl<V: IntoAttributeValue<Output: Into<Value>>, F: FnMut() -> V + Send> MakeValue for F {
    fn make(&mut self) -> Value {
        self().into_attribute_value().into()
    }
}

/// Whatever a view may give for a value. Bears the name that the macros call.
pub trait IntoAttributeValue {
    /// What it is passed on as: a text is passed as it is, since most attributes are one.
    type Output;

    /// The value.
    fn into_attribute_value(self) -> Self::Output;
}

/// What an attribute may be set to.
pub trait Attribute {
    /// The element with it.
    #[doc(hidden)]
    fn set_on(self, element: Element, name: &'static str) -> Element;
}

impl<V: IntoAttributeValue<Output: Put>> Attribute for V {
    fn set_on(self, element: Element, name: &'static str) -> Element {
        self.into_attribute_value().put(element, name)
    }
}

/// What an attribute is set to in the end.
#[doc(hidden)]
pub trait Put {
    fn put(self, element: Element, name: &'static str) -> Element;
}

impl Put for Value {
    #[inline(never)]
    fn put(self, element: Element, name: &'static str) -> Element {
        element.with(Part::Attribute(name, self))
    }
}

impl Put for &'static str {
    #[inline(never)]
    fn put(self, element: Element, name: &'static str) -> Element {
        Value::from(self).put(element, name)
    }
}

impl Put for String {
    #[inline(never)]
    fn put(self, element: Element, name: &'static str) -> Element {
        Value::from(self).put(element, name)
    }
}

/// What `class` may be given: classes, or the name of one and whether it is there.
pub trait Class {
    /// The element with it.
    #[doc(hidden)]
    fn add_to(self, element: Element) -> Element;
}

impl<V: Attribute> Class for V {
    fn add_to(self, element: Element) -> Element {
        self.set_on(element, "class")
    }
}

impl<V: IntoAttributeValue<Output: Into<Value>>> Class for (&'static str, V) {
    fn add_to(self, element: Element) -> Element {
        element.with_class(self.0, self.1.into_attribute_value().into())
    }
}

impl From<&'static str> for Value {
    fn from(text: &'static str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

macro_rules! as_it_is {
    ($($given:ty)+) => {$(
        impl IntoAttributeValue for $given {
            type Output = Self;

            fn into_attribute_value(self) -> Self {
                self
            }
        }
    )+};
}

as_it_is!(Value &'static str String);

impl IntoAttributeValue for bool {
    type Output = Value;

    fn into_attribute_value(self) -> Value {
        Value::Flag(self)
    }
}

impl<T: IntoAttributeValue<Output: Into<Value>>> IntoAttributeValue for Option<T> {
    type Output = Value;

    fn into_attribute_value(self) -> Value {
        match self {
            Some(value) => value.into_attribute_value().into(),
            None => Value::Absent,
        }
    }
}

impl<F: MakeValue + 'static> IntoAttributeValue for F {
    type Output = Value;

    fn into_attribute_value(self) -> Value {
        Value::Live(Box::new(self))
    }
}

macro_rules! numbers {
    ($($number:ty)+) => {$(
        impl IntoAttributeValue for $number {
            type Output = String;

            fn into_attribute_value(self) -> String {
                self.to_string()
            }
        }
    )+};
}

numbers!(u8 u16 u32 usize i32 i64);

macro_rules! signals {
    ($($signal:ident)+) => {$(
        impl<T> IntoAttributeValue for $signal<T>
        where
            T: IntoAttributeValue<Output: Into<Value>> + Clone + 'static,
        {
            type Output = Value;

            fn into_attribute_value(self) -> Value {
                Value::Live(Box::new(move || self.get()))
            }
        }
    )+};
}

signals!(Memo RwSignal Signal);
