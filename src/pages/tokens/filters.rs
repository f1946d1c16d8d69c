//! The filter as a form; it counts once it is sent.

use leptos::prelude::*;
use tenure_domain::token::{Status, TokenKind};

use super::{CLIENT, Desk, FIRST_DAY, KIND, OWNER, PARTS, SORT, STATUS, TEXT};
use crate::{
    components::{
        button::Button,
        field::{Field, Select, TextInput},
    },
    form::unique_id,
    pages::filter::Filter,
    reactive::{dynamic, effect},
    router::Router,
    text::{inventory as words, tokens},
};

/// The form.
#[component]
pub fn FilterForm(
    /// The page's state.
    desk: Desk,
) -> impl IntoView {
    let router = expect_context::<Router>();
    let draft = RwSignal::new(Filter::of(PARTS));
    effect(move || draft.set(desk.asked.get()));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let query = draft.get_untracked().query();
        router.go(&format!("{}?{query}", desk.path.get_value()));
    };
    let value = move |part: usize| Signal::derive(move || draft.with(|it| it.get(part).to_owned()));
    let change = move |part: usize| {
        Callback::new(move |typed: String| draft.update(|it| it.set(part, typed)))
    };
    let select = move |part: usize, label: &'static str, options: Vec<(&str, &str)>| {
        let owned = |(key, words): (&str, &str)| (key.to_owned(), words.to_owned());
        let options = options.into_iter().map(owned).collect();
        view! {
            <Field id=unique_id("filter") label error=Signal::stored(None)>
                <Select value=value(part) on_change=change(part) options/>
            </Field>
        }
        .into_any()
    };
    let text = move |part: usize, label: &'static str, kind: &'static str| {
        view! {
            <Field id=unique_id("filter") label error=Signal::stored(None)>
                <TextInput value=value(part) on_input=change(part) kind/>
            </Field>
        }
        .into_any()
    };
    let mut statuses = vec![("", words::EVERY_STATUS)];
    statuses.extend(Status::ALL.map(|it| (it.as_str(), tokens::status(it))));
    let mut kinds = vec![("", words::EVERY_KIND)];
    kinds.extend(TokenKind::ALL.map(|it| (it.as_str(), tokens::kind(it))));
    let days = (FIRST_DAY..).zip(words::DAY_FIELDS);
    let days = days.map(|(part, label)| text(part, label, "date"));
    let has_days = desk
        .asked
        .with_untracked(|it| (FIRST_DAY..PARTS.len()).any(|part| !it.get(part).is_empty()));
    view! {
        <form class="tile filters" role="search" aria-label=words::FILTERS on:submit=submit>
            <div class="filter-fields">
                {select(STATUS, words::STATUS, statuses)}
                {select(KIND, words::KIND, kinds)}
                {text(TEXT, words::TEXT, "search")}
                {select(SORT, words::SORT, words::SORTS.to_vec())}
                <Button>{words::FILTER}</Button>
            </div>
            <details open=has_days>
                <summary>{words::DAYS}</summary>
                <div class="filter-fields">{days.collect_view()}</div>
            </details>
            {narrowed(desk)}
        </form>
    }
}

/// What is on beyond the fields, and the way out of all of it.
fn narrowed(desk: Desk) -> AnyView {
    dynamic(move || {
        let all = desk.asked.get();
        let hidden = [OWNER, CLIENT]
            .iter()
            .any(|part| !all.get(*part).is_empty());
        (!all.is_empty()).then(|| {
            view! {
                <p class="small">
                    {hidden.then_some(words::NARROWED)} " "
                    <a href=desk.path.get_value()>{words::SHOW_ALL}</a>
                </p>
            }
        })
    })
}
