//! A paged list as a table, in the four states of every view. Rows that do not change stay as they
//! are when more come, and so does the focus in them.

use std::sync::Arc;

use leptos::prelude::*;

use super::list::{AnyList, Fetching, List, Listed};
use crate::reactive::{Row, dynamic, memo, rows};
use crate::{
    api::ApiError,
    components::{button::Button, problem_view::ProblemView, skeleton::Skeleton},
    state::remote::{Shared, typed},
    text::{self, problems},
};

/// What stands in the list's place.
#[derive(Clone, PartialEq)]
enum Stage {
    Waiting,
    Failed(ApiError),
    Blank,
    Rows,
}

/// The list: a table whose rows become cards where there is no room, and the way to more of them.
#[component]
pub fn ListView<T, R, V>(
    /// What is listed.
    list: List<T>,
    /// How many lines the skeleton has.
    #[prop(default = 4)]
    lines: usize,
    /// The columns' headings; an empty one is a column of buttons.
    columns: Vec<&'static str>,
    /// Whether there is nothing worth a table.
    #[prop(default = |items| items.is_empty())]
    is_blank: fn(&[T]) -> bool,
    /// What stands there then.
    #[prop(into)]
    blank: ViewFn,
    /// The accessible name of a tile around the table; without it, a tile stands around already.
    #[prop(optional)]
    tile: Option<&'static str>,
    /// Shows a row: a `tr` with the id [`List::row_id`].
    row: R,
) -> impl IntoView
where
    T: Listed,
    R: Fn(T) -> V + Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let items = |items: &Shared| typed::<Vec<T>>(items).unwrap_or_default();
    let all = move |shared: &Shared| {
        let row = |item: T| {
            let row = row.clone();
            Row::new(item.shown(), move || row(item))
        };
        items(shared).into_iter().map(row).collect()
    };
    staged(Parts {
        list: list.any(),
        is_blank: Box::new(move |shared| is_blank(&items(shared))),
        lines,
        columns,
        blank,
        tile,
        rows: Arc::new(all),
    })
}

type MakeRows = Arc<dyn Fn(&Shared) -> Vec<Row> + Send + Sync>;

/// A list of whatever it is: what stands in its place is made of this, by code that is there once.
struct Parts {
    list: AnyList,
    is_blank: Box<dyn Fn(&Shared) -> bool + Send + Sync>,
    lines: usize,
    columns: Vec<&'static str>,
    blank: ViewFn,
    tile: Option<&'static str>,
    rows: MakeRows,
}

fn staged(parts: Parts) -> AnyView {
    let items = parts.list.items();
    let parts = Arc::new(parts);
    let stage = {
        let parts = Arc::clone(&parts);
        memo(move || match items.get() {
            None => Stage::Waiting,
            Some(Err(error)) => Stage::Failed(error),
            // Where only some are looked for, those of this page may all be others.
            Some(Ok(items)) if !parts.list.has_more() && (parts.is_blank)(&items) => Stage::Blank,
            Some(Ok(_)) => Stage::Rows,
        })
    };
    let retry = Callback::new(move |()| items.reload());
    dynamic(move || match stage.get() {
        Stage::Waiting => view! { <Skeleton lines=parts.lines /> }.into_any(),
        Stage::Failed(error) => {
            let (words, busy) = (problems::words(&error), items.loading());
            view! { <ProblemView words retry busy /> }.into_any()
        }
        Stage::Blank => parts.blank.run(),
        Stage::Rows => {
            let table = table(&parts);
            match parts.tile {
                Some(name) => view! {
                    <section class="tile list" aria-label=name>
                        {table}
                    </section>
                }
                .into_any(),
                None => table,
            }
        }
    })
}

fn table(parts: &Parts) -> AnyView {
    let heading = |column: &'static str| {
        if column.is_empty() {
            view! { <span class="visually-hidden">{text::common::ACTIONS}</span> }.into_any()
        } else {
            column.into_any()
        }
    };
    let headings = parts
        .columns
        .iter()
        .map(|column| view! { <th scope="col">{heading(column)}</th> });
    let (items, all) = (parts.list.items(), Arc::clone(&parts.rows));
    let all = move || items.data().map_or_else(Vec::new, |items| all(&items));
    view! {
        <table class="cards">
            <thead>
                <tr>{headings.collect_view()}</tr>
            </thead>
            <tbody>{rows(all)}</tbody>
        </table>
        {more(parts.list)}
    }
    .into_any()
}

/// Why the list could not be fetched on or anew, and the one button that does: it keeps the focus.
fn more(list: AnyList) -> AnyView {
    let trouble = move || {
        let (error, fetching) = list.trouble()?;
        let words = problems::words_of_list(&error, fetching == Fetching::More);
        Some(view! { <ProblemView words/> })
    };
    let label = move || match list.trouble() {
        Some(_) => text::common::TRY_AGAIN,
        None => text::common::SHOW_MORE,
    };
    let is_needed = memo(move || list.has_more() || list.trouble().is_some());
    let go_on = Callback::new(move |()| list.go_on());
    dynamic(move || {
        is_needed.get().then(|| {
            view! {
                <div class="more">
                    {dynamic(trouble)}
                    <Button busy=list.busy() on_press=go_on>
                        {dynamic(label)}
                    </Button>
                </div>
            }
        })
    })
}
