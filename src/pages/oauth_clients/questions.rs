//! What the dialog asks for each of its tasks, and the button that does it.

use leptos::prelude::*;
use tenure_domain::{
    time::Timestamp,
    wire::{clients::Client as OauthClient, scopes::Scope},
};

use super::{
    desk::{Desk, Task},
    draft::{ClientDraft, Kind, ScopeDraft},
};
use crate::{
    components::{
        button::{Button, Weight},
        checklist::{Checklist, Choice},
        confirm::CancelButton,
        field::{Field, Select, TextArea, TextInput},
        icon::{Icon, Symbol},
    },
    form::{Form, unique_id},
    pages::{api_access::generate::instant_with_zone, remote_view::RemoteView},
    reactive::{dynamic, memo},
    state::clock::ServerClock,
    text::{self, oauth_clients as words},
};

/// The form of a task.
#[component]
pub fn Questions(
    /// The page's state.
    desk: Desk,
    /// What the dialog is for.
    task: Task,
) -> impl IntoView {
    let (action, unreached) = match &task {
        Task::Register => (words::REGISTER_ACTION, words::REGISTER_UNREACHED),
        Task::Rotate(_) => (words::ROTATE, words::ROTATE_UNREACHED),
        Task::Define => (words::DEFINE_ACTION, words::CHANGE_UNREACHED),
        Task::Edit(_) | Task::Reword(_) => (words::SAVE, words::CHANGE_UNREACHED),
    };
    let fields = match task {
        Task::Register => view! { <ClientFields desk registered=false /> }.into_any(),
        Task::Edit(_) => view! { <ClientFields desk registered=true /> }.into_any(),
        Task::Rotate(client) => view! { <Overlap desk client /> }.into_any(),
        Task::Define => view! { <ScopeFields form=desk.scope_form defined=false /> }.into_any(),
        Task::Reword(_) => view! { <ScopeFields form=desk.scope_form defined=true /> }.into_any(),
    };
    view! {
        <form
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                desk.send();
            }
        >
            <div class="dialog-body">{desk.act.trouble(unreached)} {fields}</div>
            <div class="dialog-foot">
                <Button weight=Weight::Primary busy=desk.act.busy>
                    {action}
                </Button>
                <CancelButton words=text::common::CANCEL />
            </div>
        </form>
    }
}

/// A client's fields. Its kind stays what it was registered as.
#[component]
fn ClientFields(desk: Desk, registered: bool) -> impl IntoView {
    let form = desk.client_form;
    let kind = form.part(|draft| draft.kind);
    let is_app = memo(move || kind.get() != Kind::ResourceServer);
    let choice = move |scopes: &Vec<Scope>| view! { <ScopeChoice form scopes=scopes.clone() /> };
    let rest = move || {
        is_app.get().then(|| {
            view! {
                <Field
                    id=form.input_id(ClientDraft::REDIRECT_URIS)
                    label=words::REDIRECT_URIS
                    hint=words::REDIRECT_URIS_HINT
                    error=form.reason(ClientDraft::REDIRECT_URIS)
                >
                    <TextArea
                        rows=3
                        value=form.part(|draft| draft.redirect_uris.clone())
                        on_input=Callback::new(move |typed| {
                            form.edit(ClientDraft::REDIRECT_URIS, |draft| draft.redirect_uris = typed);
                        })
                    />
                </Field>
                <RemoteView remote=desk.scopes children=choice />
            }
        })
    };
    view! {
        <Field
            id=form.input_id(ClientDraft::NAME)
            label=words::NAME
            hint=words::NAME_HINT
            error=form.reason(ClientDraft::NAME)
        >
            <TextInput
                value=form.part(|draft| draft.name.clone())
                on_input=Callback::new(move |typed| {
                    form.edit(ClientDraft::NAME, |draft| draft.name = typed);
                })
            />
        </Field>
        {(!registered).then(|| view! { <KindChoice form /> })}
        {dynamic(rest)}
    }
}

/// What is registered, and what that means.
#[component]
fn KindChoice(form: Form<ClientDraft>) -> impl IntoView {
    let about_id = unique_id("kind");
    let kind = form.part(|draft| draft.kind);
    let options = Kind::ALL.map(|kind| (kind.key().to_owned(), kind.choice().to_owned()));
    view! {
        <Field
            id=form.input_id(ClientDraft::KIND)
            label=words::KIND
            error=form.reason(ClientDraft::KIND)
            described_by=about_id.clone()
        >
            <Select
                value=form.part(|draft| draft.kind.key().to_owned())
                on_change=Callback::new(move |key: String| {
                    let Some(kind) = Kind::of_key(&key) else { return };
                    form.edit(ClientDraft::KIND, |draft| draft.kind = kind);
                })
                options=options.to_vec()
            />
            <p class="field-hint" id=about_id>
                {dynamic(move || kind.get().about())}
            </p>
        </Field>
    }
}

/// The plan's scopes to check, and those that the client has from before.
#[component]
fn ScopeChoice(form: Form<ClientDraft>, scopes: Vec<Scope>) -> impl IntoView {
    let offered = |name: &String| scopes.iter().any(|scope| scope.name == *name);
    let gone: Vec<_> = untrack(|| form.draft().get().scopes)
        .into_iter()
        .filter(|name| !offered(name))
        .map(|name| Choice {
            name,
            sentence: words::SCOPE_GONE.to_owned(),
        })
        .collect();
    let offered = scopes.into_iter().map(|scope| Choice {
        name: scope.name,
        sentence: scope.sentence,
    });
    view! {
        <Checklist
            id=form.input_id(ClientDraft::SCOPE)
            label=words::SCOPES
            error=form.reason(ClientDraft::SCOPE)
            choices=offered.chain(gone).collect()
            chosen=form.part(|draft| draft.scopes.clone())
            on_change=Callback::new(move |(name, wanted)| {
                form.edit(ClientDraft::SCOPE, |draft| draft.check(name, wanted));
            })
        />
    }
}

/// How long the old secret works on, and what that does.
#[component]
fn Overlap(desk: Desk, client: OauthClient) -> impl IntoView {
    let clock = expect_context::<ServerClock>();
    let about_id = unique_id("overlap");
    let about = memo(move || match desk.overlap() {
        None => words::ROTATE_AT_ONCE.to_owned(),
        Some(overlap) => {
            let until = overlap.end(clock.now()).unwrap_or(Timestamp::MAX);
            words::rotate_overlap(&instant_with_zone(until))
        }
    });
    let options = words::OVERLAPS.map(|(hours, words)| (hours.to_string(), words.to_owned()));
    let older = client.old_secret_until.map(|until| {
        memo(move || {
            let works = clock.now() < until;
            works.then(|| words::older_secret_ends(&instant_with_zone(until)))
        })
    });
    view! {
        <Field
            id=unique_id("overlap")
            label=words::OVERLAP
            error=Signal::stored(None::<String>)
            described_by=about_id.clone()
        >
            <Select
                value=desk.overlap.into()
                on_change=Callback::new(move |hours| desk.overlap.set(hours))
                options=options.to_vec()
            />
        </Field>
        <p id=about_id>{about}</p>
        {dynamic(move || {
            let words = older?.get()?;
            Some(view! { <p class="note"><Icon symbol=Symbol::Alert /><span>{words}</span></p> })
        })}
    }
}

/// A scope's fields. Its name stays what it was defined as.
#[component]
fn ScopeFields(form: Form<ScopeDraft>, defined: bool) -> impl IntoView {
    let name = (!defined).then(|| {
        view! {
            <Field
                id=form.input_id(ScopeDraft::NAME)
                label=words::NAME
                hint=words::SCOPE_NAME_HINT
                error=form.reason(ScopeDraft::NAME)
            >
                <TextInput
                    value=form.part(|draft| draft.name.clone())
                    on_input=Callback::new(move |typed| {
                        form.edit(ScopeDraft::NAME, |draft| draft.name = typed);
                    })
                />
            </Field>
        }
    });
    view! {
        {name}
        <Field
            id=form.input_id(ScopeDraft::SENTENCE)
            label=words::SENTENCE
            hint=words::SENTENCE_HINT
            error=form.reason(ScopeDraft::SENTENCE)
        >
            <TextInput
                value=form.part(|draft| draft.sentence.clone())
                on_input=Callback::new(move |typed| {
                    form.edit(ScopeDraft::SENTENCE, |draft| draft.sentence = typed);
                })
            />
        </Field>
    }
}
