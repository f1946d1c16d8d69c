//! Signing in. It leads on to the page that was asked for.

use leptos::prelude::*;

use crate::reactive::effect;
use crate::{
    api::{self, Client},
    components::heading::PageHeading,
    pages::{plain_frame::PlainFrame, sign_in_form::SignInForm},
    route::after_sign_in,
    router::Router,
    state::session::{Phase, SessionState},
    text::sign_in as text,
};

/// The page. Whoever is signed in already is led on at once.
#[component]
pub fn SignIn() -> impl IntoView {
    let session = expect_context::<SessionState>();
    let router = expect_context::<Router>();
    look_for_session(expect_context(), session);
    effect(move || {
        if session.get().is_some() {
            router.replace(&after_sign_in(router.query_now("next").as_deref()));
        }
    });
    let done = Callback::new(move |new| session.set(Phase::SignedIn(new)));
    view! {
        <PlainFrame>
            <PageHeading title=text::HEADING.to_owned() />
            <SignInForm on_done=done />
        </PlainFrame>
    }
}

fn look_for_session(client: Client, session: SessionState) {
    if matches!(session.phase_now(), Phase::Starting) {
        api::session::get(client).then(move |found| {
            if let Ok(found) = found {
                session.answer(&Phase::Starting, Phase::SignedIn(found));
            }
        });
    }
}
