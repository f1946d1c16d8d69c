//! Account > Check a token: paste a token, or what is known of it, and read how it stands and what to do.
//!
//! What is pasted is in this page's memory alone. It travels in a request's body, and goes with the page.

pub mod answer;

use leptos::prelude::*;
use tenure_domain::{
    problem::FieldError,
    time::Timestamp,
    wire::{
        checks::{self, Checked},
        session::Membership,
    },
};

use self::answer::AnswerView;
use crate::reactive::dynamic;
use crate::{
    api::{self, ApiError, Client},
    components::{
        button::{Button, Weight},
        field::{Field, TextInput},
        heading::page_head,
    },
    form::{Draft, Form, focus_soon},
    pages::act::Act,
    state::clock::ServerClock,
    text::{self, shell},
};

/// The heading of the answer, which takes the focus when it has come.
const ANSWER_ID: &str = "answer";

/// What is pasted, as it is typed.
#[derive(Clone, Default, PartialEq, Eq)]
struct CheckDraft {
    text: String,
}

impl CheckDraft {
    const TEXT: &'static str = "/text";
}

impl Draft for CheckDraft {
    type Value = String;
    const FIELDS: &'static [&'static str] = &[Self::TEXT];

    fn parse(&self) -> Result<String, Vec<FieldError>> {
        let text = self.text.clone();
        let asked = checks::CheckToken { text };
        let text = asked.parse().map_err(|error| vec![error])?;
        Ok(text.to_owned())
    }
}

/// What the server said, and what it takes to word it. It holds nothing of what was pasted.
#[derive(Clone)]
pub struct Answer {
    checked: Checked,
    /// When it was true.
    at: Timestamp,
}

/// The page's state. Cheap to copy.
#[derive(Clone, Copy)]
struct Desk {
    plan: StoredValue<Membership>,
    form: Form<CheckDraft>,
    act: Act,
    answer: RwSignal<Option<Answer>>,
}

impl Desk {
    fn send(self, client: Client, clock: ServerClock) {
        if self.act.busy.get_untracked() {
            return;
        }
        let Some(text) = self.form.submit() else {
            return;
        };
        let asked = checks::CheckToken { text };
        let call = api::checks::check(client, &self.plan.get_value().id, &asked);
        self.act.run(call, move |answer| self.take(answer, clock));
    }

    fn take(self, answer: Result<Checked, ApiError>, clock: ServerClock) {
        self.answer.set(None);
        match answer {
            Ok(checked) => {
                let at = clock.now_untracked();
                self.answer.set(Some(Answer { checked, at }));
                focus_soon(ANSWER_ID.to_owned());
            }
            Err(ApiError::Problem(problem)) if self.form.refuse(&problem) => {}
            Err(error) => self.act.fail(error),
        }
    }
}

/// The page of one plan, for everybody in it.
#[component]
pub fn CheckToken(
    /// The plan, and the person's place in it.
    plan: Membership,
) -> impl IntoView {
    let about = text::checks::about(&plan.name);
    let desk = Desk {
        plan: StoredValue::new(plan),
        form: Form::new(CheckDraft::default()),
        act: Act::new(),
        answer: RwSignal::new(None),
    };
    forget_on_leaving(desk);
    view! {
        {page_head(shell::CHECK_TOKEN, about, None)}
        <section class="tile">
            <Question desk/>
        </section>
        {dynamic(move || {
            let answer = desk.answer.get()?;
            Some(view! { <AnswerView answer plan=desk.plan/> })
        })}
    }
}

#[component]
fn Question(desk: Desk) -> impl IntoView {
    let client = expect_context::<Client>();
    let clock = expect_context::<ServerClock>();
    let form = desk.form;
    view! {
        <form
            class="form"
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                desk.send(client, clock);
            }
        >
            {desk.act.trouble(text::checks::UNREACHED)}
            // Without a name, a browser neither sends nor remembers it.
            <Field
                id=form.input_id(CheckDraft::TEXT)
                label=text::checks::TEXT
                hint=text::checks::TEXT_HINT
                error=form.reason(CheckDraft::TEXT)
            >
                <TextInput
                    value=form.part(|draft| draft.text.clone())
                    on_input=Callback::new(move |typed| form.edit(CheckDraft::TEXT, |draft| draft.text = typed))
                    verbatim=true
                />
            </Field>
            <div class="form-foot">
                <Button weight=Weight::Primary busy=desk.act.busy>{text::checks::CHECK}</Button>
            </div>
        </form>
    }
}

/// The page's memory goes with the page. A browser keeps a whole document that is left, to come back to it:
/// what was pasted is not in it.
fn forget_on_leaving(desk: Desk) {
    let listener = window_event_listener_untyped("pagehide", move |_| {
        desk.form.reset(CheckDraft::default());
    });
    on_cleanup(move || listener.remove());
}
