//! One app in the list.

use leptos::prelude::*;

use super::Connected;
use crate::{
    components::{
        button::{Button, Weight},
        relative_time::{Day, RelativeTime},
    },
    form::unique_id,
    pages::scope_list::ScopeList,
    state::clock::ServerClock,
    text::connected_apps as text,
};

/// The row.
#[component]
pub fn Row(
    /// The app.
    connected: Connected,
    /// The row's element id.
    id: String,
    /// Asks whether to disconnect it.
    disconnect: Callback<()>,
) -> impl IntoView {
    let clock = expect_context::<ServerClock>();
    let now = Signal::derive(move || clock.now());
    let name_id = unique_id("app");
    let Connected { app, may } = connected;
    let may = if may.is_empty() {
        text::ONLY_WHO.into_any()
    } else {
        view! { <ScopeList scopes=may /> }.into_any()
    };
    let used = app.last_used_at.map_or_else(
        || text::NEVER_USED.into_any(),
        |at| view! { <RelativeTime at now /> }.into_any(),
    );
    let expires = app.expires_at.map_or_else(
        || text::NO_TOKEN.into_any(),
        |at| view! { <RelativeTime at now /> }.into_any(),
    );
    view! {
        <tr id=id tabindex="-1">
            <th scope="row">
                <span class="token-name" id=name_id.clone()>
                    {app.client.name}
                </span>
                <span class="small muted wraps">{text::in_plan(&app.plan.name)}</span>
            </th>
            <td class="may" data-label=text::COLUMN_MAY>{may}</td>
            <td data-label=text::COLUMN_SINCE>
                <Day at=app.since />
            </td>
            <td data-label=text::COLUMN_LAST_USED>{used}</td>
            <td data-label=text::COLUMN_TOKEN>
                {expires}
                <span class="small muted wraps">{text::RENEWS}</span>
            </td>
            <td class="actions">
                <Button weight=Weight::Quiet on_press=disconnect described_by=name_id>
                    {text::DISCONNECT}
                </Button>
            </td>
        </tr>
    }
}
