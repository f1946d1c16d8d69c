//! The tile *API Access Token*: a switch, a sentence, its consequence, and what to do.

use leptos::prelude::*;
use tenure_domain::wire::policies::ExpirationPolicy;

use super::{
    conflict::ConflictPanel,
    desk::{Desk, Outcome, SWITCH_ID},
    editor::{Editor, PeriodFields},
    in_force::{AtRest, InForce, Off},
    inactivity::Inactivity,
    outcome::OutcomeNote,
    scheduled::Scheduled,
};
use crate::reactive::{dynamic, effect, memo};
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
    let is_on = Signal::derive(move || {
        if desk.editing.get() {
            desk.draft.period.on.get()
        } else {
            desk.period().is_some()
        }
    });
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
            <Scheduled desk/>
            <Rules desk/>
        </section>
    }
}

/// Both rules, in force or being typed, and what can be done about them. One form, so that a switch keeps
/// the focus when it opens the fields.
#[component]
fn Rules(desk: Desk) -> impl IntoView {
    let is_typed = memo(move || desk.editing.get() && desk.draft.period.on.get());
    let shown = memo(move || (desk.editing.get(), desk.terms()));
    let period = move || match (is_typed.get(), shown.get()) {
        (true, _) => view! { <PeriodFields desk/> }.into_any(),
        (false, (false, terms)) => match terms.period {
            Some(period) => view! { <InForce period/> }.into_any(),
            None if terms.is_off() => view! { <Off/> }.into_any(),
            None => view! { <p class="sentence">{text::schedule::NO_PERIOD}</p> }.into_any(),
        },
        (false, (true, terms)) => {
            let words = match terms.period {
                Some(_) => text::schedule::PERIOD_GOES,
                None => text::schedule::NO_PERIOD,
            };
            view! { <p class="sentence">{words}</p> }.into_any()
        }
    };
    let rest = move || match shown.get() {
        (true, _) => view! { <Editor desk/> }.into_any(),
        (false, terms) => view! { <AtRest desk is_off=terms.is_off()/> }.into_any(),
    };
    view! {
        <form
            class="editor"
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                desk.submit();
            }
        >
            {dynamic(period)}
            <Inactivity desk/>
            {dynamic(rest)}
        </form>
    }
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
