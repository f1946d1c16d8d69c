//! A problem in place of what could not be shown or done: what happened, what to do, the reference.

use core::cell::Cell;

use leptos::{
    prelude::*,
    task::{spawn_local, tick},
};

use crate::{
    components::{
        button::Button,
        icon::{Icon, Symbol},
    },
    form::{focus_soon, unique_id},
    text::{self, problems::Words},
};

thread_local! {
    /// The button that tries again had the focus in the problem that has just gone.
    static HAD_FOCUS: Cell<bool> = const { Cell::new(false) };
}

/// The element id of a button that tries again. Where another such problem comes in this one's place, because
/// that failed too, the focus stays on its button.
fn focus_kept() -> String {
    let id = unique_id("retry");
    if HAD_FOCUS.take() {
        focus_soon(id.clone());
    }
    let this = id.clone();
    on_cleanup(move || {
        let focused = document().active_element();
        if focused.is_some_and(|focused| focused.id() == this) {
            HAD_FOCUS.set(true);
            spawn_local(async {
                tick().await;
                HAD_FOCUS.set(false);
            });
        }
    });
    id
}

/// A problem in words.
#[component]
pub fn ProblemView(
    /// The words.
    words: Words,
    /// Tries again. Left out where a button nearby does.
    #[prop(optional)]
    retry: Option<Callback<()>>,
    /// Whether that is under way.
    #[prop(optional, into)]
    busy: Signal<bool>,
) -> impl IntoView {
    let Words {
        what,
        remedy,
        reference,
        passes,
    } = words;
    let (class, symbol) = if passes {
        ("problem passing", Symbol::Offline)
    } else {
        ("problem", Symbol::Alert)
    };
    let reference = reference.map(|reference| {
        view! { <p class="small muted mono">{text::common::reference(&reference)}</p> }
    });
    let retry = retry.map(|retry| {
        view! { <Button busy on_press=retry id=focus_kept()><Icon symbol=Symbol::Retry />{text::common::TRY_AGAIN}</Button> }
    });
    view! {
        <div class=class role="alert">
            <Icon symbol />
            <div>
                <p class="problem-what">{what}</p>
                <p>{remedy}</p>
                {reference}
            </div>
            {retry}
        </div>
    }
}
