//! A filter as a form; it counts once it is sent.
//!
//! Deliberately not here: which fields a list has. The list's page brings them.

use leptos::prelude::*;

use super::filter::Filter;
use crate::{
    components::{
        button::{Button, Weight},
        field::{Field, Select, TextInput},
    },
    form::{focus, focus_soon},
    reactive::{dynamic, effect},
    router::Router,
    text::common,
};

/// The most characters that are looked for.
const MOST_TEXT: usize = 100;

/// What a field is.
pub enum Input {
    /// A choice of values, with their words.
    Choice(Vec<(String, String)>),
    /// A text to be looked for.
    Text,
    /// A day.
    Day,
}

/// A field: its part of the filter, its label, and what it is.
pub type FilterField = (usize, &'static str, Input);

/// What people read of the form.
pub struct Words {
    /// Its accessible name.
    pub form: &'static str,
    /// Its button.
    pub send: &'static str,
    /// Leads to the list without a filter.
    pub all: &'static str,
    /// Said where something is asked for that no field shows.
    pub narrowed: &'static str,
    /// Opens the fields that are seldom needed.
    pub seldom: &'static str,
}

/// The form.
pub struct FilterForm {
    /// What is asked for.
    pub asked: Memo<Filter>,
    /// The page's path.
    pub path: StoredValue<String>,
    /// What people read of it.
    pub words: Words,
    /// Its fields.
    pub fields: Vec<FilterField>,
    /// Those that are seldom needed: they stand apart, and are there to be seen once one of them counts.
    pub seldom: Vec<FilterField>,
}

/// The values of a choice: all, and each, with their words.
#[must_use]
pub fn choices(all: &str, each: &[(&str, &str)]) -> Vec<(String, String)> {
    let pair = |(value, words): &(&str, &str)| ((*value).to_owned(), (*words).to_owned());
    let all = [("", all)];
    all.iter().chain(each).map(pair).collect()
}

/// The form as a view.
#[must_use]
pub fn filter_form(form: FilterForm) -> AnyView {
    let FilterForm {
        asked,
        path,
        words,
        fields,
        seldom,
    } = form;
    let shown: Vec<_> = fields.iter().chain(&seldom).map(|it| it.0).collect();
    let first = shown.first().copied().unwrap_or_default();
    let shown = StoredValue::new(shown);
    let router = expect_context::<Router>();
    let draft = RwSignal::new(asked.get_untracked());
    let mut before = asked.get_untracked();
    effect(move || {
        let asked = asked.get();
        let mut next = asked.clone();
        // What was typed and is not sent yet stays, unless its own part is another now.
        for part in shown.get_value() {
            if before.get(part) == asked.get(part) {
                next.set(part, draft.with_untracked(|it| it.get(part).to_owned()));
            }
        }
        before = asked;
        draft.set(next);
    });
    let show_all = move |_| {
        for part in shown.get_value() {
            draft.update(|draft| draft.set(part, String::new()));
        }
        focus_soon(field_id(first));
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let draft = draft.get_untracked();
        match draft.backwards() {
            Some(part) => focus(&field_id(part)),
            None => router.go(&draft.address(&path.get_value())),
        }
    };
    let seldom = (!seldom.is_empty()).then(|| {
        let asked = asked.get_untracked();
        let open = seldom.iter().any(|it| !asked.get(it.0).is_empty());
        view! {
            <details open=open>
                <summary>{words.seldom}</summary>
                {in_line(draft, seldom, None)}
            </details>
        }
    });
    let narrowed = move || {
        let all = asked.get();
        (!all.is_empty()).then(|| {
            view! {
                <p class="small">
                    {all.is_beyond(&shown.get_value()).then_some(words.narrowed)} " "
                    <a href=path.get_value() on:click=show_all>
                        {words.all}
                    </a>
                </p>
            }
        })
    };
    view! {
        <form class="tile filters" role="search" aria-label=words.form on:submit=submit>
            {in_line(draft, fields, Some(words.send))}
            {seldom}
            {dynamic(narrowed)}
        </form>
    }
    .into_any()
}

fn in_line(
    draft: RwSignal<Filter>,
    fields: Vec<FilterField>,
    button: Option<&'static str>,
) -> AnyView {
    let fields = fields.into_iter().map(|it| field(draft, it));
    let button = button.map(|words| view! { <Button weight=Weight::Normal>{words}</Button> });
    view! {
        <div class="filter-fields">
            {fields.collect_view()}
            {button}
        </div>
    }
    .into_any()
}

fn field(draft: RwSignal<Filter>, (part, label, input): FilterField) -> AnyView {
    let value = Signal::derive(move || draft.with(|it| it.get(part).to_owned()));
    let change = Callback::new(move |typed: String| draft.update(|it| it.set(part, typed)));
    let error = Signal::derive(move || {
        let backwards = draft.with(Filter::backwards);
        (backwards == Some(part)).then(|| common::BACKWARDS.to_owned())
    });
    let input = move || match input {
        Input::Choice(options) => view! { <Select value on_change=change options/> }.into_any(),
        Input::Text => text(value, change, "search"),
        Input::Day => text(value, change, "date"),
    };
    view! {
        <Field id=field_id(part) label error>
            {input()}
        </Field>
    }
    .into_any()
}

fn text(value: Signal<String>, change: Callback<String>, kind: &'static str) -> AnyView {
    view! { <TextInput value on_input=change kind max_length=MOST_TEXT/> }.into_any()
}

/// The element id of a part's field. A page has one such form.
fn field_id(part: usize) -> String {
    format!("filter-{part}")
}
