//! A problem in place of what could not be shown or done: what happened, what to do, the reference.

use leptos::prelude::*;

use crate::{
    components::{
        button::Button,
        icon::{Icon, Symbol},
    },
    text::{self, problems::Words},
};

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
        view! { <Button busy on_press=retry><Icon symbol=Symbol::Retry />{text::common::TRY_AGAIN}</Button> }
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
