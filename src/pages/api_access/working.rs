//! The tokens that work, soonest expiry first.

use leptos::prelude::*;
use tenure_domain::{token::TokenKind, wire::tokens::Token};

use super::{Desk, revoke::revoking};
use crate::{
    api::Client,
    components::{
        button::{Button, Weight},
        empty::empty,
        icon::Symbol,
        relative_time::{Beneath, Day, RelativeTime},
        status_pill::StatusPill,
    },
    form::unique_id,
    format,
    pages::list_view::ListView,
    state::clock::ServerClock,
    text::tokens,
};

/// Whether another token can take this one's place.
#[must_use]
pub fn may_be_rotated(token: &Token) -> bool {
    token.kind == TokenKind::UserAccess && token.retires_at.is_none()
}

/// The table, or what to do where there is none.
#[component]
pub fn Working(
    /// The page's state.
    desk: Desk,
) -> impl IntoView {
    let columns = vec![
        tokens::COLUMN_TOKEN,
        tokens::COLUMN_PLAN,
        tokens::COLUMN_CREATED,
        tokens::COLUMN_LAST_USED,
        tokens::COLUMN_EXPIRES,
        tokens::COLUMN_STATUS,
        "",
    ];
    let row = move |token: Token| {
        let id = desk.working.row_id(&token);
        view! { <Row desk token id /> }
    };
    view! {
        <ListView
            list=desk.working
            columns
            blank=|| empty(Some(Symbol::Key), tokens::EMPTY)
            tile=tokens::WORKING
            row
        />
    }
}

#[component]
fn Row(desk: Desk, token: Token, id: String) -> impl IntoView {
    let name_id = unique_id("token");
    let client = expect_context::<Client>();
    let revoke = {
        let token = token.clone();
        Callback::new(move |()| desk.revoking.set(Some(revoking(client, &token))))
    };
    let rotate = may_be_rotated(&token).then(|| {
        let token = token.clone();
        let on_press = Callback::new(move |()| desk.rotate(token.clone()));
        view! {
            <Button weight=Weight::Quiet on_press described_by=name_id.clone()>
                {tokens::ROTATE}
            </Button>
        }
    });
    view! {
        <tr id=id tabindex="-1">
            <th scope="row">
                <Identity token=token.clone() name_id=name_id.clone()/>
            </th>
            <td data-label=tokens::COLUMN_PLAN>
                {token.plan.name.clone()}
            </td>
            <td data-label=tokens::COLUMN_CREATED>
                <Day at=token.created_at/>
            </td>
            <td data-label=tokens::COLUMN_LAST_USED>
                <LastUse token=token.clone()/>
            </td>
            <td data-label=tokens::COLUMN_EXPIRES>
                <Expires token=token.clone()/>
            </td>
            <td data-label=tokens::COLUMN_STATUS>
                <StatusPill status=token.status/>
            </td>
            <td class="actions">
                <div class="several">
                    {rotate}
                    <Button weight=Weight::Quiet on_press=revoke described_by=name_id>
                        {tokens::REVOKE}
                    </Button>
                </div>
            </td>
        </tr>
    }
}

/// What tells a token from others: its name, the ends of its secret, its kind, and what it may do.
#[component]
pub fn Identity(
    /// The token.
    token: Token,
    /// The id of the element with its name.
    name_id: String,
) -> impl IntoView {
    let names: Vec<_> = token.scope.names().collect();
    let scopes = (!names.is_empty()).then(|| tokens::scopes(&names.join(", ")));
    view! {
        <span class="token-name" id=name_id>{token.name}</span>
        <code class="secret-ends">{format!("{}…{}", token.prefix, token.last_four)}</code>
        <span class="small muted">{tokens::kind(token.kind)}</span>
        {scopes.map(|scopes| view! { <span class="small muted wraps">{scopes}</span> })}
    }
}

/// When a token was last used, and from where.
#[component]
pub fn LastUse(
    /// The token.
    token: Token,
) -> impl IntoView {
    let clock = expect_context::<ServerClock>();
    let Some(at) = token.last_used_at else {
        return tokens::NEVER_USED.into_any();
    };
    let from = token
        .last_used_from
        .map(|address| tokens::from_address(&address));
    view! {
        <RelativeTime at now=Signal::derive(move || clock.now())/>
        {from.map(|from| view! { <span class="small muted address">{from}</span> })}
    }
    .into_any()
}

/// When it stops working, and why then.
#[component]
fn Expires(token: Token) -> impl IntoView {
    let clock = expect_context::<ServerClock>();
    let why = format::sentence(&token.why);
    let Some(at) = token.expires_at else {
        return view! {
            {tokens::NEVER_EXPIRES}
            <span class="small muted wraps">{why}</span>
        }
        .into_any();
    };
    let rotated = token.retires_at.is_some();
    view! {
        <RelativeTime
            at
            now=Signal::derive(move || clock.now())
            beneath=Beneath::Exact
            why
        />
        {rotated.then(|| view! { <span class="small muted wraps">{tokens::ROTATED}</span> })}
    }
    .into_any()
}
