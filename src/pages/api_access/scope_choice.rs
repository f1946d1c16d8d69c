//! What a new token may do: the scopes of the chosen plan, none of them checked at first.

use leptos::prelude::*;
use tenure_domain::{id::PlanId, wire::scopes::Scope};

use crate::reactive::{dynamic, memo};
use crate::{
    api::{Client, scopes},
    components::checklist::{Checklist, Choice},
    form::{Form, TokenDraft},
    pages::remote_view::RemoteView,
    state::remote::Remote,
    text::tokens,
};

/// The choice.
#[component]
pub fn ScopeChoice(
    /// What is typed.
    form: Form<TokenDraft>,
) -> impl IntoView {
    let client = expect_context::<Client>();
    let draft = form.draft();
    let plan = memo(move || PlanId(draft.with(|draft| draft.plan.clone())));
    let offered = Remote::new(move || scopes::list(client, &plan.get()));
    let none = memo(move || draft.with(|draft| draft.scopes.is_empty()));
    let meaning = move || {
        if none.get() {
            tokens::NO_SCOPES
        } else {
            tokens::SOME_SCOPES
        }
    };
    let shown = move |scopes: &Vec<Scope>| choice(form, scopes);
    view! {
        <div class="field">
            <RemoteView remote=offered children=shown/>
            <p class="field-hint" role="status">{dynamic(meaning)}</p>
        </div>
    }
}

fn choice(form: Form<TokenDraft>, scopes: &[Scope]) -> AnyView {
    let choice = |scope: &Scope| Choice {
        name: scope.name.clone(),
        sentence: scope.sentence.clone(),
    };
    let choices: Vec<_> = scopes.iter().map(choice).collect();
    let on_change = Callback::new(move |(name, checked): (String, bool)| {
        form.edit(TokenDraft::SCOPES, |draft| {
            draft.scopes.retain(|other| *other != name);
            if checked {
                draft.scopes.push(name);
            }
        });
    });
    view! {
        <Checklist
            id=form.input_id(TokenDraft::SCOPES)
            label=tokens::SCOPES
            error=form.reason(TokenDraft::SCOPES)
            choices
            chosen=form.part(|draft| draft.scopes.clone())
            on_change
        />
    }
    .into_any()
}
