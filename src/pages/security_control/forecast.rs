//! What the policy in force will end by itself, by day, with a warning where a day holds too much.

use leptos::prelude::*;
use tenure_domain::{id::PlanId, live::Topic, token::EXPIRING_WITHIN, wire::impact::Forecast};

use super::desk::Desk;
use crate::reactive::effect;
use crate::{
    api::{self, Client},
    components::{
        chart::expiries,
        icon::{Icon, Symbol},
    },
    form::unique_id,
    pages::remote_view::RemoteView,
    state::remote::Remote,
    text,
};

/// The forecast of a plan. It is fetched again after each change.
pub fn fetched(desk: Desk, plan: PlanId) -> Remote<Forecast> {
    let client = expect_context::<Client>();
    let here = Some(plan.clone());
    let forecast = Remote::new(move || api::impact::forecast(client, &plan))
        .live(here, &[Topic::Tokens, Topic::Policy]);
    effect(move || {
        if desk.changes() > 0 {
            forecast.reload();
        }
    });
    forecast
}

/// The tile of the forecast.
#[component]
pub fn ForecastTile(
    /// The state of the policy's tile.
    desk: Desk,
    /// What is fetched.
    forecast: Remote<Forecast>,
) -> impl IntoView {
    let heading = unique_id("forecast");
    view! {
        <section class="tile" aria-labelledby=heading>
            <div class="tile-head">
                <div>
                    <h2 id=heading.clone()>{text::impact::FORECAST}</h2>
                    <p class="muted">{text::impact::FORECAST_ABOUT}</p>
                </div>
            </div>
            <RemoteView remote=forecast lines=5 children=move |forecast: &Forecast| shown(forecast, desk.counts_uses())/>
        </section>
    }
}

fn shown(forecast: &Forecast, counts_uses: bool) -> AnyView {
    let crowded = forecast.crowded().map(|day| {
        view! {
            <p class="note">
                <Icon symbol=Symbol::Alert/>
                <span>{text::impact::crowded(&day, forecast.total, counts_uses)}</span>
            </p>
        }
    });
    let soon = forecast.at.saturating_add(EXPIRING_WITHIN);
    let chart = match forecast.days.is_empty() {
        true => view! { <p class="muted">{text::impact::FORECAST_NONE}</p> }.into_any(),
        false => expiries(&forecast.days, forecast.at, soon),
    };
    view! {
        <div class="forecast">
            {chart} <p class="small muted">{text::impact::rest(forecast.later, forecast.never)}</p>
            {counts_uses.then(|| view! { <p class="small muted">{text::impact::IF_UNUSED}</p> })}
            {crowded}
        </div>
    }
    .into_any()
}
