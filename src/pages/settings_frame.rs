//! Account > Personal Settings: the heading and the tabs around its pages.

use leptos::prelude::*;

use crate::{components::heading::PageHeading, route::Route, text::shell};

/// The frame around a tab's content.
#[component]
pub fn SettingsFrame(
    /// The tab on show.
    tab: Route,
    /// Its content.
    children: Children,
) -> impl IntoView {
    let name = match tab {
        Route::Profile => shell::PROFILE,
        Route::ConnectedApps => shell::CONNECTED_APPS,
        _ => shell::API_ACCESS,
    };
    let link = move |route: Route, label: &'static str| {
        let current = (route == tab).then_some("page");
        view! {
            <a href=route.path() aria-current=current>
                {label}
            </a>
        }
    };
    view! {
        <div class="head">
            <PageHeading title=shell::PERSONAL_SETTINGS.to_owned() tab_title=name />
        </div>
        <nav class="tabs" aria-label=shell::PERSONAL_SETTINGS>
            {link(Route::Profile, shell::PROFILE)}
            {link(Route::ApiAccess, shell::API_ACCESS)}
            {link(Route::ConnectedApps, shell::CONNECTED_APPS)}
        </nav>
        {children()}
    }
}
