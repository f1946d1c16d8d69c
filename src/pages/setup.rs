//! The first start: makes the first plan and its System Admin, by the link that the server printed.
//!
//! The link's secret stands in the fragment, which no browser sends to a server or into a log. It
//! is taken out of the address bar, and kept in memory only.

use leptos::prelude::*;

use crate::reactive::{dynamic, effect};
use crate::{
    components::heading::PageHeading,
    pages::{plain_frame::PlainFrame, setup_form::SetupForm},
    route::Route,
    router::Router,
    text::setup as text,
};

/// The page.
#[component]
pub fn Setup() -> impl IntoView {
    let router = expect_context::<Router>();
    let code = RwSignal::new(None::<String>);
    // Tracked: a person may paste the whole link into a page that was opened without its secret.
    effect(move || {
        let found = router.address().fragment.trim_start_matches('#').to_owned();
        if !found.is_empty() {
            code.set(Some(found));
            // No history and no screenshot keeps the secret.
            router.replace(&Route::Setup.path());
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
