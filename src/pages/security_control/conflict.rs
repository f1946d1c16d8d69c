//! Two admins at once (rule R8): the other's change beside one's own, and the two ways on.

use leptos::prelude::*;
use tenure_domain::{policy::Terms, wire::policies::ExpirationPolicy};

use super::{
    desk::{Desk, OUTCOME_ID, Wish},
    scheduled::cancels,
};
use crate::{
    components::{
        button::{Button, Weight},
        date_time,
        icon::{Icon, Symbol},
    },
    format::{self, Detail, Zone},
    reactive::dynamic,
    text,
};

/// The other's change, what was wanted here, and a choice. Nothing typed is lost by either.
#[component]
pub fn ConflictPanel(
    /// The tile's state.
    desk: Desk,
    /// What is in force by now.
    theirs: ExpirationPolicy,
    /// What was wanted here.
    wish: Wish,
) -> impl IntoView {
    let their_period = words(theirs.terms());
    let scheduled = theirs.scheduled.as_ref().map(|next| {
        let at = format::instant(next.effective_at, Detail::LongMinute, Zone::Viewer);
        text::schedule::and_then(&at, next.terms())
    });
    let at = format::instant(theirs.in_force_since, Detail::Minute, Zone::Viewer);
    let by = theirs.changed_by.map(|by| by.name);
    let attribution = text::policy::attribution(by.as_deref(), &at, theirs.version);
    let my_period = move || match wish {
        Wish::Off => words(Terms::OFF),
        Wish::Unscheduled => text::schedule::CANCEL.to_owned(),
        Wish::Typed => {
            let typed = desk.draft.terms();
            typed.map_or_else(|| text::policy::CONFLICT_INVALID.to_owned(), words)
        }
    };
    let my_instant = move || {
        let draft = desk.draft;
        let is_later = wish == Wish::Typed && draft.later.get();
        let at = is_later.then(|| draft.at.with(|text| date_time::instant(text)));
        let at = format::instant(at.flatten()?, Detail::LongMinute, Zone::Viewer);
        let words = text::policy::to_be_scheduled(&at);
        Some(view! { <span class="small muted">{words}</span> })
    };
    view! {
        <div class="conflict" role="alert" id=OUTCOME_ID tabindex="-1">
            <h3 class="conflict-title">
                <Icon symbol=Symbol::Alert/>
                {text::policy::CONFLICT_TITLE}
            </h3>
            <dl class="sides">
                <div>
                    <dt>{text::policy::CONFLICT_THEIRS}</dt>
                    <dd>
                        <b>{their_period}</b>
                        <span class="small muted">{attribution}</span>
                        {scheduled.map(|words| view! { <span class="small muted">{words}</span> })}
                    </dd>
                </div>
                <div>
                    <dt>{text::policy::CONFLICT_MINE}</dt>
                    <dd>
                        <b>{my_period}</b>
                        {dynamic(my_instant)}
                        <span class="small muted">{text::policy::CONFLICT_KEPT}</span>
                    </dd>
                </div>
            </dl>
            {cancels(desk, wish == Wish::Typed)}
            <div class="row">
                <Button
                    weight=Weight::Primary
                    busy=desk.saving
                    on_press=Callback::new(move |()| desk.apply_mine())
                >
                    {text::policy::APPLY_MINE}
                </Button>
                <Button on_press=Callback::new(move |()| desk.use_theirs())>
                    {text::policy::USE_THEIRS}
                </Button>
            </div>
        </div>
    }
}

fn words(terms: Terms) -> String {
    text::policy::rules(terms.period, terms.inactivity)
}
