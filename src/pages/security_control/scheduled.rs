//! What is scheduled: what, from when on, by whom; editing and cancelling it.

use leptos::prelude::*;
use tenure_domain::wire::policies::ScheduledPolicy;

use super::{desk::Desk, editor::note};
use crate::reactive::{dynamic, effect};
use crate::{
    components::{
        button::{Button, Weight},
        confirm::Confirm,
        relative_time::Tip,
    },
    form::unique_id,
    format::{self, Detail, Zone},
    state::clock::ServerClock,
    text,
};

/// The panel, while something is scheduled. When its instant comes, the policy is fetched anew.
#[component]
pub fn Scheduled(
    /// The tile's state.
    desk: Desk,
) -> impl IntoView {
    let clock = expect_context::<ServerClock>();
    effect(move || {
        let next = desk.policy().and_then(|policy| policy.scheduled);
        if next.is_some_and(|next| next.effective_at <= clock.now()) {
            desk.came_into_force();
        }
    });
    let panel = move || {
        let next = desk.policy()?.scheduled?;
        (!desk.editing.get()).then(|| view! { <Panel desk next/> })
    };
    view! {
        {dynamic(panel)}
        <Confirm
            open=desk.cancelling
            title=text::schedule::CANCEL_TITLE.to_owned()
            action=text::schedule::CANCEL
            cancel=text::schedule::KEEP
            busy=desk.saving
            on_confirm=Callback::new(move |()| desk.cancel_schedule())
        >
            <p>{text::schedule::CANCEL_ABOUT}</p>
        </Confirm>
    }
}

#[component]
fn Panel(desk: Desk, next: ScheduledPolicy) -> impl IntoView {
    let heading = unique_id("scheduled");
    let (at, terms) = (next.effective_at, next.terms());
    let zone = format::zone_label(at, Zone::Viewer);
    let from = format::instant(at, Detail::LongMinute, Zone::Viewer);
    let decided = format::instant(next.decided_at, Detail::Minute, Zone::Viewer);
    let by = next.changed_by.as_ref().map(|by| by.name.as_str());
    let by = text::schedule::by(by, &decided, next.version);
    view! {
        <section class="scheduled" aria-labelledby=heading>
            <h3 id=heading.clone()>{text::schedule::SCHEDULED}</h3>
            <p>
                <Tip tip=format::utc(at)>
                    {text::schedule::from(&format!("{from} ({zone})"))}
                </Tip>
                " "
                <b>{format!("{}.", text::schedule::rules(terms))}</b>
            </p>
            <p class="small muted">{by}</p>
            <div class="row">
                <Button on_press=Callback::new(move |()| desk.edit_schedule())>
                    {text::schedule::EDIT}
                </Button>
                <Button
                    weight=Weight::Quiet
                    on_press=Callback::new(move |()| desk.cancelling.set(true))
                >
                    {text::schedule::CANCEL}
                </Button>
            </div>
        </section>
    }
}

/// Whose scheduled change does not come if a button is pressed, which is said before. `typed` is what the button does:
/// then it may be for later, too.
pub fn cancels(desk: Desk, typed: bool) -> AnyView {
    dynamic(move || {
        let next = desk.policy()?.scheduled?;
        let zone = format::zone_label(next.effective_at, Zone::Viewer);
        let at = format::instant(next.effective_at, Detail::LongMinute, Zone::Viewer);
        let at = format!("{at} ({zone})");
        let by = next.changed_by.as_ref().map(|by| by.name.as_str());
        let replaces = typed && desk.draft.later.get();
        let words = text::schedule::cancels(replaces, by, &at, next.terms());
        Some(note(true, words))
    })
}
