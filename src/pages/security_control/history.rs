//! Every version of the policy, the newest first.

use leptos::prelude::*;
use tenure_domain::{id::PlanId, wire::policies::RecordedPolicy};

use super::desk::Desk;
use crate::reactive::{dynamic, effect, memo};
use crate::{
    api::{Client, policies},
    components::relative_time::{Beneath, RelativeTime},
    form::unique_id,
    format,
    pages::{
        list::{List, Listed},
        list_view::ListView,
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
    effect(move || {
        if desk.changes() > 0 {
            list.refresh();
        }
    });
    let heading = unique_id("history");
    let newest = memo(move || Some(list.items().data()?.first()?.version));
    let row = move |version: RecordedPolicy| {
        let id = list.row_id(&version);
        view! { <Version version id newest /> }
    };
    view! {
        <section class="tile list" aria-labelledby=heading>
            <div class="tile-head">
                <h2 id=heading.clone()>{text::policy::HISTORY}</h2>
            </div>
            <ListView
                list
                lines=3
                columns=text::policy::HISTORY_COLUMNS.to_vec()
                is_blank=|versions| versions.iter().all(|version| version.version == 0)
                blank=|| view! { <p class="muted">{text::policy::HISTORY_EMPTY}</p> }
                row
            />
        </section>
    }
}

impl Listed for RecordedPolicy {
    fn id(&self) -> String {
        self.version.to_string()
    }

    /// A version never changes.
    fn shown(&self) -> String {
        Listed::id(self)
    }
}

#[component]
fn Version(version: RecordedPolicy, id: String, newest: Memo<Option<u32>>) -> impl IntoView {
    let clock = expect_context::<ServerClock>();
    let number = version.version;
    let period = version
        .period
        .map_or_else(|| text::policy::HISTORY_OFF.to_owned(), format::period);
    let by = version.changed_by.map(|by| by.name);
    let by = by.unwrap_or_else(|| text::policy::HISTORY_NOBODY.to_owned());
    let [label, period_label, since, set_by] = text::policy::HISTORY_COLUMNS;
    view! {
        <tr id=id tabindex="-1">
            <th scope="row">
                <span class="visually-hidden">{label}" "</span>
                <span class="num">{number}</span>
                {dynamic(move || {
                    (newest.get() == Some(number))
                        .then(|| {
                            view! {
                                <span class="pill accent">{text::policy::HISTORY_CURRENT}</span>
                            }
                        })
                })}
            </th>
            <td data-label=period_label>{period}</td>
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
