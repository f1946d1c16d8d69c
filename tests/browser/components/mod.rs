//! The parts that pages are made of, each on its own.

use leptos::prelude::*;
use tenure_console::{
    components::{
        button::Button,
        confirm::Confirm,
        copy_button::CopyLine,
        dialog::{Dialog, DialogHandle, LeaveGuard},
        field::{Field, NumberInput, Select, TextInput},
        relative_time::{Beneath, RelativeTime},
        status_pill::StatusPill,
        switch::Switch,
    },
    format::{self, Detail, Zone},
    text,
};
use tenure_domain::{
    time::{DAY, HOUR, Timestamp},
    token::Status,
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::{
    axe, fixtures,
    harness::{accessible_name, fire, focused, key, mount, select, settle},
};

mod controls;
mod copying;
mod dialogs;

pub use copying::{clipboard, set_clipboard};

/// The first visible thing that the selector finds.
fn one(root: &HtmlElement, selector: &str) -> HtmlElement {
    let found = select(root, selector).into_iter().next();
    found.unwrap_or_else(|| panic!("no {selector} in {}", root.inner_html()))
}

fn button(root: &HtmlElement, name: &str) -> HtmlElement {
    let named = |element: &HtmlElement| accessible_name(element) == name;
    let found = select(root, "button").into_iter().find(named);
    found.unwrap_or_else(|| panic!("no button {name:?} in {}", root.inner_html()))
}

/// The texts that describe an element to a screen reader.
fn description(element: &HtmlElement) -> String {
    let ids = element
        .get_attribute("aria-describedby")
        .unwrap_or_default();
    let text = |id: &str| document().get_element_by_id(id)?.text_content();
    ids.split_whitespace()
        .filter_map(text)
        .collect::<Vec<_>>()
        .join(" ")
}

fn has_focus(element: &HtmlElement) -> bool {
    focused().is_some_and(|it| it.is_same_node(Some(element)))
}
