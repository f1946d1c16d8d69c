//! JSON from the browser's own parser, as the tree that `tenure_domain::json` reads.

use js_sys::{Array, JSON, Object};
use tenure_domain::json::Json;
use wasm_bindgen::{JsCast, JsValue};

/// What the text says; nothing where it is no JSON.
pub(super) fn parse(text: &str) -> Json {
    JSON::parse(text).map_or(Json::Null, |value| tree(&value))
}

fn tree(value: &JsValue) -> Json {
    if let Some(text) = value.as_string() {
        Json::Text(text)
    } else if let Some(number) = value.as_f64() {
        Json::Number(number)
    } else if let Some(flag) = value.as_bool() {
        Json::Flag(flag)
    } else if Array::is_array(value) {
        Json::List(Array::from(value).iter().map(|item| tree(&item)).collect())
    } else if let Some(object) = value.dyn_ref::<Object>() {
        let members = Object::entries(object);
        Json::Object(members.iter().filter_map(|it| member(&it.into())).collect())
    } else {
        Json::Null
    }
}

fn member(entry: &Array) -> Option<(String, Json)> {
    Some((entry.get(0).as_string()?, tree(&entry.get(1))))
}
