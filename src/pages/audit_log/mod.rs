//! Admin Center > Audit log: who did what in a plan, and whether the log is as it was written.
//!
//! Deliberately not here: the sentences of events, which the server makes for every reader alike.

pub mod event;
pub mod verify;

use leptos::prelude::*;
use tenure_domain::{
    audit::Action,
    live::Topic,
    wire::{audit::AuditEvent, session::Membership},
};

use self::{event::EventRow, verify::Verify};
use super::{
    filter::{Filter, Part},
    filter_form::{FilterForm, Input, Words, choices, filter_form},
    list::{List, Listed},
    list_view::ListView,
};
use crate::{
    api::{Client, audit as api},
    components::{empty::empty, heading::page_head},
    reactive::{dynamic, memo},
    route::Route,
    router::Router,
    text::{audit as words, common, shell},
};

/// The parts of the filter, by their places.
const PARTS: &[Part] = &[
    Part::Text("action"),
    Part::Text("text"),
    Part::From("since"),
    Part::Until("until"),
    Part::Text("actor"),
    Part::Text("target"),
];
const ACTION: usize = 0;
const TEXT: usize = 1;
const SINCE: usize = 2;
const UNTIL: usize = 3;
const ACTOR: usize = 4;
const TARGET: usize = 5;

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
    let asked = memo(move || Filter::read(PARTS, &router.address().query));
    let id = StoredValue::new(plan.id.clone());
    let list = List::new(move |cursor: Option<String>| {
        // The first page follows the address; the others belong to it.
        let query = match cursor {
            None => asked.get(),
            Some(_) => asked.get_untracked(),
        };
        api::list(client, &id.get_value(), &query.asked(), cursor.as_deref())
    })
    .live(Some(plan.id.clone()), &[Topic::Audit]);
    let path = StoredValue::new(Route::AuditLog(plan.id).path());
    let row = move |event: AuditEvent| {
        let row_id = list.row_id(&event);
        view! { <EventRow event id=row_id path/> }
    };
    view! {
        {page_head(shell::AUDIT_LOG, words::about(&plan.name), None)}
        <Verify plan=id/>
        {filter(asked, path)}
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
            {link(common::EXPORT_CSV, "csv")}
            {link(words::EXPORT_NDJSON, "ndjson")}
        </p>
    }
    .into_any()
}

/// What can be asked for.
fn filter(asked: Memo<Filter>, path: StoredValue<String>) -> AnyView {
    let mut actions = choices(words::EVERY_ACTION, &[]);
    let of_plan = Action::ALL.iter().filter(|action| action.is_of_plan());
    actions.extend(of_plan.map(|action| {
        let name = action.as_str();
        (name.to_owned(), words::action(name))
    }));
    filter_form(FilterForm {
        asked,
        path,
        words: Words {
            form: words::FILTERS,
            send: common::FILTER,
            all: common::SHOW_ALL,
            narrowed: words::NARROWED,
            seldom: "",
        },
        fields: vec![
            (ACTION, words::ACTION, Input::Choice(actions)),
            (TEXT, words::TEXT, Input::Text),
            (SINCE, words::SINCE, Input::Day),
            (UNTIL, words::UNTIL, Input::Day),
        ],
        seldom: Vec::new(),
    })
}
