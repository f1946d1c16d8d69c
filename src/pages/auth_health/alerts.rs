//! The latest alerts of a plan.

use leptos::prelude::*;
use tenure_domain::{
    id::PlanId,
    live::Topic,
    wire::{alerts::Alert, page::Page},
};

use crate::{
    api::{Client, auth_health as api},
    components::{
        icon::{Icon, Symbol},
        relative_time::RelativeTime,
    },
    pages::remote_view::RemoteView,
    state::{clock::ServerClock, remote::Remote},
    text::auth_health as text,
};

/// The tile: raised ones and those that are over.
pub fn alerts_tile(plan: StoredValue<PlanId>) -> AnyView {
    let client = expect_context::<Client>();
    let alerts = Remote::new(move || api::alerts(client, &plan.get_value()))
        .live(Some(plan.get_value()), &[Topic::Alerts]);
    view! {
        <section class="tile list" aria-label=text::ALERTS>
            <div class="tile-head">
                <h2>{text::ALERTS}</h2>
            </div>
            <RemoteView remote=alerts lines=2 children=listed/>
        </section>
    }
    .into_any()
}

fn listed(alerts: &Page<Alert>) -> AnyView {
    if alerts.items.is_empty() {
        return view! { <p class="muted">{text::NO_ALERTS}</p> }.into_any();
    }
    let rows: Vec<AnyView> = alerts.items.iter().map(row).collect();
    let headings = text::ALERT_COLUMNS.map(|column| view! { <th scope="col">{column}</th> });
    view! {
        <table class="cards">
            <thead>
                <tr>{headings.into_iter().collect_view()}</tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn row(alert: &Alert) -> AnyView {
    let clock = expect_context::<ServerClock>();
    let [state, what, raised] = text::ALERT_COLUMNS;
    let (look, symbol, word) = match alert.cleared_at {
        None => ("pill red", Symbol::Alert, text::RAISED),
        Some(_) => ("pill gray", Symbol::Check, text::OVER),
    };
    view! {
        <tr>
            <td data-label=state>
                <span class=look>
                    <Icon symbol/>
                    {word}
                </span>
            </td>
            <th scope="row" data-label=what>
                {alert.sentence.clone()}
            </th>
            <td data-label=raised>
                <RelativeTime at=alert.fired_at now=Signal::derive(move || clock.now())/>
            </td>
        </tr>
    }
    .into_any()
}
