//! The dialog that ends something for good, after saying what that does: a token, an app's access.
//!
//! Deliberately not here: what is ended, its words, and the call that ends it. The page brings them.

use std::sync::Arc;

use leptos::prelude::*;

use crate::reactive::{dynamic, effect};
use crate::{
    api::Call, components::confirm::Confirm, form::focus_soon, pages::act::Act,
    state::toasts::Toasts, text,
};

/// Something that a person is about to end.
#[derive(Clone)]
pub struct Ending {
    /// The question.
    pub title: String,
    /// What ends with it.
    pub about: String,
    /// Ends it, and gives what is said once it has ended.
    pub call: Arc<dyn Fn() -> Call<String> + Send + Sync>,
}

/// The dialog. It is open while the page names something to end.
#[component]
pub fn EndDialog(
    /// What is about to end.
    ending: RwSignal<Option<Ending>>,
    /// The button that ends it.
    action: &'static str,
    /// What to do when the server was not reached.
    unreached: &'static str,
    /// Called after each answer: what the page shows may be old.
    on_answer: Callback<()>,
    /// The id of the element that takes the focus: the opener goes with what has ended.
    focus_after: &'static str,
) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let open = RwSignal::new(false);
    let act = Act::new();
    effect(move || {
        if ending.with(Option::is_some) {
            act.trouble.set(None);
            open.set(true);
        }
    });
    effect(move || {
        if !open.get() {
            ending.set(None);
        }
    });
    let title = move || ending.with(|it| it.as_ref().map(|it| it.title.clone()));
    let about = move || ending.with(|it| it.as_ref().map(|it| it.about.clone()));
    let end = Callback::new(move |()| {
        let Some(asked) = ending.get_untracked() else {
            return;
        };
        act.run((asked.call)(), move |answer| {
            match answer {
                Ok(done) => {
                    open.set(false);
                    focus_soon(focus_after.to_owned());
                    toasts.say(done);
                }
                Err(error) => act.fail(error),
            }
            on_answer.run(());
        });
    });
    view! {
        <Confirm
            open
            title=Signal::derive(move || title().unwrap_or_default())
            action
            cancel=text::common::CANCEL
            busy=act.busy
            on_confirm=end
            focus_after
        >
            <p>{dynamic(about)}</p>
            {act.trouble(unreached)}
        </Confirm>
    }
}
