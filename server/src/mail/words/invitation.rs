//! What is said to somebody who is invited into a plan.

use tenure_domain::{
    locale::Language::{self, De, En},
    plan::Role,
};

use super::say;

/// An invitation: how it is told.
pub(in crate::mail) struct Invited<'a> {
    /// Who invites.
    pub(in crate::mail) by: &'a str,
    /// The plan's name.
    pub(in crate::mail) plan: &'a str,
    /// What they will be.
    pub(in crate::mail) role: Role,
    /// The address that it goes to.
    pub(in crate::mail) email: &'a str,
    /// Until when the link works, in words.
    pub(in crate::mail) until: &'a str,
}

pub(in crate::mail) fn subject(language: Language, told: &Invited<'_>) -> String {
    let Invited { by, plan, .. } = told;
    say!(
        language,
        format!("{by} invites you to {plan}"),
        format!("{by} lädt Sie zu {plan} ein"),
    )
}

/// To somebody whose name is not known.
pub(in crate::mail) fn greeting(language: Language) -> String {
    say!(language, "Hello,", "Guten Tag,")
}

pub(in crate::mail) fn intro(language: Language, told: &Invited<'_>) -> String {
    let Invited { by, plan, .. } = told;
    match told.role {
        Role::SystemAdmin => say!(
            language,
            format!("{by} invites you to the plan {plan} in Tenure, as a System Admin."),
            format!("{by} lädt Sie in den Plan {plan} in Tenure ein, als System-Admin."),
        ),
        Role::Member => say!(
            language,
            format!("{by} invites you to the plan {plan} in Tenure, as a member."),
            format!("{by} lädt Sie in den Plan {plan} in Tenure ein, als Mitglied."),
        ),
    }
}

/// What that role may.
pub(in crate::mail) fn means(language: Language, told: &Invited<'_>) -> String {
    match told.role {
        Role::SystemAdmin => say!(
            language,
            "You will answer for the plan's security: how long its access tokens live, and who is in it.",
            "Sie verantworten dann die Sicherheit des Plans: wie lange seine Zugriffstoken leben, und wer \
             ihm angehört.",
        ),
        Role::Member => say!(
            language,
            "You will be able to generate access tokens of your own there, and hear before one of them stops \
             working.",
            "Sie können dort eigene Zugriffstoken erzeugen und erfahren, bevor eines davon endet.",
        ),
    }
}

pub(in crate::mail) fn link(language: Language, told: &Invited<'_>) -> String {
    let until = told.until;
    say!(
        language,
        format!(
            "The link works once, until {until}. Whoever has it can accept in your place, so keep this mail \
             to yourself."
        ),
        format!(
            "Der Link gilt einmal, bis {until}. Wer ihn hat, kann an Ihrer Stelle annehmen; behalten Sie diese \
             Mail für sich."
        ),
    )
}

pub(in crate::mail) fn accept(language: Language) -> String {
    say!(language, "Accept the invitation", "Einladung annehmen")
}

pub(in crate::mail) fn footer(
    language: Language,
    told: &Invited<'_>,
    public_url: &str,
) -> Vec<String> {
    let Invited { by, email, .. } = told;
    vec![say!(
        language,
        format!(
            "Tenure at {public_url} sent this mail to {email} because {by} asked it to. If you do not know \
             why, ignore it: nothing happens without you."
        ),
        format!(
            "Tenure unter {public_url} hat diese Mail an {email} gesendet, weil {by} darum gebeten hat. Wissen \
             Sie nicht, warum, ignorieren Sie sie: Ohne Sie geschieht nichts."
        ),
    )]
}
