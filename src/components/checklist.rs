//! A group of boxes to check: any number of a few things, each with a sentence that says what it is.

use leptos::prelude::*;

use crate::components::field::Reason;
use crate::form::unique_id;

/// Something to check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Its name, which is the box's accessible name.
    pub name: String,
    /// What it is.
    pub sentence: String,
}

/// The group. It can take the focus where something is wrong with the choice as a whole.
#[component]
pub fn Checklist(
    /// The group's element id, from [`Form::input_id`](crate::form::Form::input_id).
    id: String,
    /// The accessible name.
    label: &'static str,
    /// What is wrong, in words.
    #[prop(into)]
    error: Signal<Option<String>>,
    /// What there is to choose from.
    choices: Vec<Choice>,
    /// The names that are checked.
    chosen: Signal<Vec<String>>,
    /// Takes a name, and whether it shall be checked.
    on_change: Callback<(String, bool)>,
) -> impl IntoView {
    let boxes = choices
        .into_iter()
        .map(|choice| view! { <CheckBox choice chosen on_change /> });
    let reason_of = id.clone();
    view! {
        <fieldset class="checklist" id=id tabindex="-1">
            <legend class="field-label">{label}</legend>
            {boxes.collect_view()}
            <Reason field=reason_of error />
        </fieldset>
    }
}

#[component]
fn CheckBox(
    choice: Choice,
    chosen: Signal<Vec<String>>,
    on_change: Callback<(String, bool)>,
) -> impl IntoView {
    let Choice { name, sentence } = choice;
    let id = unique_id("check");
    let sentence_id = format!("{id}-hint");
    let (this, wanted) = (name.clone(), name.clone());
    view! {
        <div class="check">
            <input
                type="checkbox"
                id=id.clone()
                aria-describedby=sentence_id.clone()
                prop:checked=move || chosen.with(|chosen| chosen.contains(&this))
                on:change=move |event| on_change.run((wanted.clone(), event_target_checked(&event)))
            />
            <div>
                <label class="mono" for=id>{name}</label>
                <p class="field-hint" id=sentence_id>{sentence}</p>
            </div>
        </div>
    }
}
