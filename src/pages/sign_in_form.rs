//! Email and password, for the sign-in page and for the dialog that asks for signing in again.

use leptos::{prelude::*, task::spawn_local};
use tenure_domain::{
    problem::FieldError,
    wire::session::{Session, SignIn},
};

use crate::reactive::dynamic;
use crate::{
    api::{self, ApiError, Client},
    components::{
        button::{Button, Weight},
        field::{Field, TextInput},
        problem_view::ProblemView,
    },
    form::{Draft, Form},
    format,
    text::{problems, shell, sign_in as text},
};

/// What is typed.
#[derive(Clone, PartialEq, Eq, Default)]
struct SignInDraft {
    email: String,
    password: String,
}

impl SignInDraft {
    const EMAIL: &'static str = "/email";
    const PASSWORD: &'static str = "/password";
}

impl Draft for SignInDraft {
    type Value = Self;
    const FIELDS: &'static [&'static str] = &[Self::EMAIL, Self::PASSWORD];

    /// Only what is missing is said here: what is right, the server alone knows.
    fn parse(&self) -> Result<Self, Vec<FieldError>> {
        let missing = |empty: bool, pointer: &str, detail: &str| {
            empty.then(|| FieldError {
                pointer: pointer.to_owned(),
                code: "missing".to_owned(),
                detail: detail.to_owned(),
            })
        };
        let email = missing(
            self.email.trim().is_empty(),
            Self::EMAIL,
            text::EMAIL_MISSING,
        );
        let password = missing(
            self.password.is_empty(),
            Self::PASSWORD,
            text::PASSWORD_MISSING,
        );
        let errors: Vec<_> = email.into_iter().chain(password).collect();
        if errors.is_empty() {
            Ok(self.clone())
        } else {
            Err(errors)
        }
    }
}

/// The form.
#[component]
pub fn SignInForm(
    /// Who has to sign in, where only this person may.
    #[prop(optional, into)]
    only: Option<String>,
    /// Takes the session.
    on_done: Callback<Session>,
) -> impl IntoView {
    let client = expect_context::<Client>();
    let fixed = only.is_some();
    let form = Form::new(SignInDraft {
        email: only.unwrap_or_default(),
        ..SignInDraft::default()
    });
    let busy = RwSignal::new(false);
    let refused = RwSignal::new(None::<ApiError>);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(typed) = form.submit().filter(|_| !busy.get_untracked()) else {
            return;
        };
        busy.set(true);
        refused.set(None);
        spawn_local(async move {
            let who = SignIn {
                email: typed.email.trim().to_owned(),
                password: typed.password,
                locale: format::locale(),
            };
            let answer = api::session::sign_in(client, &who).await;
            busy.try_set(false);
            match answer {
                Ok(session) => drop(on_done.try_run(session)),
                Err(error) => drop(refused.try_set(Some(error))),
            }
        });
    };
    let said = move |pointer| {
        let error = form.error(pointer);
        Signal::derive(move || error.get().map(|error| error.detail))
    };
    view! {
        <form class="form" novalidate on:submit=submit>
            <Field
                id=form.input_id(SignInDraft::EMAIL)
                label=text::EMAIL
                error=said(SignInDraft::EMAIL)
            >
                <TextInput
                    kind="email"
                    autocomplete="username"
                    read_only=fixed
                    value=form.part(|draft| draft.email.clone())
                    on_input=Callback::new(move |email| form.edit(SignInDraft::EMAIL, |draft| draft.email = email))
                />
            </Field>
            <Field
                id=form.input_id(SignInDraft::PASSWORD)
                label=text::PASSWORD
                error=said(SignInDraft::PASSWORD)
            >
                <TextInput
                    kind="password"
                    autocomplete="current-password"
                    value=form.part(|draft| draft.password.clone())
                    on_input=Callback::new(move |typed| form.edit(SignInDraft::PASSWORD, |draft| draft.password = typed))
                />
            </Field>
            {dynamic(move || {
                refused
                    .get()
                    .map(|error| view! { <ProblemView words=problems::words_of_call(&error, shell::SEND_AGAIN) /> })
            })}
            <div class="form-foot">
                <Button weight=Weight::Primary busy>
                    {text::SIGN_IN}
                </Button>
            </div>
        </form>
    }
}
