//! Admin Center > Notices: the mails about a plan's tokens, and what became of each.
//!
//! The state that is shown stands in the address. Deliberately not here: what a mail says.

use leptos::prelude::*;
use tenure_domain::{
    id::PlanId,
    notice::NoticeState,
    time::Timestamp,
    wire::{notices::Notice, session::Membership},
};

use super::{
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
    form::unique_id,
    format,
    reactive::{dynamic, memo},
    route::Route,
    router::Router,
    state::{clock::ServerClock, toasts::Toasts},
    text::{notices as text, problems, shell},
};

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
    let state = memo(move || {
        let query = router.address().query;
        let named = query.strip_prefix("?state=").unwrap_or_default();
        NoticeState::ALL
            .into_iter()
            .find(|state| state.as_str() == named)
    });
    let id = StoredValue::new(plan.id);
    let choose = move |chosen: String| {
        let page = Route::Notices(id.get_value()).path();
        router.replace(&match chosen.as_str() {
            "" => page,
            state => format!("{page}?state={state}"),
        });
    };
    let options = NoticeState::ALL.map(|it| (it.as_str().to_owned(), text::state(it).to_owned()));
    let options: Vec<_> = [(String::new(), text::ALL.to_owned())]
        .into_iter()
        .chain(options)
        .collect();
    view! {
        <div class="head">
            <div>
                <PageHeading title=shell::NOTICES.to_owned()/>
                <p class="muted" id=ABOUT_ID tabindex="-1">{text::about(&plan.name)}</p>
            </div>
            <Field id=unique_id("show") label=text::SHOW error=Signal::derive(|| None)>
                <Select
                    value=Signal::derive(move || {
                        state.get().map_or("", NoticeState::as_str).to_owned()
                    })
                    on_change=Callback::new(choose)
                    options
                />
            </Field>
        </div>
        <div class="people">{dynamic(move || listing(id.get_value(), state.get()))}</div>
    }
}

/// The notices of a plan in this state, or all of them.
fn listing(plan: PlanId, state: Option<NoticeState>) -> AnyView {
    let client = expect_context::<Client>();
    let id = plan.clone();
    let list = List::new(move |cursor| api::list(client, &id, state, cursor.as_deref()));
    let plan = StoredValue::new(plan);
    let row = move |notice: Notice| row(list, plan, &notice);
    let words = if state.is_some() {
        text::NONE_OF_STATE
    } else {
        text::EMPTY
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
        let (notice, busy) = (notice.id.clone(), RwSignal::new(false));
        let press = move |()| {
            let call = api::send_again(client, &plan.get_value(), &notice);
            busy.set(true);
            call.then(move |answer| {
                toasts.say(match answer {
                    Ok(_queued) => text::QUEUED_AGAIN.to_owned(),
                    Err(error) => problems::words_of_call(&error, text::UNREACHED).what,
                });
                // The row may be gone by now, and the list with it.
                if busy.try_set(false).is_none() {
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
