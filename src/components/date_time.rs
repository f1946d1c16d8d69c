//! A field for an instant in the viewer's zone, by the browser's own picker.

use js_sys::Date;
use leptos::prelude::*;
use tenure_domain::time::Timestamp;
use wasm_bindgen::JsValue;

use super::field::Wiring;

/// The input. Its text is what [`local`] writes, or nothing.
#[component]
pub fn DateTimeInput(
    /// The text.
    #[prop(into)]
    value: Signal<String>,
    /// Takes what the person picked.
    on_input: Callback<String>,
) -> impl IntoView {
    let Wiring {
        id,
        described_by,
        invalid,
    } = Wiring::of_context();
    view! {
        <input
            type="datetime-local"
            id=id.get_value()
            class="num"
            autocomplete="off"
            step="60"
            prop:value=value
            on:input=move |event| on_input.run(event_target_value(&event))
            aria-describedby=described_by
            aria-invalid=Signal::derive(move || invalid.get().then_some("true"))
        />
    }
}

/// An instant as the field has it, to the minute: `2026-12-01T10:00` in the viewer's zone.
#[must_use]
pub fn local(at: Timestamp) -> String {
    #[expect(clippy::cast_precision_loss, reason = "a scheduled instant is near")]
    let date = Date::new(&JsValue::from_f64(at.as_millis() as f64));
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}",
        date.get_full_year(),
        date.get_month() + 1,
        date.get_date(),
        date.get_hours(),
        date.get_minutes()
    )
}

/// The instant of the field's text, which the browser reads in the viewer's zone.
#[must_use]
pub fn instant(text: &str) -> Option<Timestamp> {
    let millis = Date::parse(text);
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a date's milliseconds are whole and far below 2^53"
    )]
    millis
        .is_finite()
        .then(|| Timestamp::from_millis(millis as i64))
}
