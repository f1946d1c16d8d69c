//! Where a plan's alerts are posted: the address, its secret for the one time that it is shown, and what became of
//! the latest post.

use std::sync::Arc;

use leptos::prelude::*;
use tenure_domain::{id::PlanId, live::Topic, problem::FieldError, wire::alerts::Webhook};

use crate::{
    api::{ApiError, Client, webhook as api},
    clock::Clock,
    components::{
        button::{Button, Weight},
        copy_button::CopyLine,
        field::{Field, TextInput},
        icon::{Icon, Symbol},
    },
    form::{Draft, Form, unique_id},
    format::{self, Detail, Zone},
    pages::{
        act::Act,
        ending::{EndDialog, Ending},
        remote_view::RemoteView,
    },
    reactive::dynamic,
    state::{remote::Remote, toasts::Toasts},
    text::{auth_health, common, webhook as text},
};

/// A test was posted by then, or is being tried again: in milliseconds.
const POSTED: u32 = 2_000;
/// The tile's heading, which takes the focus when the address is gone.
const HEADING_ID: &str = "webhook";

/// What the tile's parts share.
#[derive(Clone, Copy)]
struct Desk {
    client: Client,
    plan: StoredValue<PlanId>,
    webhook: Remote<Webhook>,
    /// The secret, until it is copied.
    secret: RwSignal<Option<String>>,
    ending: RwSignal<Option<Ending>>,
    /// The test under way. It outlives what is shown, which is made anew with what comes.
    testing: Act,
}

/// The tile.
pub fn webhook_tile(plan: StoredValue<PlanId>) -> AnyView {
    let client = expect_context::<Client>();
    let desk = Desk {
        client,
        plan,
        webhook: Remote::new(move || api::get(client, &plan.get_value()))
            .live(Some(plan.get_value()), &[Topic::Alerts]),
        secret: RwSignal::new(None),
        ending: RwSignal::new(None),
        testing: Act::new(),
    };
    view! {
        <section class="tile" aria-labelledby=HEADING_ID>
            <div class="tile-head">
                <h2 id=HEADING_ID tabindex="-1">
                    {text::TITLE}
                </h2>
            </div>
            <div class="apart">
                <p class="muted">{text::ABOUT}</p>
                <RemoteView remote=desk.webhook lines=2 children=move |it| as_it_is(desk, it)/>
            </div>
            {dynamic(move || desk.secret.get().map(|secret| shown_once(desk, secret)))}
            {address_form(desk)}
            <EndDialog
                ending=desk.ending
                action=text::REMOVE
                unreached=auth_health::UNREACHED
                on_answer=Callback::new(move |()| desk.webhook.refresh())
                focus_after=HEADING_ID
            />
        </section>
    }
    .into_any()
}

fn words(at: tenure_domain::time::Timestamp) -> String {
    format::instant(at, Detail::Minute, Zone::Viewer)
}

/// The address, and what can be done about it.
fn as_it_is(desk: Desk, webhook: &Webhook) -> AnyView {
    let Some(url) = webhook.url.clone() else {
        return view! { <p>{text::NOWHERE}</p> }.into_any();
    };
    let since = webhook.since.map(words).unwrap_or_default();
    let latest = webhook.latest.as_ref().map(|it| {
        let words = text::latest(it.taken, &words(it.at), it.attempts, it.reason.as_deref());
        view! { <p>{words}</p> }
    });
    let (toasts, clock) = (expect_context::<Toasts>(), expect_context::<Clock>());
    let act = desk.testing;
    let test = Callback::new(move |()| {
        let call = api::test(desk.client, &desk.plan.get_value());
        act.done(call, move |()| {
            toasts.say(text::TESTED);
            clock.after(POSTED, move || desk.webhook.refresh());
        });
    });
    let (about, seen) = (text::removing(&url), StoredValue::new(webhook.clone()));
    let remove = Callback::new(move |()| {
        let (about, seen) = (about.clone(), seen.get_value());
        desk.ending.set(Some(Ending {
            title: text::REMOVE_TITLE.to_owned(),
            about,
            call: Arc::new(move || {
                let call = api::delete(desk.client, &desk.plan.get_value(), &seen);
                call.map(|()| text::REMOVED.to_owned())
            }),
        }));
    });
    view! {
        <p>{text::goes_to(&url, &since)}</p>
        {latest}
        <div class="form-foot">
            <Button busy=act.busy on_press=test>
                {text::TEST}
            </Button>
            <Button on_press=remove>{text::REMOVE}</Button>
        </div>
        {act.trouble(auth_health::UNREACHED)}
    }
    .into_any()
}

fn shown_once(desk: Desk, secret: String) -> AnyView {
    view! {
        <div class="apart">
        <CopyLine
            text=secret
            label=text::SECRET
            action=common::COPY
            weight=Weight::Primary
            takes_focus=true
        />
        <p class="note">
            <Icon symbol=Symbol::Alert/>
            <span>{text::SECRET_WARNING}</span>
        </p>
        <div class="form-foot">
            <Button on_press=Callback::new(move |()| desk.secret.set(None))>{text::DONE}</Button>
        </div>
        </div>
    }
    .into_any()
}

/// The address as it is typed. Where nothing may be posted to, the server knows.
#[derive(Clone, Default, PartialEq)]
struct AddressDraft(String);

impl AddressDraft {
    const URL: &'static str = "/url";
}

impl Draft for AddressDraft {
    type Value = String;
    const FIELDS: &'static [&'static str] = &[Self::URL];

    fn parse(&self) -> Result<String, Vec<FieldError>> {
        Ok(self.0.trim().to_owned())
    }
}

/// Sets the address. What is typed stays until it is set.
fn address_form(desk: Desk) -> AnyView {
    let act = Act::new();
    let form = Form::new(AddressDraft::default());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(url) = form.submit() else {
            return;
        };
        let Some(seen) = untrack(|| desk.webhook.data()) else {
            return;
        };
        let call = api::put(desk.client, &desk.plan.get_value(), &seen, url);
        act.run(call, move |answer| match answer {
            Ok(made) => {
                form.reset(AddressDraft::default());
                desk.secret.set(Some(made.secret));
                desk.webhook.set(Webhook {
                    url: Some(made.url),
                    since: Some(made.since),
                    latest: None,
                });
                desk.webhook.refresh();
            }
            Err(ApiError::Problem(problem)) if form.refuse(&problem) => {}
            Err(error) => {
                act.fail(error);
                // Somebody else may have set another one.
                desk.webhook.refresh();
            }
        });
    };
    let has_one = move || desk.webhook.data().is_some_and(|it| it.url.is_some());
    let hint = dynamic(move || match has_one() {
        true => text::ANOTHER_HINT,
        false => text::ADDRESS_HINT,
    });
    let hint_id = unique_id("webhook-hint");
    view! {
        <form class="form" novalidate aria-label=text::TITLE on:submit=submit>
            <Field
                id=form.input_id(AddressDraft::URL)
                label=text::ADDRESS
                error=form.reason(AddressDraft::URL)
                described_by=hint_id.clone()
            >
                <TextInput
                    value=form.part(|draft| draft.0.clone())
                    on_input=Callback::new(move |typed| form.edit(AddressDraft::URL, |it| it.0 = typed))
                    verbatim=true
                />
            </Field>
            <p class="field-hint" id=hint_id>
                {hint}
            </p>
            {act.trouble(auth_health::UNREACHED)}
            <div class="form-foot">
                <Button busy=act.busy>{text::SAVE}</Button>
            </div>
        </form>
    }
    .into_any()
}
