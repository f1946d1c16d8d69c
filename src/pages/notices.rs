//! Admin Center > Notices: the mails about a plan's tokens, and what became of each.
//!
//! The state that is shown stands in the address. Deliberately not here: what a mail says.

use leptos::prelude::*;
use tenure_domain::{
    id::PlanId,
    live::Topic,
    notice::{NoticeKind, NoticeState},
    time::Timestamp,
    wire::{notices::Notice, session::Membership},
};

use super::{
    act::Act,
    filter::{Filter, Part},
    filter_form::choices,
    list::{List, Listed},
    list_view::ListView,
};
use crate::{
    api::{Client, notices as api},
    components::{
        button::{Button, Weight},
        empty::empty,
        field::{Field, Select},
        heading::PageHeading,
        icon::{Icon, Symbol},
        relative_time::RelativeTime,
    },
    form::{focus_soon, unique_id},
    format,
    reactive::{dynamic, memo},
    route::Route,
    router::Router,
    state::{clock::ServerClock, toasts::Toasts},
    text::{notices as text, problems, shell},
};

/// The parts of the filter, by their places.
const PARTS: &[Part] = &[Part::Text("kind"), Part::Text("state")];
const KIND: usize = 0;
const STATE: usize = 1;
/// The line that takes the focus when a row with the focus is gone.
const ABOUT_ID: &str = "about-notices";

impl Listed for Notice {
    fn id(&self) -> String {
        self.id.0.clone()
    }

    fn shown(&self) -> String {
        let next = self.next_attempt_at.map_or(-1, Timestamp::as_millis);
        let (id, state, tries) = (&self.id, self.state.as_str(), self.attempts);
        format!("{id} {state} {tries} {next}")
    }
}

/// The page of one plan, for its System Admins.
#[component]
pub fn Notices(
    /// The plan, and the person's place in it.
    plan: Membership,
) -> impl IntoView {
    let router = expect_context::<Router>();
    let shown = memo(move || read(&router.address().query));
    let id = StoredValue::new(plan.id);
    let choice = move |part: usize, label: &'static str, options: Vec<(String, String)>| {
        let choose = Callback::new(move |chosen: String| {
            let mut wanted = shown.get_untracked();
            wanted.set(part, chosen);
            let page = Route::Notices(id.get_value()).path();
            router.replace(&wanted.address(&page));
        });
        let value = Signal::derive(move || shown.with(|it| it.get(part).to_owned()));
        view! {
            <Field id=unique_id("show") label error=Signal::stored(None)>
                <Select value on_change=choose options/>
            </Field>
        }
    };
    let kinds = NoticeKind::ALL.map(|it| (it.as_str(), text::kind(it)));
    let states = NoticeState::ALL.map(|it| (it.as_str(), text::state(it)));
    view! {
        <div class="head">
            <div>
                <PageHeading title=shell::NOTICES.to_owned()/>
                <p class="muted" id=ABOUT_ID tabindex="-1">{text::about(&plan.name)}</p>
            </div>
            <div class="row">
                {choice(KIND, text::KIND, choices(text::ALL_KINDS, &kinds))}
                {choice(STATE, text::SHOW, choices(text::ALL, &states))}
            </div>
        </div>
        <div class="people">{dynamic(move || listing(id.get_value(), &shown.get()))}</div>
    }
}

/// The filter, without what is none of its choices.
fn read(query: &str) -> Filter {
    let mut shown = Filter::read(PARTS, query);
    if !NoticeKind::ALL
        .iter()
        .any(|it| it.as_str() == shown.get(KIND))
    {
        shown.set(KIND, String::new());
    }
    if !NoticeState::ALL
        .iter()
        .any(|it| it.as_str() == shown.get(STATE))
    {
        shown.set(STATE, String::new());
    }
    shown
}

/// The notices of a plan that are shown.
fn listing(plan: PlanId, shown: &Filter) -> AnyView {
    let client = expect_context::<Client>();
    let (id, query) = (plan.clone(), shown.asked());
    let list = List::new(move |cursor| api::list(client, &id, &query, cursor.as_deref()))
        .live(Some(plan.clone()), &[Topic::Notices]);
    let plan = StoredValue::new(plan);
    let row = move |notice: Notice| row(list, plan, &notice);
    let words = match shown.is_empty() {
        true => text::EMPTY,
        false => text::NONE_SHOWN,
    };
    view! {
        <ListView
            list
            columns=text::COLUMNS.to_vec()
            blank=move || empty(None, words)
            tile=shell::NOTICES
            row
        />
    }
    .into_any()
}

fn row(list: List<Notice>, plan: StoredValue<PlanId>, notice: &Notice) -> AnyView {
    let clock = expect_context::<ServerClock>();
    let now = Signal::derive(move || clock.now());
    let [_, what, tokens, decided, state, _] = text::COLUMNS;
    let id = list.row_id(notice);
    let name_id = unique_id("notice");
    let (client, toasts) = (expect_context::<Client>(), expect_context::<Toasts>());
    let again = matches!(notice.state, NoticeState::Sent | NoticeState::Failed).then(|| {
        let (act, row_id) = (Act::new(), id.clone());
        let (notice, busy) = (notice.id.clone(), act.busy);
        let press = move |()| {
            let call = api::send_again(client, &plan.get_value(), &notice);
            let row_id = row_id.clone();
            act.run(call, move |answer| match answer {
                Ok(queued) => {
                    toasts.say(text::queued_again(&queued.owner.name));
                    replace(list, &queued);
                    // The button goes with what the row said, and the focus with it.
                    focus_soon(row_id);
                }
                Err(error) => {
                    toasts.say(problems::words_of_call(&error, text::UNREACHED).what);
                    list.refresh();
                }
            });
        };
        let press = Callback::new(press);
        view! {
            <Button weight=Weight::Quiet busy on_press=press described_by=name_id.clone()>
                {text::SEND_AGAIN}
            </Button>
        }
    });
    view! {
        <tr id=id tabindex="-1">
            <th scope="row">
                <span class="token-name" id=name_id>{notice.owner.name.clone()}</span>
                <span class="small muted address">{notice.owner.email.clone()}</span>
            </th>
            <td data-label=what>{text::kind(notice.kind)}</td>
            <td class="count" data-label=tokens>{format::number(notice.tokens.into())}</td>
            <td data-label=decided>
                <RelativeTime at=notice.created_at now/>
            </td>
            <td data-label=state>{standing(notice, now)}</td>
            <td class="actions">{again}</td>
        </tr>
    }
    .into_any()
}

/// Puts a notice in the place of what was known of it.
fn replace(list: List<Notice>, with: &Notice) {
    let mut all = untrack(|| list.items().data()).unwrap_or_default();
    for notice in &mut all {
        if notice.id == with.id {
            notice.clone_from(with);
        }
    }
    list.items().set(all);
}

/// A word, an icon and a colour; since when or until when; and why.
fn standing(notice: &Notice, now: Signal<Timestamp>) -> AnyView {
    let (symbol, colour) = match notice.state {
        NoticeState::Queued => (Symbol::Clock, "amber"),
        NoticeState::Sent => (Symbol::Check, "green"),
        NoticeState::Failed => (Symbol::Alert, "red"),
        NoticeState::Suppressed => (Symbol::Minus, "gray"),
    };
    let at = notice.sent_at.or(notice.next_attempt_at);
    let tries = (notice.attempts > 0 && notice.state != NoticeState::Sent).then(
        || view! { <span class="small muted address">{text::attempts(notice.attempts)}</span> },
    );
    let reason = notice.reason.clone();
    let reason = reason.map(|why| view! { <span class="small muted address">{why}</span> });
    view! {
        <span class=format!("pill {colour}")>
            <Icon symbol/>
            {text::state(notice.state)}
        </span>
        " "
        {at.map(|at| view! { <RelativeTime at now/> })}
        {tries}
        {reason}
    }
    .into_any()
}
