//! How the tokens stand that a text was found to mean, why, and what to do next.

use leptos::prelude::*;
use tenure_domain::{
    time::Timestamp,
    wire::{
        checks::{Checked, CheckedToken, Found, NextStep},
        session::Membership,
        tokens::Token,
    },
};

use super::{ANSWER_ID, Answer};
use crate::{
    components::{
        copy_button::CopyLine,
        empty::empty,
        icon::Symbol,
        relative_time::{Beneath, RelativeTime},
        status_pill::StatusPill,
    },
    form::unique_id,
    format,
    pages::api_access::working::Identity,
    route::Route,
    state::{clock::ServerClock, session::SessionState},
    text::{checks, tokens},
};

/// The answer.
#[component]
pub fn AnswerView(
    /// What the server said.
    answer: Answer,
    /// Where it was asked.
    plan: StoredValue<Membership>,
) -> impl IntoView {
    let Answer { checked, at } = answer;
    let plan = plan.get_value();
    let (heading, content) = match checked.found {
        Found::Token => (
            checks::found(checked.tokens.len()),
            tiles(&checked, at, &plan),
        ),
        Found::Refusal => {
            let content = view! {
                {refusals(&checked)}
                {(!checked.tokens.is_empty()).then(|| tiles(&checked, at, &plan))}
            };
            (checks::REFUSAL.to_owned(), content.into_any())
        }
        Found::Malformed => {
            let note = empty(Some(Symbol::Alert), checks::MALFORMED_ABOUT);
            (checks::MALFORMED.to_owned(), note)
        }
        Found::Unknown => {
            let note = empty(Some(Symbol::Info), &checks::unknown_about(&plan.name));
            (checks::UNKNOWN.to_owned(), note)
        }
    };
    view! {
        <div class="head below-tile">
            <div>
                <h2 id=ANSWER_ID tabindex="-1">{heading}</h2>
                <p class="small muted">{checks::as_of(at)}</p>
            </div>
        </div>
        {content}
    }
}

fn tiles(checked: &Checked, at: Timestamp, plan: &Membership) -> AnyView {
    let report = checks::report(&checked.tokens, at);
    let tiles = checked.tokens.iter().map(|it| tile(it, plan));
    view! {
        {tiles.collect_view()}
        <Report report/>
    }
    .into_any()
}

/// What refused the calls of this id, each in a sentence.
fn refusals(checked: &Checked) -> AnyView {
    let lines = checked.refusals.iter().map(|refusal| {
        let words = checks::refusal(refusal, &checked.tokens);
        view! { <p>{words}</p> }
    });
    view! { <section class="tile">{lines.collect_view()}</section> }.into_any()
}

/// Everything that is known of one token, and the next step.
fn tile(checked: &CheckedToken, plan: &Membership) -> AnyView {
    let session = expect_context::<SessionState>();
    let viewer = untrack(|| session.get()).map(|it| it.user.id.0);
    let viewer = viewer.unwrap_or_default();
    let token = &checked.token;
    let is_owner = token.owner.id.as_str() == viewer;
    let name_id = unique_id("token");
    let labelled_by = name_id.clone();
    view! {
        <section class="tile" aria-labelledby=labelled_by>
            <div class="tile-head">
                <div>
                    <Identity token=token.clone() name_id/>
                </div>
                <StatusPill status=token.status/>
            </div>
            {facts(token)}
            <div class="tile-foot">
                <p>
                    <span class="strong">{checks::NEXT} ": "</span>
                    {checks::next(checked, is_owner)}
                </p>
                {way(checked.next, is_owner, plan)}
            </div>
        </section>
    }
    .into_any()
}

fn facts(token: &Token) -> AnyView {
    let why = format::sentence(&token.why);
    let clock = expect_context::<ServerClock>();
    let now = Signal::derive(move || clock.now());
    let time = move |at| view! { <RelativeTime at now beneath=Beneath::Exact/> }.into_any();
    let (since_label, since) = checks::since(token);
    let app = token.client.as_ref();
    let app = app.map(|app| fact(checks::APP, app.name.clone().into_any()));
    let used = token
        .last_used_at
        .map_or_else(|| tokens::NEVER_USED.into_any(), time);
    let expires = token.end.is_none().then(|| {
        let at = token.expires_at;
        let at = at.map_or_else(|| tokens::NEVER_EXPIRES.into_any(), time);
        fact(tokens::COLUMN_EXPIRES, at)
    });
    view! {
        <dl class="facts">
            {fact(tokens::COLUMN_WHY, why.into_any())}
            {fact(since_label, time(since))}
            {expires}
            {fact(tokens::COLUMN_LAST_USED, used)}
            {fact(checks::OWNER, token.owner.name.clone().into_any())}
            {app}
            {fact(tokens::COLUMN_PLAN, token.plan.name.clone().into_any())}
            {fact(checks::ID, view! { <code class="address">{token.id.0.clone()}</code> }.into_any())}
        </dl>
    }
    .into_any()
}

fn fact(label: &'static str, value: AnyView) -> AnyView {
    view! {
        <div>
            <dt>{label}</dt>
            <dd>{value}</dd>
        </div>
    }
    .into_any()
}

/// The link to where the next step is done, if it is this person who does it.
fn way(next: NextStep, is_owner: bool, plan: &Membership) -> Option<AnyView> {
    let (to, words) = match next {
        NextStep::Generate | NextStep::Rotate if is_owner => {
            (Route::ApiAccess, checks::TO_API_ACCESS)
        }
        NextStep::AskAdmin if plan.role.administers() => {
            (Route::Users(plan.id.clone()), checks::TO_USERS)
        }
        _ => return None,
    };
    let link = view! { <a class="btn" href=to.path()>{words}</a> };
    Some(link.into_any())
}

/// The report for support, to be read before it is copied.
#[component]
fn Report(report: String) -> impl IntoView {
    view! {
        <section class="tile" aria-label=checks::REPORT>
            <div class="report">
                <p class="muted">{checks::REPORT_ABOUT}</p>
                <CopyLine text=report label=checks::REPORT action=checks::COPY_REPORT rows=6/>
            </div>
        </section>
    }
}
