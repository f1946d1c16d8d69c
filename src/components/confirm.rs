//! Asks before something that cannot be undone.

use leptos::prelude::*;

use crate::components::{
    button::{Button, Weight},
    dialog::{Dialog, DialogHandle},
};

/// A dialog that says what will happen, and one button that does it. The focus starts on the other,
/// so that no key that was meant for something else does it.
#[component]
pub fn Confirm(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// The question.
    #[prop(into)]
    title: Signal<String>,
    /// The button that does it.
    action: &'static str,
    /// The button that does not.
    cancel: &'static str,
    /// Does it.
    on_confirm: Callback<()>,
    /// It is being done.
    #[prop(into)]
    busy: Signal<bool>,
    /// The id of the element that gets the focus where the opener is gone by then.
    #[prop(optional, into)]
    focus_after: Option<String>,
    /// What will happen, and what went wrong.
    children: ChildrenFn,
) -> impl IntoView {
    let children = StoredValue::new(children);
    view! {
        <Dialog open title busy focus_after=focus_after.unwrap_or_default()>
            <div class="dialog-body">{children.with_value(|children| children())}</div>
            <div class="dialog-foot">
                <Button weight=Weight::Danger busy on_press=on_confirm>{action}</Button>
                <CancelButton words=cancel autofocus=true/>
            </div>
        </Dialog>
    }
}

/// Closes the dialog around it.
#[component]
pub fn CancelButton(
    /// The words on it.
    words: &'static str,
    /// Whether it has the focus when the dialog opens.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    let dialog = DialogHandle::of_context();
    let close = Callback::new(move |()| {
        if let Some(dialog) = dialog {
            dialog.close();
        }
    });
    view! { <Button weight=Weight::Quiet on_press=close autofocus>{words}</Button> }
}
