//! `/api/v1/plans/{plan}/notices`: the mails about a plan's tokens, and what became of each (R16).

use serde::{Deserialize, Serialize};

use crate::{
    id::{NoticeId, UserId},
    json::from_json,
    notice::{About, NoticeKind, NoticeState},
    time::Timestamp,
};

/// To whom a notice goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Recipient {
    /// The user's id; null for somebody who is invited.
    pub id: Option<UserId>,
    /// The name that people know them by.
    pub name: String,
    /// Where the mail goes.
    pub email: String,
}

from_json!(Recipient { id, name, email });

/// A notice, as the plan's System Admins see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Notice {
    /// The notice's id; the mail's Message-ID begins with it.
    pub id: NoticeId,
    /// To whom it goes.
    pub owner: Recipient,
    /// What it tells.
    pub kind: NoticeKind,
    /// What an announcement says of the policy; null for other kinds.
    pub about: Option<About>,
    /// What became of it.
    pub state: NoticeState,
    /// Why it failed or was suppressed, or what the latest try met; null while nothing is wrong.
    pub reason: Option<String>,
    /// How often it was tried.
    pub attempts: u32,
    /// How many of this plan's tokens it tells of.
    pub tokens: u32,
    /// When it was decided.
    pub created_at: Timestamp,
    /// Queued: when it is tried next, at the earliest.
    pub next_attempt_at: Option<Timestamp>,
    /// Sent: when the mail server took it.
    pub sent_at: Option<Timestamp>,
}

from_json! {
    Notice {
        id, owner, kind, about, state, reason, attempts, tokens, created_at, next_attempt_at, sent_at,
    }
}
