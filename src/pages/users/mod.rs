//! Admin Center > Users: the people of a plan, and who of them may act in it.
//!
//! Deliberately not here: who may be deactivated, which the server decides, and people's other plans.

pub mod change;

use leptos::prelude::*;
use tenure_domain::{
    time::Timestamp,
    wire::{session::Membership, users::PlanUser},
};

use self::change::ChangeDialog;
use super::{
    list::{List, Listed},
    list_view::ListView,
};
use crate::{
    api::{Client, users as api},
    components::{
        button::{Button, Weight},
        empty::empty,
        heading::page_head,
        icon::{Icon, Symbol},
        relative_time::{Day, RelativeTime},
    },
    form::unique_id,
    format,
    state::clock::ServerClock,
    text::{shell, users},
};

/// The line that takes the focus when a row with the focus is gone.
const ABOUT_ID: &str = "about-users";

/// What the parts of this page share. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Desk {
    plan: StoredValue<Membership>,
    people: List<PlanUser>,
    /// Who is about to be deactivated or reactivated.
    changing: RwSignal<Option<PlanUser>>,
}

impl Desk {
    /// Puts somebody in place as the server says that they stand now.
    fn put(self, user: &PlanUser) {
        let people = untrack(|| self.people.items().data());
        let people = people.unwrap_or_default().into_iter();
        let people = people.map(|it| if it.id == user.id { user.clone() } else { it });
        self.people.items().set(people.collect());
    }
}

impl Listed for PlanUser {
    fn id(&self) -> String {
        self.id.0.clone()
    }

    fn shown(&self) -> String {
        let since = self.deactivated_at.map_or(-1, Timestamp::as_millis);
        let (id, role, tokens) = (&self.id, self.role.as_str(), self.working_tokens);
        format!("{id} {role} {tokens} {since}")
    }
}

/// The page of one plan, for its System Admins.
#[component]
pub fn Users(
    /// The plan, and the person's place in it.
    plan: Membership,
) -> impl IntoView {
    let client = expect_context::<Client>();
    let id = plan.id.clone();
    let people = List::new(move |cursor| api::list(client, &id, cursor.as_deref()));
    let about = users::about(&plan.name);
    let desk = Desk {
        plan: StoredValue::new(plan),
        people,
        changing: RwSignal::new(None),
    };
    let row = move |user: PlanUser| {
        let id = people.row_id(&user);
        view! { <Row desk user id/> }
    };
    view! {
        {page_head(shell::USERS, about, Some(ABOUT_ID))}
        <div class="people">
            <ListView
                list=people
                columns=users::COLUMNS.to_vec()
                blank=|| empty(None, users::EMPTY)
                tile=shell::USERS
                row
            />
        </div>
        <ChangeDialog desk/>
    }
}

#[component]
fn Row(desk: Desk, user: PlanUser, id: String) -> impl IntoView {
    let name_id = unique_id("person");
    let action = if user.deactivated_at.is_none() {
        users::DEACTIVATE
    } else {
        users::REACTIVATE
    };
    let [_, role, since, tokens, status, _] = users::COLUMNS;
    let standing = standing(&user);
    let change = {
        let user = user.clone();
        Callback::new(move |()| desk.changing.set(Some(user.clone())))
    };
    view! {
        <tr id=id tabindex="-1">
            <th scope="row">
                <span class="token-name" id=name_id.clone()>{user.name}</span>
                <span class="small muted address">{user.email}</span>
            </th>
            <td data-label=role>{shell::role(user.role)}</td>
            <td data-label=since>
                <Day at=user.joined_at/>
            </td>
            <td class="count" data-label=tokens>{format::number(user.working_tokens.into())}</td>
            <td data-label=status>{standing}</td>
            <td class="actions">
                <Button weight=Weight::Quiet on_press=change described_by=name_id>
                    {action}
                </Button>
            </td>
        </tr>
    }
}

/// Active, or deactivated since when and by whom.
fn standing(user: &PlanUser) -> AnyView {
    let clock = expect_context::<ServerClock>();
    let Some(at) = user.deactivated_at else {
        return view! {
            <span class="pill green">
                <Icon symbol=Symbol::Check/>
                {users::ACTIVE}
            </span>
        }
        .into_any();
    };
    let by = user.deactivated_by.as_ref();
    let by = by.map(|by| view! { <span class="small muted address">{users::by(&by.name)}</span> });
    view! {
        <span class="pill">
            <Icon symbol=Symbol::Revoke/>
            {users::DEACTIVATED}
        </span>
        " "
        <RelativeTime at now=Signal::derive(move || clock.now())/>
        {by}
    }
    .into_any()
}
