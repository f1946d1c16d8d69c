//! The tile at rest: the policy in force or none, since when and by whom, and turning it off.

use leptos::prelude::*;
use tenure_domain::{
    id::PlanId,
    period::Period,
    wire::policies::{ExpirationPolicy, PutExpirationPolicy},
};

use super::{
    desk::{CHANGE_ID, Desk},
    scheduled::cancels,
};
use crate::reactive::{dynamic, memo};
use crate::{
    api::{self, Client},
    components::{
        button::{Button, Weight},
        confirm::Confirm,
        relative_time::Tip,
    },
    format::{self, Detail, Zone},
    state::{clock::ServerClock, remote::Remote},
    text,
};

/// The policy in force.
#[component]
pub fn InForce(
    /// The period in force.
    period: Period,
) -> impl IntoView {
    let clock = expect_context::<ServerClock>();
    let until = memo(move || {
        let until = period.end(clock.now()).ok()?;
        let at = format::instant(until, Detail::of(period), Zone::Viewer);
        Some((at, format::zone_label(until, Zone::Viewer)))
    });
    let until = move || {
        until.get().map(|(at, zone)| {
            view! {
                {text::policy::UNTIL}
                " "
                <b>{at}</b>
                {format!(" ({zone}). ")}
            }
        })
    };
    view! {
        <div>
            <p class="sentence">
                <span>
                    {text::policy::SENTENCE_BEFORE}
                    " "
                    <b>{format::period(period)}</b>
                    " "
                    {text::policy::SENTENCE_AFTER}
                </span>
            </p>
            <p class="consequence">{dynamic(until)} {text::policy::COUNTS_FROM}</p>
        </div>
    }
}

/// Since when all this is so, and what can be done about it.
#[component]
pub fn AtRest(
    /// The tile's state.
    desk: Desk,
    /// Whether no rule is in force.
    is_off: bool,
) -> impl IntoView {
    if is_off {
        let was_set = move || desk.policy().is_some_and(|policy| policy.version > 0);
        let since = move || was_set().then(|| view! { <Since desk/> });
        return dynamic(since).into_any();
    }
    view! {
        <Since desk/>
        <div class="tile-foot">
            <Button id=CHANGE_ID on_press=Callback::new(move |()| desk.change())>
                {text::policy::CHANGE}
            </Button>
            <Button
                weight=Weight::Quiet
                on_press=Callback::new(move |()| desk.turning_off.set(true))
            >
                {text::policy::TURN_OFF}
            </Button>
        </div>
    }
    .into_any()
}

/// No policy in force.
#[component]
pub fn Off() -> impl IntoView {
    view! {
        <div>
            <p class="sentence">{text::policy::OFF}</p>
            <p class="consequence">{text::policy::OFF_HINT}</p>
        </div>
    }
}

/// Since when, by whom, which version.
#[component]
fn Since(desk: Desk) -> impl IntoView {
    let line = move |policy: ExpirationPolicy| {
        let at = policy.in_force_since;
        let exact = format::instant(at, Detail::Minute, Zone::Viewer);
        let by = policy.changed_by.map(|by| by.name);
        view! {
            <p class="since small muted">
                <Tip tip=format::utc(at)>{text::policy::since(&exact)}</Tip>
                {text::policy::set_by(by.as_deref(), policy.version)}
            </p>
        }
    };
    dynamic(move || desk.policy().map(line))
}

/// Asks before the policy is turned off: which rules go, what that does to tokens, and what it does not.
#[component]
pub fn TurnOffDialog(
    /// The tile's state.
    desk: Desk,
) -> impl IntoView {
    let title = Signal::derive(move || text::policy::turn_off_title(desk.terms()).to_owned());
    view! {
        <Confirm
            open=desk.turning_off
            title
            action=text::policy::TURN_OFF
            cancel=text::policy::KEEP
            busy=desk.saving
            on_confirm=Callback::new(move |()| desk.turn_off())
        >
            <p>{move || text::policy::turn_off_rules(desk.terms())}</p>
            <p>{text::policy::TURN_OFF_ALIVE}</p>
            <p>{text::policy::TURN_OFF_DEAD}</p>
            <OffImpact plan=desk.plan()/>
            {cancels(desk, false)}
        </Confirm>
    }
}

/// What turning off would do, counted by the server: how many tokens nothing would end then, and how many have
/// expired that it does not bring back. It keeps its lines from the start.
#[component]
fn OffImpact(plan: PlanId) -> impl IntoView {
    let client = expect_context::<Client>();
    let off =
        Remote::new(move || api::impact::preview(client, &plan, &PutExpirationPolicy::new(None)));
    let words = move || {
        let off = off.data()?;
        let ending = off.now + off.within_7_days + off.later;
        Some(view! {
            <p>{text::impact::never_then(off.never, ending)}</p>
            <p>{text::impact::not_back(off.already_dead)}</p>
        })
    };
    view! { <div class="not-back">{dynamic(words)}</div> }
}
