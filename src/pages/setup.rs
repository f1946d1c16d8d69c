//! The first start: makes the first plan and its System Admin, by the link that the server printed.
//!
//! The link's secret stands in the fragment, which no browser sends to a server or into a log. It
//! is taken out of the address bar, and kept in memory only.

use leptos::prelude::*;

use crate::{
    components::heading::PageHeading,
    pages::{plain_frame::PlainFrame, setup_form::SetupForm},
    route::Route,
    text::setup as text,
};

/// The page.
#[component]
pub fn Setup() -> impl IntoView {
    let code = take_code();
    view! {
        <PlainFrame>
            {match code {
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
            }}
            <p>
                <a href=Route::SignIn.path()>{text::TO_SIGN_IN}</a>
            </p>
        </PlainFrame>
    }
}

/// The fragment. It leaves the address bar, so that no history and no screenshot keeps it.
fn take_code() -> Option<String> {
    let fragment = window().location().hash().ok()?;
    let code = fragment.strip_prefix('#').filter(|code| !code.is_empty())?;
    if let Ok(history) = window().history() {
        let path = Route::Setup.path();
        // Where it fails, the link works all the same.
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&path));
    }
    Some(code.to_owned())
}
