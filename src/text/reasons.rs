//! Why a value is not valid, beside its field. Worded by the error's code, which both sides share.

use tenure_domain::{
    account::MIN_PASSWORD,
    period::{MAX_AMOUNT, Unit},
    problem::FieldError,
    wire::{checks::MAX_TEXT, tokens::MAX_NAME},
};

use crate::format;

/// The reason in words. A code that this console does not know keeps the server's own sentence.
#[must_use]
pub fn of(error: &FieldError) -> String {
    match error.code.as_str() {
        "amount_missing" => "Type a number.".to_owned(),
        "amount_not_a_number" => "Type a number in digits, such as 90.".to_owned(),
        "amount_not_whole" => "Type a whole number, without a fraction.".to_owned(),
        "amount_out_of_range" => {
            let most = format::number(MAX_AMOUNT.into());
            format!("Type a number from 1 to {most}.")
        }
        "unit_unknown" => "Pick one of the units.".to_owned(),
        "period_too_long" => {
            let limits = Unit::ALL.into_iter().skip(2).map(most_of);
            let limits: Vec<_> = limits.collect();
            let limits = limits.join(", ");
            format!("A period is at most 10 years: {limits}.")
        }
        "not_ahead" => "Pick an instant that is still to come.".to_owned(),
        "too_far_ahead" => "Pick an instant within the next 366 days.".to_owned(),
        "email_invalid" => "Type an email address, such as ada@acme.example.".to_owned(),
        "password_too_short" => format!("Use at least {MIN_PASSWORD} characters."),
        "password_too_long" => "Use a shorter password.".to_owned(),
        "text_missing" => "Paste something to look for.".to_owned(),
        "text_too_long" => format!("Use at most {MAX_TEXT} characters: a token's text alone."),
        "name_missing" => "Type a name.".to_owned(),
        "name_too_long" => format!("Use at most {MAX_NAME} characters."),
        "name_has_control_characters" => "Use one line of text.".to_owned(),
        _ => sentence(&error.detail),
    }
}

/// The largest amount of a unit, in words.
fn most_of(unit: Unit) -> String {
    format::amount(unit.max_amount(), unit)
}

/// The domain's and the server's details are parts of sentences; here they stand alone.
pub(crate) fn sentence(detail: &str) -> String {
    let mut letters = detail.chars();
    let first: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    let end = if detail.ends_with('.') { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}
