//! How the last try to change the policy went, said above the fields. A conflict has its own panel.

use leptos::prelude::*;

use super::desk::{Desk, OUTCOME_ID, Outcome, Wish};
use crate::reactive::dynamic;
use crate::{
    api::ApiError,
    components::{
        icon::{Icon, Symbol},
        problem_view::ProblemView,
    },
    format::{self, Detail, Zone},
    text::{
        self,
        problems::{self, Words},
    },
};

/// What is in force since when, or what went wrong and what to do.
#[component]
pub fn OutcomeNote(
    /// The tile's state.
    desk: Desk,
) -> impl IntoView {
    dynamic(move || match desk.outcome.get()? {
        Outcome::Done => Some(view! { <Done desk/> }.into_any()),
        Outcome::Failed(error) => Some(view! { <Failed error/> }.into_any()),
        Outcome::Unreached(_) => Some(view! { <Failed error=ApiError::Offline/> }.into_any()),
        Outcome::NotDone(wish) => Some(view! { <NotDone wish/> }.into_any()),
        Outcome::Conflict(..) => None,
    })
}

#[component]
fn Done(desk: Desk) -> impl IntoView {
    let words = untrack(|| desk.policy()).map(|policy| {
        let at = format::instant(policy.in_force_since, Detail::LongSecond, Zone::Viewer);
        policy.period.map_or_else(
            || text::policy::turned_off(&at),
            |period| text::policy::activated(&format::period(period), &at),
        )
    });
    view! {
        <div class="outcome" id=OUTCOME_ID tabindex="-1" role="status">
            <p class="note good">
                <Icon symbol=Symbol::Check/>
                <span>{words}</span>
            </p>
        </div>
    }
}

#[component]
fn Failed(error: ApiError) -> impl IntoView {
    let words = problems::words_of_call(&error, text::policy::UNREACHED);
    let words = Words {
        remedy: text::policy::kept(&words.remedy),
        ..words
    };
    view! {
        <div class="outcome" id=OUTCOME_ID tabindex="-1">
            <ProblemView words/>
        </div>
    }
}

#[component]
fn NotDone(wish: Wish) -> impl IntoView {
    let words = match wish {
        Wish::Typed => text::policy::NOT_ACTIVATED,
        Wish::Off => text::policy::NOT_TURNED_OFF,
    };
    view! {
        <div class="outcome" id=OUTCOME_ID tabindex="-1" role="status">
            <p class="note info">
                <Icon symbol=Symbol::Info/>
                <span>{words}</span>
            </p>
        </div>
    }
}
