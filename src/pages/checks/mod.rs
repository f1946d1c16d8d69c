//! Account > Check a token: paste a token, or what is known of it, and read how it stands and what to do.
//!
//! What is pasted is in this page's memory alone. It travels in a request's body, and goes with the page.

pub mod answer;

use leptos::{prelude::*, task::spawn_local};
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
        heading::PageHeading,
        problem_view::ProblemView,
    },
    form::{Draft, Form, focus_soon},
    state::clock::ServerClock,
    text::{self, problems, shell},
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
    busy: RwSignal<bool>,
    trouble: RwSignal<Option<ApiError>>,
    answer: RwSignal<Option<Answer>>,
}

impl Desk {
    fn send(self, client: Client, clock: ServerClock) {
        if self.busy.get_untracked() {
            return;
        }
        let Some(text) = self.form.submit() else {
            return;
        };
        self.busy.set(true);
        self.trouble.set(None);
        let plan = self.plan.get_value();
        spawn_local(async move {
            let answer = ask(client, clock, plan, text).await;
            // The page may be gone by now, and its signals with it.
            if self.busy.try_set(false).is_none() {
                self.take(answer);
            }
        });
    }

    fn take(self, answer: Result<Answer, ApiError>) {
        self.answer.set(None);
        match answer {
            Ok(answer) => {
                self.answer.set(Some(answer));
                focus_soon(ANSWER_ID.to_owned());
            }
            Err(ApiError::Problem(problem)) if self.form.refuse(&problem) => {}
            Err(error) => self.trouble.set(Some(error)),
        }
    }
}

async fn ask(
    client: Client,
    clock: ServerClock,
    plan: Membership,
    text: String,
) -> Result<Answer, ApiError> {
    let asked = checks::CheckToken { text };
    let checked = api::checks::check(client, &plan.id, &asked).await?;
    let at = clock.now_untracked();
    Ok(Answer { checked, at })
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
        busy: RwSignal::new(false),
        trouble: RwSignal::new(None),
        answer: RwSignal::new(None),
    };
    forget_on_leaving(desk);
    view! {
        <div class="head">
            <div>
                <PageHeading title=shell::CHECK_TOKEN.to_owned()/>
                <p class="muted">{about}</p>
            </div>
        </div>
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
    let trouble = dynamic(move || {
        let words = problems::words_of_call(&desk.trouble.get()?, text::checks::UNREACHED);
        Some(view! { <ProblemView words/> })
    });
    view! {
        <form
            class="form"
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                desk.send(client, clock);
            }
        >
            {trouble}
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
                <Button weight=Weight::Primary busy=desk.busy>{text::checks::CHECK}</Button>
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
