//! Admin Center > Auth health: what the verifier saw of a plan's tokens, what of it wants attention, and the tokens
//! behind it.
//!
//! What is shown alone stands in the address. Deliberately not here: counting, and when an alert is raised.

pub mod alerts;
pub mod asked;
pub mod behind;
pub mod rules;
pub mod seen;
pub mod webhook;

use leptos::prelude::*;
use tenure_domain::{
    live::Topic,
    wire::{auth_health::AuthHealth as Health, session::Membership},
};

use self::{
    alerts::alerts_tile,
    asked::{Asked, WINDOW, WINDOWS},
    behind::behind_tile,
    rules::rules_tile,
    seen::seen,
    webhook::webhook_tile,
};
use super::{passing_time, remote_view::RemoteView};
use crate::{
    api::{Client, auth_health as api},
    components::{
        button::Button,
        field::{Field, Select},
        heading::PageHeading,
    },
    form::{focus_soon, unique_id},
    reactive::{dynamic, memo},
    route::Route,
    router::Router,
    state::remote::Remote,
    text::auth_health as text,
};

/// The line that takes the focus when the button is gone that had it.
const ABOUT_ID: &str = "about-health";

/// The page of one plan, for its System Admins.
#[component]
pub fn AuthHealth(
    /// The plan, and the person's place in it.
    plan: Membership,
) -> impl IntoView {
    let client = expect_context::<Client>();
    let router = expect_context::<Router>();
    let asked = memo(move || Asked::read(&router.address().query));
    let id = StoredValue::new(plan.id.clone());
    let health = Remote::new(move || api::get(client, &id.get_value(), &asked.get().of_health()))
        .live(Some(plan.id.clone()), &[Topic::Tokens, Topic::Alerts]);
    // Calls are no news: they are counted all the time, and the next minute or hour is asked for when it has come.
    passing_time::follow(memo(move || Some(health.data()?.to)), move || {
        health.refresh();
    });
    let busy = health.loading();
    let path = StoredValue::new(Route::AuthHealth(plan.id).path());
    let go = Callback::new(move |asked: Asked| {
        router.go(&format!("{}?{}", path.get_value(), asked.query()));
    });
    let choose = Callback::new(move |window: String| {
        go.run(asked.get_untracked().with(WINDOW, &window));
    });
    let mut shown = None::<Asked>;
    let behind = move || {
        let asked = asked.get();
        // Of another window, somebody may look on through the windows.
        let now = asked.with(WINDOW, "");
        let was = shown.replace(now.clone());
        behind_tile(id, &asked, was.is_some_and(|was| was != now))
    };
    let options = WINDOWS.map(|it| (asked::name(it).to_owned(), text::window(it).to_owned()));
    view! {
        <div class="head">
            <div>
                <PageHeading title=text::TITLE.to_owned()/>
                <p class="muted" id=ABOUT_ID tabindex="-1">{text::about(&plan.name)}</p>
            </div>
            <Field id=unique_id("show") label=text::SHOW error=Signal::stored(None)>
                <Select
                    value=Signal::derive(move || asked.get().window().to_owned())
                    on_change=choose
                    options=options.to_vec()
                />
            </Field>
        </div>
        {alerts_tile(id)}
        {dynamic(move || alone(&asked.get(), health, go))}
        {dynamic(behind)}
        <RemoteView
            remote=health
            lines=8
            children=move |health: &Health| seen(health, &asked.get_untracked(), path, busy)
        />
        {rules_tile(id)}
        {webhook_tile(id)}
    }
}

/// What is shown alone, and the way back to everything.
fn alone(asked: &Asked, health: Remote<Health>, go: Callback<Asked>) -> Option<AnyView> {
    if !asked.is_alone() {
        return None;
    }
    let words = asked.alone(health.data());
    let all = asked.all();
    let on_press = Callback::new(move |()| {
        go.run(all.clone());
        focus_soon(ABOUT_ID.to_owned());
    });
    Some(
        view! {
            <p class="note alone">
                <span>{text::only(&words)}</span>
                <Button on_press>{text::SHOW_ALL}</Button>
            </p>
        }
        .into_any(),
    )
}
