//! Words of Admin Center > Notices, and of one's own mails.

use tenure_domain::{
    locale::Language,
    notice::{NoticeKind, NoticeState},
};

use crate::format;

/// The columns: to whom, what, of how many tokens, since when, and what became of it.
pub const COLUMNS: [&str; 6] = ["To", "Notice", "Tokens", "Decided", "State", ""];
/// No notice yet.
pub const EMPTY: &str = "No mail has been due yet. Owners hear of their tokens when a policy changes, seven days before a token expires, and when one has ended.";
/// No notice of the kind and state that are chosen.
pub const NONE_SHOWN: &str = "No notice is of this kind and state.";
/// The filter by state.
pub const SHOW: &str = "Show";
/// Its widest choice.
pub const ALL: &str = "Every state";
/// The filter by kind.
pub const KIND: &str = "Kind";
/// Its widest choice.
pub const ALL_KINDS: &str = "All notices";
/// Queues a notice again.
pub const SEND_AGAIN: &str = "Send again";
/// The server was not reached.
pub const UNREACHED: &str = "See how the notice stands when the connection is back.";

/// The heading of the choice of language and zone.
pub const MAILS: &str = "Mails";
/// What the choice is for.
pub const MAILS_WHY: &str = "Tenure tells you by mail before your tokens expire.";
/// A field.
pub const LANGUAGE: &str = "Language";
/// A field.
pub const TIME_ZONE: &str = "Time zone";
/// Keeps both.
pub const SAVE: &str = "Save";
/// Both are kept.
pub const SAVED: &str = "Your mails come in this language and time zone from now on.";

/// A language's name, in itself.
#[must_use]
pub const fn language(language: Language) -> &'static str {
    match language {
        Language::En => "English",
        Language::De => "Deutsch",
    }
}

/// What the page is for.
#[must_use]
pub fn about(plan: &str) -> String {
    format!("Who was told what about the tokens of {plan}, and whom no mail reaches.")
}

/// A notice is queued again.
#[must_use]
pub fn queued_again(to: &str) -> String {
    format!("Queued again: the notice to {to}.")
}

/// What a notice tells.
#[must_use]
pub const fn kind(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::Digest => "Expires soon",
        NoticeKind::Announcement => "Policy changed",
        NoticeKind::Expired => "Expired",
        NoticeKind::Revoked => "Ended by somebody else",
        NoticeKind::Escalation => "Not reached",
        NoticeKind::Invitation => "Invitation",
        NoticeKind::Alert => "Alert",
    }
}

/// What became of it.
#[must_use]
pub const fn state(state: NoticeState) -> &'static str {
    match state {
        NoticeState::Queued => "Queued",
        NoticeState::Sent => "Sent",
        NoticeState::Failed => "Failed",
        NoticeState::Suppressed => "Suppressed",
    }
}

/// How often it was tried.
#[must_use]
pub fn attempts(count: u32) -> String {
    match count {
        1 => "tried once".to_owned(),
        count => format!("tried {} times", format::number(count.into())),
    }
}
