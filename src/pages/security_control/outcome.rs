//! How the last try to change the policy went, said above the fields. A conflict has its own panel.

use leptos::prelude::*;
use tenure_domain::wire::policies::ExpirationPolicy;

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
        Outcome::Done(wish) => Some(view! { <Done desk wish/> }.into_any()),
        Outcome::Failed(error) => Some(view! { <Failed error/> }.into_any()),
        Outcome::Unreached(_) => Some(view! { <Failed error=ApiError::Offline/> }.into_any()),
        Outcome::NotDone(wish) => Some(view! { <NotDone wish/> }.into_any()),
        Outcome::Conflict(..) => None,
    })
}

#[component]
fn Done(desk: Desk, wish: Wish) -> impl IntoView {
    let words = untrack(|| desk.policy()).map(|policy| done(&policy, wish));
    view! {
        <div class="outcome" id=OUTCOME_ID tabindex="-1" role="status">
            <p class="note good">
                <Icon symbol=Symbol::Check/>
                <span>{words}</span>
            </p>
        </div>
    }
}

fn done(policy: &ExpirationPolicy, wish: Wish) -> String {
    let exact = |at| format::instant(at, Detail::LongSecond, Zone::Viewer);
    let at = exact(policy.in_force_since);
    match (wish, &policy.scheduled) {
        (Wish::Unscheduled, _) => text::schedule::CANCELLED.to_owned(),
        (_, Some(next)) => text::schedule::done(&exact(next.effective_at), next.terms()),
        _ if policy.terms().is_off() => text::policy::turned_off(&at),
        _ => text::policy::activated(policy.terms(), &at),
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
        Wish::Unscheduled => text::schedule::NOT_CANCELLED,
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
