//! The tokens behind what is shown alone, and a table of tokens that were seen.

use leptos::prelude::*;
use tenure_domain::{
    id::PlanId,
    live::Topic,
    wire::auth_health::{SeenToken, SeenTokens},
};

use super::asked::Asked;
use crate::{
    api::{Client, auth_health as api},
    components::{relative_time::RelativeTime, status_pill::StatusPill},
    form::focus,
    pages::remote_view::RemoteView,
    reactive::{effect, memo},
    route::Route,
    state::{clock::ServerClock, remote::Remote},
    text::{auth_health as text, impact::number},
};

/// The tile's heading.
const HEADING_ID: &str = "behind";

/// The tile; none while everything is shown. Where `asked_for`, its heading takes the focus once the answer is there.
pub fn behind_tile(plan: StoredValue<PlanId>, asked: &Asked, asked_for: bool) -> Option<AnyView> {
    if !asked.is_alone() {
        return None;
    }
    let client = expect_context::<Client>();
    let query = asked.of_tokens(expect_context::<ServerClock>().now_untracked());
    let tokens = Remote::new(move || api::behind(client, &plan.get_value(), &query))
        .live(Some(plan.get_value()), &[Topic::Tokens]);
    if asked_for {
        let there = memo(move || tokens.has_answered());
        effect(move || {
            if there.get() {
                focus(HEADING_ID);
            }
        });
    }
    Some(
        view! {
            <section class="tile list" aria-label=text::BEHIND>
                <div class="tile-head">
                    <h2 id=HEADING_ID tabindex="-1">
                        {text::BEHIND}
                    </h2>
                </div>
                <RemoteView remote=tokens lines=3 children=listed/>
            </section>
        }
        .into_any(),
    )
}

fn listed(seen: &SeenTokens) -> AnyView {
    let counted = match seen.by_day {
        true => text::BY_DAY,
        false => text::AT_LEAST,
    };
    view! {
        <p class="small muted">{counted}</p>
        {tokens(&seen.tokens, text::NO_BEHIND)}
    }
    .into_any()
}

/// Tokens that were seen, or the words for none.
pub fn tokens(seen: &[SeenToken], none: &'static str) -> AnyView {
    if seen.is_empty() {
        return view! { <p class="muted">{none}</p> }.into_any();
    }
    let headings = text::TOKEN_COLUMNS.map(|column| view! { <th scope="col">{column}</th> });
    let rows: Vec<AnyView> = seen.iter().map(row).collect();
    view! {
        <table class="cards">
            <thead>
                <tr>{headings.into_iter().collect_view()}</tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn row(seen: &SeenToken) -> AnyView {
    let clock = expect_context::<ServerClock>();
    let now = Signal::derive(move || clock.now());
    let token = &seen.token;
    let page = Route::Token(token.plan.id.clone(), token.id.clone());
    let [_, owner, status, calls, times] = text::TOKEN_COLUMNS;
    view! {
        <tr>
            <th scope="row">
                <a class="token-name" href=page.path()>
                    {token.name.clone()}
                </a>
                <code class="secret-ends">{[&token.prefix, "…", &token.last_four].concat()}</code>
            </th>
            <td data-label=owner>{token.owner.name.clone()}</td>
            <td data-label=status>
                <StatusPill status=token.status/>
            </td>
            <td data-label=calls class="num">
                {number(seen.calls)}
            </td>
            <td data-label=times>
                <RelativeTime at=seen.first_at now/>
                " – "
                <RelativeTime at=seen.last_at now/>
            </td>
        </tr>
    }
    .into_any()
}
