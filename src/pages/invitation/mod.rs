//! What the link in a mail leads to: joining the plan that somebody invited one into.
//!
//! The link's secret stands in the fragment, which no browser sends to a server or into a log. It is taken out of the
//! address bar, and kept in memory only.

pub mod accept;

use leptos::prelude::*;
use tenure_domain::wire::invitations::InvitationOffer;

use self::accept::accept_form;
use crate::{
    api::{Client, invitations as api},
    components::heading::PageHeading,
    pages::{plain_frame::PlainFrame, remote_view::RemoteView},
    reactive::{dynamic, effect},
    route::Route,
    router::Router,
    state::remote::Remote,
    text::{invitations as text, setup::TO_SIGN_IN},
};

/// The page.
#[component]
pub fn Invitation() -> impl IntoView {
    let router = expect_context::<Router>();
    let code = RwSignal::new(None::<String>);
    // Tracked: a person may paste the whole link into a page that was opened without its secret.
    effect(move || {
        let found = router.address().fragment.trim_start_matches('#').to_owned();
        if !found.is_empty() {
            code.set(Some(found));
            // No history and no screenshot keeps the secret.
            router.replace(&Route::Invitation.path());
        }
    });
    view! {
        <PlainFrame>
            {dynamic(move || match code.get() {
                Some(code) => opened(code),
                None => view! {
                    <PageHeading title=text::NO_CODE.to_owned()/>
                    <p class="muted">{text::NO_CODE_WHY}</p>
                }
                .into_any(),
            })}
            <p>
                <a href=Route::SignIn.path()>{TO_SIGN_IN}</a>
            </p>
        </PlainFrame>
    }
}

/// What the link opens, or why it opens nothing.
fn opened(code: String) -> AnyView {
    let client = expect_context::<Client>();
    let asked = code.clone();
    let offer = Remote::new(move || api::look_up(client, asked.clone()));
    let heading = dynamic(move || {
        let offer = offer.data();
        let title = offer
            .as_ref()
            .map_or_else(|| text::HEADING.to_owned(), text::heading);
        view! { <PageHeading title/> }
    });
    let show = move |offer: &InvitationOffer| {
        view! {
            <p>{text::offer(offer)}</p>
            <p class="muted">
                {if offer.has_account { text::HAS_ACCOUNT } else { text::NEW_ACCOUNT }}
            </p>
            {accept_form(code.clone(), offer.clone())}
        }
    };
    view! {
        {heading}
        <RemoteView remote=offer lines=3 children=show/>
    }
    .into_any()
}
