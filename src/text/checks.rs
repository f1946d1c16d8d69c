//! Words of Account > Check a token, and the report for support.
//!
//! Why a token stands as it does is worded in the domain, for pages, programs and mails alike.

use tenure_domain::{
    time::Timestamp,
    wire::{
        auth_health::Outcome,
        checks::{CheckedToken, NextStep, RefusedCall},
        tokens::Token,
    },
};

use crate::{
    format::{self, Detail, Zone},
    text::tokens,
};

/// What is told of a call whose host nobody knows.
const UNNAMED: &str = "unnamed";

/// The field's label.
pub const TEXT: &str = "Token";
/// What may be put in it, and what becomes of it.
pub const TEXT_HINT: &str = "Its text, its last four characters, or its id; or the X-Request-Id of a refused call. What you paste is sent once to find it, and is kept nowhere.";
/// Asks.
pub const CHECK: &str = "Check";
/// The server was not reached.
pub const UNREACHED: &str = "Press the button again when the connection is back.";

/// The heading of an answer.
pub const MALFORMED: &str = "A typo, or cut off";
/// What it means.
pub const MALFORMED_ABOUT: &str = "This is a token's text with a typo or cut off. Copy it again, from its first character to its last, where it is kept.";
/// The heading of an answer.
pub const REFUSAL: &str = "A refused call";
/// The heading of an answer.
pub const UNKNOWN: &str = "No such token";

/// A fact.
pub const OWNER: &str = "Owner";
/// A fact.
pub const APP: &str = "App";
/// A fact.
pub const ID: &str = "Id";
/// A fact, in the report.
pub const SCOPES: &str = "Scopes";
/// A fact: of a token that works.
pub const WORKS_SINCE: &str = "Working since";
/// A fact: of one that does not.
pub const ENDED_SINCE: &str = "Not working since";
/// The next thing to do.
pub const NEXT: &str = "Next step";
/// The report's accessible name.
pub const REPORT: &str = "Report for support";
/// What it is for.
pub const REPORT_ABOUT: &str =
    "For whoever helps you. It holds no secret, and nothing that you pasted.";
/// Copies it.
pub const COPY_REPORT: &str = "Copy a report";
/// Leads to where tokens are generated and rotated.
pub const TO_API_ACCESS: &str = "Go to API Access";
/// Leads to the token's own page.
pub const TO_TOKEN: &str = "Its time line and callers";
/// Leads to where people are reactivated.
pub const TO_USERS: &str = "Go to Users";

/// What the page is for.
#[must_use]
pub fn about(plan: &str) -> String {
    format!("Why a token of {plan} works or does not, and what to do next.")
}

/// What an unknown text means.
#[must_use]
pub fn unknown_about(plan: &str) -> String {
    format!(
        "It was never issued here, or it is not yours to see in {plan}. Of calls, those are found that were refused \
         within the last day."
    )
}

/// The heading of an answer.
#[must_use]
pub fn found(count: usize) -> String {
    match i64::try_from(count) {
        Ok(1) => "One token found".to_owned(),
        count => format!("{} tokens found", format::number(count.unwrap_or(i64::MAX))),
    }
}

/// Since when the token works, or does not, and what that is called.
#[must_use]
pub fn since(token: &Token) -> (&'static str, Timestamp) {
    token
        .end
        .as_ref()
        .map_or((WORKS_SINCE, token.created_at), |end| (ENDED_SINCE, end.at))
}

/// What refused a call, and since when.
#[must_use]
pub fn refusal(call: &RefusedCall, tokens: &[CheckedToken]) -> String {
    let instant = |at| format::instant(at, Detail::Second, Zone::Viewer);
    let of = |it: &&CheckedToken| Some(&it.token.id) == call.token.as_ref();
    let name = tokens
        .iter()
        .find(of)
        .map_or("Its token", |it| &it.token.name);
    let cause = match call.outcome {
        Outcome::Missing => "It brought no token.".to_owned(),
        Outcome::Malformed => "What it brought is not the text of a token.".to_owned(),
        Outcome::Expired => format!("{name} had expired."),
        Outcome::Revoked => format!("{name} had been revoked."),
        Outcome::OwnerDeactivated => format!("The owner of {name} had been deactivated."),
        Outcome::ScopeLacking => match &call.scope {
            Some(scope) => format!("{name} worked, and lacked the scope {scope}."),
            None => format!("{name} worked, and only people may do this."),
        },
        Outcome::Unknown => "No such token was issued here.".to_owned(),
        _ => "Its refresh token was refused.".to_owned(),
    };
    let place = call.resource.as_ref().filter(|it| *it != UNNAMED);
    let place = place.map_or_else(String::new, |resource| format!(" at {resource}"));
    let since = call.since.map_or_else(String::new, |since| {
        format!(" It had not worked since {}.", instant(since))
    });
    format!("Refused on {}{place}. {cause}{since}", instant(call.at))
}

/// When the answer was true.
#[must_use]
pub fn as_of(at: Timestamp) -> String {
    let zone = format::zone_label(at, Zone::Viewer);
    let at = format::instant(at, Detail::Second, Zone::Viewer);
    format!("As of {at} ({zone}), by the server's clock.")
}

/// The one next thing to do, for whoever reads it: the owner or somebody else.
#[must_use]
pub fn next(checked: &CheckedToken, is_owner: bool) -> String {
    let token = &checked.token;
    let (owner, plan) = (&token.owner.name, &token.plan.name);
    let app = token.client.as_ref().map_or("Its app", |app| &app.name);
    match checked.next {
        NextStep::Nothing => "Nothing: it works.".to_owned(),
        NextStep::Rotate if is_owner => "Rotate it: a new secret takes its place.".to_owned(),
        NextStep::Rotate => format!("Ask {owner} to rotate it: a new secret takes its place."),
        NextStep::Refresh => format!("{app} refreshes it: its refresh token still works."),
        NextStep::AuthorizeAgain if is_owner => {
            format!("Authorize {app} again: it has nothing left that works.")
        }
        NextStep::AuthorizeAgain => {
            format!("Ask {owner} to authorize {app} again: it has nothing left that works.")
        }
        NextStep::Generate if is_owner => "Generate a new one: this one stays dead.".to_owned(),
        NextStep::Generate => format!("Ask {owner} to generate a new one: this one stays dead."),
        NextStep::AskAdmin => {
            format!("A System Admin has to reactivate {owner} in {plan} before anything else.")
        }
    }
}

/// What is known of the tokens, in lines of plain text: no secret, and nothing of what was pasted.
#[must_use]
pub fn report(tokens: &[CheckedToken], at: Timestamp) -> String {
    let mut report = format!(
        "Tenure, tokens checked\nServer time: {}\nOther times without a zone: {}\n",
        format::utc(at),
        format::zone_label(at, Zone::Viewer),
    );
    for checked in tokens {
        let token = &checked.token;
        let (since_label, since) = since(token);
        let scopes: Vec<_> = token.scope.names().collect();
        let or_never = |at: Option<Timestamp>| at.map_or_else(|| "never".to_owned(), format::utc);
        let lines = [
            (tokens::COLUMN_TOKEN, token.name.clone()),
            (ID, token.id.0.clone()),
            ("Last four", token.last_four.clone()),
            ("Kind", tokens::kind(token.kind).to_owned()),
            (tokens::COLUMN_PLAN, token.plan.name.clone()),
            (OWNER, token.owner.name.clone()),
            (
                tokens::COLUMN_STATUS,
                tokens::status(token.status).to_owned(),
            ),
            (tokens::COLUMN_WHY, format::sentence(&token.why)),
            (since_label, format::utc(since)),
            (tokens::COLUMN_EXPIRES, or_never(token.expires_at)),
            (SCOPES, scopes.join(" ")),
            (tokens::COLUMN_LAST_USED, or_never(token.last_used_at)),
            (NEXT, next(checked, false)),
        ];
        for (label, value) in lines {
            if value.is_empty() {
                continue;
            }
            report.push('\n');
            report.push_str(label);
            report.push_str(": ");
            report.push_str(&value);
        }
        report.push('\n');
    }
    report
}
