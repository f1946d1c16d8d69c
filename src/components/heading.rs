//! A page's heading: it names the browser's tab too, and takes the focus when the page changes.

use leptos::{html, prelude::*};

use crate::reactive::{dynamic, effect};
use crate::{state::visits::Visits, text};

/// The `h1` of a page.
#[component]
pub fn PageHeading(
    /// The page's name.
    #[prop(into)]
    title: Signal<String>,
    /// What the browser's tab says, where that differs.
    #[prop(optional, into)]
    tab_title: Option<String>,
) -> impl IntoView {
    let node = NodeRef::<html::H1>::new();
    let first = use_context::<Visits>().is_none_or(Visits::is_first);
    effect(move || {
        let name = tab_title.clone().unwrap_or_else(|| title.get());
        document().set_title(&text::common::page_title(&name));
    });
    effect(move || {
        // The first page leaves the focus where the browser has it, at the top.
        if let Some(heading) = node.get().filter(|_| !first) {
            let _ = heading.focus();
        }
    });
    view! {
        <h1 node_ref=node tabindex="-1">
            {dynamic(move || title.get())}
        </h1>
    }
}

/// The top of a page: its heading, and a line about it. With an id, that line can take the focus when what had it
/// is gone.
#[must_use]
pub fn page_head(title: &'static str, about: String, id: Option<&'static str>) -> AnyView {
    view! {
        <div class="head">
            <div>
                <PageHeading title/>
                <p class="muted" id=id tabindex=id.map(|_| "-1")>{about}</p>
            </div>
        </div>
    }
    .into_any()
}
