//! Every version of the policy, the newest first.

use leptos::prelude::*;
use tenure_domain::{id::PlanId, wire::policies::ExpirationPolicy};

use super::desk::Desk;
use crate::{
    api::{Client, policies},
    components::relative_time::{Beneath, RelativeTime},
    form::unique_id,
    format,
    pages::{
        list::{List, MoreButton},
        remote_view::RemoteView,
    },
    state::clock::ServerClock,
    text,
};

/// The list of versions. It is fetched again after each change.
#[component]
pub fn History(
    /// Tells when the policy has changed.
    desk: Desk,
    /// The plan.
    plan: PlanId,
) -> impl IntoView {
    let client = expect_context::<Client>();
    let list = List::new(move |cursor: Option<String>| {
        let plan = plan.clone();
        async move { policies::history(client, &plan, cursor.as_deref()).await }
    });
    Effect::new(move |_| {
        if desk.changes() > 0 {
            list.refresh();
        }
    });
    let heading = unique_id("history");
    let show = move |versions| view! { <Versions versions list/> };
    view! {
        <section class="tile list" aria-labelledby=heading>
            <div class="tile-head">
                <h2 id=heading.clone()>{text::policy::HISTORY}</h2>
            </div>
            <RemoteView
                remote=list.items()
                lines=3
                children=show
            />
        </section>
    }
}

#[component]
fn Versions(versions: Vec<ExpirationPolicy>, list: List<ExpirationPolicy>) -> impl IntoView {
    if versions.iter().all(|version| version.version == 0) {
        return view! { <p class="empty muted">{text::policy::HISTORY_EMPTY}</p> }.into_any();
    }
    view! {
        <table class="cards">
            <thead>
                <tr>
                    {text::policy::HISTORY_COLUMNS
                        .map(|column| view! { <th scope="col">{column}</th> })
                        .collect_view()}
                </tr>
            </thead>
            <tbody>
                {versions
                    .into_iter()
                    .enumerate()
                    .map(|(index, version)| {
                        view! { <Version version id=list.row_id(index) is_current=index == 0/> }
                    })
                    .collect_view()}
            </tbody>
        </table>
        <MoreButton list/>
    }
    .into_any()
}

#[component]
fn Version(version: ExpirationPolicy, id: String, is_current: bool) -> impl IntoView {
    let clock = expect_context::<ServerClock>();
    let period = version
        .period
        .map_or_else(|| text::policy::HISTORY_OFF.to_owned(), format::period);
    let by = version.changed_by.map(|by| by.name);
    let by = by.unwrap_or_else(|| text::policy::HISTORY_NOBODY.to_owned());
    let [_, _, since, set_by] = text::policy::HISTORY_COLUMNS;
    view! {
        <tr id=id tabindex="-1">
            <td>
                <span class="num">{version.version}</span>
                {is_current
                    .then(|| view! { <span class="pill accent">{text::policy::HISTORY_CURRENT}</span> })}
            </td>
            <td>{period}</td>
            <td data-label=since>
                <RelativeTime
                    at=version.in_force_since
                    now=Signal::derive(move || clock.now())
                    beneath=Beneath::Exact
                />
            </td>
            <td data-label=set_by>{by}</td>
        </tr>
    }
}
