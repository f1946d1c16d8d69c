//! The dialog that registers and changes clients, rotates their secrets, defines scopes and words them
//! anew. What it asks is in `questions`; what is to be copied from its answer, in `secret`.

use leptos::prelude::*;

use super::{
    desk::{CLIENTS_ID, Desk, Task},
    questions::Questions,
    secret::Made,
};
use crate::{
    components::dialog::{Dialog, LeaveGuard},
    reactive::dynamic,
    text::oauth_clients as words,
};

/// The dialog.
#[component]
pub fn TaskDialog(
    /// The page's state.
    desk: Desk,
) -> impl IntoView {
    let has_secret = move || {
        desk.made.with(|made| {
            made.as_ref()
                .is_some_and(|made| made.client_secret.is_some())
        })
    };
    let guard = LeaveGuard {
        active: Signal::derive(move || has_secret() && !desk.copied.get()),
        question: words::LEAVE,
        stay: words::LEAVE_STAY,
        leave: words::LEAVE_GO,
    };
    let title = Signal::derive(move || title(desk));
    view! {
        <Dialog open=desk.open title guard busy=desk.act.busy focus_after=CLIENTS_ID>
            {dynamic(move || match desk.made.get() {
                Some(made) => view! { <Made desk made /> }.into_any(),
                None => view! { <Questions desk task=desk.task.get() /> }.into_any(),
            })}
        </Dialog>
    }
}

fn title(desk: Desk) -> String {
    if let Some(made) = desk.made.get() {
        let name = &made.client_name;
        return match made.client_secret {
            Some(_) => words::secret_title(name),
            None => words::registered_title(name),
        };
    }
    desk.task.with(|task| match task {
        Task::Register => words::REGISTER.to_owned(),
        Task::Edit(client) => words::edit_title(&client.client_name),
        Task::Rotate(client) => words::rotate_title(&client.client_name),
        Task::Define => words::DEFINE.to_owned(),
        Task::Reword(scope) => words::reword_title(&scope.name),
    })
}
