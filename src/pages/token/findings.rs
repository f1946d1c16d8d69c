//! What rules found, each with its evidence, and the one button that says that a System Admin knows.

use leptos::prelude::*;
use tenure_domain::wire::life::Finding;

use super::Desk;
use crate::{
    api::{Client, token_life as api},
    components::{
        button::Button,
        icon::{Icon, Symbol},
    },
    form::focus_soon,
    format::{self, Detail, Zone},
    state::toasts::Toasts,
    text::token as words,
};

/// The heading, which takes the focus once the button is gone.
const HEADING_ID: &str = "found";

pub(super) fn tile(desk: Desk, findings: &[Finding], works: bool) -> AnyView {
    let open = findings.iter().filter(|found| found.reviewed.is_none());
    let open: Vec<_> = open.map(|found| found.id.clone()).collect();
    let heading = if open.is_empty() {
        words::FOUND_REVIEWED
    } else {
        words::FOUND
    };
    let about = if works {
        words::FOUND_ABOUT
    } else {
        words::FOUND_DEAD
    };
    let foot = (!open.is_empty()).then(|| {
        let (client, toasts) = (expect_context::<Client>(), expect_context::<Toasts>());
        let act = desk.reviewing;
        let press = move |()| {
            let (plan, token) = desk.place.get_value();
            let call = api::review(client, &plan, &token, open.clone());
            act.done(call, move |life| {
                desk.life.set(life);
                focus_soon(HEADING_ID.to_owned());
                toasts.say(words::REVIEWED_NOW.to_owned());
            });
        };
        view! {
            <div class="tile-foot">
                <Button busy=act.busy on_press=Callback::new(press)>{words::REVIEWED}</Button>
                {act.trouble(words::REVIEW_UNREACHED)}
            </div>
        }
    });
    view! {
        <section class="tile" aria-labelledby=HEADING_ID>
            <div class="tile-head">
                <div>
                    <h2 id=HEADING_ID tabindex="-1">{heading}</h2>
                    <p class="muted">{about}</p>
                </div>
            </div>
            <ul class="time-line">{findings.iter().map(finding).collect_view()}</ul>
            {foot}
        </section>
    }
    .into_any()
}

fn finding(found: &Finding) -> AnyView {
    let when = |at| format::instant(at, Detail::Minute, Zone::Viewer);
    let (symbol, state) = match &found.reviewed {
        Some(review) => (
            Symbol::Check,
            words::reviewed_by(&review.by.name, &when(review.at)),
        ),
        None => (Symbol::Alert, words::last_seen(&when(found.last_at))),
    };
    view! {
        <li>
            <Icon symbol/>
            <div>
                <h3>{words::rule(found.rule)}</h3>
                <p>{format::sentence(&found.sentence)}</p>
                <p class="small muted">{state}</p>
            </div>
        </li>
    }
    .into_any()
}
