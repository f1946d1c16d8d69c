//! The plan's clients, by name.

use leptos::prelude::*;
use tenure_domain::wire::clients::Client as OauthClient;

use super::{
    desk::{Desk, Task},
    ending::Ending,
};
use crate::{
    components::{
        button::{Button, Weight},
        copy_button::CopyLine,
        empty::empty,
        icon::Symbol,
        relative_time::Day,
    },
    form::unique_id,
    pages::{api_access::generate::instant_with_zone, list_view::ListView},
    reactive::memo,
    route::Route,
    state::clock::ServerClock,
    text::{self, oauth_clients as words},
};

/// The table, or what to do where there is none.
#[component]
pub fn Clients(
    /// The page's state.
    desk: Desk,
) -> impl IntoView {
    let columns = vec![
        words::COLUMN_CLIENT,
        words::COLUMN_SCOPES,
        words::COLUMN_REGISTERED,
        "",
    ];
    let row = move |client: OauthClient| {
        let id = desk.clients.row_id(&client);
        view! { <Row desk client id /> }
    };
    view! {
        <ListView
            list=desk.clients
            columns
            blank=|| empty(Some(Symbol::App), words::EMPTY)
            tile=words::CLIENTS
            row
        />
    }
}

#[component]
fn Row(desk: Desk, client: OauthClient, id: String) -> impl IntoView {
    let name_id = unique_id("client");
    let scopes: Vec<_> = client.scope.names().map(ToOwned::to_owned).collect();
    let by = client.created_by.clone();
    let by = by.map(|by| words::registered_by(&by.name));
    view! {
        <tr id=id tabindex="-1">
            <th scope="row">
                <span class="token-name" id=name_id.clone()>
                    {client.client_name.clone()}
                </span>
                <span class="small muted">
                    {words::kind(client.token_endpoint_auth_method, client.resource_server)}
                </span>
                <OldSecret client=client.clone() />
                <CopyLine
                    text=client.client_id.0.clone()
                    label=words::CLIENT_ID
                    action=text::common::COPY
                    weight=Weight::Quiet
                />
            </th>
            <td data-label=words::COLUMN_SCOPES>
                <ScopeNames scopes />
            </td>
            <td data-label=words::COLUMN_REGISTERED>
                <Day at=client.created_at />
                {by.map(|by| view! { <span class="small muted address">{by}</span> })}
            </td>
            <td class="actions">
                <Actions desk client name_id />
            </td>
        </tr>
    }
}

/// Until when the secret before works, as long as it does by the server's clock.
#[component]
fn OldSecret(client: OauthClient) -> impl IntoView {
    let clock = expect_context::<ServerClock>();
    client.old_secret_until.map(|until| {
        let words = memo(move || {
            let works = clock.now() < until;
            works.then(|| words::old_secret_until(&instant_with_zone(until)))
        });
        view! { <span class="small old-secret">{words}</span> }
    })
}

#[component]
fn ScopeNames(scopes: Vec<String>) -> impl IntoView {
    if scopes.is_empty() {
        return view! { <span class="muted">{words::NO_SCOPES}</span> }.into_any();
    }
    let name = |name: String| view! { <li><code>{name}</code></li> };
    view! { <ul class="scopes">{scopes.into_iter().map(name).collect_view()}</ul> }.into_any()
}

/// What can be done with a client.
#[component]
fn Actions(desk: Desk, client: OauthClient, name_id: String) -> impl IntoView {
    let button = |label: &'static str, press: Callback<()>| {
        view! {
            <Button weight=Weight::Quiet on_press=press described_by=name_id.clone()>
                {label}
            </Button>
        }
    };
    let start = |task: Task| Callback::new(move |()| desk.start(task.clone()));
    let has_secret = client.token_endpoint_auth_method.is_confidential();
    let tokens = (!client.resource_server).then(|| {
        let page = Route::OauthClient(desk.plan.get_value(), client.client_id.clone());
        view! {
            <a class="btn quiet" href=page.path() aria-describedby=name_id.clone()>
                {words::TOKENS}
            </a>
        }
    });
    let rotate = has_secret.then(|| button(words::ROTATE, start(Task::Rotate(client.clone()))));
    let edit = button(words::EDIT, start(Task::Edit(client.clone())));
    let ending = Ending::Client(client);
    let delete = Callback::new(move |()| desk.ending.set(Some(ending.clone())));
    view! {
        <div class="several">
            {tokens} {edit} {rotate} {button(words::DELETE, delete)}
        </div>
    }
}
