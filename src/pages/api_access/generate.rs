//! The dialog that generates a token, anew or in another's place: questions, then the secret, once.
//!
//! The secret lives in this dialog's memory alone and goes when the dialog closes. Deliberately not
//! here: what is asked before (`questions`, `rotate`), and what is shown after (`secret`).

use leptos::prelude::*;
use tenure_domain::{
    id::PlanId,
    problem::Kind,
    time::Timestamp,
    wire::tokens::{GeneratedToken, Token},
};

use super::{Desk, WORKING_ID, questions::Questions, rotate::RotateQuestions, secret::Secret};
use crate::reactive::{dynamic, effect, memo};
use crate::{
    api::{ApiError, Call},
    components::{
        dialog::{Dialog, LeaveGuard},
        problem_view::ProblemView,
    },
    form::{Form, TokenDraft},
    format::{self, Detail, Zone},
    pages::act::Act,
    state::{clock::ServerClock, session::SessionState},
    text::{problems, tokens},
};

/// The state of one opening of the dialog. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Generation {
    /// What is typed for a new token.
    pub form: Form<TokenDraft>,
    /// The call that gives the token.
    pub act: Act,
    /// The token and its secret; in memory only, and only while the dialog is open.
    made: RwSignal<Option<GeneratedToken>>,
    /// Whether the secret was copied.
    copied: RwSignal<bool>,
}

impl Generation {
    fn new() -> Self {
        Self {
            form: Form::new(draft_for(None)),
            act: Act::new(),
            made: RwSignal::new(None),
            copied: RwSignal::new(false),
        }
    }

    /// Forgets everything, the secret first.
    fn clear(self, plan: Option<PlanId>) {
        self.made.set(None);
        self.copied.set(false);
        self.act.trouble.set(None);
        self.form.reset(draft_for(plan));
    }

    /// Makes the call that gives a token, unless one is under way.
    pub fn run(self, desk: Desk, call: Call<GeneratedToken>) {
        self.act.run(call, move |answer| {
            self.take(answer);
            desk.refresh();
        });
    }

    fn take(self, answer: Result<GeneratedToken, ApiError>) {
        match answer {
            Ok(made) => self.made.set(Some(made)),
            Err(ApiError::Problem(problem)) if self.form.refuse(&problem) => {}
            Err(error) => self.act.fail(error),
        }
    }
}

fn draft_for(plan: Option<PlanId>) -> TokenDraft {
    TokenDraft {
        name: String::new(),
        plan: plan.map(|plan| plan.0).unwrap_or_default(),
        scopes: Vec::new(),
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
        if !desk.generating.get() {
            desk.rotating.set(None);
        }
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
    let title = Signal::derive(move || match desk.rotating.get() {
        _ if has_secret.get() => tokens::SECRET_TITLE.to_owned(),
        Some(old) => tokens::rotate_title(&old.name),
        None => tokens::GENERATE_TITLE.to_owned(),
    });
    view! {
        <Dialog open=desk.generating title guard busy=generation.act.busy focus_after=WORKING_ID>
            {dynamic(move || match generation.made.get() {
                Some(made) => view! { <Secret desk made copied=generation.copied/> }.into_any(),
                None => asked(desk, generation, desk.rotating.get()),
            })}
        </Dialog>
    }
}

fn asked(desk: Desk, generation: Generation, rotating: Option<Token>) -> AnyView {
    match rotating {
        Some(old) => view! { <RotateQuestions desk generation old/> }.into_any(),
        None => view! { <Questions desk generation/> }.into_any(),
    }
}

/// Why the latest try gave no token; `unreached` says what to do when the server was not reached.
#[component]
pub fn Trouble(
    /// The dialog's state.
    generation: Generation,
    /// What to do then.
    unreached: &'static str,
) -> impl IntoView {
    dynamic(move || {
        let error = generation.act.trouble.get()?;
        let mut words = problems::words_of_call(&error, unreached);
        // Nothing else here meets a conflict.
        if error.kind() == Some(Kind::Conflict) {
            tokens::ROTATE_CONFLICT.clone_into(&mut words.what);
            tokens::ROTATE_CONFLICT_REMEDY.clone_into(&mut words.remedy);
        }
        Some(view! { <ProblemView words/> })
    })
}

/// How long a token of a plan would work, by the plan's policy and the server's clock.
#[component]
pub fn Forecast(
    /// The page's state.
    desk: Desk,
    /// The plan.
    plan: Signal<PlanId>,
    /// Says it.
    say: fn(Option<&str>) -> String,
) -> impl IntoView {
    let clock = expect_context::<ServerClock>();
    let words = memo(move || {
        let expiry = desk.policies.expiry(&plan.get(), clock.now())?;
        let until = expiry.instant().map(instant_with_zone);
        Some(say(until.as_deref()))
    });
    view! { <p class="forecast small muted">{words}</p> }
}

/// `20 February 2027, 10:33 (UTC+1)`
#[must_use]
pub fn instant_with_zone(at: Timestamp) -> String {
    let zone = format::zone_label(at, Zone::Viewer);
    let at = format::instant(at, Detail::LongMinute, Zone::Viewer);
    format!("{at} ({zone})")
}
