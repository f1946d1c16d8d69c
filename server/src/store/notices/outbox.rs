//! Who sends which notice, and what came of it.
//!
//! A notice that is being sent is leased: whoever took it has it until an instant, after which others may
//! take it. Only the holder says what came of it, so that a process that comes back from a long stop
//! changes nothing about what another one has sent meanwhile.

use tenure_domain::{
    id::{InvitationId, NoticeId, UserId},
    locale::Locale,
    notice::{NoticeKind, NoticeState},
    time::Timestamp,
};

use super::{Addressee, Tx};
use crate::store::{
    error::StoreError,
    statement::{args, statements},
};

macro_rules! lease {
    ($lock:literal) => {
        concat!(
            "with due as (select id from notices \
               where state in ('queued', 'leased') and due_at <= $1 order by due_at, id limit 1 ",
            $lock,
            ") update notices set state = 'leased', leased_by = $2, due_at = $3, attempts = attempts + 1 \
             where id in (select id from due) \
             returning id, owner_id, invitation_id, kind, details, reason, attempts, resent, created_at, queued_at"
        )
    };
}

statements! {
    LEASE = lease!(""), on_postgres lease!("for update skip locked");
    SENT = "update notices set state = 'sent', leased_by = null, reason = null, sent_at = $3, language = $4, \
              time_zone = $5 \
            where id = $1 and leased_by = $2 and state = 'leased'";
    RENEW = "update notices set due_at = $3 where id = $1 and leased_by = $2 and state = 'leased'";
    AGAIN = "update notices set state = 'queued', leased_by = null, reason = $3, due_at = $4 \
             where id = $1 and leased_by = $2 and state = 'leased'";
    ENDED = "update notices set state = $3, leased_by = null, reason = $4 \
             where id = $1 and leased_by = $2 and state = 'leased'";
    SEND_AGAIN = "update notices set state = 'queued', attempts = 0, resent = resent + 1, reason = null, \
                    sent_at = null, queued_at = $2, due_at = $2 \
                  where id = $1 and state in ('sent', 'failed')";
    NEXT = "select min(due_at) as instant from notices where state in ('queued', 'leased')";
}

/// A notice in the hands of whoever sends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leased {
    /// Names it.
    pub id: NoticeId,
    /// To whom it goes.
    pub to: Addressee,
    /// What it tells.
    pub kind: NoticeKind,
    /// What was decided, as JSON.
    pub details: String,
    /// What the try before met.
    pub reason: Option<String>,
    /// How often it was tried, this time included.
    pub attempts: i64,
    /// How often somebody wanted it sent again.
    pub resent: i64,
    /// When it was decided.
    pub created_at: Timestamp,
    /// When somebody last wanted it sent.
    pub queued_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct LeasedRow {
    id: String,
    owner_id: Option<String>,
    invitation_id: Option<String>,
    kind: String,
    details: String,
    reason: Option<String>,
    attempts: i64,
    resent: i64,
    created_at: i64,
    queued_at: i64,
}

impl TryFrom<LeasedRow> for Leased {
    type Error = StoreError;

    fn try_from(row: LeasedRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: NoticeId(row.id),
            to: addressee(row.owner_id, row.invitation_id)?,
            kind: parse_kind(&row.kind)?,
            details: row.details,
            reason: row.reason,
            attempts: row.attempts,
            resent: row.resent,
            created_at: Timestamp::from_millis(row.created_at),
            queued_at: Timestamp::from_millis(row.queued_at),
        })
    }
}

fn addressee(owner: Option<String>, invitation: Option<String>) -> Result<Addressee, StoreError> {
    match (owner, invitation) {
        (Some(owner), None) => Ok(Addressee::Owner(UserId(owner))),
        (None, Some(invitation)) => Ok(Addressee::Invited(InvitationId(invitation))),
        _ => Err(StoreError::Corrupt {
            place: "notices.owner_id",
        }),
    }
}

/// The kind of this name.
pub(super) fn parse_kind(text: &str) -> Result<NoticeKind, StoreError> {
    NoticeKind::ALL
        .into_iter()
        .find(|kind| kind.as_str() == text)
        .ok_or(StoreError::Corrupt {
            place: "notices.kind",
        })
}

/// Takes the notice that waits longest of those that are due by `now`, until `until`.
///
/// # Errors
/// When the database does not answer.
pub async fn lease(
    tx: &mut Tx,
    holder: &str,
    now: Timestamp,
    until: Timestamp,
) -> Result<Option<Leased>, StoreError> {
    let row: Option<LeasedRow> = tx.optional(&LEASE, args![now, holder, until]).await?;
    row.map(Leased::try_from).transpose()
}

/// Whoever has it is still at it, and has it until `until`. `false` when this holder no longer has it.
///
/// # Errors
/// When the database does not answer.
pub async fn renew(
    tx: &mut Tx,
    (notice, holder): (&NoticeId, &str),
    until: Timestamp,
) -> Result<bool, StoreError> {
    let args = args![notice.as_str(), holder, until];
    Ok(tx.execute(&RENEW, args).await? > 0)
}

/// The mail server took it. `false` when this holder no longer has it.
///
/// # Errors
/// When the database does not answer.
pub async fn sent(
    tx: &mut Tx,
    (notice, holder): (&NoticeId, &str),
    at: Timestamp,
    locale: &Locale,
) -> Result<bool, StoreError> {
    let args = args![
        notice.as_str(),
        holder,
        at,
        locale.language.as_str(),
        &locale.time_zone
    ];
    Ok(tx.execute(&SENT, args).await? > 0)
}

/// It is to be tried again, not before `due_at`. `false` when this holder no longer has it.
///
/// # Errors
/// When the database does not answer.
pub async fn again(
    tx: &mut Tx,
    (notice, holder): (&NoticeId, &str),
    reason: &str,
    due_at: Timestamp,
) -> Result<bool, StoreError> {
    let args = args![notice.as_str(), holder, reason, due_at];
    Ok(tx.execute(&AGAIN, args).await? > 0)
}

/// It failed, or there was nothing left to tell. `false` when this holder no longer has it.
///
/// # Errors
/// When the database does not answer.
pub async fn ended(
    tx: &mut Tx,
    (notice, holder): (&NoticeId, &str),
    state: NoticeState,
    reason: &str,
) -> Result<bool, StoreError> {
    let args = args![notice.as_str(), holder, state.as_str(), reason];
    Ok(tx.execute(&ENDED, args).await? > 0)
}

/// Queues a notice again that was sent or failed; says whether it was either.
///
/// # Errors
/// When the database does not answer.
pub async fn send_again(
    tx: &mut Tx,
    notice: &NoticeId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    Ok(tx.execute(&SEND_AGAIN, args![notice.as_str(), now]).await? > 0)
}

/// When the next notice is due, if one waits.
///
/// # Errors
/// When the database does not answer.
pub async fn next(tx: &mut Tx) -> Result<Option<Timestamp>, StoreError> {
    let row: Option<(Option<i64>,)> = tx.optional(&NEXT, args![]).await?;
    Ok(row
        .and_then(|(instant,)| instant)
        .map(Timestamp::from_millis))
}
