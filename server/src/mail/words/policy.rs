//! What is said of a change of a plan's policy.

use tenure_domain::{
    locale::Language::{self, De, En},
    period::{Period, Unit},
    why::in_words,
};

use super::say;

/// A period as it follows `after`: `90 days`, `90 Tagen`.
pub(in crate::mail) fn after(language: Language, period: Period) -> String {
    let amount = period.amount();
    match language {
        En => in_words(period),
        De => {
            let unit = match (period.unit(), amount) {
                (Unit::Minutes, 1) => "Minute",
                (Unit::Minutes, _) => "Minuten",
                (Unit::Hours, 1) => "Stunde",
                (Unit::Hours, _) => "Stunden",
                (Unit::Days, 1) => "Tag",
                (Unit::Days, _) => "Tagen",
                (Unit::Months, 1) => "Monat",
                (Unit::Months, _) => "Monaten",
                (Unit::Years, 1) => "Jahr",
                (Unit::Years, _) => "Jahren",
            };
            format!("{amount} {unit}")
        }
    }
}

/// A period as it stands before `after` or by itself: `90 days`, `90 Tage`.
pub(in crate::mail) fn span(language: Language, period: Period) -> String {
    let after = after(language, period);
    match (language, period.unit(), period.amount()) {
        (De, Unit::Days | Unit::Months | Unit::Years, 2..) => {
            // These take an n where something follows that asks for it, and the others always have one.
            after.strip_suffix('n').unwrap_or(&after).to_owned()
        }
        _ => after,
    }
}

/// What the policy says, in one sentence.
pub(in crate::mail) fn rule(
    language: Language,
    period: Option<Period>,
    inactivity: Option<Period>,
) -> String {
    let after = |period| after(language, period);
    let span = |period| span(language, period);
    match (period.map(span), inactivity.map(after)) {
        (Some(period), None) => say!(
            language,
            format!("Access tokens stop working {period} after they are created."),
            format!("Zugriffstoken enden {period} nach ihrer Erzeugung."),
        ),
        (None, Some(idle)) => say!(
            language,
            format!("Access tokens stop working when they have not been used for {idle}."),
            format!("Zugriffstoken enden nach {idle} ohne Benutzung."),
        ),
        (Some(period), Some(idle)) => say!(
            language,
            format!(
                "Access tokens stop working {period} after they are created, or when they have not \
                 been used for {idle}."
            ),
            format!(
                "Zugriffstoken enden {period} nach ihrer Erzeugung, oder nach {idle} ohne Benutzung."
            ),
        ),
        (None, None) => say!(
            language,
            "Access tokens do not stop working by themselves. Those that have expired stay so.",
            "Zugriffstoken enden nicht von selbst. Abgelaufene bleiben abgelaufen.",
        ),
    }
}

/// What became of a change, in a subject.
pub(in crate::mail) enum Became<'a> {
    /// It is in force.
    InForce,
    /// It will be, from this date on.
    From(&'a str),
    /// It will not come.
    Cancelled,
}

pub(in crate::mail) fn subject(language: Language, plan: &str, became: &Became<'_>) -> String {
    match became {
        Became::InForce => say!(
            language,
            format!("The expiration policy of {plan} has changed"),
            format!("Die Ablaufregel von {plan} hat sich geändert"),
        ),
        Became::From(date) => say!(
            language,
            format!("The expiration policy of {plan} changes on {date}"),
            format!("Die Ablaufregel von {plan} ändert sich am {date}"),
        ),
        Became::Cancelled => say!(
            language,
            format!("The planned change of {plan}'s expiration policy will not come"),
            format!("Die geplante Änderung der Ablaufregel von {plan} entfällt"),
        ),
    }
}

/// Who changed what, and from when on it counts.
pub(in crate::mail) fn intro(
    language: Language,
    (by, plan): (&str, &str),
    became: &Became<'_>,
    at: &str,
) -> String {
    match became {
        Became::InForce => say!(
            language,
            format!("{by} changed the expiration policy of {plan}. It counts since {at}."),
            format!("{by} hat die Ablaufregel von {plan} geändert. Sie gilt seit {at}."),
        ),
        Became::From(_) => say!(
            language,
            format!(
                "{by} has scheduled another expiration policy for {plan}. It counts from {at} on."
            ),
            format!("{by} hat für {plan} eine andere Ablaufregel geplant. Sie gilt ab {at}."),
        ),
        Became::Cancelled => say!(
            language,
            format!(
                "{by} cancelled the change that was planned for {at}. What was in force before stays \
                 in force."
            ),
            format!(
                "{by} hat die Änderung zurückgezogen, die für {at} geplant war. Was vorher galt, gilt \
                 weiter."
            ),
        ),
    }
}

pub(in crate::mail) fn ended_heading(language: Language, count: usize) -> String {
    say!(
        language,
        format!("Stopped working ({count})"),
        format!("Beendet ({count})")
    )
}

pub(in crate::mail) fn soon_heading(language: Language, count: usize) -> String {
    say!(
        language,
        format!("Stop working within seven days ({count})"),
        format!("Enden innerhalb von sieben Tagen ({count})")
    )
}

pub(in crate::mail) fn later_heading(language: Language, count: usize) -> String {
    say!(
        language,
        format!("Stop working later ({count})"),
        format!("Enden später ({count})")
    )
}

pub(in crate::mail) fn freed_heading(language: Language, count: usize) -> String {
    say!(
        language,
        format!("No longer stop working by themselves ({count})"),
        format!("Enden nicht mehr von selbst ({count})")
    )
}

pub(in crate::mail) fn as_before_heading(language: Language, count: usize) -> String {
    say!(
        language,
        format!("Not changed by this, and stop working within seven days ({count})"),
        format!("Davon nicht betroffen, und enden innerhalb von sieben Tagen ({count})")
    )
}

/// How many tokens end when they would have ended anyway, beside those that the mail lists.
pub(in crate::mail) fn as_before(language: Language, count: usize, others: bool) -> String {
    match (count, others) {
        (1, true) => say!(
            language,
            "For 1 other token of yours nothing changes.",
            "Für 1 weiteres Ihrer Token ändert sich nichts."
        ),
        (1, false) => say!(
            language,
            "For your access token there nothing changes.",
            "Für Ihr Zugriffstoken dort ändert sich nichts."
        ),
        (count, true) => say!(
            language,
            format!("For {count} other tokens of yours nothing changes."),
            format!("Für {count} weitere Ihrer Token ändert sich nichts."),
        ),
        (count, false) => say!(
            language,
            format!("For your {count} access tokens there nothing changes."),
            format!("Für Ihre {count} Zugriffstoken dort ändert sich nichts."),
        ),
    }
}

/// The rule without the change, and the rule by it.
pub(in crate::mail) fn rules(
    language: Language,
    became: &Became<'_>,
    [before, after]: [&str; 2],
) -> [String; 2] {
    let (old, new) = match (became, language) {
        (Became::InForce, En) => ("Before", "Now"),
        (Became::InForce, De) => ("Vorher", "Jetzt"),
        (Became::From(_), En) => ("Until then", "From then on"),
        (Became::From(_), De) => ("Bis dahin", "Ab dann"),
        (Became::Cancelled, En) => ("It would have been", "It stays"),
        (Became::Cancelled, De) => ("Geplant war", "Es bleibt"),
    };
    [format!("{old}: {before}"), format!("{new}: {after}")]
}

/// That this takes the place of what the reader was told before.
pub(in crate::mail) fn replaces(language: Language, at: &str) -> String {
    say!(
        language,
        format!("This replaces the change that was announced for {at}: that one does not come."),
        format!("Das ersetzt die Änderung, die für {at} angekündigt war: Sie entfällt."),
    )
}
