//! The form that accepts an invitation: a new account's name and password, or the password of the one that there is.

use leptos::prelude::*;
use tenure_domain::{
    account::check_password,
    problem::FieldError,
    wire::{
        invitations::{Acceptance, InvitationOffer},
        tokens::parse_name,
    },
};

use crate::{
    api::{ApiError, Client, invitations as api},
    components::{
        button::{Button, Weight},
        field::{Field, TextInput},
    },
    form::{Draft, Form},
    format,
    pages::act::Act,
    route::Route,
    router::Router,
    state::session::{Phase, SessionState},
    text::{invitations as text, setup::password_hint, shell, sign_in},
};

/// What is typed.
#[derive(Clone, PartialEq, Eq)]
struct AcceptDraft {
    name: String,
    password: String,
    has_account: bool,
}

const NAME: &str = "/name";
const PASSWORD: &str = "/password";

impl Draft for AcceptDraft {
    type Value = Self;
    const FIELDS: &'static [&'static str] = &[NAME, PASSWORD];

    /// Of an account's password only the server knows whether it is right.
    fn parse(&self) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        if self.has_account {
            if self.password.is_empty() {
                errors.push(FieldError {
                    pointer: PASSWORD.to_owned(),
                    code: "missing".to_owned(),
                    detail: sign_in::PASSWORD_MISSING.to_owned(),
                });
            }
        } else {
            errors.extend(parse_name(&self.name).err().map(|error| error.at(NAME)));
            let wrong = check_password(&self.password).err();
            errors.extend(wrong.map(|error| error.at(PASSWORD)));
        }
        if errors.is_empty() {
            Ok(self.clone())
        } else {
            Err(errors)
        }
    }
}

/// The form.
pub fn accept_form(code: String, offer: InvitationOffer) -> AnyView {
    let client = expect_context::<Client>();
    let session = expect_context::<SessionState>();
    let router = expect_context::<Router>();
    let has_account = offer.has_account;
    let form = Form::new(AcceptDraft {
        name: offer.name.unwrap_or_default(),
        password: String::new(),
        has_account,
    });
    let act = Act::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(typed) = form.submit() else { return };
        let acceptance = Acceptance {
            code: code.clone(),
            name: (!has_account).then_some(typed.name),
            password: typed.password,
            locale: format::locale(),
        };
        let call = api::accept(client, &acceptance);
        act.run(call, move |answer| match answer {
            Ok(new) => {
                session.set(Phase::SignedIn(new));
                router.go(&Route::Home.path());
            }
            Err(ApiError::Problem(problem)) if form.refuse(&problem) => {}
            Err(error) => act.fail(error),
        });
    };
    let email = Signal::stored(offer.email);
    let name = (!has_account).then(|| {
        view! {
            <Field id=form.input_id(NAME) label=text::YOUR_NAME error=form.reason(NAME)>
                <TextInput
                    autocomplete="name"
                    value=form.part(|draft| draft.name.clone())
                    on_input=Callback::new(move |typed| form.edit(NAME, |draft| draft.name = typed))
                />
            </Field>
        }
    });
    let (filled_by, hint) = match has_account {
        true => ("current-password", String::new()),
        false => ("new-password", password_hint()),
    };
    view! {
        <form class="form" novalidate on:submit=submit>
            <Field id=form.input_id("/email") label=text::EMAIL error=Signal::stored(None)>
                <TextInput
                    kind="email"
                    autocomplete="username"
                    read_only=true
                    value=email
                    on_input=Callback::new(|_| {})
                />
            </Field>
            {name}
            <Field id=form.input_id(PASSWORD) label=text::PASSWORD error=form.reason(PASSWORD) hint>
                <TextInput
                    kind="password"
                    autocomplete=filled_by
                    value=form.part(|draft| draft.password.clone())
                    on_input=Callback::new(move |typed| form.edit(PASSWORD, |draft| draft.password = typed))
                />
            </Field>
            {act.trouble(shell::SEND_AGAIN)}
            <div class="form-foot">
                <Button weight=Weight::Primary busy=act.busy>{text::ACCEPT}</Button>
            </div>
        </form>
    }
    .into_any()
}
