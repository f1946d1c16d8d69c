//! Account > Personal Settings > Profile: who one is, and the language and time zone of one's mails.

use leptos::prelude::*;
use tenure_domain::{
    locale::{Language, Locale},
    wire::session::{Membership, Session},
};

use crate::reactive::dynamic;
use crate::{
    api::{Client, notices as api},
    components::{
        button::{Button, Weight},
        field::{Field, Select},
    },
    form::unique_id,
    format,
    pages::{act::Act, settings_frame::SettingsFrame},
    route::Route,
    state::{session::SessionState, toasts::Toasts},
    text::{notices as text, shell},
};

/// The page.
#[component]
pub fn Profile() -> impl IntoView {
    let session = expect_context::<SessionState>();
    view! {
        <SettingsFrame tab=Route::Profile>{dynamic(move || session.get().map(content))}</SettingsFrame>
    }
}

fn content(session: Session) -> impl IntoView {
    view! {
        <section class="tile">
            <dl class="facts">
                <div>
                    <dt>{shell::NAME}</dt>
                    <dd>{session.user.name}</dd>
                </div>
                <div>
                    <dt>{shell::EMAIL}</dt>
                    <dd>{session.user.email}</dd>
                </div>
            </dl>
        </section>
        <Mails locale=session.locale/>
        <section class="tile" aria-labelledby="profile-plans">
            <div>
                <h2 id="profile-plans">{shell::PLANS}</h2>
                <p class="muted">{shell::PLANS_WHY}</p>
            </div>
            {plans(session.plans)}
        </section>
    }
}

fn plans(plans: Vec<Membership>) -> AnyView {
    if plans.is_empty() {
        return view! { <p>{shell::NO_PLANS}</p> }.into_any();
    }
    view! {
        <div class="scroll list">
            <table class="cards">
                <thead>
                    <tr>
                        <th scope="col">{shell::PLAN}</th>
                        <th scope="col">{shell::TIER}</th>
                        <th scope="col">{shell::ROLE}</th>
                    </tr>
                </thead>
                <tbody>{plans.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(plan: Membership) -> impl IntoView {
    view! {
        <tr>
            <th scope="row">{plan.name}</th>
            <td data-label=shell::TIER>{shell::tier(plan.tier)}</td>
            <td data-label=shell::ROLE>{shell::role(plan.role)}</td>
        </tr>
    }
}

/// What the mails are in. Until somebody chooses, what the browser says is shown and nothing is kept.
#[component]
fn Mails(
    /// What is kept.
    locale: Option<Locale>,
) -> impl IntoView {
    let (client, toasts) = (expect_context::<Client>(), expect_context::<Toasts>());
    let chosen = RwSignal::new(locale.or_else(format::locale).unwrap_or(Locale {
        language: Language::En,
        time_zone: "UTC".to_owned(),
    }));
    let act = Act::new();
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let call = api::choose_locale(client, &chosen.get_untracked());
        act.done(call, move |_kept| toasts.say(text::SAVED));
    };
    let language = |it: Language| (it.as_str().to_owned(), text::language(it).to_owned());
    let zones = format::time_zones(&chosen.get_untracked().time_zone);
    let zones = zones.into_iter().map(|zone| (zone.clone(), zone));
    view! {
        <section class="tile" aria-labelledby="profile-mails">
            <div>
                <h2 id="profile-mails">{text::MAILS}</h2>
                <p class="muted">{text::MAILS_WHY}</p>
            </div>
            <form class="form" novalidate on:submit=save>
                <Field id=unique_id("language") label=text::LANGUAGE error=Signal::derive(|| None)>
                    <Select
                        value=Signal::derive(move || chosen.get().language.as_str().to_owned())
                        on_change=Callback::new(move |tag: String| {
                            chosen.update(|it| it.language = Language::of_tag(&tag));
                        })
                        options=Language::ALL.map(language).to_vec()
                    />
                </Field>
                <Field id=unique_id("zone") label=text::TIME_ZONE error=Signal::derive(|| None)>
                    <Select
                        value=Signal::derive(move || chosen.get().time_zone)
                        on_change=Callback::new(move |zone| chosen.update(|it| it.time_zone = zone))
                        options=zones.collect()
                    />
                </Field>
                {act.trouble(shell::SEND_AGAIN)}
                <div class="form-foot">
                    <Button weight=Weight::Primary busy=act.busy>
                        {text::SAVE}
                    </Button>
                </div>
            </form>
        </section>
    }
}
