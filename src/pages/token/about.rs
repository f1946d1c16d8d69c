//! How the token stands, and why; and the way to end it.

use std::sync::Arc;

use leptos::prelude::*;
use tenure_domain::wire::{life::TokenLife, tokens::Token};

use super::{ABOUT_ID, Desk};
use crate::{
    api::{Client, inventory as api},
    components::{
        button::Button,
        relative_time::{Beneath, RelativeTime},
        status_pill::ExplainedStatus,
    },
    form::unique_id,
    format,
    pages::{
        api_access::working::{Identity, LastUse},
        ending::Ending,
    },
    state::clock::ServerClock,
    text::{checks, tokens},
};

pub(super) fn tile(desk: Desk, life: &TokenLife) -> AnyView {
    let token = &life.token;
    let revoke = token.end.is_none().then(|| revoke(desk, token));
    view! {
        <section class="tile" aria-labelledby=ABOUT_ID>
            <div class="tile-head">
                <div id=ABOUT_ID tabindex="-1">
                    <Identity token=token.clone() name_id=unique_id("token")/>
                </div>
                <ExplainedStatus status=token.status/>
            </div>
            {facts(token)}
            {revoke}
        </section>
    }
    .into_any()
}

fn facts(token: &Token) -> AnyView {
    let clock = expect_context::<ServerClock>();
    let now = Signal::derive(move || clock.now());
    let time = move |at| view! { <RelativeTime at now beneath=Beneath::Exact/> }.into_any();
    let (end_label, end) = match &token.end {
        Some(end) => (tokens::COLUMN_ENDED, Some(end.at)),
        None => (tokens::COLUMN_EXPIRES, token.expires_at),
    };
    let end = end.map_or_else(|| tokens::NEVER_EXPIRES.into_any(), time);
    let id = view! { <code class="address">{token.id.0.clone()}</code> };
    let app = token.client.as_ref().map(|app| app.name.clone());
    let facts = [
        (tokens::COLUMN_WHY, format::sentence(&token.why).into_any()),
        (checks::OWNER, token.owner.name.clone().into_any()),
        (checks::APP, app.clone().into_any()),
        (tokens::COLUMN_CREATED, time(token.created_at)),
        (
            tokens::COLUMN_LAST_USED,
            view! { <LastUse token=token.clone()/> }.into_any(),
        ),
        (end_label, end),
        (checks::ID, id.into_any()),
    ];
    let facts = facts
        .into_iter()
        .filter(|(label, _)| *label != checks::APP || app.is_some());
    let facts = facts.map(|(label, value)| {
        view! {
            <div>
                <dt>{label}</dt>
                <dd>{value}</dd>
            </div>
        }
    });
    view! { <dl class="facts">{facts.collect_view()}</dl> }.into_any()
}

fn revoke(desk: Desk, token: &Token) -> AnyView {
    let client = expect_context::<Client>();
    let name = token.name.clone();
    let about = match &token.client {
        Some(app) => tokens::revoke_about_app(&app.name),
        None => tokens::REVOKE_ABOUT.to_owned(),
    };
    let press = move |()| {
        let named = name.clone();
        desk.ending.set(Some(Ending {
            title: tokens::revoke_title(&name),
            about: about.clone(),
            call: Arc::new(move || {
                let ((plan, token), name) = (desk.place.get_value(), named.clone());
                let call = api::revoke(client, &plan, vec![token], false);
                call.map(move |done| match done.revoked.is_empty() {
                    true => tokens::ended_before(&name),
                    false => tokens::revoked(&name),
                })
            }),
        }));
    };
    view! {
        <div class="tile-foot">
            <Button on_press=Callback::new(press)>{tokens::REVOKE}</Button>
        </div>
    }
    .into_any()
}
