//! The dialog that deletes a client or removes a scope, after saying what that does.

use leptos::prelude::*;
use tenure_domain::wire::{clients::Client as OauthClient, scopes::Scope};

use super::desk::{CLIENTS_ID, Desk, SCOPES_ID};
use crate::{
    api::{ApiError, Call, oauth_clients, scopes},
    components::{
        button::{Button, Weight},
        confirm::CancelButton,
        dialog::Dialog,
    },
    form::focus_soon,
    pages::act::Act,
    reactive::{dynamic, effect},
    state::toasts::Toasts,
    text::{self, oauth_clients as words},
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

    fn carry_out(&self, desk: Desk) -> Call<()> {
        let (api, plan) = (desk.api, desk.plan.get_value());
        match self {
            Self::Client(client) => oauth_clients::delete(api, &plan, &client.client_id),
            Self::Scope(scope) => scopes::delete(api, &plan, &scope.name),
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
    let act = Act::new();
    let busy = act.busy;
    effect(move || {
        if ending.with(Option::is_some) {
            act.trouble.set(None);
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
        act.run(what.carry_out(desk), move |answer| {
            what.refresh(desk, answer != Err(ApiError::Offline));
            match answer {
                Ok(()) => {
                    open.set(false);
                    // The button that opened the dialog is about to go with its row.
                    focus_soon(what.heading().to_owned());
                    toasts.say(what.done());
                }
                Err(error) => act.fail(error),
            }
        });
    });
    view! {
        <Dialog open title=Signal::derive(move || said(Ending::title)) busy focus_after=CLIENTS_ID>
            <div class="dialog-body">
                <p>{dynamic(move || said(|ending| ending.about().to_owned()))}</p>
                {act.trouble(words::CHANGE_UNREACHED)}
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
