//! What an attribute, a class or a property is set to: one type, whatever the view was given.

use std::borrow::Cow;

use crate::signals::{Memo, RwSignal, Signal};

/// A value, or what makes one anew whenever a signal that it reads has changed.
pub enum Value {
    /// The attribute is not there.
    Absent,
    /// The attribute is there without a value, or it is not there.
    Flag(bool),
    /// The attribute has this value.
    Text(Cow<'static, str>),
    /// The value follows signals.
    Live(Box<dyn FnMut() -> Value + Send>),
}

/// Whatever a view may give for a value. Bears the name that the macros call.
pub trait IntoAttributeValue {
    /// The value.
    fn into_attribute_value(self) -> Value;
}

impl IntoAttributeValue for Value {
    fn into_attribute_value(self) -> Value {
        self
    }
}

impl IntoAttributeValue for bool {
    fn into_attribute_value(self) -> Value {
        Value::Flag(self)
    }
}

impl IntoAttributeValue for &'static str {
    fn into_attribute_value(self) -> Value {
        Value::Text(Cow::Borrowed(self))
    }
}

impl IntoAttributeValue for String {
    fn into_attribute_value(self) -> Value {
        Value::Text(Cow::Owned(self))
    }
}

impl<T: IntoAttributeValue> IntoAttributeValue for Option<T> {
    fn into_attribute_value(self) -> Value {
        self.map_or(Value::Absent, T::into_attribute_value)
    }
}

impl<V: IntoAttributeValue, F: FnMut() -> V + Send + 'static> IntoAttributeValue for F {
    fn into_attribute_value(mut self) -> Value {
        Value::Live(Box::new(move || self().into_attribute_value()))
    }
}

macro_rules! numbers {
    ($($number:ty)+) => {$(
        impl IntoAttributeValue for $number {
            fn into_attribute_value(self) -> Value {
                self.to_string().into_attribute_value()
            }
        }
    )+};
}

numbers!(u8 u16 u32 usize i32 i64);

macro_rules! signals {
    ($($signal:ident)+) => {$(
        impl<T: IntoAttributeValue + Clone + 'static> IntoAttributeValue for $signal<T> {
            fn into_attribute_value(self) -> Value {
                Value::Live(Box::new(move || self.get().into_attribute_value()))
            }
        }
    )+};
}

signals!(Memo RwSignal Signal);
