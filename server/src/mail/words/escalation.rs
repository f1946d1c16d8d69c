//! What System Admins are told of people whom no mail reaches.

use tenure_domain::{
    locale::Language::{self, De, En},
    notice::NoticeKind,
};

use super::{quoted, say};

/// Whom notices did not reach, and in which plans.
pub(in crate::mail) struct Unreached<'a> {
    /// Names, one for each notice.
    pub(in crate::mail) people: &'a [String],
    /// Names, each once.
    pub(in crate::mail) plans: &'a [String],
}

pub(in crate::mail) fn subject(language: Language, unreached: &Unreached<'_>) -> String {
    let Unreached { people, plans } = unreached;
    let count = people.len();
    match (people, plans) {
        ([name], [plan]) => say!(
            language,
            format!("{name} could not be told about access tokens in {plan}"),
            format!("{name} konnte nicht über Zugriffstoken in {plan} benachrichtigt werden"),
        ),
        (_, [plan]) => say!(
            language,
            format!("{count} notices about access tokens in {plan} reached nobody"),
            format!("{count} Benachrichtigungen über Zugriffstoken in {plan} erreichten niemanden"),
        ),
        _ => say!(
            language,
            format!("{count} notices about access tokens reached nobody"),
            format!("{count} Benachrichtigungen über Zugriffstoken erreichten niemanden"),
        ),
    }
}

pub(in crate::mail) fn intro(language: Language) -> String {
    say!(
        language,
        "You get this as a System Admin. No mail server takes mail for these people, so they do not \
         know what happens to their tokens. Tell them in another way, or have their address corrected; \
         the Notices page of the plan sends a notice again.",
        "Sie erhalten dies als System-Admin. Kein Mailserver nimmt Post für diese Personen an; sie wissen \
         also nicht, was mit ihren Token geschieht. Sagen Sie es ihnen auf anderem Weg, oder lassen Sie die \
         Adresse berichtigen; die Seite „Notices“ des Plans sendet eine Benachrichtigung erneut.",
    )
}

/// What somebody was to be told of a token.
pub(in crate::mail) fn untold(language: Language, name: &str, at: &str, has_ended: bool) -> String {
    let name = quoted(language, name);
    if has_ended {
        say!(
            language,
            format!("{name} stopped working on {at}"),
            format!("{name} endete am {at}"),
        )
    } else {
        say!(
            language,
            format!("{name} stops working on {at}"),
            format!("{name} endet am {at}"),
        )
    }
}

/// What a notice was about.
pub(in crate::mail) fn about(language: Language, kind: NoticeKind) -> String {
    match kind {
        NoticeKind::Digest => say!(language, "tokens that end soon", "Token, die bald enden"),
        NoticeKind::Expired => say!(
            language,
            "tokens that have expired",
            "Token, die abgelaufen sind"
        ),
        NoticeKind::Announcement => say!(
            language,
            "a change of the expiration policy",
            "eine Änderung der Ablaufregel"
        ),
        NoticeKind::Revoked => say!(
            language,
            "access that somebody else ended",
            "einen Zugang, den jemand anders beendet hat"
        ),
        NoticeKind::Escalation => say!(
            language,
            "notices that reached nobody",
            "Benachrichtigungen, die niemanden erreichten"
        ),
        NoticeKind::Invitation => say!(language, "an invitation", "eine Einladung"),
    }
}

pub(in crate::mail) fn heading(language: Language, plan: &str) -> String {
    say!(
        language,
        format!("Not reached in {plan}"),
        format!("In {plan} nicht erreicht")
    )
}
