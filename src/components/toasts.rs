//! Short messages in a corner. The list is a live region that is always there.

use leptos::prelude::*;

use crate::{
    components::icon::{Icon, Symbol},
    reactive::{Row, rows},
    state::toasts::Toast,
    text,
};

/// The messages on show.
#[component]
pub fn ToastList(
    /// The messages, the oldest first.
    #[prop(into)]
    toasts: Signal<Vec<Toast>>,
    /// Takes the message with this id away.
    on_dismiss: Callback<u32>,
) -> impl IntoView {
    let row = move |toast: Toast| {
        Row::new(toast.id.to_string(), move || {
            view! {
                <div class="toast">
                    <Icon symbol=Symbol::Check />
                    <span>{toast.text}</span>
                    <button
                        type="button"
                        class="btn icon-only"
                        aria-label=text::shell::DISMISS
                        on:click=move |_| on_dismiss.run(toast.id)
                    >
                        <Icon symbol=Symbol::Cross />
                    </button>
                </div>
            }
        })
    };
    view! {
        <div class="toasts" role="status" aria-label=text::shell::MESSAGES>
            {rows(move || toasts.get().into_iter().map(row).collect())}
        </div>
    }
}
