//! How a token stands: an icon, a word and a colour, never the colour alone (rule R11).

use leptos::prelude::*;
use tenure_domain::token::Status;

use crate::{
    components::icon::{Icon, Symbol},
    text,
};

/// The pill of a status.
#[component]
pub fn StatusPill(
    /// What the domain decided.
    status: Status,
) -> impl IntoView {
    let (symbol, colour) = look(status);
    view! {
        <span class=format!("pill {colour}")>
            <Icon symbol/>
            {text::tokens::status(status)}
        </span>
    }
}

/// The pill, which says on demand what it means.
#[component]
pub fn ExplainedStatus(
    /// What the domain decided.
    status: Status,
) -> impl IntoView {
    view! {
        <details class="explained">
            <summary>
                <StatusPill status/>
            </summary>
            <p class="small muted">{text::token::meaning(status)}</p>
        </details>
    }
}

const fn look(status: Status) -> (Symbol, &'static str) {
    match status {
        Status::Revoked => (Symbol::Cross, "gray"),
        Status::Expired => (Symbol::Clock, "gray"),
        Status::Suspicious => (Symbol::Alert, "amber"),
        Status::Expiring => (Symbol::Clock, "red"),
        Status::InUse => (Symbol::Check, "green"),
        Status::Idle => (Symbol::Minus, "gray"),
    }
}
