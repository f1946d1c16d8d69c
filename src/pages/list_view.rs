//! A paged list as a table, in the four states of every view. Rows that do not change stay as they
//! are when more come, and so does the focus in them.

use std::sync::Arc;

use leptos::prelude::*;

use super::list::{Fetching, List, Listed};
use crate::reactive::{Row, dynamic, memo, rows};
use crate::{
    api::ApiError,
    components::{button::Button, problem_view::ProblemView, skeleton::Skeleton},
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
    let remote = list.items();
    let stage = memo(move || match remote.get() {
        None => Stage::Waiting,
        Some(Err(error)) => Stage::Failed(error),
        Some(Ok(items)) if is_blank(&items) => Stage::Blank,
        Some(Ok(_)) => Stage::Rows,
    });
    let all = move || {
        let row = |item: T| {
            let row = row.clone();
            Row::new(item.shown(), move || row(item))
        };
        let items = remote.data().unwrap_or_default();
        items.into_iter().map(row).collect()
    };
    staged(Parts {
        stage,
        loading: remote.loading(),
        retry: Callback::new(move |()| remote.reload()),
        lines,
        columns,
        blank,
        tile,
        rows: Arc::new(all),
        more: More {
            is_needed: memo(move || list.has_more() || list.trouble().is_some()),
            busy: list.busy(),
            go_on: Callback::new(move |()| list.go_on()),
            trouble: Signal::derive(move || list.trouble()),
        },
    })
}

/// A list of whatever it is: what stands in its place is made of this, by code that is there once.
struct Parts {
    stage: Memo<Stage>,
    loading: Signal<bool>,
    retry: Callback<()>,
    lines: usize,
    columns: Vec<&'static str>,
    blank: ViewFn,
    tile: Option<&'static str>,
    rows: Arc<dyn Fn() -> Vec<Row> + Send + Sync>,
    more: More,
}

/// The rest of a list.
#[derive(Clone, Copy)]
struct More {
    is_needed: Memo<bool>,
    busy: Signal<bool>,
    go_on: Callback<()>,
    trouble: Signal<Option<(ApiError, Fetching)>>,
}

fn staged(parts: Parts) -> AnyView {
    let Parts {
        lines,
        retry,
        loading,
        ..
    } = parts;
    dynamic(move || match parts.stage.get() {
        Stage::Waiting => view! { <Skeleton lines /> }.into_any(),
        Stage::Failed(error) => {
            let (words, busy) = (problems::words(&error), loading);
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
    let all = Arc::clone(&parts.rows);
    view! {
        <table class="cards">
            <thead>
                <tr>{headings.collect_view()}</tr>
            </thead>
            <tbody>{rows(move || all())}</tbody>
        </table>
        {more(parts.more)}
    }
    .into_any()
}

/// Why the list could not be fetched on or anew, and the one button that does: it keeps the focus.
fn more(more: More) -> AnyView {
    let trouble = move || {
        let (error, fetching) = more.trouble.get()?;
        let words = problems::words_of_list(&error, fetching == Fetching::More);
        Some(view! { <ProblemView words/> })
    };
    let label = move || match more.trouble.get() {
        Some(_) => text::common::TRY_AGAIN,
        None => text::common::SHOW_MORE,
    };
    dynamic(move || {
        more.is_needed.get().then(|| {
            view! {
                <div class="more">
                    {dynamic(trouble)}
                    <Button busy=more.busy on_press=more.go_on>
                        {dynamic(label)}
                    </Button>
                </div>
            }
        })
    })
}
