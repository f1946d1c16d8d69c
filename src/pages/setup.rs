//! The first start: makes the first plan and its System Admin, by the link that the server printed.
//!
//! The link's secret stands in the fragment, which no browser sends to a server or into a log. It
//! is taken out of the address bar, and kept in memory only.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use wasm_bindgen::JsValue;

use crate::reactive::{dynamic, effect};
use crate::{
    components::heading::PageHeading,
    pages::{plain_frame::PlainFrame, setup_form::SetupForm},
    route::Route,
    text::setup as text,
};

/// The page.
#[component]
pub fn Setup() -> impl IntoView {
    let fragment = use_location().hash;
    let code = RwSignal::new(None::<String>);
    // Tracked: a person may paste the whole link into a page that was opened without its secret.
    effect(move || {
        let found = fragment.with(|fragment| fragment.trim_start_matches('#').to_owned());
        if !found.is_empty() {
            code.set(Some(found));
            hide_code();
        }
    });
    view! {
        <PlainFrame>
            {dynamic(move || match code.get() {
                Some(code) => {
                    view! {
                        <PageHeading title=text::HEADING.to_owned() />
                        <p class="muted">{text::INTRODUCTION}</p>
                        <SetupForm code />
                    }
                        .into_any()
                }
                None => {
                    view! {
                        <PageHeading title=text::NO_CODE.to_owned() />
                        <p class="muted">{text::NO_CODE_WHY}</p>
                    }
                        .into_any()
                }
            })}
            <p>
                <a href=Route::SignIn.path()>{text::TO_SIGN_IN}</a>
            </p>
        </PlainFrame>
    }
}

/// Takes the secret out of the address bar, so that no history and no screenshot keeps it.
fn hide_code() {
    if let Ok(history) = window().history() {
        // Where it fails, the link works all the same.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&Route::Setup.path()));
    }
}
