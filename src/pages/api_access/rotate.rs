//! What is asked before a token is rotated: how long the old one works beside the new one.
//!
//! Deliberately not here: the rule of how long that may be (the domain's).

use leptos::prelude::*;
use tenure_domain::{
    period::{Period, Unit},
    rotation::retires_at,
    time::Timestamp,
    token::Expiry,
    wire::{
        policies::PeriodInput,
        tokens::{RotateToken, Token},
    },
};

use super::{
    Desk,
    generate::{Forecast, Generation, Trouble, instant_with_zone},
};
use crate::reactive::{dynamic, memo};
use crate::{
    api::{Client, tokens as api},
    components::{
        button::{Button, Weight},
        confirm::CancelButton,
        field::{Field, Select},
    },
    form::unique_id,
    format,
    state::clock::ServerClock,
    text::{self, tokens},
};

/// The overlaps to choose from, in hours. Zero is none.
const HOURS: [i64; 3] = [0, 1, 24];
/// What is chosen at first: time to put the new token in the old one's place.
const FIRST: i64 = 1;

/// The form.
#[component]
pub fn RotateQuestions(
    /// The page's state.
    desk: Desk,
    /// The dialog's state.
    generation: Generation,
    /// The token that is rotated.
    old: Token,
) -> impl IntoView {
    let client = expect_context::<Client>();
    let hours = RwSignal::new(FIRST);
    let select_id = unique_id("overlap");
    let until_id = format!("{select_id}-until");
    let options = HOURS
        .map(|hours| (hours.to_string(), words_of(hours)))
        .to_vec();
    let choose = Callback::new(move |chosen: String| hours.set(chosen.parse().unwrap_or(0)));
    let rotate = {
        let id = old.id.clone();
        move || {
            let overlap = overlap(hours.get_untracked()).map(PeriodInput::from);
            generation.run(desk, api::rotate(client, &id, &RotateToken { overlap }));
        }
    };
    view! {
        <form
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                rotate();
            }
        >
            <div class="dialog-body">
                <Trouble generation unreached=tokens::ROTATE_UNREACHED/>
                <p>{tokens::ROTATE_ABOUT}</p>
                <Field
                    id=select_id
                    label=tokens::OVERLAP
                    error=Signal::stored(None::<String>)
                    described_by=until_id.clone()
                >
                    <Select
                        value=Signal::derive(move || hours.get().to_string())
                        on_change=choose
                        options
                    />
                </Field>
                <Until id=until_id hours expires_at=old.expires_at/>
                <Forecast
                    desk
                    plan=Signal::stored(old.plan.id)
                    say=tokens::new_works_until
                />
            </div>
            <div class="dialog-foot">
                <Button weight=Weight::Primary busy=generation.act.busy>{tokens::ROTATE}</Button>
                <CancelButton words=text::common::CANCEL/>
            </div>
        </form>
    }
}

/// Until when the old token works, as the server would decide now. It is read out when the choice
/// changes, not whenever time passes.
#[component]
fn Until(id: String, hours: RwSignal<i64>, expires_at: Option<Timestamp>) -> impl IntoView {
    let clock = expect_context::<ServerClock>();
    let expiry = expires_at.map_or(Expiry::Never, Expiry::At);
    let words = memo(move || until(hours.get(), clock.now(), expiry));
    let said = memo(move || {
        hours.track();
        untrack(|| words.get())
    });
    view! {
        <p id=id>{dynamic(move || words.get())}</p>
        <p class="visually-hidden" aria-live="polite">{dynamic(move || said.get())}</p>
    }
}

fn until(hours: i64, now: Timestamp, expiry: Expiry) -> String {
    let overlap = overlap(hours);
    match retires_at(now, overlap, expiry) {
        Ok(at) if overlap.is_some() => {
            tokens::old_works_until(&instant_with_zone(at), expiry == Expiry::At(at))
        }
        // None of the choices is too long.
        _ => tokens::OVERLAP_NONE_MEANS.to_owned(),
    }
}

fn overlap(hours: i64) -> Option<Period> {
    Period::new(hours, Unit::Hours).ok()
}

fn words_of(hours: i64) -> String {
    overlap(hours).map_or_else(|| tokens::OVERLAP_NONE.to_owned(), format::period)
}
