//! The latest alerts of a plan.

use leptos::prelude::*;
use tenure_domain::{
    alert::AlertKind,
    id::PlanId,
    live::Topic,
    time::MINUTE,
    wire::{alerts::Alert, auth_health::Window, page::Page},
};

use super::asked::{Asked, CLIENT, RESOURCE, WINDOW, name};
use crate::{
    api::{Client, auth_health as api},
    components::{
        icon::{Icon, Symbol},
        relative_time::RelativeTime,
    },
    pages::{remote_view::RemoteView, tokens},
    route::Route,
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
            <RemoteView remote=alerts lines=2 children=move |alerts| listed(alerts, plan)/>
        </section>
    }
    .into_any()
}

fn listed(alerts: &Page<Alert>, plan: StoredValue<PlanId>) -> AnyView {
    if alerts.items.is_empty() {
        return view! { <p class="muted">{text::NO_ALERTS}</p> }.into_any();
    }
    let rows: Vec<AnyView> = alerts.items.iter().map(|it| row(it, plan)).collect();
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

/// Where to see what is behind an alert: the tokens, or what was seen of the app or of what was called.
fn behind(alert: &Alert, plan: PlanId) -> String {
    if alert.kind == AlertKind::SuspiciousTokens {
        return tokens::suspicious(plan);
    }
    // The smallest window with all that raised it, a day at least.
    let now = expect_context::<ServerClock>().now_untracked();
    let since = alert
        .fired_at
        .saturating_add(-i64::from(alert.minutes) * MINUTE);
    let covers = |window: &Window| window.span(now)[0] <= since;
    let window = [Window::Day, Window::Week].into_iter().find(covers);
    let asked = Asked::default().with(WINDOW, name(window.unwrap_or(Window::NinetyDays)));
    let asked = match (&alert.client_id, &alert.resource) {
        (Some(client), _) => asked.with(CLIENT, client),
        (None, Some(resource)) => asked.with(RESOURCE, resource),
        (None, None) => asked,
    };
    [&Route::AuthHealth(plan).path(), "?", &asked.query()].concat()
}

fn row(alert: &Alert, plan: StoredValue<PlanId>) -> AnyView {
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
                <a href=behind(alert, plan.get_value())>{alert.sentence.clone()}</a>
            </th>
            <td data-label=raised>
                <RelativeTime at=alert.fired_at now=Signal::derive(move || clock.now())/>
            </td>
        </tr>
    }
    .into_any()
}
