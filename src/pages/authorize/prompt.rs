//! What a person is shown before they answer an app, or instead of being asked.

use leptos::prelude::*;
use tenure_domain::wire::{authorization::AuthorizationPrompt, scopes::Scope};
use web_sys::Url;

use super::Desk;
use crate::reactive::dynamic;
use crate::{
    api::ApiError,
    components::{
        button::{Button, Weight},
        problem_view::ProblemView,
    },
    pages::{scope_list::ScopeList, shell_bar::sign_out},
    route::Route,
    router::Router,
    state::session::SessionState,
    text::{authorize as text, problems, reasons},
};

/// Who asks for what, and the buttons.
#[component]
pub fn Asked(
    /// The page's state.
    desk: Desk,
    /// The question.
    prompt: AuthorizationPrompt,
) -> impl IntoView {
    let meaning = text::meaning(&prompt.client.name, &prompt.plan.name);
    view! {
        {asked_for(prompt.scopes)}
        <dl class="facts">
            <div>
                <dt>{text::PLAN}</dt>
                <dd>{prompt.plan.name}</dd>
            </div>
            <div>
                <dt>{text::ANSWER_GOES_TO}</dt>
                <dd class="address">{destination(&prompt.redirect_uri)}</dd>
            </div>
            <Person />
        </dl>
        <p class="small muted">{meaning}</p>
        <Trouble desk />
        <Buttons desk may_allow=true />
    }
}

/// Nobody is asked: the person has allowed all of it before. It goes on by itself.
#[component]
pub fn KnownApp(
    /// The page's state.
    desk: Desk,
    /// Says so.
    words: String,
) -> impl IntoView {
    desk.decide(true);
    view! {
        <p>{words}</p>
        <Trouble desk retry=Callback::new(move |()| desk.decide(true)) />
    }
}

/// The person is not in the app's plan. Denying still tells the app.
#[component]
pub fn NotInPlan(
    /// The page's state.
    desk: Desk,
) -> impl IntoView {
    view! {
        <p>{text::NOT_IN_PLAN_REMEDY}</p>
        <dl class="facts">
            <Person />
        </dl>
        <Trouble desk />
        <Buttons desk may_allow=false />
    }
}

/// The app or its address is not known: no answer goes anywhere.
#[component]
pub fn SetUpWrongly(
    /// What is wrong, as the server says it.
    detail: Option<String>,
) -> impl IntoView {
    let detail = detail.map(|detail| view! { <p class="strong">{reasons::sentence(&detail)}</p> });
    view! {
        <p>{text::WRONG_WHY}</p>
        {detail}
    }
}

fn asked_for(scopes: Vec<Scope>) -> AnyView {
    if scopes.is_empty() {
        return view! { <p>{text::ONLY_WHO}</p> }.into_any();
    }
    view! {
        <div>
            <h2>{text::ASKS_TO}</h2>
            <ScopeList scopes />
        </div>
    }
    .into_any()
}

/// The host of a redirect URI. A program of the person's own machine has none, or the loopback's.
fn destination(redirect_uri: &str) -> String {
    let Ok(url) = Url::new(redirect_uri) else {
        return redirect_uri.to_owned();
    };
    let host = url.host();
    match url.hostname().as_str() {
        "" => text::program(&url.protocol()),
        "127.0.0.1" | "[::1]" | "localhost" => text::program(&host),
        _ => host,
    }
}

/// As whom one answers, and the way to do so as another.
#[component]
fn Person() -> impl IntoView {
    let session = expect_context::<SessionState>();
    let here = expect_context::<Router>().address_now();
    let trouble = RwSignal::new(None::<ApiError>);
    // Another person gets another page.
    let user = untrack(|| session.get()).map(|session| session.user);
    let user = user.map(|user| text::person(&user.name, &user.email));
    let page = format!("{}{}", here.path, here.query);
    let leave = sign_out(trouble, Route::sign_in_then(&page));
    view! {
        <div>
            <dt>{text::SIGNED_IN_AS}</dt>
            <dd class="address">
                {user}
                <Button weight=Weight::Quiet on_press=leave>
                    {text::SOMEBODY_ELSE}
                </Button>
                {dynamic(move || {
                    let words = problems::words_of_call(&trouble.get()?, text::STILL_SIGNED_IN);
                    Some(view! { <ProblemView words /> })
                })}
            </dd>
        </div>
    }
}

/// Why the answer did not come through.
#[component]
fn Trouble(desk: Desk, #[prop(optional)] retry: Option<Callback<()>>) -> impl IntoView {
    dynamic(move || {
        let words = problems::words_of_call(&desk.trouble.get()?, text::UNREACHED);
        Some(match retry {
            Some(retry) => view! { <ProblemView words retry /> }.into_any(),
            None => view! { <ProblemView words /> }.into_any(),
        })
    })
}

/// *Allow* and *Deny*, until one of them has come through.
#[component]
fn Buttons(desk: Desk, may_allow: bool) -> impl IntoView {
    let button = move |allow: bool, weight, words| {
        let busy = Signal::derive(move || desk.given.get() == Some(allow));
        let on_press = Callback::new(move |()| desk.decide(allow));
        view! {
            <Button weight busy on_press>
                {words}
            </Button>
        }
    };
    dynamic(move || {
        let waits = desk.redirect.with(Option::is_none);
        waits.then(|| {
            view! {
                <div class="form-foot">
                    {may_allow.then(|| button(true, Weight::Primary, text::ALLOW))}
                    {button(false, Weight::Normal, text::DENY)}
                </div>
            }
        })
    })
}
