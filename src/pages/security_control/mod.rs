//! Admin Center > Security & Control: the plan's one rule for its tokens.
//!
//! `desk` is the state, `outlook` says ahead what a period would do, `tile` and the files beside it
//! show both. Deliberately not here: who may change what, which the domain decides.

pub mod asking;
pub mod confirm_ending;
pub mod conflict;
pub mod desk;
pub mod draft;
pub mod editor;
pub mod forecast;
pub mod history;
pub mod impact;
pub mod in_force;
pub mod inactivity;
pub mod leaving;
pub mod outcome;
pub mod outlook;
pub mod scheduled;
pub mod tile;
pub mod when;

use leptos::prelude::*;
use tenure_domain::{plan::may_change_policy, wire::session::Membership};

use self::{
    confirm_ending::ConfirmEnding,
    desk::Desk,
    forecast::ForecastTile,
    history::History,
    in_force::TurnOffDialog,
    leaving::LeaveDialog,
    tile::{LockedTile, Tile},
};
use super::calendar::Calendar;
use crate::{
    api::{Client, policies},
    components::heading::page_head,
    state::remote::Remote,
    text,
};

/// The page of one plan, for its System Admins.
#[component]
pub fn SecurityControl(
    /// The plan, and the person's place in it.
    plan: Membership,
) -> impl IntoView {
    if may_change_policy(plan.role, plan.tier).is_ok() {
        view! { <Open plan/> }.into_any()
    } else {
        view! { <Locked plan/> }.into_any()
    }
}

#[component]
fn Open(plan: Membership) -> impl IntoView {
    let client = expect_context::<Client>();
    let id = plan.id.clone();
    let in_force = Remote::new(move || policies::get(client, &id));
    let desk = Desk::new(plan.id.clone(), in_force);
    let forecast = forecast::fetched(desk, plan.id.clone());
    view! {
        {head(&plan)}
        <Tile desk in_force/>
        // Their places depend on the heights above: they show after those, so that nothing jumps.
        <div class="below-tile" hidden=move || !in_force.has_answered()>
            <ForecastTile desk forecast/>
            <div class="below-tile" hidden=move || !forecast.has_answered()>
                <History plan=plan.id.clone() changes=Signal::derive(move || desk.changes())/>
                <Calendar plan=Some(plan.id)/>
            </div>
        </div>
        <ConfirmEnding desk/>
        <TurnOffDialog desk/>
        <LeaveDialog desk/>
    }
}

#[component]
fn Locked(plan: Membership) -> impl IntoView {
    view! {
        {head(&plan)}
        <LockedTile/>
    }
}

fn head(plan: &Membership) -> AnyView {
    let about = text::policy::plan_line(&plan.name, plan.tier);
    page_head(text::shell::SECURITY_CONTROL, about, None)
}
