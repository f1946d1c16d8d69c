//! What mails say of alerts on the health of a plan's authentication.

use tenure_domain::{
    alert::AlertKind,
    locale::Language::{self, De, En},
    wire::alerts::Alert,
};

use super::say;

pub(in crate::mail) fn subject(language: Language, alert: &Alert, plan: &str) -> String {
    let what = topic(language, alert.kind);
    match alert.cleared_at {
        None => say!(
            language,
            format!("Alert in {plan}: {what}"),
            format!("Alarm in {plan}: {what}")
        ),
        Some(_) => say!(
            language,
            format!("Over in {plan}: {what}"),
            format!("Vorbei in {plan}: {what}")
        ),
    }
}

fn topic(language: Language, kind: AlertKind) -> String {
    match kind {
        AlertKind::SuspiciousTokens => say!(language, "suspicious tokens", "verdächtige Token"),
        AlertKind::RefreshFailing => say!(
            language,
            "refreshing tokens fails",
            "das Erneuern von Token scheitert"
        ),
        AlertKind::CallsRefused => say!(
            language,
            "many calls are refused",
            "viele Aufrufe werden abgewiesen"
        ),
        AlertKind::ScopesLacking => say!(
            language,
            "many calls lack a scope",
            "vielen Aufrufen fehlt eine Berechtigung"
        ),
    }
}

pub(in crate::mail) fn intro(language: Language, alert: &Alert, plan: &str, at: &str) -> String {
    match alert.cleared_at {
        None => say!(
            language,
            format!(
                "An alert was raised in {plan} on {at}. You hear of it once, and again when it is over."
            ),
            format!(
                "In {plan} wurde ein Alarm ausgelöst: {at}. Sie hören einmal davon, und noch einmal, wenn er vorbei ist."
            ),
        ),
        Some(_) => say!(
            language,
            format!(
                "An alert in {plan} is over since {at}. What had been seen when it was raised:"
            ),
            format!(
                "Ein Alarm in {plan} ist vorbei: {at}. Was gesehen worden war, als er ausgelöst wurde:"
            ),
        ),
    }
}

/// What was seen: in English as the API says it.
pub(in crate::mail) fn seen(language: Language, alert: &Alert) -> String {
    let Alert {
        kind,
        count,
        minutes,
        ..
    } = alert;
    let within = match minutes {
        1 => "innerhalb einer Minute".to_owned(),
        minutes => format!("innerhalb von {minutes} Minuten"),
    };
    match (language, kind) {
        (En, _) => alert.sentence.clone(),
        (De, AlertKind::SuspiciousTokens) => {
            format!("Anzahl der Token, die {within} verdächtig wurden: {count}.")
        }
        (De, AlertKind::RefreshFailing) => {
            format!("Versuche, Token zu erneuern, die {within} scheiterten: {count}.")
        }
        (De, AlertKind::CallsRefused) => {
            format!("Aufrufe mit Token, die nicht gelten, {within}: {count}.")
        }
        (De, AlertKind::ScopesLacking) => {
            format!("Aufrufe, deren Token eine Berechtigung fehlt, {within}: {count}.")
        }
    }
}
