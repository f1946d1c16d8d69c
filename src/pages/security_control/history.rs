//! Every version of the policy, the newest first: who decided on it and when, and what it ended.

use leptos::prelude::*;
use tenure_domain::{
    id::PlanId,
    live::Topic,
    time::Timestamp,
    wire::{policies::RecordedPolicy, session::Membership},
};

use crate::reactive::{dynamic, effect, memo};
use crate::{
    api::{Client, policies},
    components::{
        heading::PageHeading,
        relative_time::{Beneath, RelativeTime},
    },
    form::unique_id,
    format::{self, Detail, Zone},
    pages::{
        list::{List, Listed},
        list_view::ListView,
    },
    route::Route,
    state::clock::ServerClock,
    text,
};

/// The page with the history alone.
#[component]
pub fn PolicyHistory(
    /// The plan, and the person's place in it.
    plan: Membership,
) -> impl IntoView {
    let back = Route::SecurityControl(plan.id.clone()).path();
    view! {
        <div class="head">
            <div>
                <PageHeading title=text::policy::HISTORY_PAGE.to_owned()/>
                <p class="muted">{text::policy::plan_line(&plan.name, plan.tier)}</p>
            </div>
            <a class="btn" href=back>
                {text::shell::SECURITY_CONTROL}
            </a>
        </div>
        <History plan=plan.id changes=Signal::stored(0) alone=true/>
    }
}

/// The list of versions. It is fetched again after each change.
#[component]
pub fn History(
    /// The plan.
    plan: PlanId,
    /// How often the policy was seen to change.
    changes: Signal<u32>,
    /// It has a page of its own.
    #[prop(optional)]
    alone: bool,
) -> impl IntoView {
    let client = expect_context::<Client>();
    let clock = expect_context::<ServerClock>();
    let page = Route::PolicyHistory(plan.clone()).path();
    let here = Some(plan.clone());
    let list = List::new(move |cursor| policies::history(client, &plan, cursor.as_deref()))
        .live(here, &[Topic::Policy]);
    effect(move || {
        if changes.get() > 0 {
            list.refresh();
        }
    });
    let heading = unique_id("history");
    let in_force = memo(move || in_force(&list.items().data()?, clock.now()));
    let row = move |version: RecordedPolicy| {
        let id = list.row_id(&version);
        view! { <Version version id in_force/> }
    };
    let link = (!alone).then(|| view! { <a href=page>{text::policy::HISTORY_PAGE}</a> });
    view! {
        <section class="tile list" aria-labelledby=heading>
            <div class="tile-head">
                <div>
                    <h2 id=heading.clone()>{text::policy::HISTORY}</h2>
                </div>
                {link}
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

/// The number of the version in force, if it is among these.
fn in_force(versions: &[RecordedPolicy], now: Timestamp) -> Option<u32> {
    let mut kept = versions.iter().filter(|it| it.cancelled.is_none());
    kept.find(|it| it.in_force_since <= now)
        .map(|it| it.version)
}

impl Listed for RecordedPolicy {
    fn id(&self) -> String {
        self.version.to_string()
    }

    /// A version never changes, but for being cancelled, and counted.
    fn shown(&self) -> String {
        let ended = self
            .ended
            .map_or_else(String::new, |ended| ended.to_string());
        format!("{} {} {ended}", self.version, self.cancelled.is_some())
    }
}

#[component]
fn Version(version: RecordedPolicy, id: String, in_force: Memo<Option<u32>>) -> impl IntoView {
    let clock = expect_context::<ServerClock>();
    let now = Signal::derive(move || clock.now());
    let number = version.version;
    let since = version.in_force_since;
    let is_cancelled = version.cancelled.is_some();
    let is_scheduled = memo(move || !is_cancelled && since > clock.now());
    let state = move || {
        let (class, words) = if is_cancelled {
            ("pill", text::policy::HISTORY_CANCELLED)
        } else if is_scheduled.get() {
            ("pill amber", text::policy::HISTORY_SCHEDULED)
        } else if in_force.get() == Some(number) {
            ("pill accent", text::policy::HISTORY_CURRENT)
        } else {
            return None;
        };
        Some(view! { <span class=class>{words}</span> })
    };
    let by = version.changed_by.map(|by| by.name);
    let by = by.unwrap_or_else(|| text::policy::HISTORY_NOBODY.to_owned());
    let exact = |at| format::instant(at, Detail::Minute, Zone::Viewer);
    let decided = text::policy::decided(&exact(version.decided_at));
    let when = match is_cancelled {
        true => text::policy::would_have_come(&exact(since)).into_any(),
        false => view! { <RelativeTime at=since now beneath=Beneath::Exact/> }.into_any(),
    };
    let cancelled = version.cancelled.map(|it| {
        let at = exact(it.at);
        let by = it.by.map(|by| by.name);
        view! { <p class="small muted wraps">{text::policy::cancelled(by.as_deref(), &at)}</p> }
    });
    let ended = version.ended;
    let effect = move || match ended {
        _ if is_cancelled => text::policy::HISTORY_NEVER_CAME.to_owned(),
        _ if is_scheduled.get() => text::policy::HISTORY_TO_COME.to_owned(),
        Some(ended) => text::policy::ended(ended),
        None if number == 0 => text::policy::ended(0),
        None => text::policy::HISTORY_UNCOUNTED.to_owned(),
    };
    let [label, rules, since_label, set_by, effect_label] = text::policy::HISTORY_COLUMNS;
    view! {
        <tr id=id tabindex="-1">
            <th scope="row">
                <span class="visually-hidden">{label}" "</span>
                <span class="num">{number}</span>
                " "
                {dynamic(state)}
            </th>
            <td data-label=rules>{text::policy::rules(version.period, version.inactivity)}</td>
            <td data-label=since_label>
                {when}
            </td>
            <td data-label=set_by>
                {by} <p class="small muted wraps">{decided}</p> {cancelled}
            </td>
            <td data-label=effect_label>{dynamic(effect)}</td>
        </tr>
    }
}
