//! A labelled field. [`Field`] hands its input an id, its description and its error through context,
//! so that the wiring which a screen reader needs cannot be forgotten.
//!
//! Deliberately not here: what is valid, and how a reason is worded.

use leptos::{context::Provider, html, prelude::*};

use crate::components::icon::{Icon, Symbol};
use crate::reactive::{dynamic, effect};

/// What an input takes from the [`Field`] around it.
#[derive(Clone)]
pub(super) struct Wiring {
    pub(super) id: StoredValue<String>,
    pub(super) described_by: Signal<Option<String>>,
    pub(super) invalid: Signal<bool>,
}

impl Wiring {
    /// The wiring of the field around; an input outside of a field has none, and says so in the log.
    pub(super) fn of_context() -> Self {
        use_context().unwrap_or_else(|| {
            leptos::logging::error!("an input stands outside of a Field");
            Self {
                id: StoredValue::new(crate::form::unique_id("input")),
                described_by: Signal::stored(None),
                invalid: Signal::stored(false),
            }
        })
    }
}

/// A label, its input, a hint, and the reason when something is wrong.
#[component]
pub fn Field(
    /// The input's element id, from [`Form::input_id`](crate::form::Form::input_id).
    id: String,
    /// The accessible name.
    label: &'static str,
    /// What is wrong, in words.
    #[prop(into)]
    error: Signal<Option<String>>,
    /// Said before anything is wrong.
    #[prop(optional, into)]
    hint: Option<String>,
    /// The label is for screen readers alone, because a sentence around says the same.
    #[prop(optional)]
    in_sentence: bool,
    /// The id of a text elsewhere that describes the field as well.
    #[prop(optional, into)]
    described_by: Option<String>,
    /// One of the inputs below.
    children: Children,
) -> impl IntoView {
    let reason_id = reason_id(id.clone());
    let hint_id = format!("{id}-hint");
    let described = {
        let hint_id = hint.is_some().then(|| hint_id.clone());
        let reason_id = reason_id.clone();
        Signal::derive(move || {
            let reason = error.with(Option::is_some).then(|| reason_id.clone());
            let ids: Vec<_> = [reason, hint_id.clone(), described_by.clone()]
                .into_iter()
                .flatten()
                .collect();
            (!ids.is_empty()).then(|| ids.join(" "))
        })
    };
    let wiring = Wiring {
        id: StoredValue::new(id.clone()),
        described_by: described,
        invalid: Signal::derive(move || error.with(Option::is_some)),
    };
    let label_class = if in_sentence {
        "visually-hidden"
    } else {
        "field-label"
    };
    let reason = (!in_sentence).then(|| view! { <Reason field=id.clone() error/> });
    view! {
        <div class="field" class:in-sentence=in_sentence>
            <label class=label_class for=id>{label}</label>
            <Provider value=wiring>{children()}</Provider>
            {hint.map(|hint| view! { <p class="field-hint" id=hint_id>{hint}</p> })}
            {reason}
        </div>
    }
}

/// Why a field is invalid. [`Field`] shows its own, unless it stands in a sentence.
#[component]
pub fn Reason(
    /// The input's element id.
    field: String,
    /// What is wrong, in words.
    #[prop(into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let id = reason_id(field);
    // The element is always there: screen readers announce only what changes inside a live region.
    view! {
        <p class="field-reason" id=id aria-live="polite">
            {dynamic(move || error.get().map(|reason| view! { <Icon symbol=Symbol::Alert/>{reason} }))}
        </p>
    }
}

fn reason_id(field: String) -> String {
    field + "-reason"
}

/// One line of text.
#[component]
pub fn TextInput(
    /// What stands in it.
    value: Signal<String>,
    /// What the person typed.
    on_input: Callback<String>,
    /// The most characters that can be typed.
    #[prop(optional)]
    max_length: Option<usize>,
    /// The input's type: `text`, `email` or `password`.
    #[prop(default = "text")]
    kind: &'static str,
    /// What a browser or a password manager may fill in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// Shown, but not to be changed.
    #[prop(optional)]
    read_only: bool,
    /// No words: nothing corrects them, or sends them to a service that would.
    #[prop(optional)]
    verbatim: bool,
) -> impl IntoView {
    let Wiring {
        id,
        described_by,
        invalid,
    } = Wiring::of_context();
    view! {
        <input
            type=kind
            id=id.get_value()
            autocomplete=autocomplete
            readonly=read_only
            maxlength=max_length
            spellcheck=verbatim.then_some("false")
            autocapitalize=verbatim.then_some("none")
            prop:value=value
            on:input=move |event| on_input.run(event_target_value(&event))
            aria-describedby=described_by
            aria-invalid=Signal::derive(move || invalid.get().then_some("true"))
        />
    }
}

/// Several lines of text, without spelling to mend.
#[component]
pub fn TextArea(
    /// What stands in it.
    value: Signal<String>,
    /// What the person typed.
    on_input: Callback<String>,
    /// How many lines it has room for.
    rows: u8,
) -> impl IntoView {
    let Wiring {
        id,
        described_by,
        invalid,
    } = Wiring::of_context();
    view! {
        <textarea
            id=id.get_value()
            class="mono"
            rows=rows
            spellcheck="false"
            autocomplete="off"
            prop:value=value
            on:input=move |event| on_input.run(event_target_value(&event))
            aria-describedby=described_by
            aria-invalid=Signal::derive(move || invalid.get().then_some("true"))
        ></textarea>
    }
}

/// Stands for what a number field holds while the browser keeps it to itself: no number at all.
const UNREADABLE: &str = "?";

/// A whole number. What is typed arrives as text, whether it is a number or not.
#[component]
pub fn NumberInput(
    /// What stands in it.
    value: Signal<String>,
    /// What the person typed.
    on_input: Callback<String>,
    /// The largest number that makes sense, for the arrow keys.
    #[prop(into)]
    max: Signal<Option<u16>>,
) -> impl IntoView {
    let Wiring {
        id,
        described_by,
        invalid,
    } = Wiring::of_context();
    let input = NodeRef::<html::Input>::new();
    // The browser's text is written only when it differs from the draft: half a number ("1.") would
    // be wiped while it is typed.
    effect(move || {
        let text = value.get();
        if let Some(input) = input.get()
            && raw_text(&input) != text
        {
            input.set_value(&text);
        }
    });
    view! {
        <input
            type="number"
            node_ref=input
            id=id.get_value()
            class="num"
            inputmode="numeric"
            autocomplete="off"
            min="1"
            max=max
            step="1"
            on:input=move |_| {
                if let Some(input) = input.get() {
                    on_input.run(raw_text(&input));
                }
            }
            aria-describedby=described_by
            aria-invalid=Signal::derive(move || invalid.get().then_some("true"))
        />
    }
}

/// The field's text; browsers answer with nothing where it is no number.
fn raw_text(input: &web_sys::HtmlInputElement) -> String {
    if input.validity().bad_input() {
        UNREADABLE.to_owned()
    } else {
        input.value()
    }
}

/// A choice of few.
#[component]
pub fn Select(
    /// The value that is chosen.
    value: Signal<String>,
    /// The value that the person chose.
    on_change: Callback<String>,
    /// Values and their words.
    options: Vec<(String, String)>,
) -> impl IntoView {
    let Wiring {
        id,
        described_by,
        invalid,
    } = Wiring::of_context();
    let options = options.into_iter().map(|(key, words)| {
        let this = key.clone();
        let selected = move || value.with(|value| *value == this);
        view! { <option value=key selected=selected>{words}</option> }
    });
    view! {
        <select
            id=id.get_value()
            prop:value=value
            on:change=move |event| on_change.run(event_target_value(&event))
            aria-describedby=described_by
            aria-invalid=Signal::derive(move || invalid.get().then_some("true"))
        >
            {options.collect_view()}
        </select>
    }
}
