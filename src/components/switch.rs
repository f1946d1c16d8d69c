//! A switch: on or off, changed by a press, Space or Enter.

use leptos::prelude::*;

/// A button with the role of a switch. It shows `on` and asks by `on_change`; whoever owns the state
/// decides whether it moves.
#[component]
pub fn Switch(
    /// The accessible name, shown beside it.
    label: &'static str,
    /// Whether it stands at on.
    #[prop(into)]
    on: Signal<bool>,
    /// Takes what the person wants.
    on_change: Callback<bool>,
    /// Shown, but not to be moved.
    #[prop(optional, into)]
    locked: Signal<bool>,
    /// The element id.
    #[prop(optional, into)]
    id: Option<String>,
    /// The id of a text that says why it is locked, or what it does.
    #[prop(optional, into)]
    described_by: Option<String>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            id=id
            class="switch"
            role="switch"
            aria-checked=move || on.get().to_string()
            aria-describedby=described_by
            disabled=locked
            on:click=move |_| on_change.run(!on.get_untracked())
        >
            {label}
            <span class="switch-track" aria-hidden="true"></span>
        </button>
    }
}
