//! The second rule: *Expire unused tokens*, with its sentence while it is typed.

use leptos::prelude::*;
use tenure_domain::{
    period::Period,
    policy::{Advice, Terms},
};

use super::{desk::Desk, editor::note};
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
    // Both rules, as far as they are ones.
    let typed = memo(move || {
        let period = desk.draft.period;
        let period = period.on.get().then(|| period.form.value()).flatten();
        let inactivity = Some(rule.form.value()?);
        Some(Terms { period, inactivity })
    });
    let short = move || {
        let advice = Advice::of_disuse(rule.form.value()?)?;
        let words = text::schedule::ADVICE_NO_NOTICE.to_owned();
        (advice == Advice::NoNotice).then(|| view! { <div class="notes">{note(true, words)}</div> })
    };
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
                        {dynamic(move || typed.get().map(until))}
                    </p>
                    {dynamic(short)}
                </div>
            }
            .into_any();
        }
        match (in_force.get(), desk.editing.get()) {
            (Some(idle), false) => said(idle, desk),
            (Some(_), true) => {
                view! { <p class="sentence">{text::schedule::IDLE_GOES}</p> }.into_any()
            }
            (None, _) => ().into_any(),
        }
    };
    view! {
        <div class="rule">
            <div class="tile-head">
                <p class="muted" id=about.clone()>
                    {move || match is_on.get() {
                        true => text::schedule::SWITCH_ABOUT,
                        false => text::schedule::SWITCH_ABOUT_OFF,
                    }}
                </p>
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

fn said(idle: Period, desk: Desk) -> AnyView {
    view! {
        <p class="sentence">
            <span>
                {text::schedule::BEFORE} " " <b>{format::period(idle)}</b> " "
                {text::schedule::AFTER}
            </span>
        </p>
        <p class="consequence">{until(untrack(|| desk.terms()))}</p>
    }
    .into_any()
}

/// Until when a token would work that is created and used now, by both rules. It moves on with each second.
fn until(terms: Terms) -> AnyView {
    let clock = expect_context::<ServerClock>();
    let end = memo(move || {
        let now = clock.now();
        let (idle, by_disuse) = (terms.inactivity?, terms.disuse_ends(now));
        let by_age = terms.period.and_then(|period| period.end(now).ok());
        let end = by_disuse.or(by_age)?;
        let at = format::instant(end, Detail::of(idle), Zone::Viewer);
        Some((
            at,
            format::zone_label(end, Zone::Viewer),
            by_disuse.is_some(),
        ))
    });
    let words = move || {
        end.get().map(|(at, zone, by_disuse)| {
            let before = match terms.period {
                Some(_) => text::schedule::UNTIL_BOTH,
                None => text::schedule::UNTIL,
            };
            let after = match by_disuse {
                true => format!(" ({zone}) {}", text::schedule::UNLESS),
                false => format!(" ({zone}). {}", text::schedule::NEVER_BITES),
            };
            view! { {before} " " <b>{at}</b> {after} }
        })
    };
    dynamic(words).into_any()
}
