//! Those who are invited and have not answered: how each invitation stands, sending it again, taking it back.

use std::sync::Arc;

use leptos::prelude::*;
use tenure_domain::{notice::NoticeState, time::Timestamp, wire::invitations::Invitation};

use super::{ABOUT_ID, desk::Desk};
use crate::{
    api::{Client, invitations as api},
    components::{
        button::{Button, Weight},
        empty::empty,
        icon::{Icon, Symbol},
        relative_time::RelativeTime,
    },
    form::unique_id,
    pages::{
        act::Act,
        ending::{EndDialog, Ending},
        list::Listed,
        list_view::ListView,
    },
    reactive::{dynamic, memo},
    state::{clock::ServerClock, toasts::Toasts},
    text::{invitations as words, problems, shell, users},
};

impl Listed for Invitation {
    fn id(&self) -> String {
        self.id.0.clone()
    }

    fn shown(&self) -> String {
        let until = self.expires_at.as_millis();
        let (id, mail) = (&self.id, self.mail.state.as_str());
        format!("{id} {until} {mail}")
    }
}

/// The list. Where there is nobody, it says `nobody`, or nothing where it does not stand alone.
pub fn invited(desk: Desk, nobody: Option<&'static str>) -> AnyView {
    let client = expect_context::<Client>();
    let withdrawing = RwSignal::new(None::<Ending>);
    let row = move |invitation: Invitation| row(desk, client, withdrawing, &invitation);
    let blank = move || nobody.map(|words| empty(None, words));
    view! {
        <ListView
            list=desk.invited
            lines=2
            columns=words::COLUMNS.to_vec()
            blank
            tile=words::INVITED
            row
        />
        <EndDialog
            ending=withdrawing
            action=words::WITHDRAW
            unreached=words::UNREACHED
            on_answer=Callback::new(move |()| desk.invited.refresh())
            focus_after=ABOUT_ID
        />
    }
    .into_any()
}

fn row(
    desk: Desk,
    client: Client,
    withdrawing: RwSignal<Option<Ending>>,
    invitation: &Invitation,
) -> AnyView {
    let clock = expect_context::<ServerClock>();
    let now = Signal::derive(move || clock.now());
    let [_, role, since, standing_label, _] = words::COLUMNS;
    let (id, name_id) = (desk.invited.row_id(invitation), unique_id("invited"));
    let standing = standing(invitation, now);
    let withdraw = {
        let invitation = invitation.clone();
        move |()| withdrawing.set(Some(ending(desk, client, &invitation)))
    };
    let email = invitation.email.clone();
    let named = invitation.name.is_some();
    let name = invitation.name.clone().unwrap_or_else(|| email.clone());
    view! {
        <tr id=id tabindex="-1">
            <th scope="row">
                <span class="token-name" id=name_id.clone()>{name}</span>
                {named.then(|| view! { <span class="small muted address">{email}</span> })}
            </th>
            <td data-label=role>{shell::role(invitation.role)}</td>
            <td data-label=since>
                <RelativeTime at=invitation.created_at now/>
                <span class="small muted address">{users::by(&invitation.invited_by.name)}</span>
            </td>
            <td data-label=standing_label>{standing}</td>
            <td class="actions">
                <div class="several">
                    {again(desk, client, invitation, name_id.clone())}
                    <Button weight=Weight::Quiet on_press=Callback::new(withdraw) described_by=name_id>
                        {words::WITHDRAW}
                    </Button>
                </div>
            </td>
        </tr>
    }
    .into_any()
}

fn again(desk: Desk, client: Client, invitation: &Invitation, name_id: String) -> AnyView {
    let toasts = expect_context::<Toasts>();
    let (id, act) = (invitation.id.clone(), Act::new());
    let press = move |()| {
        let call = api::send_again(client, &desk.plan.get_value().id, &id);
        act.run(call, move |answer| {
            toasts.say(match answer {
                Ok(sent) => words::sent(&sent.email),
                Err(error) => problems::words_of_call(&error, words::UNREACHED).what,
            });
            desk.invited.refresh();
        });
    };
    view! {
        <Button weight=Weight::Quiet busy=act.busy on_press=Callback::new(press) described_by=name_id>
            {words::SEND_AGAIN}
        </Button>
    }
    .into_any()
}

fn ending(desk: Desk, client: Client, invitation: &Invitation) -> Ending {
    let (id, email) = (invitation.id.clone(), &invitation.email);
    let done = words::withdrawn(email);
    Ending {
        title: words::withdraw_title(email),
        about: words::withdraw_about(email),
        call: Arc::new(move || {
            let done = done.clone();
            api::withdraw(client, &desk.plan.get_value().id, &id).map(|()| done)
        }),
    }
}

/// How it stands, which its end changes.
fn standing(invitation: &Invitation, now: Signal<Timestamp>) -> AnyView {
    let invitation = invitation.clone();
    let at = invitation.expires_at;
    let over = memo(move || now.get() >= at);
    dynamic(move || match over.get() {
        true => expired(at, now),
        false => waiting(&invitation, now),
    })
}

fn expired(at: Timestamp, now: Signal<Timestamp>) -> AnyView {
    view! {
        <span class="pill gray">
            <Icon symbol=Symbol::Minus/>
            {words::EXPIRED}
        </span>
        " "
        <RelativeTime at now/>
    }
    .into_any()
}

/// A word, an icon and a colour; why a mail failed; and until when the link works.
fn waiting(invitation: &Invitation, now: Signal<Timestamp>) -> AnyView {
    let at = invitation.expires_at;
    let state = invitation.mail.state;
    let (symbol, colour) = match state {
        NoticeState::Queued => (Symbol::Clock, "amber"),
        NoticeState::Sent => (Symbol::Check, "green"),
        NoticeState::Failed => (Symbol::Alert, "red"),
        NoticeState::Suppressed => (Symbol::Minus, "gray"),
    };
    let why = invitation.mail.reason.clone();
    let why = why.map(|why| view! { <span class="small muted address">{why}</span> });
    view! {
        <span class=format!("pill {colour}")>
            <Icon symbol/>
            {words::mail(state)}
        </span>
        " "
        {words::EXPIRES}
        " "
        <RelativeTime at now/>
        {why}
    }
    .into_any()
}
