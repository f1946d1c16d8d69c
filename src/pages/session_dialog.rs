//! Asks for signing in again when a session ends in mid-work. Nothing below it is lost: the calls that
//! met the end wait, and go on.

use std::sync::Arc;

use leptos::{
    ev, html,
    prelude::*,
    task::{spawn_local, tick},
};
use tenure_domain::wire::session::Session;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, HtmlElement};

use crate::reactive::effect;
use crate::{
    components::dialog::focus_is_lost,
    pages::sign_in_form::SignInForm,
    route::Route,
    router::{Leave, Router},
    state::session::{Phase, SessionState},
    text::shell,
};

/// The dialog. It exists only while it is needed: until somebody signs in, puts it off, or leaves the
/// page whose calls wait. Put off, the calls end as refused, and the page keeps what was typed.
#[component]
pub fn SessionDialog() -> impl IntoView {
    let session = expect_context::<SessionState>();
    let router = expect_context::<Router>();
    let node = NodeRef::<html::Dialog>::new();
    let email = session.get().map(|session| session.user.email);
    let opener = StoredValue::new_local(focused());
    effect(move || {
        if let Some(dialog) = node.get() {
            // It fails only for a dialog that is open already.
            let _ = dialog.show_modal();
            start_on_password(&dialog);
        }
    });
    on_cleanup(move || {
        if let Some(opener) = opener.try_get_value().flatten() {
            give_back(opener);
        }
    });
    let page = router.address_now();
    effect(move || {
        if router.address() != page {
            session.put_off();
        }
    });
    let put_off = move || session.put_off();
    let done = Callback::new(move |new: Session| session.set(Phase::SignedIn(new)));
    let give_up = move |_| {
        let here = router.address_now();
        let sign_in = Route::sign_in_then(&format!("{}{}", here.path, here.query));
        let leave: Leave = Arc::new(move || {
            session.set(Phase::SignedOut);
            router.leave_for(&sign_in);
        });
        router.leave(&leave);
    };
    view! {
        <dialog
            node_ref=node
            class="dialog"
            aria-labelledby="session-ended"
            aria-describedby="session-ended-why"
            on:cancel=move |event: ev::Event| {
                event.prevent_default();
                put_off();
            }
            on:close=move |_| put_off()
        >
            <h2 class="dialog-title" id="session-ended">
                {shell::SESSION_ENDED}
            </h2>
            <div class="dialog-body">
                <p id="session-ended-why">{shell::SESSION_ENDED_WHY}</p>
                <SignInForm only=email.unwrap_or_default() on_done=done />
            </div>
            <div class="dialog-foot">
                <button type="button" class="btn" on:click=move |_| put_off()>
                    {shell::NOT_NOW}
                </button>
                <button type="button" class="btn quiet" on:click=give_up>
                    {shell::SIGN_IN_AS_OTHER}
                </button>
            </div>
        </dialog>
    }
}

/// What has the focus.
fn focused() -> Option<HtmlElement> {
    document().active_element()?.dyn_into().ok()
}

/// A dialog that is taken away gives no focus back by itself. What goes on now may want it too, and
/// comes first.
fn give_back(opener: HtmlElement) {
    spawn_local(async move {
        tick().await;
        if focus_is_lost() {
            // An opener that is gone by now cannot take it.
            let _ = opener.focus();
        }
    });
}

/// Who signs in is known; only the password is missing.
fn start_on_password(dialog: &HtmlDialogElement) {
    let password = dialog.query_selector("input[type=password]").ok().flatten();
    if let Some(password) = password.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
        // A focus that fails leaves it on the dialog's first field.
        let _ = password.focus();
    }
}
