//! What tokens of the plan may be used for: Tenure's own scopes, then the plan's.

use leptos::prelude::*;
use tenure_domain::wire::scopes::Scope;

use super::{
    desk::{Desk, Task},
    ending::Ending,
};
use crate::{
    components::{
        button::{Button, Weight},
        icon::{Icon, Symbol},
    },
    form::unique_id,
    pages::remote_view::RemoteView,
    text::{self, oauth_clients as words},
};

/// The table. It is never empty: Tenure's own scopes are always there.
#[component]
pub fn Scopes(
    /// The page's state.
    desk: Desk,
) -> impl IntoView {
    let table = move |scopes: &Vec<Scope>| view! { <Table desk scopes=scopes.clone() /> };
    view! { <RemoteView remote=desk.scopes children=table /> }
}

#[component]
fn Table(desk: Desk, scopes: Vec<Scope>) -> impl IntoView {
    let rows = scopes
        .into_iter()
        .map(|scope| view! { <Row desk scope /> })
        .collect_view();
    view! {
        <section class="tile list" aria-label=words::SCOPES_TITLE>
            <table class="cards">
                <thead>
                    <tr>
                        <th scope="col">{words::COLUMN_SCOPE}</th>
                        <th scope="col">{words::COLUMN_SENTENCE}</th>
                        <th scope="col">
                            <span class="visually-hidden">{text::common::ACTIONS}</span>
                        </th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
}

#[component]
fn Row(desk: Desk, scope: Scope) -> impl IntoView {
    let name_id = unique_id("scope");
    let actions = if scope.own {
        view! {
            <span class="pill">
                <Icon symbol=Symbol::Lock />
                {words::OWN}
            </span>
        }
        .into_any()
    } else {
        view! { <Actions desk scope=scope.clone() name_id=name_id.clone() /> }.into_any()
    };
    view! {
        <tr>
            <th scope="row">
                <code id=name_id>{scope.name}</code>
            </th>
            <td class="why">{scope.sentence}</td>
            <td class="actions">{actions}</td>
        </tr>
    }
}

#[component]
fn Actions(desk: Desk, scope: Scope, name_id: String) -> impl IntoView {
    let ending = Ending::Scope(scope.clone());
    let reword = Callback::new(move |()| desk.start(Task::Reword(scope.clone())));
    let remove = Callback::new(move |()| desk.ending.set(Some(ending.clone())));
    view! {
        <div class="several">
            <Button weight=Weight::Quiet on_press=reword described_by=name_id.clone()>
                {words::REWORD}
            </Button>
            <Button weight=Weight::Quiet on_press=remove described_by=name_id>
                {words::REMOVE}
            </Button>
        </div>
    }
}
