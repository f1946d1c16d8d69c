//! Every sentence of every mail, in every language: a function of typed values, with its languages side by
//! side. Dates come worded from `dates`.

pub(super) mod escalation;
pub(super) mod invitation;
pub(super) mod policy;
pub(super) mod why;

use tenure_domain::locale::Language::{self, De, En};

use crate::links;

/// What a language makes of a sentence.
macro_rules! say {
    ($language:expr, $en:expr, $de:expr $(,)?) => {
        match $language {
            En => $en.to_string(),
            De => $de.to_string(),
        }
    };
}

pub(super) use say;

pub(super) fn greeting(language: Language, name: &str) -> String {
    say!(
        language,
        format!("Hello {name},"),
        format!("Guten Tag, {name},")
    )
}

/// The name of a token among other words.
fn quoted(language: Language, name: &str) -> String {
    say!(language, format!("“{name}”"), format!("„{name}“"))
}

pub(super) fn digest_subject(language: Language, names: &[&str], date: &str) -> String {
    match names {
        [name] => {
            let name = quoted(language, name);
            say!(
                language,
                format!("Your access token {name} stops working on {date}"),
                format!("Ihr Zugriffstoken {name} endet am {date}"),
            )
        }
        more => {
            let count = more.len();
            say!(
                language,
                format!("{count} of your access tokens stop working soon, the first on {date}"),
                format!("{count} Ihrer Zugriffstoken enden bald, das erste am {date}"),
            )
        }
    }
}

pub(super) fn digest_intro(language: Language, count: usize) -> String {
    let one = count == 1;
    say!(
        language,
        if one {
            "The expiration policy of its plan ends this token. Replace it in every program that \
             uses it before then; calls with it fail from that moment on."
        } else {
            "The expiration policies of their plans end these tokens. Replace each in every program \
             that uses it before then; calls with it fail from that moment on."
        },
        if one {
            "Die Ablaufregel des Plans beendet dieses Token. Ersetzen Sie es vorher in jedem Programm, \
             das es benutzt; ab diesem Zeitpunkt schlagen Aufrufe damit fehl."
        } else {
            "Die Ablaufregeln ihrer Pläne beenden diese Token. Ersetzen Sie sie vorher in jedem \
             Programm, das sie benutzt; ab diesem Zeitpunkt schlagen Aufrufe damit fehl."
        },
    )
}

pub(super) fn digest_heading(language: Language) -> String {
    say!(language, "Soonest first", "Die dringendsten zuerst")
}

pub(super) fn expired_subject(language: Language, names: &[&str]) -> String {
    match names {
        [name] => {
            let name = quoted(language, name);
            say!(
                language,
                format!("Your access token {name} has expired"),
                format!("Ihr Zugriffstoken {name} ist abgelaufen"),
            )
        }
        more => {
            let count = more.len();
            say!(
                language,
                format!("{count} of your access tokens have expired"),
                format!("{count} Ihrer Zugriffstoken sind abgelaufen"),
            )
        }
    }
}

pub(super) fn expired_intro(language: Language) -> String {
    say!(
        language,
        "Calls with what is listed here fail now. Nothing brings an expired token back; a program \
         that still needs one needs a new one.",
        "Aufrufe mit dem, was hier steht, schlagen jetzt fehl. Ein abgelaufenes Token kommt nicht \
         zurück; ein Programm, das noch eines braucht, braucht ein neues.",
    )
}

pub(super) fn expired_heading(language: Language) -> String {
    say!(language, "Expired", "Abgelaufen")
}

/// What somebody else ended: how it is told.
pub(super) struct Revoked<'a> {
    /// In which capacity: the name of the reason.
    pub(super) reason: &'a str,
    /// Who did it, if somebody did.
    pub(super) by: Option<&'a str>,
    /// When, in words.
    pub(super) at: &'a str,
    /// The plan's name.
    pub(super) plan: &'a str,
}

pub(super) fn revoked_subject(language: Language, told: &Revoked<'_>) -> String {
    let plan = told.plan;
    match told.reason {
        "deactivation" => say!(
            language,
            format!("You were deactivated in {plan}, and your access tokens there have ended"),
            format!("Sie wurden in {plan} deaktiviert; Ihre Zugriffstoken dort sind beendet"),
        ),
        "reuse" => say!(
            language,
            format!("An app has lost its access to {plan}, to be on the safe side"),
            format!("Einer App wurde zur Sicherheit der Zugriff auf {plan} entzogen"),
        ),
        _ => say!(
            language,
            format!("An app can no longer act for you in {plan}"),
            format!("Eine App kann in {plan} nicht mehr für Sie handeln"),
        ),
    }
}

pub(super) fn revoked_intro(language: Language, told: &Revoked<'_>) -> String {
    let Revoked { at, plan, .. } = told;
    let by = told.by.map_or_else(
        || say!(language, "A System Admin", "Ein System-Admin"),
        |by| {
            say!(
                language,
                format!("{by}, a System Admin,"),
                format!("{by} (System-Admin)")
            )
        },
    );
    match told.reason {
        "deactivation" => say!(
            language,
            format!(
                "{by} deactivated you in {plan} on {at}. Everything that acted in your name there \
                 stopped at once. If you are reactivated, generate new tokens: none of these comes back."
            ),
            format!(
                "{by} hat Sie am {at} in {plan} deaktiviert. Alles, was dort in Ihrem Namen handelte, \
                 endete sofort. Werden Sie reaktiviert, erzeugen Sie neue Token: Keines von diesen kommt \
                 zurück."
            ),
        ),
        "reuse" => say!(
            language,
            format!(
                "On {at}, one of the app's secrets was used a second time, so somebody else may have a \
                 copy. Its tokens were revoked at once. If you trust the app, connect it again."
            ),
            format!(
                "Am {at} wurde ein Geheimnis der App ein zweites Mal benutzt; jemand anders könnte eine \
                 Kopie haben. Ihre Token wurden sofort widerrufen. Vertrauen Sie der App, verbinden Sie \
                 sie neu."
            ),
        ),
        "client" => say!(
            language,
            format!(
                "{by} deleted the app from {plan} on {at}. What it held in your name stopped working at \
                 once."
            ),
            format!(
                "{by} hat die App am {at} aus {plan} gelöscht. Was sie in Ihrem Namen hatte, endete sofort."
            ),
        ),
        _ => say!(
            language,
            format!("{by} ended it on {at}. It stopped working at once."),
            format!("{by} hat es am {at} beendet. Es funktioniert seitdem nicht mehr."),
        ),
    }
}

pub(super) fn apps_heading(language: Language) -> String {
    say!(language, "Apps", "Apps")
}

pub(super) fn revoked_tokens(language: Language, count: i64) -> String {
    match count {
        1 => say!(
            language,
            "1 access token of yours was revoked:",
            "1 Zugriffstoken von Ihnen wurde widerrufen:"
        ),
        count => say!(
            language,
            format!("{count} access tokens of yours were revoked:"),
            format!("{count} Zugriffstoken von Ihnen wurden widerrufen:"),
        ),
    }
}

pub(super) fn more(language: Language, count: usize) -> String {
    say!(
        language,
        format!("and {count} more, in the console"),
        format!("und {count} weitere, in der Konsole")
    )
}

pub(super) fn replace(language: Language) -> String {
    say!(language, "Replace this token", "Dieses Token ersetzen")
}

pub(super) fn see_tokens(language: Language) -> String {
    say!(
        language,
        "See your access tokens",
        "Ihre Zugriffstoken ansehen"
    )
}

pub(super) fn see_notices(language: Language) -> String {
    say!(
        language,
        "See the notices",
        "Die Benachrichtigungen ansehen"
    )
}

/// When something ends that nothing but people end.
pub(super) fn not_by_itself(language: Language) -> String {
    say!(language, "not by itself", "nicht von selbst")
}

pub(super) fn never_used(language: Language) -> String {
    say!(language, "never", "nie")
}

pub(super) fn footer(language: Language, public_url: &str) -> Vec<String> {
    let profile = links::profile(public_url);
    vec![
        say!(
            language,
            format!(
                "Tenure at {public_url} sends this mail by itself, because of access tokens that are yours or that you answer for."
            ),
            format!(
                "Tenure unter {public_url} sendet diese Mail von selbst, wegen Zugriffstoken, die Ihnen gehören oder für die Sie verantwortlich sind."
            ),
        ),
        say!(
            language,
            format!("Language and time zone: {profile}"),
            format!("Sprache und Zeitzone: {profile}"),
        ),
    ]
}

/// The labels of facts.
pub(super) struct Labels {
    pub(super) token: &'static str,
    pub(super) plan: &'static str,
    pub(super) before: &'static str,
    pub(super) expires: &'static str,
    pub(super) expired: &'static str,
    pub(super) last_used: &'static str,
    pub(super) address: &'static str,
    pub(super) about: &'static str,
    pub(super) reason: &'static str,
}

pub(super) const fn labels(language: Language) -> Labels {
    match language {
        En => Labels {
            token: "Token",
            plan: "Plan",
            before: "Before",
            expires: "Expires",
            expired: "Expired",
            last_used: "Last used",
            address: "Address",
            about: "Notice of",
            reason: "Not sent",
        },
        De => Labels {
            token: "Token",
            plan: "Plan",
            before: "Bisher",
            expires: "Endet",
            expired: "Abgelaufen",
            last_used: "Zuletzt benutzt",
            address: "Adresse",
            about: "Nachricht über",
            reason: "Nicht gesendet",
        },
    }
}
