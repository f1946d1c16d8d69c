//! The second rule: *Expire unused tokens*, with its sentence while it is typed.

use leptos::prelude::*;
use tenure_domain::period::Period;

use super::desk::Desk;
use crate::reactive::{dynamic, memo};
use crate::{
    components::{period_sentence::PeriodSentence, switch::Switch},
    form::unique_id,
    format::{self, Detail, Zone},
    state::clock::ServerClock,
    text,
};

/// The switch, and beneath it the fields or the rule in force.
#[component]
pub fn Inactivity(
    /// The tile's state.
    desk: Desk,
) -> impl IntoView {
    let about = unique_id("unused");
    let rule = desk.draft.idle;
    let in_force = memo(move || desk.policy().and_then(|policy| policy.inactivity));
    let is_on = Signal::derive(move || {
        if desk.editing.get() {
            rule.on.get()
        } else {
            in_force.get().is_some()
        }
    });
    let is_typed = memo(move || desk.editing.get() && rule.on.get());
    let part = move || {
        let consequence = unique_id("unused-until");
        if is_typed.get() {
            return view! {
                <div>
                    <PeriodSentence
                        form=rule.form
                        before=text::schedule::BEFORE
                        after=text::schedule::AFTER
                        labels=text::schedule::FIELDS
                        described_by=consequence.clone()
                    />
                    <p class="consequence" id=consequence>
                        {dynamic(move || rule.form.value().map(until))}
                    </p>
                </div>
            }
            .into_any();
        }
        let idle = in_force.get().filter(|_| !desk.editing.get());
        idle.map(said).into_any()
    };
    view! {
        <div class="rule">
            <div class="tile-head">
                <p class="muted" id=about.clone()>{text::schedule::SWITCH_ABOUT}</p>
                <Switch
                    label=text::schedule::SWITCH
                    on=is_on
                    on_change=Callback::new(move |on| desk.slide_unused(on))
                    locked=desk.saving
                    described_by=about
                />
            </div>
            {dynamic(part)}
        </div>
    }
}

fn said(idle: Period) -> AnyView {
    view! {
        <p class="sentence">
            <span>
                {text::schedule::BEFORE} " " <b>{format::period(idle)}</b> " "
                {text::schedule::AFTER}
            </span>
        </p>
        <p class="consequence">{until(idle)}</p>
    }
    .into_any()
}

/// Until when a token would work that is used now. It moves on with each second.
fn until(idle: Period) -> AnyView {
    let clock = expect_context::<ServerClock>();
    let end = memo(move || {
        let end = idle.end(clock.now()).ok()?;
        let at = format::instant(end, Detail::of(idle), Zone::Viewer);
        Some((at, format::zone_label(end, Zone::Viewer)))
    });
    let words = move || {
        end.get().map(|(at, zone)| {
            view! {
                {text::schedule::UNTIL}
                " "
                <b>{at}</b>
                {format!(" ({zone}) {}", text::schedule::UNLESS)}
            }
        })
    };
    dynamic(words).into_any()
}
