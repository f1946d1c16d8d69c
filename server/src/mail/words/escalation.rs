//! What System Admins are told of people whom no mail reaches.

use tenure_domain::{
    locale::Language::{self, De, En},
    notice::NoticeKind,
};

use super::{quoted, say};

/// Whom mails did not reach, and in which plans.
pub(in crate::mail) struct Unreached<'a> {
    /// Names, one for each mail.
    pub(in crate::mail) people: &'a [String],
    /// How many of them were invited.
    pub(in crate::mail) invited: usize,
    /// Names, each once.
    pub(in crate::mail) plans: &'a [String],
}

pub(in crate::mail) fn subject(language: Language, unreached: &Unreached<'_>) -> String {
    match unreached {
        Unreached { invited: 0, .. } => about_tokens(language, unreached),
        Unreached {
            invited, people, ..
        } if *invited == people.len() => about_invitations(language, unreached),
        _ => about_both(language, unreached),
    }
}

fn about_tokens(language: Language, unreached: &Unreached<'_>) -> String {
    let count = unreached.people.len();
    match (unreached.people, unreached.plans) {
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

fn about_invitations(language: Language, unreached: &Unreached<'_>) -> String {
    let count = unreached.people.len();
    match (unreached.people, unreached.plans) {
        ([name], [plan]) => say!(
            language,
            format!("{name} did not get the invitation to {plan}"),
            format!("{name} hat die Einladung zu {plan} nicht erhalten"),
        ),
        (_, [plan]) => say!(
            language,
            format!("{count} invitations to {plan} reached nobody"),
            format!("{count} Einladungen zu {plan} erreichten niemanden"),
        ),
        _ => say!(
            language,
            format!("{count} invitations reached nobody"),
            format!("{count} Einladungen erreichten niemanden"),
        ),
    }
}

fn about_both(language: Language, unreached: &Unreached<'_>) -> String {
    let count = unreached.people.len();
    match unreached.plans {
        [plan] => say!(
            language,
            format!("{count} mails about {plan} reached nobody"),
            format!("{count} Mails zu {plan} erreichten niemanden"),
        ),
        _ => say!(
            language,
            format!("{count} mails reached nobody"),
            format!("{count} Mails erreichten niemanden"),
        ),
    }
}

/// What it means, and what to do: for people with tokens, and for those who were invited.
pub(in crate::mail) fn intro(language: Language, unreached: &Unreached<'_>) -> Vec<String> {
    let (all, invited) = (unreached.people.len(), unreached.invited);
    let owners = (invited < all).then(|| intro_for_owners(language));
    let invited = (invited > 0).then(|| intro_for_invited(language));
    owners.into_iter().chain(invited).collect()
}

fn intro_for_owners(language: Language) -> String {
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

fn intro_for_invited(language: Language) -> String {
    say!(
        language,
        "Whoever was invited knows nothing of it, because no mail server took the mail. Check the address \
         on the Users page: send the invitation again, or withdraw it and invite the right address.",
        "Wer eingeladen wurde, weiß nichts davon, denn kein Mailserver nahm die Mail an. Prüfen Sie die Adresse \
         auf der Seite „Users“: Senden Sie die Einladung erneut, oder ziehen Sie sie zurück und laden Sie die \
         richtige Adresse ein.",
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
        NoticeKind::Alert => say!(language, "an alert", "einen Alarm"),
    }
}

pub(in crate::mail) fn heading(language: Language, plan: &str) -> String {
    say!(
        language,
        format!("Not reached in {plan}"),
        format!("In {plan} nicht erreicht")
    )
}
