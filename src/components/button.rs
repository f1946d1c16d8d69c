//! A button that shows progress and cannot be pressed twice.

use leptos::prelude::*;

/// How much a button stands out. One primary button a view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weight {
    /// The thing to do here.
    Primary,
    /// Another thing to do.
    #[default]
    Normal,
    /// A way out.
    Quiet,
    /// Ends something for good; only in the dialog that does it.
    Danger,
}

impl Weight {
    const fn class(self) -> &'static str {
        match self {
            Self::Primary => "btn primary",
            Self::Normal => "btn",
            Self::Quiet => "btn quiet",
            Self::Danger => "btn danger",
        }
    }
}

/// A button. While `busy` it keeps its name and the focus, shows progress and ignores presses.
#[component]
pub fn Button(
    /// What it does when pressed. Without it, it submits the form around it.
    #[prop(optional)]
    on_press: Option<Callback<()>>,
    /// How much it stands out.
    #[prop(optional)]
    weight: Weight,
    /// What was asked is under way.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// The element id.
    #[prop(optional, into)]
    id: Option<String>,
    /// The id of a text that says more.
    #[prop(optional, into)]
    described_by: Option<String>,
    /// In a dialog that opens: it takes the focus.
    #[prop(optional)]
    autofocus: bool,
    /// The words on it.
    children: Children,
) -> impl IntoView {
    let kind = if on_press.is_some() {
        "button"
    } else {
        "submit"
    };
    let press = move |event: web_sys::MouseEvent| {
        if busy.get_untracked() {
            event.prevent_default();
        } else if let Some(on_press) = on_press {
            on_press.run(());
        }
    };
    view! {
        <button
            type=kind
            id=id
            class=weight.class()
            class:busy=busy
            aria-disabled=move || busy.get().then_some("true")
            aria-busy=move || busy.get().then_some("true")
            aria-describedby=described_by
            autofocus=autofocus
            on:click=press
        >
            {children()}
        </button>
    }
}
