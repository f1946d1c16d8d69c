//! A row of the table. It has few elements, because many are in the document.

use std::sync::Arc;

use leptos::prelude::*;
use tenure_domain::{
    time::Timestamp,
    wire::{inventory::MAX_REVOKED, tokens::Token},
};

use super::{CLIENT, Desk, OWNER, narrowed};
use crate::{
    components::{relative_time::Tip, status_pill::StatusPill},
    format::{self, Detail, Zone},
    reactive::memo,
    route::Route,
    state::clock::ServerClock,
    text::{self, inventory as words, tokens},
};

/// The row of this number, from 0 on; an empty one while its token is on its way.
pub fn row(desk: Desk, number: usize, token: Option<Arc<Token>>) -> AnyView {
    let Some(token) = token else {
        let index = number + 2;
        return view! {
            <tr class="token" role="row" aria-rowindex=index aria-busy="true">
                <td colspan="8" role="cell">"…"</td>
            </tr>
        }
        .into_any();
    };
    let (id, stands) = (token.id.clone(), token.status);
    // Where others come before it, it stays as it is.
    let index = memo(move || desk.book.place(&id).unwrap_or(number) + 2);
    let [name, owner, kind, status, created, used, expires] = words::COLUMNS;
    let never = token.last_used_at.is_none().then_some(words::NEVER);
    let for_ever = token.expires_at.is_none().then_some(tokens::NEVER_EXPIRES);
    let why = format!(
        "{}\n{}",
        text::token::meaning(stands),
        format::sentence(&token.why)
    );
    let page = Route::Token(desk.plan.get_value(), token.id.clone()).path();
    // With what is asked for here, so that its page leads back to that.
    let page = move || desk.asked.with(|asked| asked.address(&page));
    let end = token.end.as_ref().map(|end| end.at).or(token.expires_at);
    view! {
        <tr class="token" role="row" aria-rowindex=move || index.get()>
            <td class="pick" role="cell">{pick(desk, &token)}</td>
            <th scope="row" role="rowheader" data-label=name>
                <a class="token-name" href=page>
                    {token.name.clone()}
                </a>
                <code class="small muted">{format!("{}…{}", token.prefix, token.last_four)}</code>
            </th>
            <td role="cell" data-label=owner>{link(desk, OWNER, token.owner.id.as_str(), &token.owner.name)}</td>
            <td role="cell" data-label=kind>
                {match &token.client {
                    Some(client) => link(desk, CLIENT, client.id.as_str(), &client.name),
                    None => tokens::kind(token.kind).into_any(),
                }}
            </td>
            <td role="cell" data-label=status>
                <Tip tip=why>
                    <StatusPill status=stands/>
                </Tip>
            </td>
            <td role="cell" data-label=created>{time(token.created_at)}</td>
            <td role="cell" data-label=used>{never} {token.last_used_at.map(time)}</td>
            <td role="cell" data-label=expires>{for_ever.filter(|_| end.is_none())} {end.map(time)}</td>
        </tr>
    }
    .into_any()
}

fn pick(desk: Desk, token: &Token) -> AnyView {
    let (id, wanted) = (token.id.clone(), token.id.clone());
    let selected = move || desk.selected.with(|all| all.contains(&id));
    let checked = memo(selected);
    let full = move || !checked.get() && desk.selected.with(|all| all.len() >= MAX_REVOKED);
    view! {
        <input
            type="checkbox"
            id=format!("select-{}", token.id)
            aria-label=words::select(&token.name)
            disabled=full
            prop:checked=move || checked.get()
            on:change=move |event| desk.select(&wanted, event_target_checked(&event))
        />
    }
    .into_any()
}

/// Leads to the tokens of the same owner or app.
fn link(desk: Desk, part: usize, id: &str, name: &str) -> AnyView {
    let href = desk.path.with_value(|path| narrowed(path, part, id));
    let label = words::all_of(name);
    view! {
        <a href=href aria-label=label>
            {name.to_owned()}
        </a>
    }
    .into_any()
}

/// How far away it is, with exactly when beneath, by the style: that spares elements. In UTC on hover.
fn time(at: Timestamp) -> AnyView {
    let clock = expect_context::<ServerClock>();
    let words = memo(move || format::relative(at, clock.now()));
    let exact = format::instant(at, Detail::Minute, Zone::Viewer);
    view! {
        <time datetime=at.to_string() title=format::utc(at) data-exact=exact>
            {words}
        </time>
    }
    .into_any()
}
