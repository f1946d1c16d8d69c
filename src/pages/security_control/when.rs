//! *When*: at once, or from an instant on, at first the earliest at which everybody has had seven days.

use leptos::prelude::*;

use super::desk::Desk;
use crate::reactive::{dynamic, effect};
use crate::{
    components::{
        date_time::{self, DateTimeInput},
        field::Field,
    },
    form::unique_id,
    format, text,
};

/// The choice, and the field of the instant.
#[component]
pub fn When(
    /// The tile's state.
    desk: Desk,
) -> impl IntoView {
    let draft = desk.draft;
    let choose = move |later: bool| {
        draft.later.set(later);
        if later && draft.at.with_untracked(String::is_empty) {
            desk.take_proposal();
        }
    };
    // Whoever leaves the proposal as it is gets one that is right when they press Schedule. What they are asked
    // about, or what is being sent, stays.
    effect(move || {
        let at = desk.proposal.get();
        let is_held = desk.saving.get() || desk.question.open.get();
        let is_open = draft.later.get() && draft.is_proposed.get() && !is_held;
        if is_open
            && draft
                .at
                .with_untracked(|text| *text != date_time::local(at))
        {
            draft.propose(at);
        }
    });
    let name = unique_id("when");
    let option = |later: bool, label: &'static str| {
        let id = unique_id("when");
        view! {
            <div class="check">
                <input
                    type="radio"
                    name=name.clone()
                    id=id.clone()
                    prop:checked=move || draft.later.get() == later
                    on:change=move |_| choose(later)
                />
                <label for=id>{label}</label>
            </div>
        }
    };
    let field = move || {
        draft.later.get().then(|| {
            view! {
                <Field
                    id=draft.at_id()
                    label=text::schedule::AT
                    error=draft.instant_reason()
                    hint=text::schedule::LATER_ABOUT
                >
                    <DateTimeInput
                        value=draft.at
                        on_input=Callback::new(move |text| draft.pick(text))
                    />
                </Field>
                <p class="small muted">{dynamic(move || utc(&draft.at.get()))}</p>
            }
        })
    };
    view! {
        <fieldset class="when">
            <legend class="field-label">{text::schedule::WHEN}</legend>
            {option(false, text::schedule::NOW)}
            {option(true, text::schedule::LATER)}
            {dynamic(field)}
        </fieldset>
    }
}

/// The picked instant in UTC.
fn utc(text: &str) -> Option<String> {
    date_time::instant(text).map(format::utc)
}
