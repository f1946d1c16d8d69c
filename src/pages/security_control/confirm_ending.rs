//! Asks before Activate ends tokens: the number is stated, and wants to be typed.

use leptos::prelude::*;

use crate::reactive::dynamic;
use crate::{
    components::{
        button::{Button, Weight},
        confirm::CancelButton,
        dialog::Dialog,
        field::{Field, TextInput},
    },
    form::{focus, unique_id},
    text,
};

/// What is asked. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Question {
    /// Whether it is being asked.
    pub open: RwSignal<bool>,
    /// How many tokens would end.
    pub number: RwSignal<u64>,
    /// There were fewer when it was asked before.
    pub has_grown: RwSignal<bool>,
}

impl Question {
    /// Nothing is asked yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            open: RwSignal::new(false),
            number: RwSignal::new(0),
            has_grown: RwSignal::new(false),
        }
    }

    /// Asks about so many; where it is being asked already, the number has grown.
    pub fn ask(self, number: u64) {
        self.has_grown.set(self.open.get_untracked());
        self.number.set(number);
        self.open.set(true);
    }
}

impl Default for Question {
    fn default() -> Self {
        Self::new()
    }
}

/// The dialog.
#[component]
pub fn ConfirmEnding(
    /// What is asked.
    question: Question,
    /// It is being done.
    #[prop(into)]
    busy: Signal<bool>,
    /// Does it.
    on_confirm: Callback<()>,
) -> impl IntoView {
    let number = question.number;
    let title = Signal::derive(move || text::impact::confirm_title(number.get()));
    view! {
        <Dialog open=question.open title busy>
            // Another number is another question: nothing that was typed for the last one counts.
            {dynamic(move || typed(question, number.get(), busy, on_confirm))}
        </Dialog>
    }
}

fn typed(question: Question, number: u64, busy: Signal<bool>, on_confirm: Callback<()>) -> AnyView {
    let id = unique_id("ending");
    let input = id.clone();
    let text = RwSignal::new(String::new());
    let tried = RwSignal::new(false);
    let is_right = move || text.with(|text| text.trim().replace(',', "") == number.to_string());
    let error = move || (tried.get() && !is_right()).then(|| text::impact::confirm_wrong(number));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        if !untrack(is_right) {
            focus(&input);
        } else if !busy.get_untracked() {
            on_confirm.run(());
        }
    };
    let grown = move || {
        let words = text::impact::confirm_grown(number);
        question
            .has_grown
            .get()
            .then(|| view! { <p class="note" role="alert">{words}</p> })
    };
    let label: &'static str = text::impact::CONFIRM_LABEL;
    view! {
        <form novalidate on:submit=submit>
            <div class="dialog-body">
                {dynamic(grown)} <p>{text::impact::confirm_about(number)}</p>
                <Field id label error=Signal::derive(error) hint=text::impact::confirm_hint(number)>
                    <TextInput
                        value=text.into()
                        on_input=Callback::new(move |typed| text.set(typed))
                        verbatim=true
                    />
                </Field>
            </div>
            <div class="dialog-foot">
                <Button weight=Weight::Danger busy>
                    {text::impact::CONFIRM}
                </Button>
                <CancelButton words=text::common::CANCEL/>
            </div>
        </form>
    }
    .into_any()
}
