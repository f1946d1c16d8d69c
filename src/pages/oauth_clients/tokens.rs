//! The access tokens that a client got, youngest first, alive and dead.
//!
//! Deliberately not here: ending one. Its owner disconnects the app, or a System Admin deletes the client.

use leptos::prelude::*;
use tenure_domain::{
    id::ClientId,
    live::Topic,
    wire::{session::Membership, tokens::Token},
};

use crate::{
    api::{Client, oauth_clients as api},
    components::{
        empty::empty,
        heading::PageHeading,
        icon::Symbol,
        relative_time::{Beneath, Day, RelativeTime},
        status_pill::StatusPill,
    },
    format,
    pages::{api_access::working::LastUse, list::List, list_view::ListView, passing_time},
    reactive::memo,
    route::Route,
    state::{clock::ServerClock, remote::Remote},
    text::{self, oauth_clients as words, tokens},
};

/// The page of one client.
#[component]
pub fn ClientTokens(
    /// The plan, and the person's place in it.
    plan: Membership,
    /// The client.
    client: ClientId,
) -> impl IntoView {
    let caller = expect_context::<Client>();
    let back = Route::OauthClients(plan.id.clone()).path();
    let place = StoredValue::new((plan.id.clone(), client));
    let client = Remote::new(move || {
        let (plan, id) = place.get_value();
        api::get(caller, &plan, &id)
    });
    let list = List::new(move |cursor: Option<String>| {
        let (plan, id) = place.get_value();
        api::tokens(caller, &plan, &id, cursor.as_deref())
    })
    .live(Some(plan.id), &[Topic::Tokens, Topic::Policy]);
    passing_time::follow_listed(list, move || list.refresh());
    let title = memo(move || {
        let client = client.data();
        words::tokens_of(client.as_ref().map(|client| client.client_name.as_str()))
    });
    view! {
        <div class="head">
            <div>
                <PageHeading title=Signal::derive(move || title.get()) />
                <p>
                    <a href=back>{text::shell::OAUTH_CLIENTS}</a>
                </p>
            </div>
        </div>
        <Tokens list />
    }
}

#[component]
fn Tokens(list: List<Token>) -> impl IntoView {
    let columns = vec![
        words::COLUMN_OWNER,
        tokens::COLUMN_CREATED,
        tokens::COLUMN_LAST_USED,
        tokens::COLUMN_EXPIRES,
        tokens::COLUMN_STATUS,
    ];
    let row = move |token: Token| {
        let id = list.row_id(&token);
        view! { <Row token id /> }
    };
    view! { <ListView list columns blank=|| empty(Some(Symbol::Key), words::NO_TOKENS) tile=words::TOKENS row /> }
}

#[component]
fn Row(token: Token, id: String) -> impl IntoView {
    view! {
        <tr id=id tabindex="-1">
            <th scope="row">
                <span class="token-name">{token.owner.name.clone()}</span>
                <code class="secret-ends">{format!("{}…{}", token.prefix, token.last_four)}</code>
            </th>
            <td data-label=tokens::COLUMN_CREATED>
                <Day at=token.created_at />
            </td>
            <td data-label=tokens::COLUMN_LAST_USED>
                <LastUse token=token.clone() />
            </td>
            <td class="why" data-label=tokens::COLUMN_EXPIRES>
                <End token=token.clone() />
            </td>
            <td data-label=tokens::COLUMN_STATUS>
                <StatusPill status=token.status />
            </td>
        </tr>
    }
}

/// When it stops working; or when it stopped, and why.
#[component]
fn End(token: Token) -> impl IntoView {
    let clock = expect_context::<ServerClock>();
    let now = Signal::derive(move || clock.now());
    let Some(end) = token.end else {
        return match token.expires_at {
            Some(at) => view! { <RelativeTime at now beneath=Beneath::Exact /> }.into_any(),
            None => tokens::NEVER_EXPIRES.into_any(),
        };
    };
    let why = format::sentence(&token.why);
    view! {
        <RelativeTime at=end.at now beneath=Beneath::Exact />
        <span class="small muted address">{why}</span>
    }
    .into_any()
}
