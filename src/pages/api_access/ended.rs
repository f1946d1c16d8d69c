//! The tokens that work no more, each with its reason in one sentence (rule R13).

use leptos::prelude::*;
use tenure_domain::wire::tokens::Token;

use super::{Desk, working::Identity};
use crate::{
    components::{
        relative_time::{Beneath, RelativeTime},
        status_pill::ExplainedStatus,
    },
    form::unique_id,
    format,
    pages::list_view::ListView,
    state::clock::ServerClock,
    text::tokens,
};

/// The table, or what it is for where it is empty.
#[component]
pub fn Ended(
    /// The page's state.
    desk: Desk,
) -> impl IntoView {
    let columns = vec![
        tokens::COLUMN_TOKEN,
        tokens::COLUMN_PLAN,
        tokens::COLUMN_LAST_USED,
        tokens::COLUMN_ENDED,
        tokens::COLUMN_WHY,
        tokens::COLUMN_STATUS,
    ];
    let row = move |token: Token| {
        let id = desk.ended.row_id(&token);
        view! { <Row token id /> }
    };
    view! {
        <ListView
            list=desk.ended
            columns
            blank=|| view! { <p class="muted">{tokens::ENDED_EMPTY}</p> }
            tile=tokens::ENDED
            row
        />
    }
}

#[component]
fn Row(token: Token, id: String) -> impl IntoView {
    let clock = expect_context::<ServerClock>();
    let now = Signal::derive(move || clock.now());
    let why = format::sentence(&token.why);
    let ended = token.end.as_ref().map(|end| end.at);
    let used = token.last_used_at;
    view! {
        <tr id=id tabindex="-1">
            <th scope="row">
                <Identity token=token.clone() name_id=unique_id("token")/>
            </th>
            <td data-label=tokens::COLUMN_PLAN>
                {token.plan.name}
            </td>
            <td data-label=tokens::COLUMN_LAST_USED>
                {used
                    .map_or_else(
                        || tokens::NEVER_USED.into_any(),
                        |at| view! { <RelativeTime at now/> }.into_any(),
                    )}
            </td>
            <td data-label=tokens::COLUMN_ENDED>
                {ended.map(|at| view! { <RelativeTime at now beneath=Beneath::Exact/> })}
            </td>
            <td class="why" data-label=tokens::COLUMN_WHY>{why}</td>
            <td data-label=tokens::COLUMN_STATUS>
                <ExplainedStatus status=token.status/>
            </td>
        </tr>
    }
}
