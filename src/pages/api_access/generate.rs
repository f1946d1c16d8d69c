//! The dialog that generates a token: a name and a plan, then the secret, once.
//!
//! The secret lives in this dialog's memory alone and goes when the dialog closes.

use leptos::{prelude::*, task::spawn_local};
use tenure_domain::{
    id::PlanId,
    wire::{session::Membership, tokens::GeneratedToken},
};

use super::{Desk, WORKING_ID, secret::Secret};
use crate::reactive::{dynamic, effect, memo};
use crate::{
    api::{ApiError, Client, tokens as api},
    components::{
        button::{Button, Weight},
        confirm::CancelButton,
        dialog::{Dialog, LeaveGuard},
        field::{Field, Select, TextInput},
        problem_view::ProblemView,
    },
    form::{Form, TokenDraft},
    format::{self, Detail, Zone},
    state::{clock::ServerClock, session::SessionState},
    text::{self, problems, tokens},
};

/// The state of one opening of the dialog. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Generation {
    form: Form<TokenDraft>,
    busy: RwSignal<bool>,
    trouble: RwSignal<Option<ApiError>>,
    /// The token and its secret; in memory only, and only while the dialog is open.
    made: RwSignal<Option<GeneratedToken>>,
    /// Whether the secret was copied.
    pub copied: RwSignal<bool>,
}

impl Generation {
    fn new() -> Self {
        Self {
            form: Form::new(draft_for(None)),
            busy: RwSignal::new(false),
            trouble: RwSignal::new(None),
            made: RwSignal::new(None),
            copied: RwSignal::new(false),
        }
    }

    /// Forgets everything, the secret first.
    fn clear(self, plan: Option<PlanId>) {
        self.made.set(None);
        self.copied.set(false);
        self.trouble.set(None);
        self.form.reset(draft_for(plan));
    }

    fn send(self, client: Client, desk: Desk) {
        if self.busy.get_untracked() {
            return;
        }
        let Some(request) = self.form.submit() else {
            return;
        };
        self.busy.set(true);
        self.trouble.set(None);
        spawn_local(async move {
            let answer = api::generate(client, &request).await;
            // The page may be gone by now, and its signals with it.
            if self.busy.try_set(false).is_none() {
                self.take(answer);
                desk.refresh();
            }
        });
    }

    fn take(self, answer: Result<GeneratedToken, ApiError>) {
        match answer {
            Ok(made) => self.made.set(Some(made)),
            Err(ApiError::Problem(problem)) if self.form.refuse(&problem) => {}
            Err(error) => self.trouble.set(Some(error)),
        }
    }
}

fn draft_for(plan: Option<PlanId>) -> TokenDraft {
    TokenDraft {
        name: String::new(),
        plan: plan.map(|plan| plan.0).unwrap_or_default(),
    }
}

/// The dialog.
#[component]
pub fn GenerateDialog(
    /// The page's state.
    desk: Desk,
) -> impl IntoView {
    let session = expect_context::<SessionState>();
    let generation = Generation::new();
    // Each opening starts anew; closing forgets the secret.
    effect(move || {
        desk.generating.track();
        let plan = untrack(|| session.plan()).map(|plan| plan.id);
        generation.clear(plan);
    });
    let has_secret = Signal::derive(move || generation.made.with(Option::is_some));
    let guard = LeaveGuard {
        active: Signal::derive(move || has_secret.get() && !generation.copied.get()),
        question: tokens::LEAVE,
        stay: tokens::LEAVE_STAY,
        leave: tokens::LEAVE_GO,
    };
    let title = Signal::derive(move || {
        let title = if has_secret.get() {
            tokens::SECRET_TITLE
        } else {
            tokens::GENERATE_TITLE
        };
        title.to_owned()
    });
    view! {
        <Dialog open=desk.generating title guard busy=generation.busy focus_after=WORKING_ID>
            {dynamic(move || match generation.made.get() {
                Some(made) => view! { <Secret made generation/> }.into_any(),
                None => view! { <Questions desk generation/> }.into_any(),
            })}
        </Dialog>
    }
}

#[component]
fn Questions(desk: Desk, generation: Generation) -> impl IntoView {
    let client = expect_context::<Client>();
    let session = expect_context::<SessionState>();
    let plans = untrack(|| session.get())
        .map(|it| it.plans)
        .unwrap_or_default();
    let Generation {
        form,
        busy,
        trouble,
        ..
    } = generation;
    let name_id = form.input_id(TokenDraft::NAME);
    let trouble = move || {
        let words = problems::words_of_call(&trouble.get()?, tokens::GENERATE_UNREACHED);
        Some(view! { <ProblemView words/> })
    };
    view! {
        <form
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                generation.send(client, desk);
            }
        >
            <div class="dialog-body">
                {dynamic(trouble)}
                <Field
                    id=name_id
                    label=tokens::NAME
                    hint=tokens::NAME_HINT
                    error=form.reason(TokenDraft::NAME)
                >
                    <TextInput
                        value=form.part(|draft| draft.name.clone())
                        on_input=Callback::new(move |typed| form.edit(TokenDraft::NAME, |draft| draft.name = typed))
                    />
                </Field>
                <PlanChoice form plans/>
                <Forecast desk form/>
            </div>
            <div class="dialog-foot">
                <Button weight=Weight::Primary busy>{tokens::GENERATE_ACTION}</Button>
                <CancelButton words=text::common::CANCEL/>
            </div>
        </form>
    }
}

/// Where the person is in several plans, the token's.
#[component]
fn PlanChoice(form: Form<TokenDraft>, plans: Vec<Membership>) -> impl IntoView {
    let several = plans.len() > 1;
    let options: Vec<_> = plans
        .into_iter()
        .map(|plan| (plan.id.0, plan.name))
        .collect();
    several.then(|| {
        view! {
            <Field
                id=form.input_id(TokenDraft::PLAN)
                label=tokens::PLAN
                hint=tokens::PLAN_HINT
                error=form.reason(TokenDraft::PLAN)
            >
                <Select
                    value=form.part(|draft| draft.plan.clone())
                    on_change=Callback::new(move |chosen| form.edit(TokenDraft::PLAN, |draft| draft.plan = chosen))
                    options
                />
            </Field>
        }
    })
}

/// How long the token would work, by the chosen plan's policy and the server's clock.
#[component]
fn Forecast(desk: Desk, form: Form<TokenDraft>) -> impl IntoView {
    let clock = expect_context::<ServerClock>();
    let plan = form.part(|draft| PlanId(draft.plan.clone()));
    let words = memo(move || {
        let Some(period) = desk.policies.period(&plan.get())? else {
            return Some(tokens::would_work_until(None));
        };
        let until = period.end(clock.now()).ok()?;
        Some(tokens::would_work_until(Some(&instant_with_zone(until))))
    });
    view! { <p class="forecast small muted">{words}</p> }
}

/// `20 February 2027, 10:33 (UTC+1)`
pub fn instant_with_zone(at: tenure_domain::time::Timestamp) -> String {
    let zone = format::zone_label(at, Zone::Viewer);
    let at = format::instant(at, Detail::LongMinute, Zone::Viewer);
    format!("{at} ({zone})")
}
