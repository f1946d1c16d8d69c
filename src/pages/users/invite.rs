//! The dialog that invites somebody by mail. What is typed stays until the invitation is on its way.

use leptos::prelude::*;
use tenure_domain::{
    account::parse_email,
    plan::Role,
    problem::FieldError,
    wire::{invitations::NewInvitation, tokens::parse_name},
};

use super::{ABOUT_ID, desk::Desk};
use crate::{
    api::{ApiError, Client, invitations as api},
    components::{
        button::{Button, Weight},
        confirm::CancelButton,
        dialog::Dialog,
        field::{Field, Select, TextInput},
    },
    form::{Draft, Form},
    pages::act::Act,
    reactive::dynamic,
    state::toasts::Toasts,
    text::{self, invitations as words, shell},
};

/// What is typed.
#[derive(Clone, PartialEq, Eq)]
struct InviteDraft {
    email: String,
    name: String,
    role: Role,
}

const EMAIL: &str = "/email";
const NAME: &str = "/name";
const ROLE: &str = "/role";

impl InviteDraft {
    const fn blank() -> Self {
        Self {
            email: String::new(),
            name: String::new(),
            role: Role::Member,
        }
    }
}

impl Draft for InviteDraft {
    type Value = NewInvitation;
    const FIELDS: &'static [&'static str] = &[EMAIL, NAME, ROLE];

    fn parse(&self) -> Result<NewInvitation, Vec<FieldError>> {
        let email = parse_email(&self.email).map_err(|error| error.at(EMAIL));
        let name = Some(self.name.as_str()).filter(|name| !name.trim().is_empty());
        let name = name.map(parse_name).transpose();
        match (email, name.map_err(|error| error.at(NAME))) {
            (Ok(email), Ok(name)) => Ok(NewInvitation {
                email,
                name,
                role: self.role,
            }),
            (email, name) => Err([email.err(), name.err()].into_iter().flatten().collect()),
        }
    }
}

/// The dialog. It is open while somebody is being invited.
#[component]
pub fn InviteDialog(
    /// The page's state.
    desk: Desk,
) -> impl IntoView {
    let form = Form::new(InviteDraft::blank());
    let act = Act::new();
    view! {
        <Dialog
            open=desk.inviting
            title=Signal::stored(words::TITLE.to_owned())
            busy=act.busy
            focus_after=ABOUT_ID
        >
            {questions(desk, form, act)}
        </Dialog>
    }
}

fn questions(desk: Desk, form: Form<InviteDraft>, act: Act) -> AnyView {
    let client = expect_context::<Client>();
    let toasts = expect_context::<Toasts>();
    act.trouble.set(None);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(new) = form.submit() else { return };
        let call = api::invite(client, &desk.plan.get_value().id, &new);
        act.run(call, move |answer| match answer {
            Ok(made) => {
                desk.inviting.set(false);
                form.reset(InviteDraft::blank());
                desk.invited.refresh();
                toasts.say(words::sent(&made.email));
            }
            Err(ApiError::Problem(problem)) if form.refuse(&problem) => {}
            Err(error) => act.fail(error),
        });
    };
    let roles = Role::ALL.into_iter().rev();
    let roles = roles.map(|role| (role.as_str().to_owned(), shell::role(role).to_owned()));
    let choose = Callback::new(move |chosen: String| {
        let role = Role::ALL.into_iter().find(|role| role.as_str() == chosen);
        form.edit(ROLE, |draft| draft.role = role.unwrap_or(Role::Member));
    });
    let role = form.part(|draft| draft.role);
    view! {
        <form class="form" novalidate on:submit=submit>
            <div class="dialog-body">
                <p>{words::ABOUT}</p>
                <Field id=form.input_id(EMAIL) label=words::EMAIL error=form.reason(EMAIL)>
                    <TextInput
                        kind="email"
                        value=form.part(|draft| draft.email.clone())
                        on_input=Callback::new(move |typed| form.edit(EMAIL, |draft| draft.email = typed))
                    />
                </Field>
                <Field
                    id=form.input_id(NAME)
                    label=words::NAME
                    error=form.reason(NAME)
                    hint=words::NAME_HINT
                >
                    <TextInput
                        value=form.part(|draft| draft.name.clone())
                        on_input=Callback::new(move |typed| form.edit(NAME, |draft| draft.name = typed))
                    />
                </Field>
                <Field id=form.input_id(ROLE) label=words::ROLE error=form.reason(ROLE)>
                    <Select
                        value=form.part(|draft| draft.role.as_str().to_owned())
                        on_change=choose
                        options=roles.collect()
                    />
                </Field>
                <p class="field-hint" aria-live="polite">
                    {dynamic(move || words::role_about(role.get()))}
                </p>
                {act.trouble(words::UNREACHED)}
            </div>
            <div class="dialog-foot">
                <Button weight=Weight::Primary busy=act.busy>{words::SEND}</Button>
                <CancelButton words=text::common::CANCEL/>
            </div>
        </form>
    }
    .into_any()
}
