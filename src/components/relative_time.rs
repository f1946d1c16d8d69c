//! An instant as people ask for it: how far away, and exactly when on hover and focus.

use leptos::prelude::*;
use tenure_domain::time::Timestamp;

use crate::reactive::memo;
use crate::{
    form::unique_id,
    format::{self, Detail, Zone},
};

/// What stands under the relative time, in small letters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Beneath {
    /// Nothing.
    #[default]
    Nothing,
    /// The instant in the viewer's zone.
    Exact,
}

/// `in 5 days`; on hover and focus the instant in UTC, and in the viewer's zone unless it stands beneath.
#[component]
pub fn RelativeTime(
    /// The instant.
    at: Timestamp,
    /// The server's clock.
    #[prop(into)]
    now: Signal<Timestamp>,
    /// What stands under it.
    #[prop(optional)]
    beneath: Beneath,
    /// A sentence more, in the tip.
    #[prop(optional, into)]
    why: Option<String>,
) -> impl IntoView {
    // A memo: the clock ticks each second, the words change far less often.
    let words = memo(move || format::relative(at, now.get()));
    let exact = format::instant(at, Detail::Minute, Zone::Viewer);
    let zone = format::zone_label(at, Zone::Viewer);
    let tip = match beneath {
        Beneath::Nothing => format!("{exact} ({zone})\n{}", format::utc(at)),
        Beneath::Exact => format::utc(at),
    };
    let tip = match why {
        Some(why) => format!("{tip}\n{why}"),
        None => tip,
    };
    view! {
        <Tip tip>
            <time datetime=at.to_string()>{words}</time>
        </Tip>
        {(beneath == Beneath::Exact).then(|| view! { <span class="small muted">{exact}</span> })}
    }
}

/// `22 Nov 2026`; on hover and focus the exact instant in both zones.
#[component]
pub fn Day(
    /// The instant.
    at: Timestamp,
) -> impl IntoView {
    let exact = format::instant(at, Detail::Second, Zone::Viewer);
    let zone = format::zone_label(at, Zone::Viewer);
    let tip = format!("{exact} ({zone})\n{}", format::utc(at));
    view! {
        <Tip tip>
            <time datetime=at.to_string()>
                {format::instant(at, Detail::Day, Zone::Viewer)}
            </time>
        </Tip>
    }
}

/// Text that says more about itself on hover and focus. Escape puts the tip away (WCAG 2.2, 1.4.13).
#[component]
pub fn Tip(
    /// What it says more; lines are kept.
    #[prop(into)]
    tip: Signal<String>,
    /// The text itself.
    children: Children,
) -> impl IntoView {
    let id = unique_id("tip");
    let put_away = RwSignal::new(false);
    view! {
        <span
            class="tip"
            class:put-away=put_away
            tabindex="0"
            aria-describedby=id
            on:keydown=move |event| {
                if event.key() == "Escape" {
                    put_away.set(true);
                }
            }
            on:focusin=move |_| put_away.set(false)
            on:pointerenter=move |_| put_away.set(false)
        >
            {children()}
            <span class="tip-text" role="tooltip" id=id.clone()>{tip}</span>
        </span>
    }
}
