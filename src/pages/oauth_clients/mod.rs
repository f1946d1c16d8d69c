//! Admin Center > OAuth clients: who may ask for tokens in the plan, and what for.
//!
//! `desk` is the state; `clients` and `scopes` are the two lists; `dialog`, `questions` and `secret` make and
//! change, `ending` ends; `tokens` is the page of one client's tokens. Deliberately not here: what is
//! valid, which the domain decides.

pub mod clients;
pub mod desk;
pub mod dialog;
pub mod draft;
pub mod ending;
pub mod questions;
pub mod scopes;
pub mod secret;
pub mod tokens;

use leptos::prelude::*;
use tenure_domain::wire::session::Membership;

use self::{
    clients::Clients,
    desk::{CLIENTS_ID, Desk, SCOPES_ID, Task},
    dialog::TaskDialog,
    ending::EndingDialog,
    scopes::Scopes,
};
use crate::{
    components::{
        button::{Button, Weight},
        heading::page_head,
        icon::{Icon, Symbol},
        skeleton::Skeleton,
    },
    reactive::{dynamic, memo},
    text::{self, oauth_clients as words},
};

/// The page of one plan, for its System Admins.
#[component]
pub fn OauthClients(
    /// The plan, and the person's place in it.
    plan: Membership,
) -> impl IntoView {
    let desk = Desk::new(plan.id);
    view! {
        {page_head(text::shell::OAUTH_CLIENTS, text::policy::plan_line(&plan.name, plan.tier), None)}
        <div class="head">
            <h2 id=CLIENTS_ID tabindex="-1">
                {words::CLIENTS}
            </h2>
            <Start desk task=Task::Register weight=Weight::Primary label=words::REGISTER />
        </div>
        <Lists desk />
        <TaskDialog desk />
        <EndingDialog desk />
    }
}

/// Opens the dialog for something new.
#[component]
fn Start(desk: Desk, task: Task, weight: Weight, label: &'static str) -> impl IntoView {
    view! {
        <Button weight on_press=Callback::new(move |()| desk.start(task.clone()))>
            <Icon symbol=Symbol::Plus />
            {label}
        </Button>
    }
}

/// Both lists, once both are there: nothing jumps.
#[component]
fn Lists(desk: Desk) -> impl IntoView {
    let (clients, scopes) = (desk.clients.items(), desk.scopes);
    let ready = memo(move || clients.has_answered() && scopes.has_answered());
    dynamic(move || {
        if !ready.get() {
            return view! { <Skeleton lines=6 /> }.into_any();
        }
        view! {
            <Clients desk />
            <div class="head section-title">
                <h2 id=SCOPES_ID tabindex="-1">
                    {words::SCOPES_TITLE}
                </h2>
                <Start desk task=Task::Define weight=Weight::Normal label=words::DEFINE />
            </div>
            <p class="policy-lines muted">{words::SCOPES_ABOUT}</p>
            <Scopes desk />
        }
        .into_any()
    })
}
