//! Accessibility, checked by axe-core in both themes. The styles are part of it: contrast counts.

use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlElement;

/// axe-core; the test runner says where it is.
const AXE: &str = include_str!(env!("TENURE_AXE"));
const STYLES: [&str; 10] = [
    include_str!("../../style/tokens.css"),
    include_str!("../../style/base.css"),
    include_str!("../../style/layout.css"),
    include_str!("../../style/components.css"),
    include_str!("../../style/controls.css"),
    include_str!("../../style/lists.css"),
    include_str!("../../style/reel.css"),
    include_str!("../../style/token.css"),
    include_str!("../../style/impact.css"),
    include_str!("../../style/schedule.css"),
];

/// Fails when axe finds something below `root`, in the light theme or in the dark one.
pub async fn check(root: &HtmlElement) {
    put_styles();
    load_axe();
    let html = document().document_element().expect("a document");
    for theme in ["light", "dark"] {
        html.set_attribute("data-theme", theme).expect("a theme");
        let found = violations(root).await;
        assert!(found.is_empty(), "axe, {theme}:\n{}", found.join("\n"));
    }
    html.remove_attribute("data-theme").expect("no theme");
}

/// Fails when the page's content does not fit into a window of 320 px (WCAG 2.2, 1.4.10).
pub fn reflows(root: &HtmlElement) {
    put_styles();
    let main = root.query_selector("main").expect("a selector");
    let main: HtmlElement = main.expect("the content").unchecked_into();
    main.set_attribute("style", "inline-size: 320px; padding: 1rem")
        .expect("a style");
    let (needs, has) = (main.scroll_width(), main.client_width());
    assert_eq!(has, 320);
    assert!(needs <= has, "{needs} px of content");
}

/// Puts the console's styles into the test's page, once.
pub fn put_styles() {
    if document().get_element_by_id("styles").is_some() {
        return;
    }
    let style = document().create_element("style").expect("an element");
    style.set_id("styles");
    // Without motion, so that axe never looks at a colour that is half way to another.
    let still = "*, *::before { transition: none !important; animation: none !important; }";
    style.set_text_content(Some(&format!("{}\n{still}", STYLES.join("\n"))));
    document()
        .head()
        .expect("a head")
        .append_child(&style)
        .expect("a place");
}

fn load_axe() {
    if Reflect::has(&window(), &"axe".into()).unwrap_or(false) {
        return;
    }
    // It is a script for a page, not a module: it looks for no `module` and sets `window.axe`.
    Function::new_no_args(AXE)
        .call0(&window())
        .expect("axe loads");
}

async fn violations(root: &HtmlElement) -> Vec<String> {
    let axe = get(&window(), "axe");
    let run: Function = get(&axe, "run").unchecked_into();
    let options = Object::new();
    set(&options, "resultTypes", &Array::of1(&"violations".into()));
    let promise: Promise = run
        .call2(&axe, root, &options)
        .expect("axe runs")
        .unchecked_into();
    let result = JsFuture::from(promise).await.expect("axe answers");
    let found: Array = get(&result, "violations").unchecked_into();
    found.iter().map(|violation| describe(&violation)).collect()
}

fn describe(violation: &JsValue) -> String {
    let text = |name: &str| get(violation, name).as_string().unwrap_or_default();
    let nodes: Array = get(violation, "nodes").unchecked_into();
    let places: Vec<_> = nodes
        .iter()
        .map(|node| {
            let html = get(&node, "html").as_string().unwrap_or_default();
            let why = get(&node, "failureSummary").as_string().unwrap_or_default();
            format!("  {html}\n  {why}")
        })
        .collect();
    format!("{}: {}\n{}", text("id"), text("help"), places.join("\n"))
}

fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object.unchecked_ref::<Object>(), &name.into()).unwrap_or(JsValue::UNDEFINED)
}

fn set(object: &Object, name: &str, value: &JsValue) {
    Reflect::set(object, &name.into(), value).expect("a plain object");
}
