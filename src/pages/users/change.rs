//! The dialog that deactivates or reactivates somebody, or changes their role, after saying what that does and
//! what it does not.

use leptos::prelude::*;
use tenure_domain::wire::users::{Deactivation, PlanUser};

use super::{
    ABOUT_ID,
    desk::{Desk, Task},
};
use crate::reactive::{dynamic, effect};
use crate::{
    api::{ApiError, Call, Client, users as api},
    components::{
        button::{Button, Weight},
        confirm::CancelButton,
        dialog::Dialog,
        problem_view::ProblemView,
    },
    form::focus_soon,
    pages::{act::Act, remote_view::RemoteView},
    state::{remote::Remote, toasts::Toasts},
    text::{self, users},
};

/// The state of the dialog. Cheap to copy.
#[derive(Clone, Copy)]
struct Change {
    desk: Desk,
    client: Client,
    toasts: Toasts,
    open: RwSignal<bool>,
    act: Act,
}

impl Change {
    fn send(self, task: &Task) {
        let call = change(self.client, self.desk, task);
        self.act.run(call, move |answer| self.take(answer));
    }

    fn take(self, answer: Result<(PlanUser, String), ApiError>) {
        match answer {
            Ok((user, words)) => {
                let row = self.desk.people.row_id(&user);
                self.desk.put(&user);
                self.open.set(false);
                // The row is made anew, and the button that opened the dialog with it.
                focus_soon(row);
                self.toasts.say(words);
                self.desk.follow(self.client, &user);
            }
            Err(error) => {
                if error.kind().is_some() {
                    self.desk.people.refresh();
                }
                self.act.fail(error);
            }
        }
    }
}

/// Changes the role, or else deactivates whoever is active, and reactivates whoever is not. Answers how they
/// stand now, and what was done in words.
fn change(client: Client, desk: Desk, task: &Task) -> Call<(PlanUser, String)> {
    let plan = desk.plan.get_value().id;
    let id = &task.user.id;
    if let Some(role) = task.role {
        return api::change_role(client, &plan, id, role).map(move |user| {
            let words = users::role_changed(&user.name, role);
            (user, words)
        });
    }
    if task.user.deactivated_at.is_some() {
        return api::reactivate(client, &plan, id).map(|user| {
            let words = users::reactivated(&user.name);
            (user, words)
        });
    }
    api::deactivate(client, &plan, id).map(|ended| {
        let words = users::deactivated(&ended);
        (ended.user, words)
    })
}

/// The dialog. It is open while the page names somebody to change.
#[component]
pub fn ChangeDialog(
    /// The page's state.
    desk: Desk,
) -> impl IntoView {
    let change = Change {
        desk,
        client: expect_context(),
        toasts: expect_context(),
        open: RwSignal::new(false),
        act: Act::new(),
    };
    effect(move || {
        if desk.changing.with(Option::is_some) {
            change.act.trouble.set(None);
            change.open.set(true);
        }
    });
    effect(move || {
        if !change.open.get() {
            desk.changing.set(None);
        }
    });
    let title = Signal::derive(move || {
        desk.changing
            .with(|task| task.as_ref().map_or_else(String::new, title))
    });
    view! {
        <Dialog open=change.open title busy=change.act.busy focus_after=ABOUT_ID>
            {match desk.changing.get_untracked() {
                Some(task) if task.role.is_none() && task.user.deactivated_at.is_none() => {
                    view! { <Preview change task/> }.into_any()
                }
                Some(task) => plainly(change, task),
                None => ().into_any(),
            }}
        </Dialog>
    }
}

fn title(task: &Task) -> String {
    let name = &task.user.name;
    match task.role {
        Some(role) => users::role_title(name, role),
        None if task.user.deactivated_at.is_some() => users::reactivate_title(name),
        None => users::deactivate_title(name),
    }
}

/// What deactivating ends, fetched before it can be done.
#[component]
fn Preview(change: Change, task: Task) -> impl IntoView {
    let Change { desk, client, .. } = change;
    let plan = desk.plan.get_value();
    let (id, name) = (task.user.id.clone(), task.user.name.clone());
    let preview = Remote::new(move || api::preview(client, &desk.plan.get_value().id, &id));
    let for_good = users::for_good(&name, &plan.name);
    let show = move |ends: &Deactivation| {
        view! {
            {ending(ends, &plan.name)}
            <p>{for_good.clone()}</p>
        }
    };
    let act = Callback::new(move |()| change.send(&task));
    let button = dynamic(move || {
        let ends = preview.data()?;
        let action = users::deactivate_action(ends.tokens, count(ends.clients.len()));
        Some(
            view! { <Button weight=Weight::Danger busy=change.act.busy on_press=act>{action}</Button> },
        )
    });
    view! {
        <div class="dialog-body">
            <RemoteView remote=preview lines=3 children=show/>
            {trouble(change)}
        </div>
        <div class="dialog-foot">
            {button}
            <CancelButton words=text::common::CANCEL/>
        </div>
    }
}

/// By number and name, what stops working and who loses access.
fn ending(ends: &Deactivation, plan: &str) -> AnyView {
    let name = &ends.user.name;
    let apps = count(ends.clients.len());
    if ends.tokens == 0 && apps == 0 && ends.invitations == 0 {
        return view! { <p>{users::ends_nothing(name, plan)}</p> }.into_any();
    }
    let app_names: Vec<_> = ends.clients.iter().map(|it| it.name.clone()).collect();
    view! {
        <p>{users::ends(name, plan)}</p>
        {part(users::tokens_stop(ends.tokens), ends.tokens, &ends.token_names)}
        {part(users::apps_lose(apps), apps, &app_names)}
        {part(users::invitations_end(ends.invitations), ends.invitations, &[])}
    }
    .into_any()
}

/// One line in bold, and the names under it, if there are. Nothing, where there is nothing of it.
fn part(words: String, count: u32, names: &[String]) -> Option<AnyView> {
    if count == 0 {
        return None;
    }
    let list = (!names.is_empty()).then(|| {
        let more = count.saturating_sub(self::count(names.len()));
        let more = (more > 0).then(|| users::and_more(more));
        let names = names.iter().cloned().chain(more);
        let names = names.map(|name| view! { <li>{name}</li> }).collect_view();
        view! { <ul class="names">{names}</ul> }
    });
    Some(
        view! {
            <div>
                <p class="strong">{words}</p>
                {list}
            </div>
        }
        .into_any(),
    )
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// What it does needs no look at the server.
fn plainly(change: Change, task: Task) -> AnyView {
    let plan = change.desk.plan.get_value().name;
    let name = &task.user.name;
    let (about, action) = match task.role {
        Some(role) => (
            users::role_about(name, &plan, role),
            users::role_action(role),
        ),
        None => (users::reactivate_about(name, &plan), users::REACTIVATE),
    };
    let act = Callback::new(move |()| change.send(&task));
    view! {
        <div class="dialog-body">
            <p>{about}</p>
            {trouble(change)}
        </div>
        <div class="dialog-foot">
            <Button weight=Weight::Primary busy=change.act.busy on_press=act>
                {action}
            </Button>
            <CancelButton words=text::common::CANCEL/>
        </div>
    }
    .into_any()
}

/// Why it could not be done.
fn trouble(change: Change) -> AnyView {
    dynamic(move || {
        let words = users::not_changed(&change.act.trouble.get()?);
        Some(view! { <ProblemView words/> })
    })
}
