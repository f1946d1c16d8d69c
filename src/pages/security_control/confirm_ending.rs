//! Asks before Activate ends tokens: the number is stated, and wants to be typed.

use leptos::prelude::*;
use tenure_domain::time::Timestamp;

use super::{desk::Desk, scheduled::cancels};
use crate::reactive::dynamic;
use crate::{
    components::{
        button::{Button, Weight},
        confirm::CancelButton,
        dialog::Dialog,
        field::{Field, TextInput},
    },
    form::{focus, unique_id},
    format::{self, Detail, Zone},
    text,
};

/// What is asked. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Question {
    /// Whether it is being asked.
    pub open: RwSignal<bool>,
    /// How many tokens would end.
    pub number: RwSignal<u64>,
    /// From when on, where it is not at once.
    pub at: RwSignal<Option<Timestamp>>,
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
            at: RwSignal::new(None),
            has_grown: RwSignal::new(false),
        }
    }

    /// Asks about so many; where it is being asked already, the number has grown.
    pub fn ask(self, number: u64, at: Option<Timestamp>) {
        self.at.set(at);
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
    /// The tile's state.
    desk: Desk,
) -> impl IntoView {
    let Question { number, at, .. } = desk.question;
    let title =
        Signal::derive(move || text::impact::confirm_title(number.get(), on(at).as_deref()));
    view! {
        <Dialog open=desk.question.open title busy=desk.saving>
            // Another number is another question: nothing that was typed for the last one counts.
            {dynamic(move || typed(desk, number.get()))}
        </Dialog>
    }
}

/// The instant in words, where it is not at once. Tracked.
fn on(at: RwSignal<Option<Timestamp>>) -> Option<String> {
    let at = at.get()?;
    Some(format::instant(at, Detail::LongMinute, Zone::Viewer))
}

fn typed(desk: Desk, number: u64) -> AnyView {
    let (question, busy) = (desk.question, desk.saving);
    let is_later = question.at.with_untracked(Option::is_some);
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
            desk.confirmed();
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
                {dynamic(grown)} <p>{text::impact::confirm_about(number, is_later)}</p>
                {cancels(desk, true)}
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
                    {match is_later {
                        true => text::schedule::SCHEDULE,
                        false => text::impact::CONFIRM,
                    }}
                </Button>
                <CancelButton words=text::common::CANCEL/>
            </div>
        </form>
    }
    .into_any()
}
