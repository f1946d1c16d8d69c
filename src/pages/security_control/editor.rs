//! The open fields: the sentence, what it comes to, and the two buttons.

use leptos::prelude::*;
use tenure_domain::policy::Advice;

use super::{
    desk::{Desk, Outcome},
    impact::ImpactPanel,
    outlook::Outlook,
    scheduled::cancels,
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
                {cancels(desk, true)}
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
        <ImpactPanel desk wanted/>
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
    // Said once for each change of what is typed, not with each tick of the clock. How many would stop is said
    // where they are counted.
    let said = memo(move || {
        desk.draft.period.form.value()?;
        untrack(|| outlook.get()).and_then(|outlook| spoken(&outlook))
    });
    let ending = memo(move || desk.ending());
    let notes = move || {
        let outlook = outlook.get()?;
        Some(view! { <Notes outlook ending=ending.get()/> })
    };
    view! {
        <p class="consequence" id=id>{dynamic(until)}</p>
        <p class="visually-hidden" aria-live="polite">{dynamic(move || said.get())}</p>
        {dynamic(notes)}
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
    let at = format::instant(outlook.until?, outlook.detail(), Zone::Viewer);
    Some(format!("{} {at}.", text::policy::UNTIL))
}

/// What Activate would do to the tokens that exist, in one sentence, and whether it ends some.
fn at_once(outlook: &Outlook, ending: Option<u64>) -> (bool, String) {
    let words = match (outlook.stops_before, ending) {
        (Some(before), Some(1..)) => {
            // Cut upwards, so that no token dies that the sentence spares.
            let before = outlook.detail().cut_upwards(before);
            let at = format::instant(before, outlook.detail(), Zone::Viewer);
            let zone = format::zone_label(before, Zone::Viewer);
            return (true, text::policy::at_once(&format!("{at} ({zone})")));
        }
        (Some(_), None) => text::policy::NOT_COUNTED,
        (None, _) if outlook.is_in_force => text::policy::SAME,
        (None, _) if outlook.is_later => text::policy::NOTHING_BEFORE,
        (_, Some(1..)) => text::policy::NONE_BY_AGE,
        _ => text::policy::NONE_AT_ONCE,
    };
    (false, words.to_owned())
}

/// What happens at once, and what to consider.
#[component]
fn Notes(
    outlook: Outlook,
    /// How many stop at once, once it is counted.
    ending: Option<u64>,
) -> impl IntoView {
    let (ends_some, words) = at_once(&outlook, ending);
    let advice = outlook.advice.map(|advice| match advice {
        Advice::NoNotice => note(true, text::policy::ADVICE_NO_NOTICE.to_owned()),
        Advice::Long => note(false, text::policy::ADVICE_LONG.to_owned()),
    });
    view! { <div class="notes">{note(ends_some, words)} {advice}</div> }
}

/// A sentence with an icon before it; some want to be heeded.
pub fn note(alert: bool, words: String) -> AnyView {
    let (symbol, class) = match alert {
        true => (Symbol::Alert, "note"),
        false => (Symbol::Info, "note info"),
    };
    view! {
        <p class=class>
            <Icon symbol/>
            <span>{words}</span>
        </p>
    }
    .into_any()
}
