//! Who calls with the token: by day, by caller, and those who do not know yet that it has ended.

use leptos::prelude::*;
use tenure_domain::wire::{
    impact::{Day, DayCount},
    life::{Caller, TokenLife},
};

use crate::{
    components::{
        chart::{Words, chart, until},
        empty::empty,
        relative_time::RelativeTime,
    },
    format,
    state::clock::ServerClock,
    text::token as words,
};

pub(super) fn tiles(life: &TokenLife) -> AnyView {
    let (knocking, others): (Vec<_>, Vec<_>) = life.callers.iter().partition(|it| it.after_end);
    if life.days.is_empty() {
        return empty(None, words::NO_CALLS);
    }
    let knocking = (!knocking.is_empty())
        .then(|| table(words::KNOCKING, Some(words::KNOCKING_ABOUT), &knocking));
    let others = (!others.is_empty()).then(|| table(words::CALLERS, None, &others));
    view! {
        {knocking}
        <section class="tile">{calls(life)}</section>
        {others}
    }
    .into_any()
}

fn calls(life: &TokenLife) -> AnyView {
    let days: Vec<_> = life
        .days
        .iter()
        .map(|day| DayCount {
            date: Day::of(day.day),
            count: day.calls,
        })
        .collect();
    let total = life.days.iter().map(|day| day.calls).sum();
    let words = Words {
        label: words::CALLS,
        columns: words::CALLS_COLUMNS,
        sentence: words::calls_in_words(total, days.len()),
    };
    let now = expect_context::<ServerClock>().now_untracked();
    let (first, days) = until(now, days);
    chart(words, &days, first, None)
}

fn table(label: &'static str, about: Option<&'static str>, callers: &[&Caller]) -> AnyView {
    let headings = words::COLUMNS.map(|column| view! { <th scope="col">{column}</th> });
    let rows = callers.iter().map(|caller| row(caller));
    view! {
        <section class="tile list" aria-label=label>
            <div class="tile-head">
                <div>
                    <h2>{label}</h2>
                    {about.map(|about| view! { <p class="muted">{about}</p> })}
                </div>
            </div>
            <table class="cards">
                <thead>
                    <tr>{headings.into_iter().collect_view()}</tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn row(caller: &Caller) -> AnyView {
    let clock = expect_context::<ServerClock>();
    let now = Signal::derive(move || clock.now());
    let [_, program, target, calls, refused, last] = words::COLUMNS;
    let count = |count: u64| format::number(count.try_into().unwrap_or(i64::MAX));
    let (from, network) = if caller.address.is_empty() {
        (words::NO_ADDRESS.to_owned(), String::new())
    } else {
        (caller.address.clone(), words::network(&caller.network))
    };
    view! {
        <tr>
            <th scope="row">
                <span class="address">{from}</span>
                <span class="small muted address">{network}</span>
            </th>
            <td class="wraps" data-label=program>{caller.agent.clone()}</td>
            <td class="wraps" data-label=target>{caller.resource.clone()}</td>
            <td class="count" data-label=calls>{count(caller.calls)}</td>
            <td class="count" data-label=refused>{count(caller.refused + caller.denied)}</td>
            <td data-label=last>
                <RelativeTime at=caller.last_at now/>
            </td>
        </tr>
    }
    .into_any()
}
