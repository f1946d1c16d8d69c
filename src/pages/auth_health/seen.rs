//! What was seen: over time, and by outcome, resource, app, scope and age.

use leptos::{
    prelude::*,
    task::{spawn_local, tick},
};
use tenure_domain::wire::auth_health::{AuthHealth, Calls, Point};

use super::{
    ABOUT_ID,
    asked::{Asked, CLIENT, FROM, OUTCOME, RESOURCE, TO},
    behind::tokens,
};
use crate::{
    components::{
        dialog::focus_is_lost,
        empty::empty,
        icon::Symbol,
        series::{Bar, series},
    },
    form::focus,
    format::{self, Detail, Zone},
    text::{auth_health as text, impact::number},
};

/// More bars than these would be thinner than a hair.
const BARS: i64 = 120;

/// Everything below the alerts. While `busy`, something else is on its way.
pub fn seen(
    health: &AuthHealth,
    asked: &Asked,
    path: StoredValue<String>,
    busy: Signal<bool>,
) -> AnyView {
    keep_focus();
    if health.points.is_empty() && health.dead.is_empty() {
        let words = match asked.is_narrow() {
            true => text::NOTHING_SUCH,
            false => text::NOTHING,
        };
        return empty(Some(Symbol::Shield), words);
    }
    let link = |asked: &Asked| Some([&path.get_value(), "?", &asked.query()].concat());
    let outcomes = health.outcomes.iter().map(|it| {
        let to = link(&asked.with(OUTCOME, it.outcome.as_str()));
        (text::outcome(it.outcome).to_owned(), to, it.calls)
    });
    let resources = health.resources.iter().map(|it| {
        let to = link(&asked.with(RESOURCE, &it.resource));
        let name = it.name.clone().unwrap_or_else(|| it.resource.clone());
        (name, to, it.calls.total())
    });
    let clients = health.clients.iter().map(|it| match &it.client {
        Some(client) => {
            let to = link(&asked.with(CLIENT, client.id.as_str()));
            (client.name.clone(), to, it.calls.total())
        }
        None => (text::NO_CLIENT.to_owned(), None, it.calls.total()),
    });
    let scopes = health.scopes.iter().map(|it| {
        let name = match it.scope.as_str() {
            "" => text::OTHER,
            scope => scope,
        };
        (name.to_owned(), None, it.calls)
    });
    let ages = health
        .ages
        .iter()
        .map(|it| (text::tenth(it.tenth), None, it.calls));
    view! {
        <section
            class="tile seen"
            aria-label=text::TITLE
            aria-busy=move || busy.get().then_some("true")
        >
            <div>{chart(health, asked, path)}</div>
        </section>
        <div class="columns">
            {counts(text::OUTCOMES, outcomes.collect())}
            {counts(text::RESOURCES, resources.collect())}
            {counts(text::CLIENTS, clients.collect())} {counts(text::SCOPES, scopes.collect())}
            {(!asked.is_narrow()).then(|| counts(text::AGES, ages.collect()))}
        </div>
        <section class="tile list" aria-label=text::DEAD>
            <div class="tile-head">
                <div>
                    <h2>{text::DEAD}</h2>
                    <p class="muted">{text::DEAD_ABOUT}</p>
                </div>
            </div>
            {tokens(&health.dead, text::NO_DEAD)}
        </section>
    }
    .into_any()
}

/// All this is made anew each minute, in the order of the calls: the focus stays with its link, or goes to the page's
/// first line where that is gone.
fn keep_focus() {
    let within = |it: &web_sys::Element| matches!(it.closest(".seen, .columns"), Ok(Some(_)));
    let active = document().active_element().filter(within);
    let Some(id) = active.map(|it| it.id()) else {
        return;
    };
    spawn_local(async move {
        tick().await;
        focus(&id);
        if focus_is_lost() {
            focus(ABOUT_ID);
        }
    });
}

/// A table of counts; nothing where nothing was counted.
fn counts(
    [title, what, calls]: [&'static str; 3],
    rows: Vec<(String, Option<String>, u64)>,
) -> Option<AnyView> {
    if rows.is_empty() {
        return None;
    }
    let rows: Vec<AnyView> = rows
        .into_iter()
        .map(|(name, to, count)| {
            let name = match to {
                Some(href) => {
                    let id = ["to:", &href].concat();
                    view! {
                        <a id=id href=href>
                            {name}
                        </a>
                    }
                    .into_any()
                }
                None => name.into_any(),
            };
            view! {
                <tr>
                    <th scope="row" class="wraps">{name}</th>
                    <td class="num">{number(count)}</td>
                </tr>
            }
            .into_any()
        })
        .collect();
    Some(
        view! {
            <section class="tile" aria-label=title>
                <h2 class="small">{title}</h2>
                <div class="scroll">
                    <table>
                        <thead>
                            <tr>
                                <th scope="col">{what}</th>
                                <th scope="col" class="num">{calls}</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </section>
        }
        .into_any(),
    )
}

fn refused(calls: &Calls) -> u64 {
    calls.unauthorized + calls.forbidden + calls.refresh_failed
}

/// The points, several of them in a bar where they are many.
fn chart(health: &AuthHealth, asked: &Asked, path: StoredValue<String>) -> AnyView {
    let steps = health.to.millis_since(health.from) / health.step.max(1);
    let width = health.step.max(1) * (steps + BARS - 1).div_euclid(BARS).max(1);
    let mut sums: Vec<[u64; 2]> = Vec::new();
    let bars = health.to.millis_since(health.from).div_euclid(width) + 1;
    sums.resize(usize::try_from(bars).unwrap_or(1), [0, 0]);
    let (mut all, mut bad, mut failed) = (0, 0, 0);
    for Point { at, calls } in &health.points {
        let place = at.millis_since(health.from).div_euclid(width);
        let place = usize::try_from(place).unwrap_or_default();
        if let Some(sum) = sums.get_mut(place) {
            sum[0] += calls.total();
            sum[1] += refused(calls);
        }
        all += calls.total();
        bad += calls.unauthorized + calls.forbidden;
        failed += calls.refresh_failed;
    }
    let time = |at| format::instant(at, Detail::Minute, Zone::Viewer);
    let mut start = health.from;
    let bars = sums
        .into_iter()
        .map(|[all, marked]| {
            let (from, to) = (start, start.saturating_add(width));
            start = to;
            let span = asked
                .with(FROM, &from.to_string())
                .with(TO, &to.to_string());
            (all > 0).then(|| {
                let href = [&path.get_value(), "?", &span.query()].concat();
                let to = href.clone();
                let tip = text::bar(&time(from), all, marked);
                let row = view! {
                    <th scope="row">{time(from)}</th>
                    <td class="num">{number(all)}</td>
                    <td class="num">{number(marked)}</td>
                    <td>
                        <a href=to>{text::TOKENS_OF}</a>
                    </td>
                }
                .into_any();
                Bar {
                    all,
                    marked,
                    row,
                    href,
                    tip,
                }
            })
        })
        .collect();
    let ends = [time(health.from), time(health.to)];
    let words = text::figures(all, bad, failed);
    view! {
        <p>{words.clone()}</p>
        {series(text::CHART, &words, &text::CHART_COLUMNS, ends, bars)}
    }
    .into_any()
}
