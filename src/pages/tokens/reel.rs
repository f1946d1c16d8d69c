//! The table of a list of any length: only the rows near to what is on show are in the document, between two
//! rows that are as high as all the others.
//!
//! Every row is as high as the style says, so that the place of each is known without it. Deliberately not here:
//! which of them are there (`part`), and their tokens (`book`).

use leptos::{ev, html, prelude::*};
use tenure_domain::{
    id::TokenId,
    time::Timestamp,
    wire::{inventory::MAX_REVOKED, tokens::Token},
};
use wasm_bindgen::JsCast;

use super::{
    Desk, SORT,
    book::Extent,
    choice::choose,
    focus::{REEL_ID, keep_focus, on_key},
    part::{Part, TOP},
    row::row,
};
use crate::{
    api::{ApiError, inventory as api},
    components::{
        button::{Button, Weight},
        empty::empty,
        icon::Symbol,
        problem_view::ProblemView,
        skeleton::Skeleton,
    },
    reactive::{Row, dynamic, effect, memo, rows},
    text::{self, inventory as words, problems},
};

/// The element id of the button that selects.
pub const CHOOSE_ID: &str = "choose-tokens";

/// The table, or what stands in its place.
#[component]
pub fn Reel(
    /// The page's state.
    desk: Desk,
) -> impl IntoView {
    let book = desk.book;
    let stage = memo(move || book.extent.with(Stage::of));
    let retry = Callback::new(move |()| book.retry());
    dynamic(move || match stage.get() {
        Stage::Rows => table(desk),
        Stage::Failed(error) => {
            let (words, busy) = (problems::words(&error), book.busy);
            view! { <ProblemView words retry busy/> }.into_any()
        }
        Stage::Blank => blank(desk),
        Stage::Searching => view! {
            <p role="status">{words::SEARCHING}</p>
            <Skeleton lines=8/>
        }
        .into_any(),
        Stage::Waiting => view! { <Skeleton lines=8/> }.into_any(),
    })
}

/// What stands in the table's place.
#[derive(Clone, PartialEq)]
enum Stage {
    Waiting,
    /// Pages came, and nothing on them.
    Searching,
    Failed(ApiError),
    Blank,
    Rows,
}

impl Stage {
    fn of(extent: &Extent) -> Self {
        match &extent.trouble {
            _ if extent.rows > 0 => Self::Rows,
            Some(error) => Self::Failed(error.clone()),
            None if extent.all => Self::Blank,
            None if extent.begun => Self::Searching,
            None => Self::Waiting,
        }
    }
}

fn blank(desk: Desk) -> AnyView {
    let words = match desk.asked.get_untracked().is_empty() {
        true => words::EMPTY,
        false => words::NONE_PASS,
    };
    empty(Some(Symbol::Key), words)
}

fn table(desk: Desk) -> AnyView {
    let node = NodeRef::<html::Div>::new();
    let part = RwSignal::new(TOP);
    let look = move || {
        if let Some(reel) = node.get_untracked() {
            show(desk, &reel, part);
        }
    };
    effect(move || {
        desk.book.extent.track();
        if node.get().is_some() {
            look();
        }
    });
    // Another order begins at its top.
    effect(move || {
        desk.asked.with(|_| ());
        if let Some(reel) = node.get_untracked() {
            reel.set_scroll_top(0);
            part.update(|part| {
                let height = part.height;
                *part = Part { height, ..TOP };
            });
        }
    });
    on_cleanup(keep_focus);
    let resized = window_event_listener(ev::resize, move |_| look());
    on_cleanup(move || resized.remove());
    let extent = desk.book.extent;
    let count = move || extent.with(|it| if it.all { count(it.rows + 1) } else { -1 });
    let before = memo(move || part.get().before(&extent.get()));
    let behind = memo(move || part.get().behind(&extent.get()));
    view! {
        <div class="tile list reel-tile">
            {bar(desk)}
            {desk.choosing.trouble(words::UNCHOSEN)}
            <div
                node_ref=node
                id=REEL_ID
                class="reel"
                tabindex="0"
                role="region"
                aria-label=words::TOKENS
                on:scroll=move |_| look()
                on:keydown=|event| on_key(&event)
            >
                <table class="cards" role="table" aria-rowcount=count>
                    <thead role="rowgroup">
                        <tr role="row" aria-rowindex="1">
                            <th scope="col" role="columnheader">
                                <span class="visually-hidden">{text::common::ACTIONS}</span>
                            </th>
                            {words::COLUMNS.map(|column| heading(desk, column)).into_iter().collect_view()}
                        </tr>
                    </thead>
                    <tbody role="rowgroup">
                        {space(move || before.get())}
                        {rows(move || visible(desk, part.get()))}
                        {space(move || behind.get())}
                    </tbody>
                </table>
                {more(desk)}
            </div>
        </div>
    }
    .into_any()
}

fn count(rows: usize) -> i32 {
    i32::try_from(rows).unwrap_or(i32::MAX)
}

/// Takes over what is on show: which rows are in the document, and which pages are fetched.
fn show(desk: Desk, reel: &web_sys::HtmlElement, part: RwSignal<Part>) {
    let row = reel.query_selector("tr.token").ok().flatten();
    let row = row.and_then(|row| row.dyn_into::<web_sys::HtmlElement>().ok());
    let height = row.map(|row| row.offset_height());
    let old = part.get_untracked();
    let new = old.at(height, reel.scroll_top(), reel.client_height());
    desk.book.show(new.from, new.to);
    if new != old {
        if new.begin != old.begin {
            shift(reel, &old, &new);
        }
        part.set(new);
    }
}

/// Moves the window, while what is on show stays where it is.
fn shift(reel: &web_sys::HtmlElement, old: &Part, new: &Part) {
    // Before the box is less high, which holds it within.
    let top = reel.scroll_top();
    if let Ok(Some(space)) = reel.query_selector(".space > td") {
        // At once, and not only when the rows are made anew: the box cannot scroll further than it is high.
        let _ = space.set_attribute("height", &new.pixels(new.from - new.begin).to_string());
    }
    reel.set_scroll_top(top + new.pixels(old.begin) - new.pixels(new.begin));
}

/// The rows in the document: the tokens of a part of the list.
fn visible(desk: Desk, part: Part) -> Vec<Row> {
    keep_focus();
    let rows = part.rows(&desk.book.extent.get());
    let tokens = desk.book.tokens(rows.clone());
    let mut there: Vec<TokenId> = Vec::new();
    rows.zip(tokens)
        .map(|(number, token)| {
            // Of pages that came one after the other, two may have the same one: it has one row.
            let token = token.filter(|token| !there.contains(&token.id));
            there.extend(token.as_ref().map(|token| token.id.clone()));
            let key = token
                .as_ref()
                .map_or_else(|| number.to_string(), |token| shown(token));
            Row::new(key, move || row(desk, number, token))
        })
        .collect()
}

/// What a row shows of its token that can change.
fn shown(token: &Token) -> String {
    let used = token.last_used_at.map_or(-1, Timestamp::as_millis);
    let ends = token.expires_at.map_or(-1, Timestamp::as_millis);
    let (status, owner) = (token.status.as_str(), &token.owner.name);
    format!("{} {status} {used} {ends} {owner} {}", token.id, token.why)
}

/// What stands for the rows before or behind them. It stays, whatever its height: a first or last row that comes
/// or goes makes browsers style all of them anew.
fn space(pixels: impl Fn() -> i32 + Copy + Send + 'static) -> AnyView {
    // An attribute of its own: the content policy lets no style into the markup.
    view! {
        <tr class="space" aria-hidden="true">
            <td colspan="8" height=pixels></td>
        </tr>
    }
    .into_any()
}

/// A column's heading, which sorts by it where the list can.
fn heading(desk: Desk, column: &'static str) -> AnyView {
    let [name, .., created, used, expires] = words::COLUMNS;
    // What a first press sorts by, and a second one.
    let orders = match column {
        _ if column == name => ["name", "-name"],
        _ if column == created => ["", "created"],
        _ if column == used => ["-last_used", "last_used"],
        _ if column == expires => ["expires", "-expires"],
        _ => return view! { <th scope="col" role="columnheader">{column}</th> }.into_any(),
    };
    let sorted = memo(move || {
        let sort = desk.asked.with(|it| it.get(SORT).to_owned());
        orders.iter().position(|order| *order == sort)
    });
    let direction = move || {
        let order = orders.get(sorted.get()?)?;
        let down = order.is_empty() || order.starts_with('-');
        Some(if down { "descending" } else { "ascending" })
    };
    let href = move || {
        let order = if sorted.get() == Some(0) { 1 } else { 0 };
        let mut filter = desk.asked.get();
        filter.set(
            SORT,
            orders.get(order).copied().unwrap_or_default().to_owned(),
        );
        filter.address(&desk.path.get_value())
    };
    view! {
        <th scope="col" role="columnheader" aria-sort=direction>
            <a href=href>{column}</a>
        </th>
    }
    .into_any()
}

/// How many there are, and what can be done with those that are selected.
fn bar(desk: Desk) -> AnyView {
    let selected = memo(move || desk.selected.with(Vec::len));
    let choosing = desk.choosing.busy;
    let said = move || match selected.get() {
        _ if choosing.get() => words::SEARCHING.to_owned(),
        0 => desk.book.extent.with(|it| words::count(it.rows, it.all)),
        count => words::selected(count, MAX_REVOKED),
    };
    let revoke = Callback::new(move |()| desk.revoking.set(true));
    let any = memo(move || selected.get() > 0);
    let clears = memo(move || any.get() || choosing.get());
    let press = Callback::new(move |()| match clears.get_untracked() {
        true => desk.select_none(),
        false => choose(desk),
    });
    let chooses = move || match clears.get() {
        true => words::CLEAR,
        false => words::SELECT_WORKING,
    };
    let revokes = move || {
        let button = || view! { <Button on_press=revoke>{words::REVOKE}</Button> };
        any.get().then(button)
    };
    let file = move || {
        let href = api::file(&desk.plan.get_value(), &desk.asked.get().asked());
        view! {
            <a class="btn quiet" href=href download="">
                {text::common::EXPORT_CSV}
            </a>
        }
    };
    view! {
        <div class="reel-bar">
            <p role="status">{dynamic(said)}</p>
            {dynamic(file)}
            {dynamic(revokes)}
            <Button weight=Weight::Quiet on_press=press id=CHOOSE_ID>{dynamic(chooses)}</Button>
        </div>
    }
    .into_any()
}

/// Below the rows: that more are on their way, or why they did not come.
fn more(desk: Desk) -> AnyView {
    let book = desk.book;
    let trouble = memo(move || book.extent.with(|it| it.trouble.clone()));
    let retry = Callback::new(move |()| book.retry());
    dynamic(move || match trouble.get() {
        Some(error) => {
            let (words, busy) = (problems::words_of_list(&error, true), book.busy);
            view! { <ProblemView words retry busy/> }.into_any()
        }
        None => view! {
            <p class="muted reel-more" hidden=move || !book.busy.get()>
                {text::common::LOADING}
            </p>
        }
        .into_any(),
    })
}
