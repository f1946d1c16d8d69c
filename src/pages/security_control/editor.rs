//! The open fields: the sentence, what it comes to, and the two buttons.

use leptos::prelude::*;

use super::{
    desk::{Desk, Outcome},
    impact::ImpactPanel,
    outlook::{Advice, Outlook},
    when::When,
};
use crate::reactive::{dynamic, memo};
use crate::{
    components::{
        button::{Button, Weight},
        icon::{Icon, Symbol},
        period_sentence::PeriodSentence,
    },
    form::unique_id,
    format::{self, Zone},
    state::clock::ServerClock,
    text,
};

/// The sentence of the period, and what it comes to.
#[component]
pub fn PeriodFields(
    /// The tile's state.
    desk: Desk,
) -> impl IntoView {
    let consequence = unique_id("consequence");
    view! {
        <div>
            <PeriodSentence
                form=desk.draft.period.form
                before=text::policy::SENTENCE_BEFORE
                after=text::policy::SENTENCE_AFTER
                described_by=consequence.clone()
            />
            <Consequence desk id=consequence/>
        </div>
    }
}

/// Below the rules that are typed: from when on, what that would do, and the two buttons.
#[component]
pub fn Editor(
    /// The tile's state.
    desk: Desk,
) -> impl IntoView {
    // While two changes conflict, the panel above has the buttons that make sense.
    let in_conflict = memo(move || matches!(desk.outcome.get(), Some(Outcome::Conflict(..))));
    let wanted = memo(move || desk.draft.value());
    let action = move || match desk.draft.later.get() {
        true => text::schedule::SCHEDULE,
        false => text::policy::ACTIVATE,
    };
    let buttons = move || {
        (!in_conflict.get()).then(|| {
            view! {
                <div class="tile-foot">
                    <Button weight=Weight::Primary busy=desk.saving>
                        {action}
                    </Button>
                    <Button
                        weight=Weight::Quiet
                        on_press=Callback::new(move |()| desk.cancel())
                    >
                        {text::common::CANCEL}
                    </Button>
                </div>
            }
        })
    };
    view! {
        <When desk/>
        <ImpactPanel plan=desk.plan() wanted/>
        {dynamic(buttons)}
    }
}

/// What the typed period comes to, by the server's clock. It moves on with each second.
#[component]
fn Consequence(desk: Desk, id: String) -> impl IntoView {
    let clock = expect_context::<ServerClock>();
    let outlook = memo(move || {
        let (policy, period) = (desk.policy()?, desk.draft.period.form.value()?);
        let outlook = Outlook::of(period, &policy, clock.now());
        Some(if desk.draft.later.get() {
            outlook.for_later()
        } else {
            outlook
        })
    });
    let until = move || {
        outlook.get().map_or_else(
            || text::policy::NO_CONSEQUENCE.into_any(),
            |outlook| view! { <Until outlook/> }.into_any(),
        )
    };
    // Said once for each change of what is typed, not with each tick of the clock.
    let said = memo(move || {
        desk.draft.period.form.value()?;
        untrack(|| outlook.get()).and_then(|outlook| spoken(&outlook))
    });
    view! {
        <p class="consequence" id=id>{dynamic(until)}</p>
        <p class="visually-hidden" aria-live="polite">{dynamic(move || said.get())}</p>
        {dynamic(move || outlook.get().map(|outlook| view! { <Notes outlook/> }))}
    }
}

#[component]
fn Until(outlook: Outlook) -> impl IntoView {
    let until = outlook.until.map(|until| {
        let zone = format::zone_label(until, Zone::Viewer);
        view! {
            {text::policy::UNTIL}
            " "
            <b>{format::instant(until, outlook.detail(), Zone::Viewer)}</b>
            {format!(" ({zone}). ")}
        }
    });
    view! {
        {until}
        {text::policy::COUNTS_FROM}
    }
}

fn spoken(outlook: &Outlook) -> Option<String> {
    let until = outlook.until?;
    let at = format::instant(until, outlook.detail(), Zone::Viewer);
    Some(format!(
        "{} {at}. {}",
        text::policy::UNTIL,
        at_once(outlook)
    ))
}

/// What Activate would do to the tokens that exist, in one sentence.
fn at_once(outlook: &Outlook) -> String {
    match outlook.stops_before {
        Some(before) => {
            // Cut upwards, so that no token dies that the sentence spares.
            let before = outlook.detail().cut_upwards(before);
            let at = format::instant(before, outlook.detail(), Zone::Viewer);
            let zone = format::zone_label(before, Zone::Viewer);
            text::policy::at_once(&format!("{at} ({zone})"))
        }
        None if outlook.is_in_force => text::policy::SAME.to_owned(),
        None if outlook.is_later => text::policy::NOTHING_BEFORE.to_owned(),
        None => text::policy::NONE_AT_ONCE.to_owned(),
    }
}

/// What happens at once, and what to consider.
#[component]
fn Notes(outlook: Outlook) -> impl IntoView {
    let look = |alert| match alert {
        true => (Symbol::Alert, "note"),
        false => (Symbol::Info, "note info"),
    };
    let note = |alert, words: String| {
        let (symbol, class) = look(alert);
        view! {
            <p class=class>
                <Icon symbol/>
                <span>{words}</span>
            </p>
        }
    };
    let advice = outlook.advice.map(|advice| match advice {
        Advice::NoNotice => note(true, text::policy::ADVICE_NO_NOTICE.to_owned()),
        Advice::Long => note(false, text::policy::ADVICE_LONG.to_owned()),
    });
    view! {
        <div class="notes">
            {note(outlook.stops_before.is_some(), at_once(&outlook))} {advice}
        </div>
    }
}
