//! Email and password, for the sign-in page and for the dialog that asks for signing in again.

use leptos::prelude::*;
use tenure_domain::{
    problem::FieldError,
    wire::session::{Session, SignIn},
};

use crate::{
    api::{self, Client},
    components::{
        button::{Button, Weight},
        field::{Field, TextInput},
    },
    form::{Draft, Form},
    format,
    pages::act::Act,
    text::{shell, sign_in as text},
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
    let act = Act::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(typed) = form.submit().filter(|_| !act.busy.get_untracked()) else {
            return;
        };
        let who = SignIn {
            email: typed.email.trim().to_owned(),
            password: typed.password,
            locale: format::locale(),
        };
        let call = api::session::sign_in(client, &who);
        act.done(call, move |session| on_done.run(session));
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
            {act.trouble(shell::SEND_AGAIN)}
            <div class="form-foot">
                <Button weight=Weight::Primary busy=act.busy>
                    {text::SIGN_IN}
                </Button>
            </div>
        </form>
    }
}
