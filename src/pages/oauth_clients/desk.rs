//! What the parts of the page share: the lists, and the one dialog that makes and changes things.
//!
//! A secret lives in the dialog's memory alone and goes when it closes. Deliberately not here: markup,
//! and the dialog that ends things (`ending`).

use leptos::prelude::*;
use tenure_domain::{
    id::PlanId,
    period::{Period, Unit},
    problem::Problem,
    time::Timestamp,
    wire::{
        clients::{Client as OauthClient, RotateSecret},
        scopes::Scope,
    },
};

use super::{
    draft::{ClientDraft, ScopeDraft, edit},
    ending::Ending,
};
use crate::{
    api::{ApiError, Call, Client, oauth_clients, scopes},
    form::{Form, focus_soon},
    pages::{
        act::Act,
        list::{List, Listed},
    },
    reactive::effect,
    state::{remote::Remote, toasts::Toasts},
    text::oauth_clients as words,
};

/// The headings that take the focus when a row with the focus is gone.
pub const CLIENTS_ID: &str = "oauth-clients";
/// The same of the scopes.
pub const SCOPES_ID: &str = "scopes";

/// What the dialog is for.
#[derive(Clone, PartialEq)]
pub enum Task {
    /// Registers a client.
    Register,
    /// Changes a client.
    Edit(OauthClient),
    /// Gives a client another secret.
    Rotate(OauthClient),
    /// Defines a scope.
    Define,
    /// Words a scope anew.
    Reword(Scope),
}

/// What a task has made or changed.
enum Done {
    /// A client with what its developer needs, to be shown once.
    Made(OauthClient),
    /// A client that only changed.
    Changed(String),
    /// A scope.
    Scope(String),
}

/// The page's state. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Desk {
    /// Calls the API.
    pub api: Client,
    /// The plan on show.
    pub plan: StoredValue<PlanId>,
    /// Its clients.
    pub clients: List<OauthClient>,
    /// Its scopes, Tenure's own first.
    pub scopes: Remote<Vec<Scope>>,
    /// The client that is about to be deleted, or the scope to be removed.
    pub ending: RwSignal<Option<Ending>>,
    /// Whether the dialog is open.
    pub open: RwSignal<bool>,
    /// What it is for.
    pub task: RwSignal<Task>,
    /// A client as it is typed.
    pub client_form: Form<ClientDraft>,
    /// A scope as it is typed.
    pub scope_form: Form<ScopeDraft>,
    /// For how many hours the old secret shall work on.
    pub overlap: RwSignal<String>,
    /// What was asked for.
    pub act: Act,
    /// The client and its secret; in memory only, and only while the dialog is open.
    pub made: RwSignal<Option<OauthClient>>,
    /// Whether the secret was copied.
    pub copied: RwSignal<bool>,
    toasts: Toasts,
}

impl Listed for OauthClient {
    fn id(&self) -> String {
        self.client_id.0.clone()
    }

    /// The addresses too: the dialog that changes a client begins with what its row knows.
    fn shown(&self) -> String {
        let until = self.old_secret_until.map_or(-1, Timestamp::as_millis);
        let (id, name, scope) = (&self.client_id, &self.client_name, &self.scope);
        let uris = self.redirect_uris.join("\n");
        format!("{id} {until} {scope}\n{name}\n{uris}")
    }
}

impl Desk {
    /// The desk of a plan. Needs the page's context, and fetches both lists.
    #[must_use]
    pub fn new(plan: PlanId) -> Self {
        let api = expect_context::<Client>();
        let plan = StoredValue::new(plan);
        let this = Self {
            api,
            plan,
            clients: List::new(move |cursor: Option<String>| {
                oauth_clients::list(api, &plan.get_value(), cursor.as_deref())
            }),
            scopes: Remote::new(move || scopes::list(api, &plan.get_value())),
            ending: RwSignal::new(None),
            open: RwSignal::new(false),
            task: RwSignal::new(Task::Register),
            client_form: Form::new(ClientDraft::blank()),
            scope_form: Form::new(ScopeDraft::blank(Vec::new())),
            overlap: RwSignal::new(String::new()),
            act: Act::new(),
            made: RwSignal::new(None),
            copied: RwSignal::new(false),
            toasts: expect_context(),
        };
        // Closing forgets the secret.
        effect(move || {
            if !this.open.get() {
                this.made.set(None);
            }
        });
        this
    }

    /// Opens the dialog for a task.
    pub fn start(self, task: Task) {
        match &task {
            Task::Register => self.client_form.reset(ClientDraft::blank()),
            Task::Edit(client) => self.client_form.reset(client.into()),
            Task::Rotate(_) => {
                let (longest, _) = words::OVERLAPS[0];
                self.overlap.set(longest.to_string());
            }
            Task::Define => self.scope_form.reset(ScopeDraft::blank(self.scope_names())),
            Task::Reword(scope) => self.scope_form.reset(scope.into()),
        }
        self.copied.set(false);
        self.act.trouble.set(None);
        self.task.set(task);
        self.open.set(true);
    }

    /// The names of the scopes that there are, as far as is known.
    fn scope_names(self) -> Vec<String> {
        let scopes = untrack(|| self.scopes.data()).unwrap_or_default();
        scopes.into_iter().map(|scope| scope.name).collect()
    }

    /// The overlap that is chosen; none ends the old secret at once. Tracked.
    #[must_use]
    pub fn overlap(self) -> Option<Period> {
        let hours = self.overlap.with(|hours| hours.parse()).ok()?;
        Period::new(hours, Unit::Hours).ok()
    }

    /// Does what the dialog is for, if what is typed is valid and nothing is under way.
    pub fn send(self) {
        if !self.act.busy.get_untracked()
            && let Some(call) = self.call()
        {
            self.act.run(call, move |answer| self.take(answer));
        }
    }

    fn call(self) -> Option<Call<Done>> {
        let (api, plan) = (self.api, self.plan.get_value());
        Some(match self.task.get_untracked() {
            Task::Register => {
                let new = self.client_form.submit()?;
                oauth_clients::register(api, &plan, &new).map(Done::Made)
            }
            Task::Edit(client) => {
                let facts = edit(self.client_form.submit()?);
                oauth_clients::change(api, &plan, &client.client_id, &facts)
                    .map(|client| Done::Changed(client.client_name))
            }
            Task::Rotate(client) => {
                let overlap = untrack(|| self.overlap());
                let how = RotateSecret { overlap };
                oauth_clients::rotate_secret(api, &plan, &client.client_id, &how).map(Done::Made)
            }
            Task::Define | Task::Reword(_) => {
                let (name, scope) = self.scope_form.submit()?;
                scopes::put(api, &plan, &name, &scope).map(|_| Done::Scope(name))
            }
        })
    }

    fn take(self, answer: Result<Done, ApiError>) {
        match answer {
            Ok(Done::Made(client)) => self.made.set(Some(client)),
            Ok(Done::Changed(name)) => self.finish(&name, CLIENTS_ID),
            Ok(Done::Scope(name)) => {
                self.finish(&name, SCOPES_ID);
                return self.scopes.reload();
            }
            // Nothing has changed, and the fields stay as they are.
            Err(ApiError::Problem(problem)) if self.refuse(*problem.clone()) => return,
            Err(error) => self.act.fail(error),
        }
        self.clients.refresh();
    }

    /// Closes the dialog. The button that opened it is about to go with its row, so the focus goes to
    /// the list's heading.
    fn finish(self, name: &str, heading: &str) {
        self.open.set(false);
        focus_soon(heading.to_owned());
        self.toasts.say(words::saved(name));
    }

    /// Lays a refusal beside the fields that it names, and says whether it named any.
    fn refuse(self, problem: Problem) -> bool {
        match self.task.get_untracked() {
            Task::Register | Task::Edit(_) => {
                let draft = self.client_form.draft().get_untracked();
                self.client_form.refuse(&draft.on_fields(problem))
            }
            Task::Define | Task::Reword(_) => {
                self.scope_form.refuse(&ScopeDraft::on_fields(problem))
            }
            Task::Rotate(_) => false,
        }
    }
}
