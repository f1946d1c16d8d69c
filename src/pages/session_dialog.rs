//! Asks for signing in again when a session ends in mid-work. Nothing below it is lost: the calls that
//! met the end wait, and go on.

use leptos::{ev, html, prelude::*};
use tenure_domain::wire::session::Session;

use crate::reactive::effect;
use crate::{
    pages::sign_in_form::SignInForm,
    route::Route,
    router::Router,
    state::session::{Phase, SessionState},
    text::shell,
};

/// The dialog. It exists only while it is needed, and closes only by signing in or by giving up.
#[component]
pub fn SessionDialog() -> impl IntoView {
    let session = expect_context::<SessionState>();
    let router = expect_context::<Router>();
    let node = NodeRef::<html::Dialog>::new();
    let email = session.get().map(|session| session.user.email);
    effect(move || {
        if let Some(dialog) = node.get() {
            // It fails only for a dialog that is open already.
            let _ = dialog.show_modal();
        }
    });
    let done = Callback::new(move |new: Session| session.set(Phase::SignedIn(new)));
    let give_up = move |_| {
        let here = router.address_now();
        let here = format!("{}{}", here.path, here.query);
        session.set(Phase::SignedOut);
        router.go(&Route::sign_in_then(&here));
    };
    view! {
        <dialog
            node_ref=node
            class="dialog"
            aria-labelledby="session-ended"
            aria-describedby="session-ended-why"
            on:cancel=|event: ev::Event| event.prevent_default()
        >
            <h2 class="dialog-title" id="session-ended">
                {shell::SESSION_ENDED}
            </h2>
            <div class="dialog-body">
                <p id="session-ended-why">{shell::SESSION_ENDED_WHY}</p>
                <SignInForm only=email.unwrap_or_default() on_done=done />
                <button type="button" class="btn quiet" on:click=give_up>
                    {shell::SIGN_IN_AS_OTHER}
                </button>
            </div>
        </dialog>
    }
}
