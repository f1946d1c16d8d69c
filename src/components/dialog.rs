//! A native modal dialog: the browser keeps the focus inside and gives it back to the opener.
//!
//! Its content exists only while it is open, so whatever it holds (a secret) is gone once it closes.

use leptos::{
    context::Provider,
    ev, html,
    prelude::*,
    task::{spawn_local, tick},
};
use wasm_bindgen::JsCast;

use crate::reactive::{dynamic, effect};
use crate::{
    components::button::{Button, Weight},
    form::{focus, focus_soon, unique_id},
};

/// Asks before a dialog closes.
#[derive(Clone, Copy)]
pub struct LeaveGuard {
    /// Whether there is something to lose at the moment.
    pub active: Signal<bool>,
    /// What would be lost.
    pub question: &'static str,
    /// The button that stays.
    pub stay: &'static str,
    /// The button that leaves.
    pub leave: &'static str,
}

/// Lets what is inside a dialog close it.
#[derive(Clone, Copy)]
pub struct DialogHandle {
    close: Callback<()>,
}

impl DialogHandle {
    /// The dialog around.
    #[must_use]
    pub fn of_context() -> Option<Self> {
        use_context()
    }

    /// Closes it, or asks first where there is something to lose.
    pub fn close(self) {
        self.close.run(());
    }
}

/// A modal dialog with a title.
#[component]
pub fn Dialog(
    /// Whether it is open. The dialog sets it to false when it closes.
    open: RwSignal<bool>,
    /// Its heading and accessible name.
    #[prop(into)]
    title: Signal<String>,
    /// Asks before it closes.
    #[prop(optional)]
    guard: Option<LeaveGuard>,
    /// While it is set, nothing closes the dialog.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// The id of the element that gets the focus where the opener is gone by then.
    #[prop(optional, into)]
    focus_after: Option<String>,
    /// Its content, made anew each time it opens.
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let title_id = unique_id("dialog");
    let asking = RwSignal::new(false);

    let request_close = move || {
        if busy.get_untracked() {
            return;
        }
        let has_to_ask = guard.is_some_and(|guard| guard.active.get_untracked());
        if has_to_ask {
            asking.set(true);
        } else {
            open.set(false);
        }
    };
    effect(move || {
        let Some(dialog) = node.get() else { return };
        if open.get() && !dialog.open() {
            asking.set(false);
            // It fails only for a dialog that is open or out of the document.
            let _ = dialog.show_modal();
        } else if !open.get() && dialog.open() {
            dialog.close();
            give_focus_back(focus_after.as_deref());
        }
    });
    // Escape is taken before the browser closes the dialog, so that the guard can ask.
    let on_key = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" {
            event.prevent_default();
            event.stop_propagation();
            if asking.get_untracked() {
                asking.set(false);
            } else {
                request_close();
            }
        }
    };
    let on_cancel = move |event: ev::Event| {
        event.prevent_default();
        request_close();
    };
    // The browser tells of it some time later; by then the dialog may have been opened again.
    let on_close = move |_| {
        if node.get_untracked().is_none_or(|dialog| !dialog.open()) {
            open.set(false);
        }
    };
    let handle = DialogHandle {
        close: Callback::new(move |()| request_close()),
    };
    let heading_id = title_id.clone();
    let content = move || {
        open.get().then(|| {
            let (heading_id, children) = (heading_id.clone(), children.clone());
            view! {
                <Provider value=handle>
                    <h2 class="dialog-title" id=heading_id>{dynamic(move || title.get())}</h2>
                    {children()}
                    {guard.map(|guard| view! { <LeaveQuestion guard asking open/> })}
                </Provider>
            }
        })
    };
    view! {
        <dialog
            node_ref=node
            class="dialog"
            class:asking=asking
            aria-labelledby=title_id
            on:keydown=on_key
            on:cancel=on_cancel
            on:close=on_close
        >
            {dynamic(content)}
        </dialog>
    }
}

/// The question before leaving, over the dialog's own buttons.
#[component]
fn LeaveQuestion(guard: LeaveGuard, asking: RwSignal<bool>, open: RwSignal<bool>) -> impl IntoView {
    let stay_id = unique_id("stay");
    let focus_id = stay_id.clone();
    let before = StoredValue::new_local(None::<web_sys::HtmlElement>);
    effect(move || {
        if asking.get() {
            let active = document().active_element();
            before.set_value(active.and_then(|it| it.dyn_into().ok()));
            focus_soon(focus_id.clone());
        } else if let Some(element) = before.try_update_value(Option::take).flatten() {
            give_back_soon(element);
        }
    });
    let question_id = unique_id("leave");
    view! {
        <div
            class="leave-question"
            role="alertdialog"
            aria-labelledby=question_id
            hidden=move || !asking.get()
        >
            <p id=question_id.clone()>{guard.question}</p>
            <div class="dialog-foot">
                <Button
                    id=stay_id
                    weight=Weight::Primary
                    on_press=Callback::new(move |()| asking.set(false))
                >
                    {guard.stay}
                </Button>
                <Button weight=Weight::Quiet on_press=Callback::new(move |()| open.set(false))>
                    {guard.leave}
                </Button>
            </div>
        </div>
    }
}

/// Gives the focus back to what had it before the question, once that can be seen again.
fn give_back_soon(element: web_sys::HtmlElement) {
    spawn_local(async move {
        tick().await;
        // An element that is gone by now cannot take it; the dialog keeps it inside.
        let _ = element.focus();
    });
}

/// The browser returns the focus to the opener; where that is gone, it falls to the body.
fn give_focus_back(fallback: Option<&str>) {
    if let Some(fallback) = fallback.filter(|_| focus_is_lost()) {
        focus(fallback);
    }
}

/// Whether nothing has the focus: what had it is gone.
pub fn focus_is_lost() -> bool {
    let active = document().active_element();
    active.is_none_or(|it| it.dyn_ref::<web_sys::HtmlBodyElement>().is_some())
}
