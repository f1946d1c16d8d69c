//! The sentence with the two fields of a period: *Tokens stop working [ 90 ] [Days] after they are created.*

use leptos::prelude::*;
use tenure_domain::period::Unit;

use crate::{
    components::field::{Field, NumberInput, Reason, Select},
    form::{Form, PeriodDraft},
    text,
};

/// A period's number and unit within a sentence, and beneath it what is wrong with them.
#[component]
pub fn PeriodSentence(
    /// The period that is being typed.
    form: Form<PeriodDraft>,
    /// The words before the fields.
    before: &'static str,
    /// The words after them.
    after: &'static str,
    /// The accessible names of the number and the unit.
    #[prop(default = [text::policy::DURATION, text::policy::UNIT])]
    labels: [&'static str; 2],
    /// The id of the text that says what the period comes to.
    #[prop(into)]
    described_by: String,
) -> impl IntoView {
    let (amount_id, unit_id) = (
        form.input_id(PeriodDraft::AMOUNT),
        form.input_id(PeriodDraft::UNIT),
    );
    let (amount_error, unit_error) = (
        form.reason(PeriodDraft::AMOUNT),
        form.reason(PeriodDraft::UNIT),
    );
    view! {
        <div class="sentence">
            <span>{before}</span>
            <Field
                id=amount_id.clone()
                label=labels[0]
                error=amount_error
                in_sentence=true
                described_by=described_by.clone()
            >
                <NumberInput
                    value=form.part(|draft| draft.amount.clone())
                    max=form.part(|draft| draft.unit().map(Unit::max_amount))
                    on_input=Callback::new(move |typed| form.edit(PeriodDraft::AMOUNT, |draft| draft.amount = typed))
                />
            </Field>
            <Field
                id=unit_id.clone()
                label=labels[1]
                error=unit_error
                in_sentence=true
                described_by=described_by
            >
                <Select
                    value=form.part(|draft| draft.unit.clone())
                    on_change=Callback::new(move |chosen| form.edit(PeriodDraft::UNIT, |draft| draft.unit = chosen))
                    options=units()
                />
            </Field>
            <span>{after}</span>
        </div>
        <Reason field=amount_id error=amount_error/>
        <Reason field=unit_id error=unit_error/>
    }
}

fn units() -> Vec<(String, String)> {
    let option = |unit: Unit| {
        (
            unit.as_str().to_owned(),
            text::policy::unit(unit).to_owned(),
        )
    };
    Unit::ALL.into_iter().map(option).collect()
}
