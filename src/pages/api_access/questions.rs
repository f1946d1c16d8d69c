//! What is asked before a token is generated: its name, its plan, and what it may do.

use leptos::prelude::*;
use tenure_domain::{id::PlanId, scope::OwnScope, wire::session::Membership};

use super::{
    Desk,
    generate::{Forecast, Generation, Trouble},
    scope_choice::ScopeChoice,
};
use crate::{
    api::{Client, tokens as api},
    components::{
        button::{Button, Weight},
        confirm::CancelButton,
        field::{Field, Select, TextInput},
    },
    form::{Form, TokenDraft},
    state::session::SessionState,
    text::{self, tokens},
};

/// The form.
#[component]
pub fn Questions(
    /// The page's state.
    desk: Desk,
    /// The dialog's state.
    generation: Generation,
) -> impl IntoView {
    let client = expect_context::<Client>();
    let session = expect_context::<SessionState>();
    let plans = untrack(|| session.get())
        .map(|it| it.plans)
        .unwrap_or_default();
    let Generation { form, act, .. } = generation;
    let generate = move || {
        if let Some(request) = form.submit() {
            generation.run(desk, api::generate(client, &request));
        }
    };
    view! {
        <form
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                generate();
            }
        >
            <div class="dialog-body">
                <Trouble generation unreached=tokens::GENERATE_UNREACHED/>
                <Field
                    id=form.input_id(TokenDraft::NAME)
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
                <Forecast
                    desk
                    plan=form.part(|draft| PlanId(draft.plan.clone()))
                    say=tokens::would_work_until
                />
                <ScopeChoice form/>
            </div>
            <div class="dialog-foot">
                <Button weight=Weight::Primary busy=act.busy>{tokens::GENERATE_ACTION}</Button>
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
    let choose = Callback::new(move |chosen| {
        form.edit(TokenDraft::PLAN, |draft| {
            draft.plan = chosen;
            // What another plan has defined, this one may not have.
            draft.scopes.retain(|name| is_own(name));
        });
    });
    several.then(|| {
        view! {
            <Field
                id=form.input_id(TokenDraft::PLAN)
                label=tokens::PLAN
                hint=tokens::PLAN_HINT
                error=form.reason(TokenDraft::PLAN)
            >
                <Select value=form.part(|draft| draft.plan.clone()) on_change=choose options/>
            </Field>
        }
    })
}

fn is_own(scope: &str) -> bool {
    OwnScope::ALL.iter().any(|own| own.as_str() == scope)
}
