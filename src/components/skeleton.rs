//! The shape of what is being fetched, so that nothing jumps when it is there.

use leptos::prelude::*;

use crate::reactive::dynamic;
use crate::text;

/// A tile of gray lines.
#[component]
pub fn Skeleton(
    /// How many lines.
    #[prop(default = 4)]
    lines: usize,
    /// Whether it shows yet. Until then it only keeps the place.
    #[prop(into)]
    shown: Signal<bool>,
) -> impl IntoView {
    let line = |_| view! { <span class="skeleton-line"></span> };
    view! {
        <div class="tile skeleton" class:shown=shown aria-busy="true">
            <p class="visually-hidden" role="status">
                {dynamic(move || shown.get().then_some(text::common::LOADING))}
            </p>
            <div aria-hidden="true">{(0..lines).map(line).collect_view()}</div>
        </div>
    }
}
