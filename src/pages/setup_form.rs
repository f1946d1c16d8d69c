//! The fields of the first-run setup.

use leptos::prelude::*;
use tenure_domain::{
    account::{check_password, parse_email},
    problem::FieldError,
    wire::{setup::Setup, tokens::parse_name},
};

use crate::{
    api::{self, ApiError, Client},
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
    text::{reasons, setup as text, shell},
};

/// What is typed.
#[derive(Clone, PartialEq, Eq, Default)]
struct SetupDraft {
    plan: String,
    name: String,
    email: String,
    password: String,
}

/// One of the fields.
#[derive(Clone, Copy)]
struct Part {
    pointer: &'static str,
    label: &'static str,
    kind: &'static str,
    autocomplete: &'static str,
    read: fn(&SetupDraft) -> &String,
    write: fn(&mut SetupDraft) -> &mut String,
}

const PARTS: [Part; 4] = [
    Part {
        pointer: "/plan",
        label: text::PLAN,
        kind: "text",
        autocomplete: "organization",
        read: |draft| &draft.plan,
        write: |draft| &mut draft.plan,
    },
    Part {
        pointer: "/name",
        label: text::NAME,
        kind: "text",
        autocomplete: "name",
        read: |draft| &draft.name,
        write: |draft| &mut draft.name,
    },
    Part {
        pointer: "/email",
        label: text::EMAIL,
        kind: "email",
        autocomplete: "username",
        read: |draft| &draft.email,
        write: |draft| &mut draft.email,
    },
    Part {
        pointer: "/password",
        label: text::PASSWORD,
        kind: "password",
        autocomplete: "new-password",
        read: |draft| &draft.password,
        write: |draft| &mut draft.password,
    },
];

impl Draft for SetupDraft {
    type Value = Self;
    const FIELDS: &'static [&'static str] = &["/plan", "/name", "/email", "/password"];

    fn parse(&self) -> Result<Self, Vec<FieldError>> {
        let plan = parse_name(&self.plan).map_err(|error| error.at("/plan"));
        let name = parse_name(&self.name).map_err(|error| error.at("/name"));
        let email = parse_email(&self.email).map_err(|error| error.at("/email"));
        let password = check_password(&self.password).map_err(|error| error.at("/password"));
        let errors: Vec<_> = [plan.map(drop), name.map(drop), email.map(drop), password]
            .into_iter()
            .filter_map(Result::err)
            .collect();
        if errors.is_empty() {
            Ok(self.clone())
        } else {
            Err(errors)
        }
    }
}

/// The form.
#[component]
pub fn SetupForm(
    /// The setup link's secret.
    code: String,
) -> impl IntoView {
    let client = expect_context::<Client>();
    let session = expect_context::<SessionState>();
    let router = expect_context::<Router>();
    let form = Form::new(SetupDraft::default());
    let act = Act::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(typed) = form.submit().filter(|_| !act.busy.get_untracked()) else {
            return;
        };
        let call = api::setup::create(client, &request(&code, typed));
        act.run(call, move |answer| match answer {
            Ok(new) => {
                session.set(Phase::SignedIn(new));
                router.go(&Route::Home.path());
            }
            Err(ApiError::Problem(problem)) if form.refuse(&problem) => {}
            Err(error) => act.fail(error),
        });
    };
    view! {
        <form class="form" novalidate on:submit=submit>
            {PARTS.into_iter().map(|part| view! { <PartField form part /> }).collect_view()}
            {act.trouble(shell::SEND_AGAIN)}
            <div class="form-foot">
                <Button weight=Weight::Primary busy=act.busy>
                    {text::CREATE}
                </Button>
            </div>
        </form>
    }
}

fn request(code: &str, typed: SetupDraft) -> Setup {
    Setup {
        code: code.to_owned(),
        plan: typed.plan,
        name: typed.name,
        email: typed.email.trim().to_owned(),
        password: typed.password,
        locale: format::locale(),
    }
}

#[component]
fn PartField(form: Form<SetupDraft>, part: Part) -> impl IntoView {
    let error = form.error(part.pointer);
    let said = Signal::derive(move || error.get().as_ref().map(reasons::of));
    let hint = match part.pointer {
        "/plan" => text::PLAN_HINT.to_owned(),
        "/password" => text::password_hint(),
        _ => String::new(),
    };
    view! {
        <Field id=form.input_id(part.pointer) label=part.label error=said hint=hint>
            <TextInput
                kind=part.kind
                autocomplete=part.autocomplete
                value=form.part(move |draft| (part.read)(draft).clone())
                on_input=Callback::new(move |typed| {
                    form.edit(part.pointer, |draft| *(part.write)(draft) = typed);
                })
            />
        </Field>
    }
}
