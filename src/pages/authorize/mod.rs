//! `/authorize`: an app asks to act in a person's name, and they allow it or deny it.
//!
//! The server leads a browser here with the app's request in the query, which goes to the API as it is.
//! Lives here: what is fetched, the answer, and leaving for the app. Deliberately not here: what is right
//! or wrong with a request, and the address that an answer goes to; both are the server's.

pub mod prompt;

use leptos::prelude::*;
use tenure_domain::{
    problem::Kind,
    wire::authorization::{AuthorizationDecision, AuthorizationPrompt, AuthorizationRequest},
};
use web_sys::UrlSearchParams;

use self::prompt::{Asked, KnownApp, NotInPlan, SetUpWrongly};
use super::{plain_frame::PlainFrame, shell::Gate};
use crate::reactive::dynamic;
use crate::{
    api::{ApiError, Client, authorization},
    components::{heading::PageHeading, problem_view::ProblemView, skeleton::Skeleton},
    form::focus_soon,
    router::{Exit, Router},
    state::remote::Remote,
    text::{authorize as text, problems},
};

/// The link that takes the focus once the answer is there.
const GO_ON_ID: &str = "go-on";

/// What the parts of this page share. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Desk {
    client: Client,
    exit: Exit,
    prompt: Remote<AuthorizationPrompt>,
    request: StoredValue<AuthorizationRequest>,
    /// The answer that was given, while it is on its way and once it has come through.
    given: RwSignal<Option<bool>>,
    /// Where the browser goes on, once the answer has come through.
    redirect: RwSignal<Option<String>>,
    trouble: RwSignal<Option<ApiError>>,
}

impl Desk {
    fn new() -> Self {
        let client = expect_context::<Client>();
        let query = expect_context::<Router>().address_now().query;
        let request = request(&query);
        Self {
            client,
            exit: expect_context(),
            prompt: Remote::new(move || authorization::get(client, &query)),
            request: StoredValue::new(request),
            given: RwSignal::new(None),
            redirect: RwSignal::new(None),
            trouble: RwSignal::new(None),
        }
    }

    /// Gives the answer, once, and leaves for the app.
    fn decide(self, allow: bool) {
        if self.given.get_untracked().is_some() {
            return;
        }
        self.given.set(Some(allow));
        self.trouble.set(None);
        let request = self.request.get_value();
        let decision = AuthorizationDecision { request, allow };
        let call = authorization::decide(self.client, &decision);
        call.then(move |answer| match answer {
            Ok(answer) => self.leave_for(&answer.redirect_to),
            Err(error) => {
                self.given.try_set(None);
                self.trouble.try_set(Some(error));
            }
        });
    }

    fn leave_for(self, address: &str) {
        // Whoever has left this page in the meantime goes nowhere.
        if self.redirect.try_set(Some(address.to_owned())).is_none() {
            focus_soon(GO_ON_ID.to_owned());
            self.exit.to(address);
        }
    }
}

/// The request in the query, for the answer. What is missing in it, the server has said by then.
fn request(query: &str) -> AuthorizationRequest {
    let params = UrlSearchParams::new_with_str(query).ok();
    let part = |name: &str| params.as_ref().and_then(|params| params.get(name));
    AuthorizationRequest {
        response_type: part("response_type").unwrap_or_default(),
        client_id: part("client_id").unwrap_or_default(),
        redirect_uri: part("redirect_uri").unwrap_or_default(),
        scope: part("scope"),
        state: part("state"),
        code_challenge: part("code_challenge").unwrap_or_default(),
        code_challenge_method: part("code_challenge_method").unwrap_or_default(),
    }
}

/// The page. It is for people who are signed in.
#[component]
pub fn Authorize() -> impl IntoView {
    view! {
        <Gate>
            <PlainFrame>
                <Question />
            </PlainFrame>
        </Gate>
    }
}

#[component]
fn Question() -> impl IntoView {
    let desk = Desk::new();
    let Desk { prompt, .. } = desk;
    let title = move || match prompt.get() {
        Some(Ok(prompt)) => text::asks(&prompt.client.name),
        Some(Err(error)) => heading_of(&error).to_owned(),
        None => text::WAITING.to_owned(),
    };
    view! {
        <PageHeading title=Signal::derive(title) />
        {dynamic(move || match prompt.get() {
            Some(Ok(prompt)) if prompt.allowed_before => {
                view! { <KnownApp desk words=text::allowed_before(&prompt.client.name) /> }.into_any()
            }
            Some(Ok(prompt)) => view! { <Asked desk prompt /> }.into_any(),
            Some(Err(error)) => nobody_is_asked(desk, &error),
            None => view! { <Skeleton /> }.into_any(),
        })}
        <Leaving desk />
    }
}

fn heading_of(error: &ApiError) -> &'static str {
    match error.kind() {
        Some(Kind::InvalidRequest) => text::WRONG,
        Some(Kind::RoleRequired) => text::NOT_IN_PLAN,
        _ => text::WAITING,
    }
}

fn nobody_is_asked(desk: Desk, error: &ApiError) -> AnyView {
    match (error.kind(), error) {
        (Some(Kind::InvalidRequest), ApiError::Problem(problem)) => {
            let detail = problem.detail.clone();
            view! { <SetUpWrongly detail /> }.into_any()
        }
        (Some(Kind::RoleRequired), _) => view! { <NotInPlan desk /> }.into_any(),
        _ => {
            let retry = Callback::new(move |()| desk.prompt.reload());
            view! { <ProblemView words=problems::words(error) retry /> }.into_any()
        }
    }
}

/// What is said once the answer has come through: a browser may stay here, where a program took it.
#[component]
fn Leaving(desk: Desk) -> impl IntoView {
    let line = move |address: String| {
        let app = untrack(|| desk.prompt.data()).map(|prompt| prompt.client.name);
        let words = match (desk.given.get_untracked(), app) {
            (Some(true), Some(app)) => text::allowed(&app),
            (_, app) => text::denied(app.as_deref()),
        };
        view! {
            <p>{words}</p>
            <a class="btn" id=GO_ON_ID href=address>
                {text::GO_ON}
            </a>
        }
    };
    view! {
        <div class="leaving" role="status">
            {dynamic(move || desk.redirect.get().map(line))}
        </div>
    }
}
