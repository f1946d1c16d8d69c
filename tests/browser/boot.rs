//! What stands on the page before the console does: plain HTML, which the console never sees.

use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::{axe, harness::select};

const PAGE: &str = include_str!("../../index.html");
const BOOT: &str = include_str!("../../boot.js");

#[wasm_bindgen_test]
fn while_the_program_loads_lines_show_where_something_will_be_and_take_no_room() {
    let start = PAGE.find("<div class=\"boot\"").expect("it is on the page");
    let end = PAGE.find("<noscript>").expect("it is followed by this");
    let element = document().create_element("div").expect("an element");
    let wrapper: HtmlElement = element.unchecked_into();
    wrapper.set_inner_html(&PAGE[start..end]);
    let body = document().body().expect("a body");
    body.append_child(&wrapper).expect("it is put there");
    axe::put_styles();
    assert_eq!(wrapper.offset_height(), 0, "nothing moves when it goes");
    let boot = select(&wrapper, "#boot").into_iter().next().expect("it");
    assert_eq!(boot.get_attribute("aria-hidden").as_deref(), Some("true"));
    assert_eq!(boot.text_content().unwrap_or_default().trim(), "");
    let style = window()
        .get_computed_style(&boot)
        .ok()
        .flatten()
        .expect("a style");
    let value = |name: &str| style.get_property_value(name).unwrap_or_default();
    assert_eq!(value("position"), "fixed");
    assert_eq!(value("pointer-events"), "none");
    let lines = select(&boot, ".skeleton-line");
    assert!(
        lines
            .iter()
            .all(|line| line.offset_height() > 0 && line.offset_width() > 100)
    );
    wrapper.remove();
    assert!(
        BOOT.contains("getElementById(\"boot\").remove()"),
        "it goes in any case"
    );
}
