//! JavaScript's plain objects, as its functions want them for options.

use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;

/// An object with these members.
#[must_use]
pub fn object(members: &[(&str, &str)]) -> Object {
    let object = Object::new();
    for (name, value) in members {
        set(&object, name, &JsValue::from_str(value));
    }
    object
}

/// Gives the object another member.
pub fn set(object: &Object, name: &str, value: &JsValue) {
    // Setting a member of a plain new object cannot fail.
    let _ = Reflect::set(object, &JsValue::from_str(name), value);
}
