//! The tile *API Access Token*: a switch, a sentence, its consequence, and what to do.

use leptos::prelude::*;
use tenure_domain::wire::policies::ExpirationPolicy;

use super::{
    conflict::ConflictPanel,
    desk::{Desk, Outcome, SWITCH_ID},
    editor::Editor,
    in_force::{InForce, Off},
    outcome::OutcomeNote,
};
use crate::reactive::{dynamic, effect};
use crate::{
    components::{
        icon::{Icon, Symbol},
        switch::Switch,
    },
    form::unique_id,
    pages::remote_view::RemoteView,
    state::{connection::Connection, remote::Remote},
    text,
};

/// The tile of a plan that can have a policy.
#[component]
pub fn Tile(
    /// The tile's state.
    desk: Desk,
    /// What the desk reads.
    in_force: Remote<ExpirationPolicy>,
) -> impl IntoView {
    let connection = expect_context::<Connection>();
    effect(move || {
        if connection.recoveries() > 0 {
            desk.back_online();
        }
    });
    let show = move |_| view! { <Loaded desk/> };
    view! {
        <RemoteView remote=in_force lines=5 children=show/>
    }
}

#[component]
fn Loaded(desk: Desk) -> impl IntoView {
    let heading = unique_id("tile");
    let is_on = Signal::derive(move || desk.editing.get() || desk.period().is_some());
    let conflict = move || match desk.outcome.get() {
        Some(Outcome::Conflict(theirs, wish)) => {
            Some(view! { <ConflictPanel desk theirs=*theirs wish/> })
        }
        _ => None,
    };
    view! {
        <section class="tile" aria-labelledby=heading>
            <div class="tile-head">
                <div>
                    <h2 id=heading.clone()>{text::policy::TILE}</h2>
                    <p class="muted">{text::policy::TILE_ABOUT}</p>
                </div>
                <Switch
                    id=SWITCH_ID
                    label=text::policy::SWITCH
                    on=is_on
                    on_change=Callback::new(move |on| desk.slide(on))
                    locked=desk.saving
                />
            </div>
            <OutcomeNote desk/>
            {dynamic(conflict)}
            <Body desk/>
        </section>
    }
}

#[component]
fn Body(desk: Desk) -> impl IntoView {
    dynamic(move || match (desk.editing.get(), desk.period()) {
        (true, _) => view! { <Editor desk/> }.into_any(),
        (false, Some(period)) => view! { <InForce desk period/> }.into_any(),
        (false, None) => view! { <Off desk/> }.into_any(),
    })
}

/// The tile of a plan whose tier has no policy: there, locked, with the reason.
#[component]
pub fn LockedTile() -> impl IntoView {
    let (heading, reason) = (unique_id("tile"), unique_id("locked"));
    view! {
        <section class="tile" aria-labelledby=heading>
            <div class="tile-head">
                <div>
                    <h2 id=heading.clone()>{text::policy::TILE}</h2>
                    <p class="muted">{text::policy::TILE_ABOUT}</p>
                </div>
                <Switch
                    label=text::policy::SWITCH
                    on=Signal::stored(false)
                    on_change=Callback::new(|_| {})
                    locked=Signal::stored(true)
                    described_by=reason.clone()
                />
            </div>
            <div class="locked" id=reason>
                <Icon symbol=Symbol::Lock/>
                <div>
                    <p class="strong">{text::policy::LOCKED}</p>
                    <p class="muted">{text::policy::LOCKED_ABOUT}</p>
                </div>
            </div>
        </section>
    }
}
