//! Admin Center > Audit log: who did what in a plan, and whether the log is as it was written.
//!
//! Deliberately not here: the sentences of events, which the server makes for every reader alike.

pub mod event;
pub mod filter;
pub mod verify;

use leptos::prelude::*;
use tenure_domain::{
    audit::Action,
    wire::{audit::AuditEvent, session::Membership},
};

use self::{
    event::EventRow,
    filter::{ACTION, ACTOR, Filter, SINCE, TARGET, TEXT, UNTIL},
    verify::Verify,
};
use super::{
    list::{List, Listed},
    list_view::ListView,
};
use crate::{
    api::{Client, audit as api},
    components::{
        button::{Button, Weight},
        empty::empty,
        field::{Field, Select, TextInput},
        heading::page_head,
    },
    form::{focus, unique_id},
    reactive::{dynamic, effect, memo},
    route::Route,
    router::Router,
    text::{audit as words, shell},
};

impl Listed for AuditEvent {
    fn id(&self) -> String {
        self.id.clone()
    }

    fn shown(&self) -> String {
        format!("{} {}", self.id, self.sentence)
    }
}

/// The page of one plan, for its System Admins.
#[component]
pub fn AuditLog(
    /// The plan, and the person's place in it.
    plan: Membership,
) -> impl IntoView {
    let client = expect_context::<Client>();
    let router = expect_context::<Router>();
    let asked = memo(move || Filter::read(&router.address().query));
    let id = StoredValue::new(plan.id.clone());
    let list = List::new(move |cursor: Option<String>| {
        // The first page follows the address; the others belong to it.
        let query = match cursor {
            None => asked.get(),
            Some(_) => asked.get_untracked(),
        };
        api::list(client, &id.get_value(), &query.asked(), cursor.as_deref())
    });
    let path = StoredValue::new(Route::AuditLog(plan.id).path());
    let row = move |event: AuditEvent| {
        let row_id = list.row_id(&event);
        view! { <EventRow event id=row_id path/> }
    };
    view! {
        {page_head(shell::AUDIT_LOG, words::about(&plan.name), None)}
        <Verify plan=id/>
        <FilterForm asked path/>
        {dynamic(move || files(id, &asked.get()))}
        <ListView
            list
            lines=8
            columns=words::COLUMNS.to_vec()
            blank=|| empty(None, words::EMPTY)
            tile=shell::AUDIT_LOG
            row
        />
    }
}

/// Links to all events that pass the filter. Links, so that the browser keeps what comes in a file.
fn files(plan: StoredValue<tenure_domain::id::PlanId>, asked: &Filter) -> AnyView {
    let link = |words: &'static str, format: &str| {
        let href = api::file(&plan.get_value(), &asked.asked(), format);
        view! { <a class="btn quiet" href=href download="">{words}</a> }
    };
    view! {
        <p class="files">
            {link(words::EXPORT_CSV, "csv")}
            {link(words::EXPORT_NDJSON, "ndjson")}
        </p>
    }
    .into_any()
}

/// The filter as a form; it counts once it is sent.
#[component]
fn FilterForm(asked: Memo<Filter>, path: StoredValue<String>) -> impl IntoView {
    let router = expect_context::<Router>();
    let draft = RwSignal::new(Filter::default());
    effect(move || draft.set(asked.get()));
    let since_id = StoredValue::new(unique_id("filter"));
    let backwards = Signal::derive(move || {
        let is_so = draft.with(Filter::is_backwards);
        is_so.then(|| words::BACKWARDS.to_owned())
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if draft.with_untracked(Filter::is_backwards) {
            return since_id.with_value(|id| focus(id));
        }
        let query = draft.get_untracked().query();
        router.go(&format!("{}?{query}", path.get_value()));
    };
    let value = move |part: usize| Signal::derive(move || draft.with(|it| it.get(part).to_owned()));
    let change = move |part: usize| {
        Callback::new(move |typed: String| draft.update(|it| it.set(part, typed)))
    };
    let text = move |part: usize, label: &'static str, kind: &'static str| {
        let (id, error) = match part {
            SINCE => (since_id.get_value(), backwards),
            _ => (unique_id("filter"), Signal::stored(None)),
        };
        view! {
            <Field id label error>
                <TextInput value=value(part) on_input=change(part) kind/>
            </Field>
        }
    };
    let narrowed = move || {
        let all = asked.get();
        let hidden = !all.get(ACTOR).is_empty() || !all.get(TARGET).is_empty();
        (!all.is_empty()).then(|| {
            view! {
                <p class="small">
                    {hidden.then_some(words::NARROWED)} " "
                    <a href=path.get_value()>{words::SHOW_ALL}</a>
                </p>
            }
        })
    };
    let every = (String::new(), words::EVERY_ACTION.to_owned());
    let of_plan = Action::ALL.iter().filter(|action| action.is_of_plan());
    let actions = of_plan.map(|action| {
        let name = action.as_str();
        (name.to_owned(), words::action(name))
    });
    view! {
        <form class="tile filters" role="search" aria-label=words::FILTERS on:submit=submit>
            <div class="filter-fields">
                <Field id=unique_id("filter") label=words::ACTION error=Signal::stored(None)>
                    <Select
                        value=value(ACTION)
                        on_change=change(ACTION)
                        options=[every].into_iter().chain(actions).collect()
                    />
                </Field>
                {text(TEXT, words::TEXT, "search")}
                {text(SINCE, words::SINCE, "date")}
                {text(UNTIL, words::UNTIL, "date")}
                <Button weight=Weight::Normal>{words::FILTER}</Button>
            </div>
            {dynamic(narrowed)}
        </form>
    }
}
