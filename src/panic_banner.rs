//! What people see when the console itself fails: a banner with one way on.
//!
//! After a panic nothing of the console runs any more, so the banner is plain elements, and its
//! button is a form that the browser sends by itself. It does not keep the query string.

use leptos::prelude::document;
use web_sys::{Document, Element};

use crate::text::shell::{PANIC, RELOAD};

/// Logs every panic, and shows the banner.
pub fn install() {
    std::panic::set_hook(Box::new(|panic| {
        console_error_panic_hook::hook(panic);
        show(&document());
    }));
}

/// Shows the banner, once.
pub fn show(document: &Document) {
    if document.get_element_by_id("panic").is_some() {
        return;
    }
    // Where even this fails, the log has the panic.
    let _ = banner(document).and_then(|banner| document.body()?.prepend_with_node_1(&banner).ok());
}

fn banner(document: &Document) -> Option<Element> {
    let banner = element(
        document,
        "div",
        &[
            ("id", "panic"),
            ("class", "banner banner-panic"),
            ("role", "alert"),
        ],
    )?;
    let words = element(document, "span", &[])?;
    words.set_text_content(Some(PANIC));
    let form = element(document, "form", &[("method", "get")])?;
    let button = element(document, "button", &[("class", "btn")])?;
    button.set_text_content(Some(RELOAD));
    form.append_child(&button).ok()?;
    banner.append_child(&words).ok()?;
    banner.append_child(&form).ok()?;
    Some(banner)
}

fn element(document: &Document, tag: &str, attributes: &[(&str, &str)]) -> Option<Element> {
    let element = document.create_element(tag).ok()?;
    for (name, value) in attributes {
        element.set_attribute(name, value).ok()?;
    }
    Some(element)
}
