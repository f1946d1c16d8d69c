//! A paged list as a table, in the four states of every view. Rows that do not change stay as they
//! are when more come, and so does the focus in them.

use leptos::prelude::*;

use super::list::{Fetching, List, Listed};
use crate::reactive::{dynamic, memo};
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
    R: Fn(T) -> V + Clone + Send + 'static,
    V: IntoView + 'static,
{
    let remote = list.items();
    let stage = memo(move || match remote.get() {
        None => Stage::Waiting,
        Some(Err(error)) => Stage::Failed(error),
        Some(Ok(items)) if is_blank(&items) => Stage::Blank,
        Some(Ok(_)) => Stage::Rows,
    });
    let retry = Callback::new(move |()| remote.reload());
    dynamic(move || match stage.get() {
        Stage::Waiting => view! { <Skeleton lines /> }.into_any(),
        Stage::Failed(error) => {
            let (words, busy) = (problems::words(&error), remote.loading());
            view! { <ProblemView words retry busy /> }.into_any()
        }
        Stage::Blank => blank.run().into_any(),
        Stage::Rows => {
            let (columns, row) = (columns.clone(), row.clone());
            let table = view! { <Table list columns row /> };
            match tile {
                Some(name) => view! {
                    <section class="tile list" aria-label=name>
                        {table}
                    </section>
                }
                .into_any(),
                None => table.into_any(),
            }
        }
    })
}

#[component]
fn Table<T, R, V>(list: List<T>, columns: Vec<&'static str>, row: R) -> impl IntoView
where
    T: Listed,
    R: Fn(T) -> V + Clone + Send + 'static,
    V: IntoView + 'static,
{
    let heading = |column: &'static str| {
        if column.is_empty() {
            view! { <span class="visually-hidden">{text::common::ACTIONS}</span> }.into_any()
        } else {
            column.into_any()
        }
    };
    let headings = columns
        .into_iter()
        .map(|column| view! { <th scope="col">{heading(column)}</th> });
    view! {
        <table class="cards">
            <thead>
                <tr>{headings.collect_view()}</tr>
            </thead>
            <tbody>
                <For
                    each=move || list.items().data().unwrap_or_default()
                    key=Listed::shown
                    children=row
                />
            </tbody>
        </table>
        <More list />
    }
}

/// Why the list could not be fetched on or anew, and the one button that does: it keeps the focus.
#[component]
fn More<T: Listed>(list: List<T>) -> impl IntoView {
    let needs_button = memo(move || list.has_more() || list.trouble().is_some());
    let trouble = move || {
        let (error, fetching) = list.trouble()?;
        let words = problems::words_of_list(&error, fetching == Fetching::More);
        Some(view! { <ProblemView words/> })
    };
    let label = move || match list.trouble() {
        Some(_) => text::common::TRY_AGAIN,
        None => text::common::SHOW_MORE,
    };
    dynamic(move || {
        needs_button.get().then(|| {
            view! {
                <div class="more">
                    {dynamic(trouble)}
                    <Button busy=list.busy() on_press=Callback::new(move |()| list.go_on())>
                        {dynamic(label)}
                    </Button>
                </div>
            }
        })
    })
}
