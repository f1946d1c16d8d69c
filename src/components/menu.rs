//! A button that opens a small list of things to do, below it.
//!
//! A disclosure with ordinary links and buttons, not an ARIA menu: Tab moves through it as through
//! everything else. Escape, a press elsewhere, or leaving it closes it.

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;

use crate::{form::unique_id, reactive::dynamic};

/// Lets what is inside a menu close it.
#[derive(Clone, Copy)]
pub struct MenuHandle(RwSignal<bool>);

impl MenuHandle {
    /// Closes the menu.
    pub fn close(self) {
        self.0.set(false);
    }
}

/// A menu below its button.
#[component]
pub fn Menu(
    /// The button's accessible name.
    #[prop(into)]
    label: Signal<String>,
    /// What stands on the button.
    face: ViewFn,
    /// What stands in the menu; it finds a [`MenuHandle`] in its context.
    children: ChildrenFn,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let button = NodeRef::<html::Button>::new();
    let root = NodeRef::<html::Div>::new();
    let panel_id = unique_id("menu");
    let close_on_escape = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" && open.get_untracked() {
            event.stop_propagation();
            open.set(false);
            if let Some(button) = button.get_untracked() {
                let _ = button.focus();
            }
        }
    };
    let contains = move |target: Option<web_sys::EventTarget>| {
        let target = target.and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        root.get_untracked()
            .is_some_and(|root| root.contains(target.as_ref()))
    };
    let close_on_leave = move |event: ev::FocusEvent| {
        let to = event.related_target();
        if to.is_some() && !contains(to) {
            open.set(false);
        }
    };
    let elsewhere = window_event_listener(ev::pointerdown, move |event| {
        if open.get_untracked() && !contains(event.target()) {
            open.set(false);
        }
    });
    on_cleanup(move || elsewhere.remove());
    let children = StoredValue::new(children);
    view! {
        <div class="menu" node_ref=root on:keydown=close_on_escape on:focusout=close_on_leave>
            <button
                type="button"
                class="btn icon-only"
                node_ref=button
                aria-label=move || label.get()
                aria-expanded=move || open.get().to_string()
                aria-controls=panel_id.clone()
                on:click=move |_| open.update(|open| *open = !*open)
            >
                {dynamic(move || face.run())}
            </button>
            <div class="menu-panel" id=panel_id hidden=move || !open.get()>
                <leptos::context::Provider value=MenuHandle(open)>
                    {children.with_value(|children| children())}
                </leptos::context::Provider>
            </div>
        </div>
    }
}
