//! What is asked of the browser's document. It never refuses what a view asks, so refusals are let pass.

use crate::upstream::prelude::document;
use wasm_bindgen::{JsCast, UnwrapThrowExt};
use web_sys::{CharacterData, Element, HtmlTemplateElement, Node};

use crate::view::Namespace;

const SVG: &str = "http://www.w3.org/2000/svg";

pub(super) fn element(tag: &str, namespace: Namespace) -> Element {
    let document = document();
    match namespace {
        Namespace::Html => document.create_element(tag),
        Namespace::Svg => document.create_element_ns(Some(SVG), tag),
    }
    .unwrap_throw()
}

pub(super) fn text(text: &str) -> Node {
    document().create_text_node(text).into()
}

/// What stands in the place of a view that shows nothing.
pub(super) fn comment() -> Node {
    document().create_comment("").into()
}

/// The element that the text describes.
pub(super) fn inert(html: &str, namespace: Namespace) -> Node {
    let template: HtmlTemplateElement = element("template", Namespace::Html).unchecked_into();
    let first = match namespace {
        Namespace::Html => {
            template.set_inner_html(html);
            template.content().first_child()
        }
        Namespace::Svg => {
            template.set_inner_html(&format!("<svg>{html}</svg>"));
            let svg = template.content().first_child();
            svg.and_then(|svg| svg.first_child())
        }
    };
    first.unwrap_or_else(comment)
}

pub(super) fn insert(parent: &Node, node: &Node, next: Option<&Node>) {
    let _ = parent.insert_before(node, next);
}

pub(super) fn remove(node: &Node) {
    // Every kind of node that a view makes can be removed by the same call.
    node.unchecked_ref::<CharacterData>().remove();
}
