//! The dialog that deletes a client or removes a scope, after saying what that does.

use leptos::{prelude::*, task::spawn_local};
use tenure_domain::wire::{clients::Client as OauthClient, scopes::Scope};

use super::desk::{CLIENTS_ID, Desk, SCOPES_ID};
use crate::{
    api::{ApiError, oauth_clients, scopes},
    components::{
        button::{Button, Weight},
        confirm::CancelButton,
        dialog::Dialog,
        problem_view::ProblemView,
    },
    form::focus_soon,
    reactive::{dynamic, effect},
    state::toasts::Toasts,
    text::{self, oauth_clients as words, problems},
};

/// What is about to end.
#[derive(Clone, PartialEq)]
pub enum Ending {
    /// A client, and all that it holds.
    Client(OauthClient),
    /// A scope of the plan.
    Scope(Scope),
}

impl Ending {
    fn title(&self) -> String {
        match self {
            Self::Client(client) => words::delete_title(&client.client_name),
            Self::Scope(scope) => words::remove_title(&scope.name),
        }
    }

    const fn about(&self) -> &'static str {
        match self {
            Self::Client(client) if client.resource_server => words::DELETE_RESOURCE_SERVER,
            Self::Client(_) => words::DELETE_APP,
            Self::Scope(_) => words::REMOVE_ABOUT,
        }
    }

    const fn action(&self) -> &'static str {
        match self {
            Self::Client(_) => words::DELETE,
            Self::Scope(_) => words::REMOVE,
        }
    }

    fn done(&self) -> String {
        match self {
            Self::Client(client) => words::deleted(&client.client_name),
            Self::Scope(scope) => words::removed(&scope.name),
        }
    }

    /// The heading of the list that it goes from.
    const fn heading(&self) -> &'static str {
        match self {
            Self::Client(_) => CLIENTS_ID,
            Self::Scope(_) => SCOPES_ID,
        }
    }

    /// Fetches the list anew that it goes from. One that would not come would take the scopes' place.
    fn refresh(&self, desk: Desk, is_online: bool) {
        match self {
            Self::Client(_) => desk.clients.refresh(),
            Self::Scope(_) if is_online => desk.scopes.reload(),
            Self::Scope(_) => {}
        }
    }

    async fn carry_out(&self, desk: Desk) -> Result<(), ApiError> {
        let (api, plan) = (desk.api, desk.plan.get_value());
        match self {
            Self::Client(client) => oauth_clients::delete(api, &plan, &client.client_id).await,
            Self::Scope(scope) => scopes::delete(api, &plan, &scope.name).await,
        }
    }
}

/// The dialog. It is open while the page names something that is to end.
#[component]
pub fn EndingDialog(
    /// The page's state.
    desk: Desk,
) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let ending = desk.ending;
    let open = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let trouble = RwSignal::new(None::<ApiError>);
    effect(move || {
        if ending.with(Option::is_some) {
            trouble.set(None);
            open.set(true);
        }
    });
    effect(move || {
        if !open.get() {
            ending.set(None);
        }
    });
    let said = move |words: fn(&Ending) -> String| {
        ending.with(|ending| ending.as_ref().map(words).unwrap_or_default())
    };
    let carry_out = Callback::new(move |()| {
        let Some(what) = ending.get_untracked() else {
            return;
        };
        busy.set(true);
        trouble.set(None);
        spawn_local(async move {
            let answer = what.carry_out(desk).await;
            // The page may be gone by now, and its signals with it.
            if busy.try_set(false).is_some() {
                return;
            }
            what.refresh(desk, answer != Err(ApiError::Offline));
            match answer {
                Ok(()) => {
                    open.set(false);
                    // The button that opened the dialog is about to go with its row.
                    focus_soon(what.heading().to_owned());
                    toasts.say(what.done());
                }
                Err(error) => trouble.set(Some(error)),
            }
        });
    });
    view! {
        <Dialog open title=Signal::derive(move || said(Ending::title)) busy focus_after=CLIENTS_ID>
            <div class="dialog-body">
                <p>{dynamic(move || said(|ending| ending.about().to_owned()))}</p>
                {dynamic(move || {
                    let words = problems::words_of_call(&trouble.get()?, words::CHANGE_UNREACHED);
                    Some(view! { <ProblemView words /> })
                })}
            </div>
            <div class="dialog-foot">
                <Button weight=Weight::Danger busy on_press=carry_out>
                    {dynamic(move || said(|ending| ending.action().to_owned()))}
                </Button>
                <CancelButton words=text::common::CANCEL />
            </div>
        </Dialog>
    }
}
