//! The alerts of a plan.

use leptos::prelude::*;
use tenure_domain::{
    alert::AlertKind,
    id::PlanId,
    live::Topic,
    time::MINUTE,
    wire::{alerts::Alert, auth_health::Window},
};

use super::asked::{Asked, CLIENT, RESOURCE, WINDOW, name};
use crate::{
    api::{Client, auth_health as api},
    components::{
        icon::{Icon, Symbol},
        relative_time::RelativeTime,
    },
    pages::{
        list::{List, Listed},
        list_view::ListView,
        tokens,
    },
    route::Route,
    state::clock::ServerClock,
    text::auth_health as text,
};

impl Listed for Alert {
    fn id(&self) -> String {
        self.id.0.clone()
    }

    fn shown(&self) -> String {
        let over = match self.cleared_at {
            None => "",
            Some(_) => " over",
        };
        [self.id.as_str(), over].concat()
    }
}

/// The tile: raised ones and those that are over.
pub fn alerts_tile(plan: StoredValue<PlanId>) -> AnyView {
    let client = expect_context::<Client>();
    let list = List::new(move |cursor| api::alerts(client, &plan.get_value(), cursor.as_deref()))
        .live(Some(plan.get_value()), &[Topic::Alerts]);
    view! {
        <section class="tile list" aria-label=text::ALERTS>
            <div class="tile-head">
                <h2>{text::ALERTS}</h2>
            </div>
            <ListView
                list
                lines=2
                columns=text::ALERT_COLUMNS.to_vec()
                blank=|| view! { <p class="muted">{text::NO_ALERTS}</p> }
                row=move |alert: Alert| row(list, &alert, plan)
            />
        </section>
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

fn row(list: List<Alert>, alert: &Alert, plan: StoredValue<PlanId>) -> AnyView {
    let clock = expect_context::<ServerClock>();
    let [state, what, raised] = text::ALERT_COLUMNS;
    let (look, symbol, word) = match alert.cleared_at {
        None => ("pill red", Symbol::Alert, text::RAISED),
        Some(_) => ("pill gray", Symbol::Check, text::OVER),
    };
    view! {
        <tr id=list.row_id(alert) tabindex="-1">
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
