//! A token's own page, for System Admins: how it stands and why, what looks suspicious, what happened to it, and
//! who calls with it.
//!
//! Deliberately not here: a list of tokens, and rotating one, which is for its owner.

mod about;
mod callers;
mod findings;

use leptos::prelude::*;
use tenure_domain::{
    id::{PlanId, TokenId},
    life::LifeKind,
    live::Topic,
    wire::{
        life::{LifeEvent, TokenLife},
        session::Membership,
    },
};

use super::{
    act::Act,
    ending::{EndDialog, Ending},
    passing_time,
    remote_view::RemoteView,
};
use crate::{
    api::{Client, token_life as api},
    components::{
        heading::PageHeading,
        icon::{Icon, Symbol},
        relative_time::{Beneath, RelativeTime},
    },
    format,
    reactive::memo,
    route::Route,
    router::Router,
    state::{clock::ServerClock, remote::Remote},
    text::{shell, token as words, tokens},
};

/// The element that takes the focus once the token is revoked.
const ABOUT_ID: &str = "about-token";

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Desk {
    place: StoredValue<(PlanId, TokenId)>,
    life: Remote<TokenLife>,
    ending: RwSignal<Option<Ending>>,
    /// The review under way. It outlives what is shown, which news make anew.
    reviewing: Act,
}

/// The page of one token.
#[component]
pub fn TokenPage(
    /// The plan, and the person's place in it.
    plan: Membership,
    /// The token.
    token: TokenId,
) -> impl IntoView {
    let client = expect_context::<Client>();
    let here = Some(plan.id.clone());
    // What was asked for in the list stands in the address of this page too.
    let query = expect_context::<Router>().address_now().query;
    let back = Route::Tokens(plan.id.clone()).path() + &query;
    let place = StoredValue::new((plan.id, token));
    let life = Remote::new(move || {
        let (plan, token) = place.get_value();
        api::get(client, &plan, &token)
    })
    .live(here, &[Topic::Tokens, Topic::Policy]);
    let desk = Desk {
        place,
        life,
        ending: RwSignal::new(None),
        reviewing: Act::new(),
    };
    let soonest = memo(move || life.data()?.token.changes_at());
    passing_time::follow(soonest, move || life.refresh());
    let title = memo(move || {
        let name = life.data().map(|life| life.token.name);
        name.unwrap_or_else(|| words::TOKEN.to_owned())
    });
    view! {
        <div class="head">
            <div>
                <PageHeading title=Signal::derive(move || title.get())/>
                <p>
                    <a href=back>{shell::TOKENS}</a>
                </p>
            </div>
        </div>
        <RemoteView remote=life lines=8 children=move |life: &TokenLife| shown(desk, life)/>
        <EndDialog
            ending=desk.ending
            action=tokens::REVOKE
            unreached=tokens::REVOKE_UNREACHED
            on_answer=Callback::new(move |()| life.refresh())
            focus_after=ABOUT_ID
        />
    }
}

fn shown(desk: Desk, life: &TokenLife) -> AnyView {
    let works = life.token.end.is_none();
    let findings = &life.findings;
    let findings = (!findings.is_empty()).then(|| findings::tile(desk, findings, works));
    let events = life.events.iter().map(event);
    view! {
        {about::tile(desk, life)}
        {findings}
        {callers::tiles(life)}
        <section class="tile" aria-label=words::TIME_LINE>
            <div class="tile-head">
                <h2>{words::TIME_LINE}</h2>
            </div>
            <ol class="time-line">{events.collect_view()}</ol>
        </section>
    }
    .into_any()
}

fn event(event: &LifeEvent) -> AnyView {
    let clock = expect_context::<ServerClock>();
    let now = Signal::derive(move || clock.now());
    let symbol = match event.kind {
        LifeKind::Created => Symbol::Plus,
        LifeKind::Policy => Symbol::Shield,
        LifeKind::FirstUsed | LifeKind::LastUsed => Symbol::Key,
        LifeKind::Notice => Symbol::Mail,
        LifeKind::Rotated => Symbol::Retry,
        LifeKind::Suspected => Symbol::Alert,
        LifeKind::Reviewed => Symbol::Check,
        LifeKind::Ended => Symbol::Revoke,
    };
    view! {
        <li>
            <Icon symbol/>
            <div>
                <p>{format::sentence(&event.sentence)}</p>
                <RelativeTime at=event.at now beneath=Beneath::Exact/>
            </div>
        </li>
    }
    .into_any()
}
