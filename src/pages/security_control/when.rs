//! *When*: at once, or from an instant on, at first the earliest at which everybody has had seven days.

use leptos::prelude::*;
use tenure_domain::{time::Timestamp, token::EXPIRING_WITHIN, wire::policies::PutExpirationPolicy};

use super::desk::Desk;
use crate::reactive::dynamic;
use crate::{
    api::{Client, impact},
    components::{
        date_time::{self, DateTimeInput},
        field::Field,
    },
    form::unique_id,
    format::{self, Detail},
    state::clock::ServerClock,
    text,
};

/// The choice, and the field of the instant.
#[component]
pub fn When(
    /// The tile's state.
    desk: Desk,
) -> impl IntoView {
    let (clock, client) = (expect_context::<ServerClock>(), expect_context::<Client>());
    let draft = desk.draft;
    let choose = move |later: bool| {
        draft.later.set(later);
        if later && draft.at.with_untracked(String::is_empty) {
            propose(desk, client, clock.now_untracked());
        }
    };
    let name = unique_id("when");
    let option = |later: bool, label: &'static str| {
        let id = unique_id("when");
        view! {
            <div class="check">
                <input
                    type="radio"
                    name=name.clone()
                    id=id.clone()
                    prop:checked=move || draft.later.get() == later
                    on:change=move |_| choose(later)
                />
                <label for=id>{label}</label>
            </div>
        }
    };
    let field = move || {
        draft.later.get().then(|| {
            view! {
                <Field
                    id=draft.at_id()
                    label=text::schedule::AT
                    error=draft.instant_reason()
                    hint=text::schedule::LATER_ABOUT
                >
                    <DateTimeInput
                        value=draft.at
                        on_input=Callback::new(move |text| draft.pick(text))
                    />
                </Field>
                <p class="small muted">{dynamic(move || utc(&draft.at.get()))}</p>
            }
        })
    };
    view! {
        <fieldset class="when">
            <legend class="field-label">{text::schedule::WHEN}</legend>
            {option(false, text::schedule::NOW)}
            {option(true, text::schedule::LATER)}
            {dynamic(field)}
        </fieldset>
    }
}

/// The picked instant in UTC.
fn utc(text: &str) -> Option<String> {
    date_time::instant(text).map(format::utc)
}

/// Proposes an instant: in seven days, until the server has said when everybody has had that long.
fn propose(desk: Desk, client: Client, now: Timestamp) {
    let draft = desk.draft;
    let proposal = |at: Timestamp| date_time::local(Detail::LongMinute.cut_upwards(at));
    let first = proposal(now.saturating_add(EXPIRING_WITHIN));
    draft.pick(first.clone());
    let Some(terms) = untrack(|| draft.terms()) else {
        return;
    };
    let at_once = PutExpirationPolicy::of(terms, None);
    impact::preview(client, &desk.plan(), &at_once).then(move |counted| {
        // By now the page may be gone, or the person may have picked one.
        let untouched = draft.at.try_with_untracked(|text| *text == first);
        if let (Ok(counted), Some(true)) = (counted, untouched) {
            draft.pick(proposal(counted.earliest_with_notice));
        }
    });
}
