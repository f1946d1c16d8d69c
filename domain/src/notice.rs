//! Which tokens an owner is told of, and when (R16).
//!
//! One digest per owner and day, seven days ahead at the latest: so a day's digest tells of every token
//! whose last day to be told in time ends before tomorrow does. What it tells depends on the day, not on
//! the hour at which somebody works it out, and what was told once is never told again.
//!
//! Deliberately not here: time zones (the end of the owner's tomorrow is an argument), sentences, mail.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    id::TokenId,
    json::from_json,
    policy::{History, PolicyVersion, Terms, Watermarks},
    time::{DAY, Timestamp},
    token::{Expiry, TokenFacts, TokenKind, Verdict, verdict},
};

/// How long before its expiry an owner has heard of it, at the latest, in milliseconds.
pub const AHEAD: i64 = 7 * DAY;

/// What a notice tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// Tokens that will expire soon.
    Digest,
    /// The plan's policy was changed, or a change was scheduled or cancelled.
    Announcement,
    /// Tokens that have expired.
    Expired,
    /// Somebody else ended tokens or apps.
    Revoked,
    /// To a System Admin: owners whom no mail reaches.
    Escalation,
    /// Somebody is invited into a plan.
    Invitation,
}

from_json! {
    NoticeKind:
    "digest" => Digest,
    "announcement" => Announcement,
    "expired" => Expired,
    "revoked" => Revoked,
    "escalation" => Escalation,
    "invitation" => Invitation,
}

impl NoticeKind {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::Digest,
        Self::Announcement,
        Self::Expired,
        Self::Revoked,
        Self::Escalation,
        Self::Invitation,
    ];

    /// The kind's name on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Digest => "digest",
            Self::Announcement => "announcement",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::Escalation => "escalation",
            Self::Invitation => "invitation",
        }
    }
}

/// What an announcement says of a plan's policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// Another version is in force.
    Changed,
    /// Another version will be.
    Scheduled,
    /// What was scheduled will not come.
    Cancelled,
}

from_json! {
    About:
    "changed" => Changed,
    "scheduled" => Scheduled,
    "cancelled" => Cancelled,
}

impl About {
    /// Each of them.
    pub const ALL: [Self; 3] = [Self::Changed, Self::Scheduled, Self::Cancelled];
}

/// What became of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum NoticeState {
    /// It waits to be sent, for the first time or again.
    Queued,
    /// The mail server took it.
    Sent,
    /// No mail server will take it for this owner.
    Failed,
    /// There was nothing left to tell.
    Suppressed,
}

from_json! {
    NoticeState:
    "queued" => Queued,
    "sent" => Sent,
    "failed" => Failed,
    "suppressed" => Suppressed,
}

impl NoticeState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Queued, Self::Sent, Self::Failed, Self::Suppressed];

    /// The state's name on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Suppressed => "suppressed",
        }
    }
}

/// Whether owners of tokens of this kind are told ahead. Apps renew what they hold by themselves, with
/// their refresh tokens, so nobody has to do anything about an access token's end.
#[must_use]
pub const fn is_told_ahead(kind: TokenKind) -> bool {
    match kind {
        TokenKind::UserAccess => true,
        TokenKind::OauthAccess => false,
    }
}

/// The expiry below which a day's digest tells of tokens, where `tomorrow_ends` is the end of the day
/// after it in the owner's zone: whoever is first told the day after would hear of them too late.
#[must_use]
pub const fn told_before(tomorrow_ends: Timestamp) -> Timestamp {
    tomorrow_ends.saturating_add(AHEAD)
}

/// What of a plan may expire before `instant`, by the policy in force at `now` or by what is scheduled: tokens
/// created, or last active, below these. A search for those that do may leave out all others.
#[must_use]
pub fn ending_before(history: &History, instant: Timestamp, now: Timestamp) -> Watermarks {
    let in_force = history.in_force_at(now).terms().ended_before(instant);
    let scheduled = history
        .scheduled_at(now)
        .filter(|next| next.in_force_since <= instant)
        .map_or(Watermarks::NONE, |next| next.terms().ended_before(instant));
    in_force.max(scheduled)
}

/// The expiry that the owner of this token is to be told of on the day after which `tomorrow_ends`, or
/// `None` when there is nothing to tell, yet or ever.
///
/// Nobody is told ahead of what an owner did (a rotated token has its successor), nor of a time that was
/// shorter than seven days from the beginning: that would be a mail at every token's creation, or use.
/// Nor of the end by inactivity of a token that was used within a day: its end moves with every use.
#[must_use]
pub fn to_tell(
    token: &TokenFacts,
    history: &History,
    tomorrow_ends: Timestamp,
    now: Timestamp,
) -> Option<Timestamp> {
    if !is_told_ahead(token.kind) || token.retires_at.is_some() {
        return None;
    }
    let Verdict::Works(Expiry::At(expiry)) = verdict(token, history, now) else {
        return None;
    };
    let (from, rests) = if is_by_inactivity(token, history, expiry, now) {
        let last_active = token.last_active_at();
        (last_active, now.millis_since(last_active) >= DAY)
    } else {
        (token.created_at, true)
    };
    let was_long = expiry.millis_since(from) >= AHEAD;
    (was_long && rests && expiry < told_before(tomorrow_ends)).then_some(expiry)
}

/// Whether it is for want of use that a token expires then.
fn is_by_inactivity(
    token: &TokenFacts,
    history: &History,
    expiry: Timestamp,
    now: Timestamp,
) -> bool {
    let idle = |terms: Terms| Expiry::of(terms.inactivity, token.last_active_at());
    let scheduled = history.scheduled_at(now).map(PolicyVersion::terms);
    [Some(history.in_force_at(now).terms()), scheduled]
        .into_iter()
        .flatten()
        .any(|terms| idle(terms) == Expiry::At(expiry))
}

/// A token that an owner is told of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Due {
    /// When it stops working. Comes first, so that the most urgent does.
    pub expiry: Timestamp,
    /// Which.
    pub token: TokenId,
}

/// What a day's digest tells an owner: every token that is due and was not told before for that expiry,
/// most urgent first.
#[must_use]
pub fn digest<'a>(
    tokens: impl IntoIterator<Item = (&'a TokenId, &'a TokenFacts, &'a History)>,
    told: &BTreeSet<Due>,
    tomorrow_ends: Timestamp,
    now: Timestamp,
) -> BTreeSet<Due> {
    tokens
        .into_iter()
        .filter_map(|(id, facts, history)| {
            let expiry = to_tell(facts, history, tomorrow_ends, now)?;
            let token = id.clone();
            Some(Due { expiry, token })
        })
        .filter(|due| !told.contains(due))
        .collect()
}
