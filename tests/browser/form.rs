//! What a person typed, on its way to a request.

use leptos::prelude::*;
use tenure_console::{
    form::{Draft, Form, PeriodDraft, TokenDraft},
    text::reasons,
};
use tenure_domain::{
    period::{Period, Unit},
    problem::{FieldError, Kind, Problem},
};
use wasm_bindgen_test::wasm_bindgen_test;

fn period(amount: &str, unit: &str) -> PeriodDraft {
    PeriodDraft {
        amount: amount.to_owned(),
        unit: unit.to_owned(),
    }
}

fn name(name: &str) -> TokenDraft {
    TokenDraft {
        name: name.to_owned(),
        plan: "acme".to_owned(),
        scopes: Vec::new(),
    }
}

/// The pointer and the words of the one reason why a draft is no value.
fn reason<D: Draft>(draft: &D) -> (String, String) {
    let errors = draft.parse().err().expect("it is not valid");
    let [error] = errors.as_slice() else {
        panic!("one reason, not {errors:?}");
    };
    (error.pointer.clone(), reasons::of(error))
}

fn refusal(pointer: &str) -> Problem {
    let error = FieldError {
        pointer: pointer.to_owned(),
        code: "of_tomorrow".to_owned(),
        detail: "the moon is full".to_owned(),
    };
    Problem {
        errors: vec![error],
        ..Problem::new(Kind::ValidationFailed)
    }
}

#[wasm_bindgen_test]
fn a_period_is_read_as_people_type_it() {
    let days = Period::new(90, Unit::Days).expect("a period");
    assert_eq!(period("90", "days").parse(), Ok(days));
    assert_eq!(period("  90 ", "days").parse(), Ok(days));
    assert_eq!(PeriodDraft::from(days), period("90", "days"));
}

#[wasm_bindgen_test]
fn every_reason_stands_at_its_field_in_words() {
    let range = "Type a number from 1 to 9,999.";
    let ten_years = "A period is at most 10 years: 3,652 days, 120 months, 10 years.";
    let cases = [
        ("", "days", "amount", "Type a number."),
        ("   ", "days", "amount", "Type a number."),
        (
            "?",
            "days",
            "amount",
            "Type a number in digits, such as 90.",
        ),
        (
            "1e3",
            "days",
            "amount",
            "Type a number in digits, such as 90.",
        ),
        (
            "1.5",
            "days",
            "amount",
            "Type a whole number, without a fraction.",
        ),
        ("0", "days", "amount", range),
        ("-1", "days", "amount", range),
        ("10000", "minutes", "amount", range),
        ("99999999999999999999", "minutes", "amount", range),
        ("11", "years", "amount", ten_years),
        ("121", "months", "amount", ten_years),
        ("3653", "days", "amount", ten_years),
        ("1", "weeks", "unit", "Pick one of the units."),
    ];
    for (amount, unit, member, words) in cases {
        let expected = (format!("/period/{member}"), words.to_owned());
        assert_eq!(reason(&period(amount, unit)), expected, "{amount} {unit}");
    }
}

#[wasm_bindgen_test]
fn a_tokens_name_is_trimmed_and_checked() {
    let request = name("  nightly-export ").parse().expect("a name");
    assert_eq!(request.name, "nightly-export");
    assert_eq!(request.plan.as_str(), "acme");
    let at_name = |words: &str| ("/name".to_owned(), words.to_owned());
    assert_eq!(reason(&name("  ")), at_name("Type a name."));
    let long = "ä".repeat(101);
    assert_eq!(reason(&name(&long)), at_name("Use at most 100 characters."));
    assert_eq!(reason(&name("a\nb")), at_name("Use one line of text."));
    assert!(name(&"ä".repeat(100)).parse().is_ok());
}

#[wasm_bindgen_test]
fn nothing_is_called_wrong_before_somebody_typed_or_tried() {
    let owner = Owner::new();
    owner.with(|| {
        let form = Form::new(name(""));
        let error = form.error(TokenDraft::NAME);
        assert_eq!(error.get_untracked(), None);
        assert!(form.submit().is_none(), "nothing to send");
        assert!(error.get_untracked().is_some(), "tried");
        form.reset(name(""));
        assert_eq!(error.get_untracked(), None, "started anew");
        form.edit(TokenDraft::NAME, |draft| draft.name = " ".to_owned());
        assert!(error.get_untracked().is_some(), "typed");
        form.edit(TokenDraft::NAME, |draft| draft.name = "a".to_owned());
        assert_eq!(error.get_untracked(), None, "put right");
        assert_eq!(form.submit().map(|it| it.name), Some("a".to_owned()));
    });
}

#[wasm_bindgen_test]
fn typing_in_one_field_calls_no_other_wrong() {
    let owner = Owner::new();
    owner.with(|| {
        let form = Form::new(name(""));
        let error = form.error(TokenDraft::NAME);
        form.edit(TokenDraft::PLAN, |draft| draft.plan = "basil".to_owned());
        assert_eq!(error.get_untracked(), None);
        // Number and unit make one period: the unit may be what makes the number wrong.
        let form = Form::new(period("90", "days"));
        form.edit(PeriodDraft::UNIT, |draft| draft.unit = "years".to_owned());
        assert!(form.error(PeriodDraft::AMOUNT).get_untracked().is_some());
    });
}

#[wasm_bindgen_test]
fn a_servers_refusal_lands_on_the_field_until_it_is_edited() {
    let owner = Owner::new();
    owner.with(|| {
        let form = Form::new(period("90", "days"));
        let reason = form.reason(PeriodDraft::AMOUNT);
        assert!(form.refuse(&refusal("/period/amount")));
        assert_eq!(reason.get_untracked().as_deref(), Some("The moon is full."));
        assert_eq!(form.reason(PeriodDraft::UNIT).get_untracked(), None);
        form.edit(PeriodDraft::AMOUNT, |draft| draft.amount = "91".to_owned());
        assert_eq!(reason.get_untracked(), None);
    });
}

#[wasm_bindgen_test]
fn a_refusal_of_something_that_is_no_field_is_left_to_the_page() {
    let owner = Owner::new();
    owner.with(|| {
        let form = Form::new(period("90", "days"));
        assert!(!form.refuse(&refusal("/effective_at")));
        for pointer in PeriodDraft::FIELDS {
            assert_eq!(form.error(pointer).get_untracked(), None);
        }
    });
}

#[wasm_bindgen_test]
fn no_two_fields_share_an_id() {
    let owner = Owner::new();
    owner.with(|| {
        let (one, other) = (Form::new(name("")), Form::new(name("")));
        let ids = [
            one.input_id(TokenDraft::NAME),
            one.input_id(TokenDraft::PLAN),
            other.input_id(TokenDraft::NAME),
        ];
        for (index, id) in ids.iter().enumerate() {
            assert!(!ids[..index].contains(id), "{ids:?}");
        }
        assert_eq!(one.input_id(TokenDraft::NAME), ids[0], "the same for good");
    });
}
