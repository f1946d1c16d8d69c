//! One event: when, what, from where, and all that was written down of it on demand.

use leptos::prelude::*;
use tenure_domain::{json::Json, wire::audit::AuditEvent};

use super::{ACTOR, PARTS, TARGET};
use crate::{
    components::relative_time::{Beneath, RelativeTime},
    format,
    pages::filter::Filter,
    state::clock::ServerClock,
    text::audit as words,
};

/// A row of the log.
#[component]
pub fn EventRow(
    /// The event.
    event: AuditEvent,
    /// The row's element id.
    id: String,
    /// The page's path.
    path: StoredValue<String>,
) -> impl IntoView {
    let clock = expect_context::<ServerClock>();
    let now = Signal::derive(move || clock.now());
    let [when, what, from] = words::COLUMNS;
    let details = details(&event, path);
    view! {
        <tr id=id tabindex="-1">
            <td data-label=when>
                <RelativeTime at=event.at now beneath=Beneath::Exact/>
            </td>
            <td class="why" data-label=what>
                {format::sentence(&event.sentence)}
                <details class="small">
                    <summary>{words::DETAILS}</summary>
                    {details}
                </details>
            </td>
            <td data-label=from>
                {event.address.map(|address| view! { <span class="address">{address}</span> })}
            </td>
        </tr>
    }
}

fn details(event: &AuditEvent, path: StoredValue<String>) -> AnyView {
    let link = |part: usize, value: &str, label: &'static str| {
        let href = Filter::only(PARTS, part, value).address(&path.get_value());
        view! { <p><a href=href>{label}</a></p> }
    };
    let actor = event.actor.as_ref();
    let by = actor.map(|actor| link(ACTOR, actor.id.as_str(), words::SAME_ACTOR));
    let to = event.target.as_ref();
    let to = to.map(|target| link(TARGET, target, words::SAME_TARGET));
    let known = match &event.details {
        Json::Object(members) => members.clone(),
        _ => Vec::new(),
    };
    let fixed = [
        (words::ACTION.to_owned(), Some(event.action.clone())),
        (words::TARGET.to_owned(), event.target.clone()),
        (words::ID.to_owned(), Some(event.id.clone())),
    ];
    let known = known
        .into_iter()
        .map(|(name, value)| (words::action(&name), Some(plain(&value))));
    let all = fixed.into_iter().chain(known);
    let facts = all.filter_map(|(name, value)| {
        let value = value?;
        Some(view! {
            <div>
                <dt>{name}</dt>
                <dd class="address">{value}</dd>
            </div>
        })
    });
    view! {
        <dl class="facts">{facts.collect_view()}</dl>
        {by}
        {to}
    }
    .into_any()
}

/// A value as it is, in a line.
fn plain(value: &Json) -> String {
    let joined = |parts: Vec<String>| parts.join(", ");
    match value {
        Json::Null => "–".to_owned(),
        Json::Flag(flag) => flag.to_string(),
        Json::Number(number) => format::plain(*number),
        Json::Text(text) => format::sentence(text),
        Json::List(all) => joined(all.iter().map(plain).collect()),
        Json::Object(members) => joined(
            members
                .iter()
                .map(|(name, value)| format!("{name} {}", plain(value)))
                .collect(),
        ),
    }
}
