//! Bars by day, with a table that says the same. Plain SVG: nothing is drawn by a script.
//!
//! Words stand beside the picture, not in it, so that no width clips or squeezes them. Deliberately not here: what
//! is counted.

use leptos::prelude::*;
use tenure_domain::{
    time::{DAY, Timestamp},
    wire::impact::{Day, DayCount},
};

use crate::{
    format::{self, Detail, Zone},
    text,
};

/// A bar and the gap behind it, and the height of the tallest bar: the picture is stretched to its place.
const STEP: i64 = 10;
const TALLEST: u64 = 100;
/// Fewer days would make bars as wide as a thumb.
const FEWEST: i64 = 14;

/// The words beside a chart.
pub struct Words {
    /// Its name.
    pub label: &'static str,
    /// The columns of its table: the day, and what is counted.
    pub columns: [&'static str; 2],
    /// What the picture shows.
    pub sentence: String,
}

/// What will expire, by day: what does on the day of `first`, and until `soon`, stands out.
#[must_use]
pub fn expiries(days: &[DayCount], first: Timestamp, soon: Timestamp) -> AnyView {
    let words = Words {
        label: text::impact::CHART,
        columns: text::impact::CHART_COLUMNS,
        sentence: text::impact::chart_words(days),
    };
    chart(words, days, first, Some(soon))
}

/// The days of what has been, in a chart that ends with `today`: its first day, and its days.
#[must_use]
pub fn until(today: Timestamp, mut days: Vec<DayCount>) -> (Timestamp, Vec<DayCount>) {
    let (today, fewest) = (Day::of(today), (FEWEST - 1) * DAY);
    if days
        .last()
        .is_none_or(|day| day.date.start() < today.start())
    {
        days.push(DayCount {
            date: today,
            count: 0,
        });
    }
    let begin = today.start().saturating_add(-fewest);
    let first = days.first().map_or(begin, |day| day.date.start());
    (first.min(begin), days)
}

/// Bars for the days from `first` on. Where there is a `soon`, those of `first` itself, and those until then,
/// stand out.
#[must_use]
pub fn chart(
    words: Words,
    days: &[DayCount],
    first: Timestamp,
    soon: Option<Timestamp>,
) -> AnyView {
    let Words {
        label,
        columns: [day_column, count_column],
        sentence,
    } = words;
    let first = Day::of(first).start();
    let place = |day: Day| day.start().millis_since(first) / DAY;
    let last = days.last().map_or(0, |day| place(day.date)).max(FEWEST - 1);
    let most = days.iter().map(|day| day.count).max().unwrap_or(1).max(1);
    let bar = |day: &DayCount| {
        // However few of very many, one can be seen.
        let height = (day.count * TALLEST).div_ceil(most).max(2);
        let x = place(day.date) * STEP + 1;
        format!(
            "M{x} {TALLEST}v-{height}h{width}v{height}z",
            width = STEP - 2
        )
    };
    let bars = |class: &'static str, wanted: &dyn Fn(&Day) -> bool| {
        let path: String = days
            .iter()
            .filter(|day| day.count > 0 && wanted(&day.date))
            .map(bar)
            .collect();
        view! { <path class=class d=path></path> }
    };
    let is_now = |day: &Day| soon.is_some() && day.start() <= first;
    let is_soon = |day: &Day| day.start() > first && Some(day.start()) <= soon;
    let date = |at: Timestamp| format::instant(at, Detail::Day, Zone::Utc);
    let end = first.saturating_add(last.saturating_mul(DAY));
    let rows = days.iter().map(|day| {
        let count = format::number(day.count.try_into().unwrap_or(i64::MAX));
        view! {
            <tr>
                <th scope="row">{date(day.date.start())}</th>
                <td class="num">{count}</td>
            </tr>
        }
    });
    view! {
        <figure class="chart">
            <figcaption>{label}</figcaption>
            <svg
                viewBox=format!("0 0 {} {TALLEST}", (last + 1) * STEP)
                preserveAspectRatio="none"
                role="img"
                aria-label=sentence
            >
                {bars("now", &is_now)}
                {bars("soon", &is_soon)}
                {bars("bar", &|day| !is_now(day) && !is_soon(day))}
            </svg>
            <p class="chart-ends small muted">
                <span>{date(first)}</span>
                <span>{date(end)}</span>
            </p>
            {(!days.is_empty())
                .then(|| {
                    view! {
                        <details>
                            <summary class="small">{text::impact::AS_TABLE}</summary>
                            <div class="chart-table" tabindex="0" role="region" aria-label=label>
                                <table>
                                    <thead>
                                        <tr>
                                            <th scope="col">{day_column}</th>
                                            <th scope="col" class="num">{count_column}</th>
                                        </tr>
                                    </thead>
                                    <tbody>{rows.collect_view()}</tbody>
                                </table>
                            </div>
                        </details>
                    }
                })}
        </figure>
    }
    .into_any()
}
