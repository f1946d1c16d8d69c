//! The shape of what is being fetched, so that nothing jumps when it is there.

use leptos::prelude::*;

use crate::reactive::dynamic;
use crate::{clock::Clock, text};

/// It shows only after this many milliseconds; most answers are quicker.
const SHOWN_AFTER: u32 = 150;

/// A tile of gray lines. At first it only keeps the place.
#[component]
pub fn Skeleton(
    /// How many lines.
    #[prop(default = 4)]
    lines: usize,
) -> impl IntoView {
    let shown = RwSignal::new(false);
    let timer = expect_context::<Clock>().after(SHOWN_AFTER, move || {
        shown.try_set(true);
    });
    on_cleanup(move || timer.cancel());
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
