//! The dialog that revokes a token, after saying what that does.

use leptos::{prelude::*, task::spawn_local};

use super::{Desk, WORKING_ID};
use crate::reactive::{dynamic, effect};
use crate::{
    api::{ApiError, Client, tokens as api},
    components::{confirm::Confirm, problem_view::ProblemView},
    form::focus_soon,
    state::toasts::Toasts,
    text::{self, problems, tokens},
};

/// The dialog. It is open while the page names a token to revoke.
#[component]
pub fn RevokeDialog(
    /// The page's state.
    desk: Desk,
) -> impl IntoView {
    let client = expect_context::<Client>();
    let toasts = expect_context::<Toasts>();
    let open = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let trouble = RwSignal::new(None::<ApiError>);
    effect(move || {
        if desk.revoking.with(Option::is_some) {
            trouble.set(None);
            open.set(true);
        }
    });
    effect(move || {
        if !open.get() {
            desk.revoking.set(None);
        }
    });
    let title = Signal::derive(move || {
        desk.revoking
            .with(|token| {
                token
                    .as_ref()
                    .map(|token| tokens::revoke_title(&token.name))
            })
            .unwrap_or_default()
    });
    let revoke = Callback::new(move |()| {
        let Some(token) = desk.revoking.get_untracked() else {
            return;
        };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        trouble.set(None);
        spawn_local(async move {
            let answer = api::revoke(client, &token.id).await;
            // The page may be gone by now, and its signals with it.
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(_) => {
                    open.set(false);
                    // The button that opened the dialog is about to go with its row.
                    focus_soon(WORKING_ID.to_owned());
                    toasts.say(tokens::revoked(&token.name));
                }
                Err(error) => trouble.set(Some(error)),
            }
            desk.refresh();
        });
    });
    view! {
        <Confirm
            open
            title
            action=tokens::REVOKE
            cancel=text::common::CANCEL
            busy
            on_confirm=revoke
            focus_after=WORKING_ID
        >
            <p>{tokens::REVOKE_ABOUT}</p>
            {dynamic(move || {
                trouble.get().map(|error| view! { <ProblemView words=problems::words_of_call(&error, tokens::REVOKE_UNREACHED)/> })
            })}
        </Confirm>
    }
}
