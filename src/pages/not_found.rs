//! An address that leads nowhere.

use leptos::prelude::*;

use crate::{
    components::heading::PageHeading, pages::plain_frame::PlainFrame, route::Route, text::shell,
};

/// The page, with a way home.
#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <PlainFrame>
            <PageHeading title=shell::NOT_FOUND.to_owned() />
            <p class="muted">{shell::NOT_FOUND_WHY}</p>
            <p>
                <a class="btn" href=Route::Home.path()>
                    {shell::TO_HOME}
                </a>
            </p>
        </PlainFrame>
    }
}
