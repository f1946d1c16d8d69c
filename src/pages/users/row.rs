//! One person: what they are, when they were seen, how they stand, and what can be done about it.

use leptos::prelude::*;
use tenure_domain::{
    membership::{Change, may_change},
    plan::Role,
    time::Timestamp,
    wire::users::PlanUser,
};

use super::desk::{Desk, Task};
use crate::{
    components::{
        button::{Button, Weight},
        field::{Field, Select},
        icon::{Icon, Symbol},
        relative_time::{Day, RelativeTime},
    },
    form::unique_id,
    format,
    pages::tokens::of_owner,
    state::clock::ServerClock,
    text::{shell, users},
};

/// A row of the list.
pub fn row(desk: Desk, user: PlanUser) -> AnyView {
    let clock = expect_context::<ServerClock>();
    let now = Signal::derive(move || clock.now());
    let (id, name_id) = (desk.people.row_id(&user), unique_id("person"));
    let [_, role_label, seen_label, tokens, status, _] = users::COLUMNS;
    let seen = match user.last_seen_at {
        Some(at) => view! { <RelativeTime at now/> }.into_any(),
        None => users::NEVER_SEEN.into_any(),
    };
    let (role, standing) = (role(desk, &user, &name_id), standing(&user, now));
    let theirs = desk
        .plan
        .with_value(|plan| of_owner(plan.id.clone(), &user.id));
    let action = action(desk, &user, name_id.clone());
    view! {
        <tr id=id tabindex="-1">
            <th scope="row">
                <span class="token-name" id=name_id>{user.name}</span>
                <span class="small muted address">{user.email}</span>
            </th>
            <td data-label=role_label>
                {role}
                <span class="small muted">
                    {users::SINCE} " "
                    <Day at=user.joined_at/>
                </span>
            </td>
            <td data-label=seen_label>{seen}</td>
            <td class="count" data-label=tokens>
                <a href=theirs>{format::number(user.working_tokens.into())}</a>
            </td>
            <td data-label=status>{standing}</td>
            <td class="actions">{action}</td>
        </tr>
    }
    .into_any()
}

/// What somebody is, to be chosen anew where the rule allows it. Choosing asks first; until that is answered the
/// choice shows what is asked, and then what is.
fn role(desk: Desk, user: &PlanUser, name_id: &str) -> AnyView {
    let other = match user.role {
        Role::SystemAdmin => Role::Member,
        Role::Member => Role::SystemAdmin,
    };
    let is_own = desk.is_own(user);
    if user.deactivated_at.is_some()
        || may_change(user.place(), Change::Role(other), is_own).is_err()
    {
        return shell::role(user.role).into_any();
    }
    let (id, now) = (user.id.clone(), user.role);
    let chosen = Signal::derive(move || {
        let asked = desk.changing.with(|task| {
            let task = task.as_ref().filter(|task| task.user.id == id);
            task.and_then(|task| task.role)
        });
        asked.unwrap_or(now).as_str().to_owned()
    });
    let choose = {
        let user = user.clone();
        Callback::new(move |chosen: String| {
            let role = Role::ALL.into_iter().find(|role| role.as_str() == chosen);
            let role = role.filter(|role| *role != now);
            let user = user.clone();
            desk.changing.set(role.map(|role| Task {
                user,
                role: Some(role),
            }));
        })
    };
    let roles = Role::ALL.map(|role| (role.as_str().to_owned(), shell::role(role).to_owned()));
    view! {
        <Field
            id=unique_id("role")
            label=users::COLUMNS[1]
            error=Signal::stored(None)
            in_sentence=true
            described_by=name_id.to_owned()
        >
            <Select value=chosen on_change=choose options=roles.to_vec()/>
        </Field>
    }
    .into_any()
}

/// Deactivates or reactivates, where the rule allows it.
fn action(desk: Desk, user: &PlanUser, name_id: String) -> AnyView {
    let words = match user.deactivated_at {
        None => users::DEACTIVATE,
        Some(_) => users::REACTIVATE,
    };
    let allowed = may_change(user.place(), Change::Deactivation, desk.is_own(user));
    if user.deactivated_at.is_none() && allowed.is_err() {
        let why = match user.others_administer {
            true => users::YOU,
            false => users::LAST_ADMIN,
        };
        return view! { <span class="small muted">{why}</span> }.into_any();
    }
    let user = user.clone();
    let press = move |()| {
        let user = user.clone();
        desk.changing.set(Some(Task { user, role: None }));
    };
    view! {
        <Button weight=Weight::Quiet on_press=Callback::new(press) described_by=name_id>
            {words}
        </Button>
    }
    .into_any()
}

/// Active, or deactivated since when and by whom.
fn standing(user: &PlanUser, now: Signal<Timestamp>) -> AnyView {
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
        <RelativeTime at now/>
        {by}
    }
    .into_any()
}
