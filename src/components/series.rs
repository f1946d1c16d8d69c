//! Bars over time, those of interest standing out, with a table that says the same. Plain SVG.
//!
//! A press on a bar leads to what is behind it. Those links are for a pointer: with a keyboard, and for people
//! who cannot see, the table has the same ones. Deliberately not here: what is counted, and what it leads to.

use leptos::prelude::*;

/// A bar: how high, how much of it stands out, and its row in the table.
pub struct Bar {
    /// All.
    pub all: u64,
    /// Of those.
    pub marked: u64,
    /// The cells of its row, without the `tr`.
    pub row: AnyView,
    /// What it leads to.
    pub href: String,
    /// What it says when pointed at.
    pub tip: String,
}

/// A bar and the gap behind it, and the height of the tallest bar: the picture is stretched to its place.
const STEP: usize = 10;
const TALLEST: u64 = 100;

/// The bars. `label` says what they are, `words` what can be seen, `ends` the two ends of the time.
#[must_use]
pub fn series(
    label: &'static str,
    words: &str,
    columns: &[&'static str],
    [from, to]: [String; 2],
    bars: Vec<Option<Bar>>,
) -> AnyView {
    let all = bars.iter().flatten().map(|bar| bar.all);
    let most = all.max().unwrap_or(1).max(1);
    let width = bars.len().max(1) * STEP;
    let (mut path, mut marked) = (String::new(), String::new());
    let (mut links, mut rows) = (Vec::new(), Vec::new());
    for (place, bar) in bars.into_iter().enumerate() {
        let Some(bar) = bar else {
            links.push(view! { <span></span> }.into_any());
            continue;
        };
        let link = view! { <a href=bar.href title=bar.tip tabindex="-1"></a> };
        links.push(link.into_any());
        draw(&mut path, place, bar.all, most);
        draw(&mut marked, place, bar.marked, most);
        rows.push(view! { <tr>{bar.row}</tr> }.into_any());
    }
    let headings: Vec<AnyView> = columns
        .iter()
        .map(|column| view! { <th scope="col">{*column}</th> }.into_any())
        .collect();
    view! {
        <figure class="chart">
            <figcaption>{label}</figcaption>
            <div class="series">
                <svg
                    viewBox=format!("0 0 {width} {TALLEST}")
                    preserveAspectRatio="none"
                    role="img"
                    aria-label=words.to_owned()
                >
                    <path class="bar" d=path></path>
                    <path class="now" d=marked></path>
                </svg>
                <div class="series-links" aria-hidden="true">
                    {links}
                </div>
            </div>
            <p class="chart-ends small muted">
                <span>{from}</span>
                <span>{to}</span>
            </p>
            <details>
                <summary class="small">{crate::text::impact::AS_TABLE}</summary>
                <div class="chart-table" tabindex="0" role="region" aria-label=label>
                    <table>
                        <thead>
                            <tr>{headings}</tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </details>
        </figure>
    }
    .into_any()
}

fn draw(path: &mut String, place: usize, count: u64, most: u64) {
    if count > 0 {
        // However few of very many, one can be seen.
        let height = (count * TALLEST).div_ceil(most).max(2);
        let (x, width) = (place * STEP + 1, STEP - 2);
        path.push_str(&format!("M{x} {TALLEST}v-{height}h{width}v{height}z"));
    }
}
