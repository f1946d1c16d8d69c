//! The frame of pages without navigation: one card in the middle.

use leptos::prelude::*;

use crate::{
    components::icon::{Icon, Symbol},
    route::Route,
    text::shell,
};

/// The frame.
#[component]
pub fn PlainFrame(
    /// What stands in the card.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="plain">
            <header>
                <a class="brand" href=Route::Home.path()>
                    <Icon symbol=Symbol::Brand />
                    {shell::TENURE}
                </a>
            </header>
            <main class="plain-card">{children()}</main>
        </div>
    }
}
